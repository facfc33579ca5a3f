/** Papers as files: what they are made of, whether they are PDF/A, what is laid over them. */
export { archiveFaults, fontsOf } from './archive-faults.ts';
export { pageSizes } from './pdf-file.ts';
export { stampPdf } from './stamp.ts';

/** Front door of the papers engine. */
export { amountInWords } from './amount-in-words.ts';
export { answeredForm, type FormOnPaper } from './answered-form.ts';
export { archiveFaults } from './archive/index.ts';
export type { Barcode } from './barcode.ts';
export type { CertificateSet } from './certificate.ts';
export { checkPaper, checkPapers, definitionFaults } from './check.ts';
export {
  type CardDefinition,
  type Fault,
  type PaperDefinition,
  paperOn,
  papersOf,
  paperUrl,
} from './definition.ts';
export type { Documents, PaperOptions } from './documents.ts';
export { openDocuments } from './documents.ts';
export type { Facts } from './facts.ts';
export { type CompiledPaper, compilePaper } from './fields.ts';
export type { PaperFrame, UnitOnPaper } from './frame.ts';
export { readSample, SAMPLE_FRAME, sampleData } from './sample.ts';
export { templateOn } from './templates.ts';

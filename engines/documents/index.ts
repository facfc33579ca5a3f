/** Front door of the papers engine. */
export { amountInWords } from './amount-in-words.ts';
export type { Documents, PaperOptions } from './documents.ts';
export { openDocuments } from './documents.ts';
export { templateOn } from './templates.ts';

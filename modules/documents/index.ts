/** Front door of the papers room. */
export { documentsModule } from './module.ts';

/** Front door of the demo province: see README.md. */
export type { DemoOptions, DemoSummary } from './generate.ts';
export { generateDemo } from './generate.ts';

/** Front door of the demo province: see README.md. */
export type { SampleCard } from './cards.ts';
export type { DemoCitizen } from './citizen.ts';
export { demoCitizen } from './citizen.ts';
export type { DemoOptions, DemoSummary, Load } from './generate.ts';
export { generateDemo } from './generate.ts';
export type { DaySummary } from './keep-day.ts';
export { keepDay } from './keep-day.ts';
export { demoModule } from './module.ts';
export { layInVaccines } from './vaccine-stock.ts';

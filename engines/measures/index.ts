/** Measures: who is counted in which population of a Measure, and its MeasureReport. */
export { checkMeasures, measureIssues } from './check-content.ts';
export { contentMeasures } from './content.ts';
export { EVALUATE_MEASURE } from './operations/definition.ts';
export { type MeasureRoutes, measureRoutes } from './operations/routes.ts';

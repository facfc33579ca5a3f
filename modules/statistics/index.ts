/** Statutory reports: numbers from the record, what people write beside them, their way to the province. Front door: README.md. */
import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';
import { followCalendar } from './count-ahead.ts';
import { followRecord } from './freshness.ts';
import { importRoutes } from './import/routes.ts';
import { reminderRoutes } from './reminders.ts';
import { fileRoutes } from './routes-files.ts';
import { indicatorFileRoutes } from './routes-indicator-files.ts';
import { indicatorGroupRoutes } from './routes-indicator-groups.ts';
import { indicatorReportRoutes } from './routes-indicator-report.ts';
import { indicatorRoutes } from './routes-indicators.ts';
import { listRoutes } from './routes-list.ts';
import { measureReportRoutes, STATUTORY_REPORT } from './routes-measure-report.ts';
import { pivotRoutes } from './routes-pivot.ts';
import { questionRoutes } from './routes-questions.ts';
import { sheetRoutes } from './routes-sheet.ts';

export { checkBoundaries } from './boundaries.ts';
export { checkOtherForms } from './check-cells.ts';
export { checkIndicator } from './check-indicator.ts';
export { indicatorMeasures } from './indicator-report.ts';
export { indicatorShape } from './indicator-shape.ts';
export type { IndicatorDefinition } from './indicators.ts';
export { reportMeasures } from './measures.ts';

export const statistics: Module = {
  name: 'statistics',
  schemaFolder: join(import.meta.dirname, 'schema'),
  start(kernel) {
    followRecord(kernel);
    followCalendar(kernel);
  },
  operations: [STATUTORY_REPORT],
  fhir(app, kernel) {
    measureReportRoutes(app, kernel);
    indicatorReportRoutes(app, kernel);
  },
  routes(app, kernel) {
    listRoutes(app, kernel);
    sheetRoutes(app, kernel);
    fileRoutes(app, kernel);
    indicatorRoutes(app, kernel);
    indicatorFileRoutes(app, kernel);
    indicatorGroupRoutes(app, kernel);
    pivotRoutes(app, kernel);
    importRoutes(app, kernel);
    questionRoutes(app, kernel);
    reminderRoutes(app, kernel);
  },
};

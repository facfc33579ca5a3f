/** Statutory reports: numbers from the record, what people write beside them, their way to the province. Front door: README.md. */
import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';
import { followRecord } from './freshness.ts';
import { fileRoutes } from './routes-files.ts';
import { listRoutes } from './routes-list.ts';
import { sheetRoutes } from './routes-sheet.ts';

export const statistics: Module = {
  name: 'statistics',
  schemaFolder: join(import.meta.dirname, 'schema'),
  start: followRecord,
  routes(app, kernel) {
    listRoutes(app, kernel);
    sheetRoutes(app, kernel);
    fileRoutes(app, kernel);
  },
};

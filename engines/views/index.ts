/** Views: ViewDefinition → table, kept fresh by the change feed. */

export { evaluateView, toInstant } from './evaluate.ts';
export { tableName, type ViewDefinition } from './view-table.ts';
export { type AfterRefresh, openViews, type Views } from './views.ts';

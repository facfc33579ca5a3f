/** Views: ViewDefinition → rows and tables, kept fresh by the change feed. */

export {
  type Analyst,
  addAnalyst,
  listAnalysts,
  type Reading,
  type ReadingOf,
  refreshAnalysts,
  removeAnalyst,
} from './analysts.ts';
export { type CompiledColumn, type CompiledView, compileView } from './compile.ts';
export { evaluateView, toInstant } from './evaluate.ts';
export { VIEW_OPERATIONS } from './operations/definitions.ts';
export { viewRoutes } from './operations/routes.ts';
export { createTableSql, tableColumns, tableName, type ViewDefinition } from './view-table.ts';
export {
  type AfterRefresh,
  type BeforeRefresh,
  openViews,
  rebuildView,
  relabelViews,
  type ViewState,
  viewStates,
} from './views.ts';

/** Reports: a description → a book or a form with numbers that open down to the people behind them. */
export {
  carriedOver,
  type Ratio,
  rateOf,
  type Share,
  type SplitRule,
  type Succession,
  sharesOf,
  together,
} from './boundary.ts';
export { checkRegister, checkReport } from './check.ts';
export { type Counts, countCells, countedCells, type Days } from './compute.ts';
export type {
  Check,
  Join,
  Period,
  RegisterColumn,
  RegisterDefinition,
  ReportColumn,
  ReportDefinition,
  ReportRow,
  Source,
} from './definition.ts';
export type { Fault, Node as FormulaNode } from './expression/node.ts';
export { isWhole, misfit } from './fitting.ts';
export { type CellName, cellName, cellsOf, cellsOfFormula, evaluate, evaluateFormula } from './formula.ts';
export { cellsOfRatio } from './formula-kind.ts';
export { type GroupedPlan, groupCell, groupedPlan, type PeopleGroup } from './groups.ts';
export { ASKED_FROM, FEWEST, medianOf, scoreOf } from './outliers.ts';
export { type PeoplePage, type PersonRow, peopleBehind } from './people.ts';
export { type Cell, type CountedCell, type Plan, planReport } from './plan.ts';
export type { NamedPeriod } from './query/from.ts';
export type { Views } from './query/scope.ts';
export { type AdxLine, adxLines, periodOfAdx } from './read/adx.ts';
export { type TableRead, tableLines } from './read/table.ts';
export { type SheetValue, sheetRows } from './read/xlsx.ts';
export { linesWith, planRegister, type Register, type RegisterLine, registerLines } from './register.ts';
export { faultsOf, positive, words } from './shape.ts';
export {
  addSheets,
  type CheckResult,
  carriedSheets,
  type Entries,
  failedChecks,
  makeSheet,
  type Origin,
  type Sheet,
  type SheetCell,
} from './sheet.ts';
export { placesOfPersons, type TouchedPlace, type Way, waysOf } from './touched.ts';
export { viewsOf } from './views.ts';
export { type AdxGroup, adx, adxPeriod } from './write/adx.ts';
export { type Grid, type GridCell, numberText, registerGrid, reportGrid } from './write/grid.ts';
export { htmlTable } from './write/html.ts';
export { xlsx } from './write/xlsx.ts';

/** What a screen needs of reports: formulas that are made anew while one types, numbers as they are printed. Pure. */
export type { Node } from './expression/node.ts';
export { type CellName, evaluate } from './formula.ts';
export { numberText } from './write/grid.ts';

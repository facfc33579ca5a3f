/** A form of one unit and period with its numbers: counted, typed or corrected over them, then formulas and checks. Pure. */
import { carriedOver, type Share } from './boundary.ts';
import { emptyOf } from './compute.ts';
import { type CellName, evaluate } from './formula.ts';
import type { Cell, Plan } from './plan.ts';

/** Where a number comes from. A corrected number stands over the counted one, which is kept beside it. */
export type Origin = 'counted' | 'typed' | 'corrected' | 'formula' | 'none';

export interface SheetCell {
  value: number | null;
  origin: Origin;
  /** What was counted, also when it was corrected. */
  counted?: number | null;
}

export type Sheet = ReadonlyMap<string, SheetCell>;

export interface CheckResult {
  code: string;
  level: 'compulsory' | 'warning';
  text: string;
  textEn: string;
}

/** Numbers that people wrote, by cell. */
export type Entries = ReadonlyMap<string, number | null>;

/**
 * @param counted counted cells; null when nothing was counted yet, then they have no number
 * @param elsewhere cells of other forms and periods; null when they are not known
 */
export function makeSheet(
  plan: Plan,
  counted: ReadonlyMap<string, number | null> | null | undefined,
  entries: Entries,
  elsewhere: (cell: CellName) => number | null = () => null,
): Map<string, SheetCell> {
  const sheet = new Map<string, SheetCell>();
  for (const cell of plan.cells.values()) {
    if (cell.kind === 'typed')
      sheet.set(cell.cell, { value: entries.get(cell.cell) ?? null, origin: 'typed' });
    if (cell.kind === 'none') sheet.set(cell.cell, { value: null, origin: 'none' });
    if (cell.kind !== 'counted') continue;
    const number = counted === null ? null : (counted?.get(cell.cell) ?? emptyOf(cell));
    const corrected = entries.get(cell.cell);
    sheet.set(
      cell.cell,
      corrected === undefined || corrected === null
        ? { value: number, origin: 'counted', counted: number }
        : { value: corrected, origin: 'corrected', counted: number },
    );
  }
  const numberIn = (name: CellName) =>
    name.form === null && name.shift === 0 ? (sheet.get(name.cell)?.value ?? null) : elsewhere(name);
  for (const name of plan.order) {
    const cell = plan.cells.get(name);
    if (cell?.kind !== 'formula') continue;
    const value = evaluate(cell.node, numberIn);
    sheet.set(name, { value: typeof value === 'number' ? value : null, origin: 'formula' });
  }
  return sheet;
}

/** The checks that a sheet does not pass. A check over a cell without a number is not judged. */
export function failedChecks(
  plan: Plan,
  sheet: Sheet,
  elsewhere: (cell: CellName) => number | null = () => null,
): CheckResult[] {
  const numberIn = (name: CellName) =>
    name.form === null && name.shift === 0 ? (sheet.get(name.cell)?.value ?? null) : elsewhere(name);
  return plan.checks
    .filter(({ node }) => evaluate(node, numberIn) === false)
    .map(({ code, level, text, textEn }) => ({ code, level, text, textEn }));
}

/**
 * The numbers of several units together: counts and typed numbers add up, formulas are made anew from the sums, so a rate of many is
 * never a mean of rates. Averages cannot be added: they are nothing.
 */
export function addSheets(plan: Plan, sheets: readonly Sheet[]): Map<string, SheetCell> {
  const sums = new Map<string, number | null>();
  for (const cell of plan.cells.values()) {
    if (!addsUp(cell)) continue;
    const values = sheets.map((sheet) => sheet.get(cell.cell)?.value ?? null).filter((one) => one !== null);
    sums.set(cell.cell, values.length === 0 ? null : values.reduce((a, b) => a + b, 0));
  }
  return sheetOfSums(plan, sums);
}

/**
 * Sheets of former units as those of the units that came after them: what adds up is carried over cell by cell, formulas are made anew
 * from the sums, averages are nothing. A unit that no share names keeps its sheet as it is.
 */
export function carriedSheets(
  plan: Plan,
  sheets: ReadonlyMap<string, Sheet>,
  shares: readonly Share[],
): Map<string, Sheet> {
  const moved = new Set(shares.flatMap(({ from, to }) => [from, to]));
  const carried = new Map([...sheets].filter(([unit]) => !moved.has(unit)));
  const targets = new Map<string, Map<string, number | null>>();
  for (const cell of plan.cells.values()) {
    if (!addsUp(cell)) continue;
    const numbers = new Map<string, number>();
    for (const unit of moved) {
      const value = sheets.get(unit)?.get(cell.cell)?.value ?? null;
      if (value !== null) numbers.set(unit, value);
    }
    for (const [unit, number] of carriedOver(numbers, shares)) {
      const own = targets.get(unit) ?? new Map<string, number | null>();
      targets.set(unit, own.set(cell.cell, number));
    }
  }
  for (const [unit, numbers] of targets) carried.set(unit, sheetOfSums(plan, numbers));
  return carried;
}

const addsUp = (cell: Cell): boolean =>
  cell.kind === 'typed' || (cell.kind === 'counted' && cell.measure !== 'average');

function sheetOfSums(plan: Plan, sums: ReadonlyMap<string, number | null>): Map<string, SheetCell> {
  const typed = new Map([...sums].filter(([cell]) => plan.cells.get(cell)?.kind === 'typed'));
  const total = makeSheet(plan, sums, typed);
  for (const cell of plan.cells.values())
    if (cell.kind === 'counted' && cell.measure === 'average')
      total.set(cell.cell, { value: null, origin: 'counted' });
  return total;
}

/** What number may stand in a cell that people write in: whole things are counted whole, and nothing less than none of them. Pure. */
import type { Plan } from './plan.ts';

/** Whole numbers only: people, visits, doses. A column with decimals, a mean and a sum of measurements may have parts. */
export function isWhole({ cells, columns }: Plan, name: string): boolean {
  const cell = cells.get(name);
  const column = columns.find(({ code }) => code === name.slice(name.lastIndexOf('.') + 1));
  if ((column?.decimals ?? 0) > 0) return false;
  if (cell?.kind === 'counted') return cell.measure === 'rows' || cell.measure === 'persons';
  return cell?.kind === 'typed';
}

/** Why a number cannot stand in a cell, in Vietnamese and English; null when it can. Less than nothing needs a `min` of the form. */
export function misfit(plan: Plan, name: string, value: number): { text: string; textEn: string } | null {
  const cell = plan.cells.get(name);
  const least = cell?.kind === 'typed' ? (cell.min ?? 0) : 0;
  if (value < 0 && least >= 0 && (cell?.kind !== 'counted' || isWhole(plan, name)))
    return { text: `Số ${text(value)} nhỏ hơn 0.`, textEn: `${value} is less than 0` };
  if (isWhole(plan, name) && !Number.isInteger(value))
    return {
      text: `Ô này là số nguyên, không ghi ${text(value)} được.`,
      textEn: `this cell takes whole numbers, not ${value}`,
    };
  return null;
}

const text = (value: number) => String(value).replace('.', ',');

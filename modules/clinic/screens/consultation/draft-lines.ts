/** Lines of a prescription while they are typed: what is complete, what will be handed out. Pure, works off line. */
import { parseAmount, quantityFor, type Schedule } from '../../../../engines/rules/browser.ts';
import type { DoseKey, LineInput, MedicineRow } from '../../contract.ts';

/** A line with what the screen knows of its medicine. */
export interface DraftLine extends LineInput {
  /** Stable while the line is on screen. */
  id: string;
  known: MedicineRow;
}

export const DOSES: readonly DoseKey[] = ['morning', 'noon', 'afternoon', 'evening'];

export function newLine(known: MedicineRow, id: string): DraftLine {
  const blank = { morning: '', noon: '', afternoon: '', evening: '', advice: '' };
  return { id, known, medicine: known.code, ...blank, perDay: null, days: null, quantity: null };
}

/** No exact dose: an ointment, drops. The prescriber states how often and how many. */
export function isMeasured(line: DraftLine): boolean {
  return line.known.doseUnit !== '';
}

/** Enough is typed for the server to understand the line. */
export function isComplete(line: DraftLine): boolean {
  if (!line.days) return false;
  if (!isMeasured(line)) return Boolean(line.perDay && line.quantity);
  return DOSES.some((key) => line[key].trim() !== '');
}

/** Units to hand out, or null while they cannot be computed. */
export function quantityOf(line: DraftLine): number | null {
  if (!isMeasured(line)) return line.quantity;
  const amounts = DOSES.map((at) => ({ at, amount: parseAmount(line[at]) }));
  if (!line.days || amounts.some((one) => one.amount === null)) return null;
  const schedule: Schedule = {
    kind: 'doses',
    days: line.days,
    doses: amounts.map(({ at, amount }) => ({ at, amount: amount! })),
  };
  const { doseUnit, unit, dosePerUnit } = line.known;
  return quantityFor(schedule, { doseUnit, unit, dosePerUnit }) || null;
}

/** What the server is sent. */
export function sentLine(line: DraftLine): LineInput {
  const { id: _id, known: _known, ...input } = line;
  return isMeasured(line) ? { ...input, perDay: null, quantity: null } : input;
}

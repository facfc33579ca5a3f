/** Who waits for medicine, whose is used up soon, who has not come: one row a prescription. Pure. */
import { foldText, foldWords } from '../../kernel/text/fold.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import type { PersonLine } from './lines.ts';
import type { PickUpRules } from './rules.ts';
import type { Standing } from './supply.ts';

export const PICK_UP_LISTS = ['waiting', 'due', 'late'] as const;
export type PickUpList = (typeof PICK_UP_LISTS)[number];

export interface PickUpRow {
  patient: string;
  fullName: string;
  gender: string | null;
  birthDate: string | null;
  number: string;
  authored: string;
  /** The earliest day on which one of the medicines is used up. */
  next: string;
  lateDays: number;
  lines: {
    request: string;
    medicine: string;
    name: string;
    unit: string;
    /** What is fetched; 0 = a new prescription is needed. */
    amount: number;
  }[];
}

export interface LineStanding {
  line: PersonLine;
  standing: Standing;
}

/** How far ahead a pick-up stands in the list of those that are due, days. */
const AHEAD_DAYS = 7;

/** Lines that belong to a list. @param waiting requests that wait for their first pick-up stand in that list alone */
export function ofList(
  list: 'due' | 'late',
  rows: readonly LineStanding[],
  waiting: ReadonlySet<string>,
  rules: PickUpRules,
  today: string,
): LineStanding[] {
  return rows.filter(({ line, standing }) => {
    if (waiting.has(line.request) || standing.lateDays > rules.lost) return false;
    const isLate = standing.lateDays > rules.late;
    return list === 'late' ? isLate : !isLate && standing.next <= addDays(today, AHEAD_DAYS);
  });
}

/** One row for each prescription, who is waited for longest first. @param text words of the name, in any order */
export function rowsOf(lines: readonly LineStanding[], text: string): PickUpRow[] {
  const words = foldWords(text);
  const rows = new Map<string, PickUpRow>();
  for (const { line, standing } of lines) {
    if (!words.every((word) => foldText(line.fullName).includes(word))) continue;
    const key = `${line.person} ${line.number || line.encounter}`;
    const before = rows.get(key);
    const { request, medicine, name, unit } = line;
    const own = { request, medicine, name, unit, amount: standing.amount };
    rows.set(key, {
      patient: line.person,
      fullName: line.fullName,
      gender: line.gender,
      birthDate: line.birthDate,
      number: line.number,
      authored: line.authored,
      next: before && before.next < standing.next ? before.next : standing.next,
      lateDays: Math.max(before?.lateDays ?? 0, standing.lateDays),
      lines: [...(before?.lines ?? []), own],
    });
  }
  return [...rows.values()].sort(
    (a, b) => a.next.localeCompare(b.next) || a.fullName.localeCompare(b.fullName, 'vi'),
  );
}

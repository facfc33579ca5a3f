/** Periods of reports: `2026-10`, `2026-Q4`, `2026`. Pure. */
import type { Days, Period } from '../../engines/reports/index.ts';
import { lastDayOf } from '../../kernel/text/vietnam-time.ts';

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;
const QUARTER = /^(\d{4})-Q([1-4])$/;
const YEAR = /^(\d{4})$/;

/** Which kind of period a text says; null when it says none between 2000 and 2100. */
export function kindOfPeriod(period: string): Period | null {
  const year = Number(period.slice(0, 4));
  if (!(year >= 2000 && year <= 2100)) return null;
  if (MONTH.test(period)) return 'month';
  if (QUARTER.test(period)) return 'quarter';
  return YEAR.test(period) ? 'year' : null;
}

/** First and last day, both of the period. @param period one that `kindOfPeriod` knows */
export function daysOfPeriod(period: string): Days {
  const months = monthsOf(period);
  return { start: `${months[0]!}-01`, end: lastDayOf(months.at(-1)!) };
}

/** Months of a period in order. */
export function monthsOf(period: string): string[] {
  const quarter = QUARTER.exec(period);
  if (quarter) {
    const first = (Number(quarter[2]) - 1) * 3 + 1;
    return [0, 1, 2].map((at) => monthText(Number(quarter[1]), first + at));
  }
  if (!YEAR.test(period)) return [period];
  return Array.from({ length: 12 }, (_, at) => monthText(Number(period), at + 1));
}

/** The period so many of its kind later, or before: `('2026-01', -1)` → `'2025-12'`. */
export function shiftPeriod(period: string, by: number): string {
  const quarter = QUARTER.exec(period);
  if (quarter) {
    const at = Number(quarter[1]) * 4 + Number(quarter[2]) - 1 + by;
    return `${Math.floor(at / 4)}-Q${(at % 4) + 1}`;
  }
  const month = MONTH.exec(period);
  if (!month) return String(Number(period) + by);
  const at = Number(month[1]) * 12 + Number(month[2]) - 1 + by;
  return monthText(Math.floor(at / 12), (at % 12) + 1);
}

/** The period of a kind in which a day lies. */
export function periodOf(kind: Period, day: string): string {
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))];
  if (kind === 'year') return year;
  return kind === 'month' ? day.slice(0, 7) : `${year}-Q${Math.ceil(month / 3)}`;
}

/** `Tháng 10 năm 2026`, `Quý IV năm 2026`, `Năm 2026`. */
export function periodText(period: string): string {
  const quarter = QUARTER.exec(period);
  if (quarter) return `Quý ${['I', 'II', 'III', 'IV'][Number(quarter[2]) - 1]} năm ${quarter[1]}`;
  return period.length === 4 ? `Năm ${period}` : `Tháng ${Number(period.slice(5))} năm ${period.slice(0, 4)}`;
}

function monthText(year: number, month: number): string {
  return `${year}-${String(month).padStart(2, '0')}`;
}

/** Numbers of days to come are none: nothing is checked, asked about or handed in. @param today ISO date */
export const hasBegun = (period: string, today: string): boolean => daysOfPeriod(period).start <= today;

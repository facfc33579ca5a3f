/** Periods that are offered for counting: years and months back from today; `2026`, `2026-11`. */
import { t, today } from '../../../web/ui/index.ts';

const YEARS = 4;
const MONTHS = 24;

/** This year first, then earlier ones, then the months. */
export function periodChoices(day = today()): string[] {
  const [year, month] = day.split('-').map(Number) as [number, number];
  const years = Array.from({ length: YEARS }, (_, back) => String(year - back));
  const months = Array.from({ length: MONTHS }, (_, back) => {
    const at = year * 12 + month - 1 - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
  return [...years, ...months];
}

/** First and last day. */
export function daysOfPeriod(period: string): { from: string; to: string } {
  if (period.length === 4) return { from: `${period}-01-01`, to: `${period}-12-31` };
  const [year, month] = period.split('-').map(Number) as [number, number];
  return { from: `${period}-01`, to: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) };
}

export function periodWord(period: string): string {
  const [year = '', month] = period.split('-');
  return month === undefined
    ? t('programmes.period.year', 'Năm {year}', { year })
    : t('programmes.period.month', 'Tháng {month}/{year}', { month, year });
}

/** Working days: Monday to Friday, less the holidays of content `access/holidays`. Pure. */
import { addDays } from '../../kernel/text/vietnam-time.ts';

/** The working day that is `count` working days after a day: the last day of a term that begins the day after (Civil Code, article 147). */
export function afterWorkingDays(day: string, count: number, holidays: ReadonlySet<string>): string {
  let at = day;
  for (let left = count; left > 0; ) {
    at = addDays(at, 1);
    if (isWorkingDay(at, holidays)) left -= 1;
  }
  return at;
}

/** Working days from a day (not counted) to another (counted); negative when it lies before. */
export function workingDaysBetween(from: string, to: string, holidays: ReadonlySet<string>): number {
  if (to < from) return -workingDaysBetween(to, from, holidays);
  let days = 0;
  for (let at = from; at < to; ) {
    at = addDays(at, 1);
    if (isWorkingDay(at, holidays)) days += 1;
  }
  return days;
}

function isWorkingDay(day: string, holidays: ReadonlySet<string>): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(day);
}

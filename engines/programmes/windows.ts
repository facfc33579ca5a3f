/** From windows and the days they are counted from to four days. Pure. */
import { type Day, plus } from './days.ts';
import type { Window } from './model.ts';

export interface Dates {
  /** Not before. */
  earliest: Day;
  /** When it should be. */
  due: Day;
  /** Late after this day. */
  overdue: Day;
  /** Not after; null = no end. */
  latest: Day | null;
}

/** The day of an anchor; null = not known, and then nothing that is counted from it is scheduled. */
export type AnchorDay = (key: string) => Day | null;

/** Of several windows the narrowest; null when an anchor has no day. */
export function datesOf(windows: readonly Window[], anchorDay: AnchorDay, notBefore: Day): Dates | null {
  let earliest = notBefore;
  let due = notBefore;
  let latest: Day | null = null;
  let grace: { from: Window; value: NonNullable<Window['overdue']> } | null = null;
  for (const window of windows) {
    const from = anchorDay(window.anchor);
    if (from === null) return null;
    if (window.earliest) earliest = Math.max(earliest, plus(from, window.earliest));
    if (window.due) due = Math.max(due, plus(from, window.due));
    if (window.latest) {
      const end = plus(from, window.latest);
      latest = latest === null ? end : Math.min(latest, end);
    }
    if (window.overdue) grace = { from: window, value: window.overdue };
  }
  return { ...withFloor({ earliest, due, overdue: due, latest }, earliest, grace?.value ?? null) };
}

/** The same with a day before which it may not be: due and overdue move with it. */
export function withFloor(
  dates: Dates,
  earliest: Day,
  overdue: NonNullable<Window['overdue']> | null | 'kept',
): Dates {
  const floor = Math.max(dates.earliest, earliest);
  const due = Math.max(dates.due, floor);
  const late = overdue === 'kept' ? due + (dates.overdue - dates.due) : overdue ? plus(due, overdue) : due;
  return { earliest: floor, due, overdue: late, latest: dates.latest };
}

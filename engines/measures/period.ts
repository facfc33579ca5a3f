/** The measurement period. Pure. */

export interface Period {
  /** As it is told: days, or instants when instants were given. */
  told: { start: string; end: string };
  /** First and last instant, ISO with +07:00 and milliseconds. */
  first: string;
  last: string;
}

/** What criteria are asked in. */
export interface Setting extends Period {
  /** `now()` and `today()`: when the report is made. */
  now: Date;
}

const OFFSET_MS = 7 * 3_600_000;

/** @param low epoch milliseconds of its first instant, @param high of the instant after its last */
export function periodOf(told: Period['told'], low: number, high: number): Period {
  return { told, first: instantOf(low), last: instantOf(high - 1) };
}

/** Vietnam's time, which comparisons with values without a zone need. */
function instantOf(at: number): string {
  return `${new Date(at + OFFSET_MS).toISOString().slice(0, 23)}+07:00`;
}

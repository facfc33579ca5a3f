/** One row as it lies in the tables, and whether it agrees with what its resource gives now. Pure. */
import type { IndexRow } from '../index-row.ts';

/** Index entries as the database hands them out. */
export interface StoredEntries {
  c0: string | null;
  /** Epoch milliseconds, ±Infinity. */
  d0: number | null;
  d1: number | null;
  has: string;
  org: number | null;
  sec: number;
  /** `{1,2}` */
  tok: string;
  /** p, lo, hi; infinite ends are texts. */
  ord: [string, number | string, number | string][] | null;
  /** p, s */
  str: [string, string][] | null;
}

/** Whether the columns of the row, and the rows beside it, must be written. */
export interface Difference {
  row: boolean;
  side: boolean;
}

/** Null when everything agrees. */
export function differenceOf(stored: StoredEntries, made: IndexRow): Difference | null {
  const row = !sameColumns(stored, made) || !sameTokens(stored.tok, made.tok);
  const side = !sameOrd(stored.ord, made.ord) || !sameStr(stored.str, made.str);
  return row || side ? { row, side } : null;
}

function sameColumns(stored: StoredEntries, made: IndexRow): boolean {
  return (
    stored.c0 === (made.c0 === null ? null : String(made.c0)) &&
    sameInstant(stored.d0, made.d0) &&
    sameInstant(stored.d1, made.d1) &&
    stored.has === String(made.has) &&
    stored.org === made.org &&
    stored.sec === made.sec
  );
}

/** The column keeps whole microseconds. */
function sameInstant(stored: number | null, made: number | null): boolean {
  if (stored === null || made === null) return stored === made;
  return stored === made || Math.abs(stored - made) < 0.001;
}

/** As sets; nearly always in the same order. */
function sameTokens(stored: string, made: readonly bigint[]): boolean {
  const text = made.join(',');
  if (stored.length !== text.length + 2) return false;
  const inside = stored.slice(1, -1);
  return inside === text || inside.split(',').sort().join() === made.map(String).sort().join();
}

function sameOrd(stored: StoredEntries['ord'], made: IndexRow['ord']): boolean {
  if ((stored?.length ?? 0) !== made.length) return false;
  if (made.length === 0) return true;
  const mine = made.map(({ p, lo, hi }) => `${p} ${lo} ${hi}`).sort();
  const theirs = stored!.map(([p, lo, hi]) => `${p} ${Number(lo)} ${Number(hi)}`).sort();
  return mine.every((text, i) => text === theirs[i]);
}

/** PostgreSQL has no character 0; it lies there as the replacement character (`wire.ts`). */
function sameStr(stored: StoredEntries['str'], made: IndexRow['str']): boolean {
  if ((stored?.length ?? 0) !== made.length) return false;
  if (made.length === 0) return true;
  const mine = made.map(({ p, s }) => `${p} ${s.replaceAll('\0', '\ufffd')}`).sort();
  const theirs = stored!.map(([p, s]) => `${p} ${s}`).sort();
  return mine.every((text, i) => text === theirs[i]);
}

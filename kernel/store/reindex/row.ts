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

/** What must be written of a row. */
export interface Difference {
  /** Its columns. */
  row: boolean;
  /** All rows beside it go first. */
  clear: boolean;
  /** Rows beside it that are written: all of them after a clearing, else those that are missing. */
  ord: IndexRow['ord'];
  str: IndexRow['str'];
}

/** Null when everything agrees. */
export function differenceOf(stored: StoredEntries, made: IndexRow): Difference | null {
  const row = !sameColumns(stored, made) || !sameTokens(stored.tok, made.tok);
  const ord = missing(stored.ord, made.ord, ordText, ({ p, lo, hi }) => `${p} ${lo} ${hi}`);
  const str = missing(stored.str, made.str, strText, ({ p, s }) => `${p} ${s.replaceAll('\0', '\ufffd')}`);
  if (ord === null || str === null) return { row, clear: true, ord: made.ord, str: made.str };
  return row || ord.length > 0 || str.length > 0 ? { row, clear: false, ord, str } : null;
}

const ordText = ([p, lo, hi]: [string, number | string, number | string]) =>
  `${p} ${Number(lo)} ${Number(hi)}`;
/** PostgreSQL has no character 0; it lies there as the replacement character (`wire.ts`). */
const strText = ([p, s]: [string, string]) => `${p} ${s}`;

/** Entries that are not stored yet; null when something is stored that is not among them. Both may repeat. */
function missing<S, M>(
  stored: readonly S[] | null,
  made: readonly M[],
  textOfStored: (entry: S) => string,
  textOfMade: (entry: M) => string,
): M[] | null {
  if (stored === null || stored.length === 0) return [...made];
  const open = new Map<string, number>();
  for (const entry of stored) {
    const text = textOfStored(entry);
    open.set(text, (open.get(text) ?? 0) + 1);
  }
  let found = 0;
  const wanted = made.filter((entry) => {
    const text = textOfMade(entry);
    const left = open.get(text) ?? 0;
    if (left === 0) return true;
    open.set(text, left - 1);
    found += 1;
    return false;
  });
  return found === stored.length ? wanted : null;
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

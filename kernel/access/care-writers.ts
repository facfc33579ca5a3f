/**
 * Whether a relationship counts, by who said it: nobody takes a person into care with a piece of paper of one's own. A unit
 * that already cares for the person may order, refer, book and take along whom it likes; one that does not, cannot make
 * itself or others carers so. It opens the record with a visit, an emergency or the person's permission.
 */
import type { Pool } from 'pg';
import type { Change } from '../store/contract.ts';
import { parsePosition } from '../store/index.ts';
import { vietnamDay } from '../text/vietnam-time.ts';
import type { CareKind, CareLink } from './care-links.ts';
import type { CareRow } from './care-table.ts';

/** Unit for which a change was written; null: by the person, a system, or the province. Undefined: nobody is known. */
export type WriterOf = (change: Change) => string | null | undefined;

/** Audit lines are made in the transaction of what they tell of; clocks of programs differ by less. */
const HOUR_MS = 3_600_000;

/** Of each change, from the audit of its transaction. */
export async function readWriters(pool: Pool, changes: readonly Change[]): Promise<WriterOf> {
  if (changes.length === 0) return () => undefined;
  const places = changes.map(({ position }) => parsePosition(position));
  const times = changes.map(({ at }) => Date.parse(at));
  const { rows } = await pool.query<{ era: number; xid: string; what: string; unit: string | null }>(
    `select era, xid::text as xid, what, unit from audit
     where xid = any ($1::int8[]) and ts between $2 and $3 and action in ('create', 'update')`,
    [
      places.map(({ xid }) => xid),
      new Date(Math.min(...times) - HOUR_MS),
      new Date(Math.max(...times) + HOUR_MS),
    ],
  );
  const known = new Map<string, string | null>();
  for (const { era, xid, what, unit } of rows)
    for (const name of what.split(' ')) known.set(`${era}.${xid} ${name}`, unit);
  return ({ position, type, id }) => {
    const { era, xid } = parsePosition(position);
    return known.get(`${era}.${xid} ${type}/${id}`);
  };
}

export interface Said {
  source: string;
  link: CareLink;
  /** Units that are named, each with the change that named it first, of those at hand; null: one that is still to come. */
  units: ReadonlyMap<string, Change | null>;
  /** What counted of it so far. */
  before: readonly CareRow[];
}

/** Whether what a change newly says of a unit is to be judged. */
export function freshChanges({ units, link, before }: Said): [unit: string, change: Change | null][] {
  return [...units].filter(
    ([unit]) =>
      !before.some((one) => one.unit === unit && one.patient === link.patient && one.starts === null),
  );
}

/**
 * The rows that count.
 * @param needsCarer whether a kind is to be said by who cares for the person
 * @param caredFor whether a unit cared for the person when the change was made, leaving this source out
 */
export async function countingRows(
  said: Said,
  writerOf: WriterOf,
  needsCarer: (kind: CareKind) => boolean,
  caredFor: (unit: string, said: CareLink, source: string, at: Date) => Promise<boolean>,
): Promise<CareRow[]> {
  const { source, link, units } = said;
  const { patient, kind, begins, ended } = link;
  const fresh = freshChanges(said);
  const rows: CareRow[] = [...units.keys()]
    .filter((unit) => !fresh.some(([one]) => one === unit))
    .map((unit) => ({ source, unit, patient, kind, starts: null, ended }));
  for (const [unit, change] of fresh) {
    if (change === null) continue;
    const writer = writerOf(change) ?? null;
    // Who has no record yet has nothing to be read in it.
    const isNewPerson = kind === 'managing' && change.op === 'create';
    const counts =
      writer === null ||
      isNewPerson ||
      !needsCarer(kind) ||
      (await caredFor(writer, link, source, new Date(change.at)));
    if (counts) rows.push({ source, unit, patient, kind, starts: null, ended });
    else if (begins !== null) rows.push({ source, unit, patient, kind, starts: startOfDay(begins), ended });
  }
  return rows;
}

function startOfDay(at: Date): Date {
  return new Date(`${vietnamDay(at)}T00:00:00+07:00`);
}

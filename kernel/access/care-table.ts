/** Table `access.care`: care relationships that are no visits. Its SQL is here and nowhere else. */
import type { Pool, PoolClient } from 'pg';
import type { CareKind } from './care-links.ts';

/** What ended longer ago opens nothing by any content. */
const KEPT_DAYS = 400;
const DAY_MS = 86_400_000;

export interface CareRow {
  source: string;
  unit: string;
  patient: string;
  kind: CareKind;
  ended: Date | null;
}

/** How many days each kind still opens the record after its end. */
export type CareDays = ReadonlyMap<CareKind, number>;

const OPENS = `(c.ended is null or c.ended >= $2::timestamptz - u.days * interval '1 day')`;
const DAYS = 'unnest($3::text[], $4::int4[]) as u(kind, days)';

/** Which of the persons are in the care of the unit at an instant. */
export async function caredAmong(
  pool: Pool,
  unit: string,
  patients: readonly string[],
  days: CareDays,
  now: Date,
): Promise<string[]> {
  const { rows } = await pool.query<{ patient: string }>({
    name: 'care_among',
    text: `select distinct c.patient from access.care c join ${DAYS} on u.kind = c.kind
      where c.unit = $1 and c.patient = any ($5) and ${OPENS}`,
    values: [unit, now, [...days.keys()], [...days.values()], patients],
  });
  return rows.map(({ patient }) => patient);
}

/** Every person in the care of the unit at an instant. */
export async function caredAt(pool: Pool, unit: string, days: CareDays, now: Date): Promise<string[]> {
  const { rows } = await pool.query<{ patient: string }>({
    name: 'care_all',
    text: `select distinct c.patient from access.care c join ${DAYS} on u.kind = c.kind where c.unit = $1 and ${OPENS}`,
    values: [unit, now, [...days.keys()], [...days.values()]],
  });
  return rows.map(({ patient }) => patient);
}

/** Puts what the sources say now in the place of what they said. */
export async function writeCare(
  client: PoolClient,
  sources: readonly string[],
  rows: readonly CareRow[],
): Promise<void> {
  if (sources.length > 0) await client.query('delete from access.care where source = any ($1)', [sources]);
  if (rows.length === 0) return;
  await client.query(
    `insert into access.care (source, unit, patient, kind, ended)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) on conflict do nothing`,
    [
      rows.map(({ source }) => source),
      rows.map(({ unit }) => unit),
      rows.map(({ patient }) => patient),
      rows.map(({ kind }) => kind),
      rows.map(({ ended }) => ended),
    ],
  );
}

/** Forgets what ended long ago. */
export async function sweepCare(pool: Pool, now: Date): Promise<void> {
  await pool.query('delete from access.care where ended < $1', [
    new Date(now.getTime() - KEPT_DAYS * DAY_MS),
  ]);
}

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
  /** When it begins to open the record; null = at once. */
  starts: Date | null;
  ended: Date | null;
}

/** How many days each kind still opens the record after its end. */
export type CareDays = ReadonlyMap<CareKind, number>;

const OPENS = `(c.ended is null or c.ended >= $2::timestamptz - u.days * interval '1 day')
  and (c.starts is null or c.starts <= $2::timestamptz)`;
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

/** Whether anything but one source had the person in the care of the unit at an instant. */
export async function caredBeside(
  pool: Pool,
  source: string,
  unit: string,
  patient: string,
  days: CareDays,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'care_beside',
    text: `select from access.care c join ${DAYS} on u.kind = c.kind
      where c.unit = $1 and c.patient = $5 and c.source <> $6 and ${OPENS} limit 1`,
    values: [unit, at, [...days.keys()], [...days.values()], patient, source],
  });
  return rowCount !== 0;
}

/** What the sources say so far. */
export async function readCareRows(client: PoolClient, sources: readonly string[]): Promise<CareRow[]> {
  if (sources.length === 0) return [];
  const { rows } = await client.query<CareRow>(
    'select source, unit, patient, kind, starts, ended from access.care where source = any ($1)',
    [sources],
  );
  return rows;
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
    `insert into access.care (source, unit, patient, kind, starts, ended)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
     on conflict do nothing`,
    [
      rows.map(({ source }) => source),
      rows.map(({ unit }) => unit),
      rows.map(({ patient }) => patient),
      rows.map(({ kind }) => kind),
      rows.map(({ starts }) => starts),
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

/** Table `access.visit`: which visits open which persons to which units. Its SQL is here and nowhere else. */
import type { Pool, PoolClient } from 'pg';
import type { Encounter } from '../fhir/types.ts';

/** Visits that still open nothing and those that ended long ago are not kept. */
const KEPT_DAYS = 90;

export interface Visit {
  encounter: string;
  unit: string;
  patient: string;
  /** Null while the visit is open. */
  ended: Date | null;
}

const OPEN_STATES = new Set(['planned', 'arrived', 'triaged', 'in-progress', 'onleave']);

/**
 * What an Encounter says about care; null when it opens nothing: cancelled, entered in error, without person or unit.
 * A planned visit opens the record: who prepares it must see it.
 */
export function visitOf(encounter: Encounter): Visit | null {
  const unit = /^Organization\/([A-Za-z0-9\-.]{1,64})$/.exec(encounter.serviceProvider?.reference ?? '')?.[1];
  const patient = /^Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(encounter.subject?.reference ?? '')?.[1];
  if (unit === undefined || patient === undefined || encounter.id === undefined) return null;
  const visit = { encounter: encounter.id, unit, patient };
  if (OPEN_STATES.has(encounter.status)) return { ...visit, ended: null };
  if (encounter.status !== 'finished') return null;
  const ended = new Date(encounter.period?.end ?? encounter.period?.start ?? Number.NaN);
  return Number.isNaN(ended.getTime()) ? null : { ...visit, ended };
}

/** Whether a visit opens the record at an instant. */
export function opensCare({ ended }: Visit, days: number, now: Date): boolean {
  return ended === null || now.getTime() - ended.getTime() <= days * 86_400_000;
}

/** Which of the persons have a visit at the unit that is open or ended after `since`. */
export async function knownAmong(
  pool: Pool,
  unit: string,
  patients: readonly string[],
  since: Date,
): Promise<string[]> {
  const { rows } = await pool.query<{ patient: string }>({
    name: 'visit_among',
    text: `select distinct patient from access.visit
      where unit = $1 and patient = any($2) and (ended is null or ended >= $3)`,
    values: [unit, patients, since],
  });
  return rows.map(({ patient }) => patient);
}

/** Every person in the care of a unit. */
export async function knownAt(pool: Pool, unit: string, since: Date): Promise<string[]> {
  const { rows } = await pool.query<{ patient: string }>({
    name: 'visit_all',
    text: 'select distinct patient from access.visit where unit = $1 and (ended is null or ended >= $2)',
    values: [unit, since],
  });
  return rows.map(({ patient }) => patient);
}

/** Writes what changed: `gone` are Encounters that were deleted or open nothing any more. */
export async function writeVisits(
  client: PoolClient,
  visits: readonly Visit[],
  gone: readonly string[],
  now: Date,
): Promise<void> {
  const oldest = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  const kept = visits.filter(({ ended }) => ended === null || ended >= oldest);
  const removed = [
    ...gone,
    ...visits.filter((visit) => !kept.includes(visit)).map(({ encounter }) => encounter),
  ];
  if (removed.length > 0) await client.query('delete from access.visit where encounter = any($1)', [removed]);
  if (kept.length === 0) return;
  await client.query(
    `insert into access.visit (encounter, unit, patient, ended)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
     on conflict (encounter) do update
       set unit = excluded.unit, patient = excluded.patient, ended = excluded.ended`,
    [
      kept.map(({ encounter }) => encounter),
      kept.map(({ unit }) => unit),
      kept.map(({ patient }) => patient),
      kept.map(({ ended }) => ended),
    ],
  );
}

/** Forgets visits that ended long ago. */
export async function sweepVisits(pool: Pool, now: Date): Promise<void> {
  const oldest = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  await pool.query('delete from access.visit where ended < $1', [oldest]);
}

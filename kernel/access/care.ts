/**
 * Care relationships: a person who has a visit at a unit, open or ended within the last days, is in the care of that
 * unit. Known from table `access.visit`; what the change feed has not brought yet is asked of the record itself, so that
 * a check-in opens at once. Positive answers are kept a few seconds.
 */
import type { Pool } from 'pg';
import type { Events } from '../events/contract.ts';
import type { Encounter } from '../fhir/types.ts';
import type { Change, Store } from '../store/contract.ts';
import { knownAmong, knownAt, opensCare, visitOf, writeVisits } from './visits.ts';

const KEPT_MS = 15_000;
const MAX_KEPT = 20_000;
/** For more persons than this the record itself is not asked: a list does not wait for a visit of this very second. */
const ASK_AT_MOST = 3;
const DAY_MS = 86_400_000;

export interface Care {
  /** Which of the persons are in the care of the unit. */
  among(unit: string, patients: readonly string[]): Promise<Set<string>>;
  /** Every person in the care of the unit. */
  all(unit: string): Promise<string[]>;
  /** Visits that this program has just written: they count before the change feed brings them. */
  notice(encounters: readonly Encounter[]): void;
  /** Keeps the table of visits by the change feed. */
  follow(events: Events): void;
}

interface CareParts {
  pool: Pool;
  store: Store;
  /** How long after its end a visit still opens the record (content `access/limits`). */
  days: number;
  now(): Date;
}

export function openCare({ pool, store, days, now }: CareParts): Care {
  const kept = new Map<string, number>();
  const key = (unit: string, patient: string) => `${unit}|${patient}`;
  const keep = (unit: string, patient: string) => {
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key(unit, patient), now().getTime() + KEPT_MS);
  };
  const since = () => new Date(now().getTime() - days * DAY_MS);

  async function ask(unit: string, patient: string): Promise<boolean> {
    const { matches } = await store.search({
      type: 'Encounter',
      params: [
        ['patient', `Patient/${patient}`],
        ['service-provider', `Organization/${unit}`],
        ['_sort', '-date'],
        ['_count', '20'],
      ],
    });
    return matches.some(({ body }) => {
      const visit = visitOf(JSON.parse(body.toString('utf8')) as Encounter);
      return visit !== null && opensCare(visit, days, now());
    });
  }

  async function find(unit: string, patients: readonly string[]): Promise<string[]> {
    const known = await knownAmong(pool, unit, patients, since());
    const missing = patients.filter((patient) => !known.includes(patient));
    if (missing.length === 0 || missing.length > ASK_AT_MOST) return known;
    const found = await Promise.all(missing.map((patient) => ask(unit, patient)));
    return [...known, ...missing.filter((_, at) => found[at])];
  }

  return {
    async among(unit, patients) {
      const at = now().getTime();
      const asked = [...new Set(patients)];
      const sure = asked.filter((patient) => (kept.get(key(unit, patient)) ?? 0) > at);
      const doubtful = asked.filter((patient) => !sure.includes(patient));
      if (doubtful.length === 0) return new Set(sure);
      const found = await find(unit, doubtful);
      for (const patient of found) keep(unit, patient);
      return new Set([...sure, ...found]);
    },
    async all(unit) {
      const known = await knownAt(pool, unit, since());
      const at = now().getTime();
      const fresh = [...kept].filter(([name, until]) => until > at && name.startsWith(`${unit}|`));
      return [...new Set([...known, ...fresh.map(([name]) => name.slice(unit.length + 1))])];
    },
    notice(encounters) {
      for (const encounter of encounters) {
        const visit = visitOf(encounter);
        if (visit && opensCare(visit, days, now())) keep(visit.unit, visit.patient);
      }
    },
    follow(events) {
      events.consume(
        'access.visits',
        async (changes, client) => {
          const { visits, gone } = await readVisits(store, changes);
          await writeVisits(client, visits, gone, now());
        },
        { fromStart: true },
      );
    },
  };
}

async function readVisits(store: Store, changes: readonly Change[]) {
  const encounters = changes.filter(({ type }) => type === 'Encounter');
  const ids = [...new Set(encounters.map(({ id }) => id))];
  const found = await store.latest(encounters);
  const visits = [...found.values()]
    .map((resource) => visitOf(resource as Encounter))
    .filter((visit) => visit !== null);
  const open = new Set(visits.map(({ encounter }) => encounter));
  return { visits, gone: ids.filter((id) => !open.has(id)) };
}

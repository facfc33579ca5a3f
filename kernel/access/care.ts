/**
 * Care relationships: a person who has a visit at a unit, open or ended within the last days, is in the care of that unit; so
 * is who has an order, a task, an appointment, a team or an episode there, and who lives where the unit is the station. Known
 * from tables `access.visit` and `access.care`; what the change feed has not brought yet of visits, and where somebody lives,
 * is asked of the record itself, so that a check-in opens at once. Positive answers are kept a few seconds.
 */
import type { Pool, PoolClient } from 'pg';
import type { Events } from '../events/contract.ts';
import type { Encounter, Resource, ResourceType } from '../fhir/types.ts';
import type { Change, Store } from '../store/contract.ts';
import { CARE_TYPES, type CareKind, type CareLink, careLinkOf } from './care-links.ts';
import {
  type CareDays,
  type CareRow,
  caredAmong,
  caredAt,
  caredBeside,
  readCareRows,
  writeCare,
} from './care-table.ts';
import { countingRows, freshChanges, readWriters, type Said } from './care-writers.ts';
import { openResidents } from './residents.ts';
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
  /**
   * What this program has just written for a unit, null = for none: visits among it, and what who cares for a person orders,
   * count before the change feed brings them.
   */
  notice(resources: readonly Resource[], writer: string | null): void;
  /** Keeps the tables by the change feed. */
  follow(events: Events): void;
}

interface CareParts {
  pool: Pool;
  store: Store;
  /** How long after its end a visit still opens the record (content `access/limits`). */
  days: number;
  /** The same of the other relationships (content `access/care`), as it is the law today. */
  kinds(): CareDays;
  /** Whether a kind of relationship counts only when who cares for the person says it. */
  needsCarer(kind: CareKind): boolean;
  now(): Date;
}

export function openCare({ pool, store, days, kinds, needsCarer, now }: CareParts): Care {
  const kept = new Map<string, number>();
  const key = (unit: string, patient: string) => `${unit}|${patient}`;
  const keep = (unit: string, patient: string) => {
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key(unit, patient), now().getTime() + KEPT_MS);
  };
  const since = (at = now()) => new Date(at.getTime() - days * DAY_MS);

  async function ask(unit: string, patient: string, at = now()): Promise<boolean> {
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
      return visit !== null && opensCare(visit, days, at);
    });
  }

  async function find(unit: string, patients: readonly string[]): Promise<string[]> {
    const visited = await knownAmong(pool, unit, patients, since());
    const others = patients.filter((patient) => !visited.includes(patient));
    if (others.length === 0) return visited;
    const [cared, living] = await Promise.all([
      caredAmong(pool, unit, others, kinds(), now()),
      residents.among(unit, others),
    ]);
    const known = [...new Set([...visited, ...cared, ...living])];
    const missing = others.filter((patient) => !known.includes(patient));
    if (missing.length === 0 || missing.length > ASK_AT_MOST) return known;
    const found = await Promise.all(missing.map((patient) => ask(unit, patient)));
    return [...known, ...missing.filter((_, at) => found[at])];
  }

  /** Whether the unit cared for the person when something was said of it, and by something else. */
  async function caredFor(unit: string, { patient }: CareLink, source: string, at: Date): Promise<boolean> {
    const [visited, cared, living] = await Promise.all([
      knownAmong(pool, unit, [patient], since(at)),
      caredBeside(pool, source, unit, patient, kinds(), at),
      residents.among(unit, [patient]),
    ]);
    return visited.length > 0 || cared || living.length > 0 || ask(unit, patient, at);
  }

  const residents = openResidents(store, kinds, () => now().getTime());

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
      const known = await Promise.all([knownAt(pool, unit, since()), caredAt(pool, unit, kinds(), now())]);
      const at = now().getTime();
      const fresh = [...kept].filter(([name, until]) => until > at && name.startsWith(`${unit}|`));
      return [...new Set([...known.flat(), ...fresh.map(([name]) => name.slice(unit.length + 1))])];
    },
    notice(resources, writer) {
      for (const resource of resources) {
        const visit = resource.resourceType === 'Encounter' ? visitOf(resource as Encounter) : null;
        if (visit && opensCare(visit, days, now())) keep(visit.unit, visit.patient);
        const link = careLinkOf(resource);
        if (link === null || !opens(link, kinds(), now())) continue;
        const isCarer = writer === null || (kept.get(key(writer, link.patient)) ?? 0) > now().getTime();
        if (!isCarer && needsCarer(link.kind)) continue;
        for (const place of link.places) if (isUnit(place)) keep(idOf(place), link.patient);
      }
    },
    follow(events) {
      events.consume(
        'access.visits',
        async (changes, client) => {
          const { visits, gone } = await readVisits(store, changes);
          await writeVisits(client, visits, gone, now());
        },
        { fromStart: true, concerns: ({ type }) => type === 'Encounter' },
      );
      events.consume(
        'access.care',
        async (changes, client) => {
          const said = await readCare(store, client, changes);
          const writers = await readWriters(
            pool,
            said.facts.flatMap((fact) => freshChanges(fact).flatMap(([, change]) => change ?? [])),
          );
          const rows: CareRow[] = [];
          for (const fact of said.facts)
            rows.push(...(await countingRows(fact, writers, needsCarer, caredFor)));
          await writeCare(client, said.sources, rows);
        },
        { fromStart: true, concerns: ({ type }) => CARE_TYPES.has(type) },
      );
    },
  };
}

const idOf = (name: string) => name.slice(name.indexOf('/') + 1);
const isUnit = (place: string) => place.startsWith('Organization/');

function opens({ kind, ended }: CareLink, days: CareDays, now: Date): boolean {
  const open = days.get(kind);
  return open !== undefined && (ended === null || now.getTime() - ended.getTime() <= open * DAY_MS);
}

/** What the changed resources say now, and said so far; a place is of the organization that it names. */
async function readCare(
  store: Store,
  client: PoolClient,
  changes: readonly Change[],
): Promise<{ sources: string[]; facts: Said[] }> {
  const changed = changes.filter(({ type }) => CARE_TYPES.has(type));
  const sources = [...new Set(changed.map(({ type, id }) => `${type}/${id}`))];
  const found = changed.length === 0 ? new Map<string, Resource>() : await store.latest(changed);
  const links = [...found].flatMap(([source, resource]) => {
    const link = careLinkOf(resource);
    return link === null ? [] : [{ source, link }];
  });
  const places = [...new Set(links.flatMap(({ link }) => link.places))].filter((place) => !isUnit(place));
  const owners = await ownersOf(store, places);
  const before = await readCareRows(client, sources);
  const facts: Said[] = [];
  for (const { source, link } of links) {
    const own = changed.filter(({ type, id }) => `${type}/${id}` === source);
    const namedBy = await firstNaming(store, own, link, found.get(source)!);
    const units = new Map<string, Change | null>();
    for (const place of link.places) {
      const unit = isUnit(place) ? idOf(place) : owners.get(place);
      if (unit !== undefined) units.set(unit, units.get(unit) ?? namedBy(place));
    }
    facts.push({ source, link, units, before: before.filter((row) => row.source === source) });
  }
  return { sources, facts };
}

/**
 * Which of the changes of a resource named a place first. What is at hand may be newer than the changes are: a place that none
 * of them names is judged with the change that does.
 */
async function firstNaming(
  store: Store,
  changes: readonly Change[],
  link: CareLink,
  current: Resource,
): Promise<(place: string) => Change | null> {
  const [only, ...more] = changes;
  if (more.length === 0 && String(only!.version) === current.meta?.versionId) return () => only!;
  const said: { change: Change; places: readonly string[] }[] = [];
  for (const change of changes) {
    if (change.op === 'delete') continue;
    const version = await store.vread(change.type, change.id, change.version);
    const then =
      version === null || version.deleted
        ? null
        : careLinkOf(JSON.parse(version.body.toString('utf8')) as Resource);
    if (then !== null && then.patient === link.patient && then.kind === link.kind)
      said.push({ change, places: then.places });
  }
  return (place) => said.find(({ places }) => places.includes(place))?.change ?? null;
}

/** Organization ids by `Location/x`, `PractitionerRole/x`, `HealthcareService/x`. */
async function ownersOf(store: Store, places: readonly string[]): Promise<Map<string, string>> {
  if (places.length === 0) return new Map();
  const refs = places.map((place) => ({ type: place.split('/')[0] as ResourceType, id: idOf(place) }));
  const owners = new Map<string, string>();
  for (const { type, id, body } of await store.readMany(refs)) {
    const place = JSON.parse(body.toString('utf8')) as Record<string, { reference?: string } | undefined>;
    const owner = (place.managingOrganization ?? place.organization ?? place.providedBy)?.reference ?? '';
    if (isUnit(owner)) owners.set(`${type}/${id}`, idOf(owner));
  }
  return owners;
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

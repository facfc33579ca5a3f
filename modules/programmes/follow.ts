/**
 * Keeps `programmes.member` and `programmes.task` equal to the record: the persons of each batch of the change feed are judged
 * anew; each day those for whom time alone may have changed something.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import {
  courseOf,
  dayOf,
  forgetProgrammes,
  type OpenProgramme,
  programmesOn,
} from '../../engines/programmes/index.ts';
import { readStoredJson } from '../../kernel/fhir/json/read.ts';
import { cs, ext } from '../../kernel/fhir/systems.ts';
import type { Address, Organization, Patient, Resource, ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { inTransaction } from '../../kernel/store/index.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { rowsOf } from './projection.ts';
import { type Standing, writeStandings } from './standing-rows.ts';

export const CONSUMER = 'programmes';
export const TOPIC = 'programmes';
/** Persons judged in one transaction of the daily look. */
const AT_ONCE = 200;
/** Persons judged in one turn of the event loop: some milliseconds. */
const IN_A_TURN = 8;
const MINUTE_MS = 60_000;
const STATION = 'tram-y-te';

/** Starts the consumer and the daily look. */
export function startFollowing(kernel: Kernel): void {
  const projector = openProjector(kernel);
  kernel.events.consume(
    CONSUMER,
    async (changes, client) => {
      if (changes.some(isOfUnit)) projector.forgetStations();
      if (changes.some(isOfProgramme)) forgetProgrammes(kernel.content);
      await projector.refresh();
      const touched = new Map<string, Set<ResourceType>>();
      for (const change of changes.filter(projector.judges))
        touched.set(personOf(change), (touched.get(personOf(change)) ?? new Set()).add(change.type));
      const units = await projector.judge([...touched.keys()], client, touched);
      return () => {
        for (const unit of units) kernel.events.publish(`${TOPIC}/${unit}`, { changed: true });
      };
    },
    {
      fromStart: true,
      concerns: (change) => isOfUnit(change) || isOfProgramme(change) || projector.judges(change),
    },
  );
  let day = '';
  let busy = false;
  setInterval(() => {
    const today = vietnamDay(kernel.settings.now());
    if (busy) return;
    busy = true;
    projector
      .refresh()
      .then(() => catchUp(kernel))
      .then(() => (today === day ? undefined : lookAgain(kernel)))
      .then(
        () => {
          day = today;
        },
        () => undefined,
      )
      .finally(() => {
        busy = false;
      });
  }, MINUTE_MS).unref();
}

const personOf = ({ patient }: Change) => patient!;
const isOfUnit = ({ type }: Change) => type === 'Organization';

/** Empties the tables and makes them again from the record. */
export async function rebuildProgrammes(kernel: Kernel): Promise<void> {
  await kernel.events.rebuild(CONSUMER, async (client) => {
    await client.query('delete from programmes.task');
    await client.query('delete from programmes.dose');
    await client.query('delete from programmes.not_given');
    await client.query('delete from programmes.member');
  });
}

/** Judges those whose day has come, some at a time. @returns how many */
export async function lookAgain(kernel: Kernel): Promise<number> {
  const projector = openProjector(kernel);
  const today = vietnamDay(kernel.settings.now());
  let seen = 0;
  for (;;) {
    const some = await inTransaction(kernel.pool, async (client) => {
      const { rows } = await client.query<{ patient: string }>(LOOK, [today, AT_ONCE]);
      await projector.judge([...new Set(rows.map(({ patient }) => patient))], client);
      return rows.length;
    });
    seen += some;
    if (some < AT_ONCE) return seen;
  }
}

const LOOK = `select patient from programmes.member where look_again <= $1 order by look_again limit $2 for update skip locked`;

/**
 * Judges everybody anew when a version of a programme has come into force, or gone, since everybody was last judged: of the content
 * or of the record. One process does it; what is written meanwhile goes by the change feed as always.
 * @returns how many persons were judged
 */
export async function catchUp(kernel: Kernel): Promise<number> {
  const wanted = (await programmesOn(kernel, vietnamDay(kernel.settings.now())))
    .map(({ programme, mark }) => `${programme.key}|${programme.version}|${mark}`)
    .sort();
  const known = await kernel.pool.query<{ mark: string }>(
    'select mark from programmes.carried order by mark collate "C"',
  );
  if (JSON.stringify(known.rows.map(({ mark }) => mark)) === JSON.stringify(wanted)) return 0;
  const client = await kernel.pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
      ALL_LOCK,
    ]);
    if (!rows[0]?.mine) return 0;
    try {
      const judged = await judgeAll(kernel);
      await client.query(
        'with gone as (delete from programmes.carried where not mark = any($1)) insert into programmes.carried select unnest($1::text[]) on conflict do nothing',
        [wanted],
      );
      return judged;
    } finally {
      await client.query('select pg_advisory_unlock($1)', [ALL_LOCK]);
    }
  } finally {
    client.release();
  }
}

/** Any number of this room alone. */
const ALL_LOCK = 1_886_545_255;

async function judgeAll(kernel: Kernel): Promise<number> {
  const projector = openProjector(kernel);
  let judged = 0;
  for await (const piece of kernel.store.scan(['Patient'])) {
    for (let at = 0; at < piece.length; at += AT_ONCE) {
      const persons = piece.slice(at, at + AT_ONCE).map(({ id }) => id);
      await inTransaction(kernel.pool, (client) => projector.judge(persons, client));
      judged += persons.length;
    }
  }
  return judged;
}

interface Projector {
  /** Reads which programmes are in force: what `judges` goes by. */
  refresh(): Promise<void>;
  /** Whether a change may say something else of a person. */
  judges(change: Change): boolean;
  /** Stations have been changed: they are read again. */
  forgetStations(): void;
  /**
   * Writes how the persons stand now. @param touched types that have changed of each: programmes that ask none of them are left
   * as they stand. @returns units for whom something changed
   */
  judge(
    persons: readonly string[],
    client: PoolClient,
    touched?: ReadonlyMap<string, ReadonlySet<ResourceType>>,
  ): Promise<Set<string>>;
}

export function openProjector(kernel: Kernel): Projector {
  const stations = openStations(kernel);
  const programmes = () => programmesOn(kernel, vietnamDay(kernel.settings.now()));
  let wanted: ReadonlySet<ResourceType> | null = null;

  const standingOf = async (id: string, resources: readonly Resource[]) => {
    const patient = resources.find((one): one is Patient => one.resourceType === 'Patient' && one.id === id);
    if (patient === undefined) return null;
    const village = currentAddress(patient)?.line?.[0] ?? '';
    return { patient, where: { patient: id, station: await stations.of(patient), village } };
  };

  const judge: Projector['judge'] = async (persons, client, touched) => {
    const units = new Set<string>();
    const now = kernel.settings.now();
    const day = dayOf(vietnamDay(now))!;
    const open = persons.length === 0 ? [] : await programmes();
    for (const [asked, patients] of alike(persons, (id) => askedOf(open, touched?.get(id)))) {
      const unasked = open.filter((one) => !asked.includes(one)).map(({ programme }) => programme.key);
      const ask = { patients, types: [...typesOf(asked)] };
      for await (const piece of kernel.store.personsRows(ask)) {
        const standings: Standing[] = [];
        for (const { patient: id, own } of piece) {
          const resources = own.map(({ body }) => readStoredJson(body) as Resource);
          const standing = await standingOf(id, resources);
          const rows = (standing ? asked : []).flatMap((one) => {
            if (one.asker.isOutside(standing!.patient, resources, now)) return [];
            const facts = one.asker.factsOf(standing!.patient, resources, now);
            return rowsOf(one.programme, courseOf(one, facts, day), facts, standing!.where) ?? [];
          });
          standings.push({ patient: id, rows, unasked });
          // Those who wait for an answer come between.
          if (standings.length % IN_A_TURN === 0) await turn();
        }
        for (const unit of await writeStandings(client, standings)) units.add(unit);
      }
    }
    units.delete('');
    return units;
  };

  return {
    judge,
    forgetStations: stations.forget,
    judges: ({ type, patient }) => patient !== null && (wanted === null || wanted.has(type)),
    async refresh() {
      wanted = typesOf(await programmes());
    },
  };
}

const isOfProgramme = ({ type }: Pick<Change, 'type'>) => type === 'PlanDefinition';

const typesOf = (of: readonly OpenProgramme[]): Set<ResourceType> =>
  new Set<ResourceType>(['Patient', ...of.flatMap(({ asker }) => asker.types)]);

/** Programmes that a change can move: those that ask for its type. A change of the Patient moves all. */
function askedOf(
  open: readonly OpenProgramme[],
  touched: ReadonlySet<ResourceType> | undefined,
): readonly OpenProgramme[] {
  if (touched === undefined || touched.has('Patient')) return open;
  return open.filter(({ asker }) => asker.types.some((type) => touched.has(type)));
}

/** Persons of whom the same programmes are asked; most of a batch have had the same kind of thing written. */
function alike(
  persons: readonly string[],
  askedOfPerson: (id: string) => readonly OpenProgramme[],
): [asked: readonly OpenProgramme[], patients: string[]][] {
  const groups = new Map<string, [readonly OpenProgramme[], string[]]>();
  for (const id of persons) {
    const asked = askedOfPerson(id);
    const name = asked.map(({ programme }) => programme.key).join();
    const group = groups.get(name) ?? [asked, []];
    groups.set(name, group);
    group[1].push(id);
  }
  return [...groups.values()];
}

/** Where the person lives today. */
export function currentAddress({ address = [] }: Patient): Address | undefined {
  return address.find(({ use, period }) => use !== 'old' && !period?.end) ?? address[0];
}

const KEPT_MS = 60_000;
/** A commune without a station is not looked for again with each person who lives there. */
const LOOKED_MS = 5_000;

/** Which station stands in which commune; read again each minute. */
function openStations(kernel: Kernel) {
  let known: { at: number; byCommune: Map<string, string> } | null = null;
  async function load(): Promise<Map<string, string>> {
    const byCommune = new Map<string, string>();
    let query: [string, string][] | null = [
      ['type', `${cs.facilityType}|${STATION}`],
      ['_count', '500'],
    ];
    while (query) {
      const { matches, next } = await kernel.store.search({ type: 'Organization', params: query });
      for (const { id, body } of matches) {
        const { address = [], active } = readStoredJson(body) as Organization;
        if (active === false) continue;
        const commune = address.map(communeOf).find((code) => code !== null);
        if (commune) byCommune.set(commune, id);
      }
      query = next === undefined ? null : ([...new URLSearchParams(next)] as [string, string][]);
    }
    return byCommune;
  }
  return {
    forget: () => {
      known = null;
    },
    async of(patient: Patient): Promise<string> {
      const address = currentAddress(patient);
      const commune = address ? communeOf(address) : null;
      if (commune === null) return '';
      const good = known?.byCommune.has(commune) ? KEPT_MS : LOOKED_MS;
      if (known === null || known.at + good < Date.now()) known = { at: Date.now(), byCommune: await load() };
      return known.byCommune.get(commune) ?? '';
    },
  };
}

function communeOf({ extension = [] }: Address): string | null {
  return extension.find(({ url }) => url === ext.unit)?.valueCoding?.code ?? null;
}

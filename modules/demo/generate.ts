/** Writes the demo province into the record: places first, then block by block, person by person. */

import { DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { AuditLine, Store, Write } from '../../kernel/store/contract.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import {
  facilityResources,
  openUnits,
  practitionerOf,
  practitionerRoleOf,
  unitResources,
} from '../places/index.ts';
import { plusDays } from './days.ts';
import { householdRecords, type PersonRecord, type Posts } from './life.ts';
import { doseRoomOf } from './life-resources.ts';
import type { Making } from './making.ts';
import { BLOCK_SIZE, drawBlock } from './population.ts';
import { type Population, type Progress, progressResource, readProgress } from './progress.ts';
import { demoStaff, openPosts } from './staff.ts';
import { readDemoTables } from './tables.ts';
import { openWords } from './words.ts';

export interface DemoOptions {
  /** How many people the province shall have, the dead included. Default 2,000. */
  people?: number;
  /** The same seed makes the same people. */
  seed?: string;
  /** Called after each batch. */
  onProgress?(progress: { people: number; of: number; resources: number }): void;
  /** Stops after the batch in hand; the next start goes on from there. */
  signal?: AbortSignal;
  /** Takes lines of JSON into the record at full speed; without it everything is written by commits. */
  load?: Load;
}

/**
 * Loads all bytes, or goes on with what was loaded of this name before; the same name always has the same bytes.
 * @returns resources written, and false when it was stopped
 */
export type Load = (source: {
  name: string;
  /** How many bytes, about. */
  about: number;
  bytes(): AsyncIterable<Buffer>;
}) => Promise<{ resources: number; complete: boolean }>;

export interface DemoSummary {
  /** People in the province now. */
  people: number;
  /** Resources written by this call. */
  resources: number;
  /** False when it was stopped before the end. */
  complete: boolean;
}

const DEFAULT_PEOPLE = 2_000;
const DEFAULT_SEED = 'yba';
/** Lives are recorded for 28 months, and never before the value lists of Decision 130/QĐ-BYT (2024-07-01). */
const RECORDED_DAYS = 852;
const LISTS_FROM = '2024-07-01';
/** Commits under way at once; the database groups them into fewer flushes. */
const AT_ONCE = 6;
/** Stations that are no more lie in communes of before the change of 2025-07-01. */
const LAST_OF_OLD_UNITS = '2025-06-30';
const SHARED_BATCH = 150;
/** From so many people on the loader is quicker than commits. */
const MANY_PEOPLE = 5_000;
/** About, as JSON. */
const BYTES_A_PERSON = 29_000;

/**
 * Fills the record up to the number of people asked for. A second call with the same number writes nothing; a call
 * after an interruption goes on with the block it was in; a larger number adds people.
 */
export async function generateDemo(kernel: Kernel, options: DemoOptions = {}): Promise<DemoSummary> {
  const target = options.people ?? DEFAULT_PEOPLE;
  const before = await readProgress(kernel.store);
  if (before && before.people >= Math.max(target, before.target)) {
    return { people: before.people, resources: 0, complete: true };
  }
  const now = vietnamInstant(kernel.settings.now());
  const interrupted = before !== null && before.people < before.target;
  const progress: Progress = {
    seed: before?.seed ?? options.seed ?? DEFAULT_SEED,
    today: interrupted ? before.today : now.slice(0, 10),
    time: interrupted ? before.time : now.slice(11, 16),
    people: before?.people ?? 0,
    blocks: before?.blocks ?? 0,
    target: Math.max(target, before?.target ?? 0),
    day: before?.day ?? '',
    dayTime: before?.dayTime ?? '',
    dayWritten: before?.dayWritten ?? false,
  };
  const making = openMaking(kernel, progress);
  return await run(kernel.store, making, progress, interrupted, options);
}

/** What the makers need, from the content and the day of the generation. */
export function openMaking(kernel: Pick<Kernel, 'content' | 'store'>, progress: Population): Making {
  const { content, store } = kernel;
  const from = plusDays(progress.today, -RECORDED_DAYS);
  return {
    seed: progress.seed,
    today: progress.today,
    time: progress.time,
    from: from > LISTS_FROM ? from : LISTS_FROM,
    content,
    tables: readDemoTables(content),
    units: openUnits(content),
    words: openWords(content),
    idWithin: (patient, tail) => shardPart(store.newId('Observation', patient)) + tail,
  };
}

/** Ids of a person's resources begin with the person's shard key and end with twelve characters (kernel/store). */
function shardPart(id: string): string {
  return id.slice(0, -12);
}

async function run(
  store: Store,
  making: Making,
  start: Progress,
  interrupted: boolean,
  options: DemoOptions,
): Promise<DemoSummary> {
  const { resources, posts } = placeRecords(making);
  let progress = start;
  let written = 0;
  if (start.blocks === 0) {
    written += await writeShared(store, resources, 'update');
  }
  await writeShared(store, [progressResource(progress)], 'update');
  if (options.load && progress.target - progress.people >= MANY_PEOPLE) {
    const loaded = await options.load({
      name: `demo:${progress.seed}:${progress.today}T${progress.time}:${progress.people}-${progress.target}`,
      about: (progress.target - progress.people) * BYTES_A_PERSON,
      bytes: () => linesOf(making, posts, progress, options),
    });
    written += loaded.resources;
    if (!loaded.complete) return { people: progress.people, resources: written, complete: false };
    const blocks = progress.blocks + Math.ceil((progress.target - progress.people) / BLOCK_SIZE);
    progress = { ...progress, people: progress.target, blocks };
    await writeShared(store, [progressResource(progress)], 'update');
  }
  for (let redo = interrupted; progress.people < progress.target; redo = false) {
    const count = Math.min(BLOCK_SIZE, progress.target - progress.people);
    const done = await writeBlock(
      store,
      making,
      posts,
      progress,
      count,
      redo ? 'update' : 'create',
      options,
      written,
    );
    written += done.resources;
    if (!done.complete) return { people: progress.people, resources: written, complete: false };
    progress = { ...progress, people: progress.people + count, blocks: progress.blocks + 1 };
    await writeShared(store, [progressResource(progress)], 'update');
  }
  return { people: progress.people, resources: written, complete: true };
}

/** Units, facilities, rooms and staff; the order lets each refer to what is written before it. */
export function placeRecords(making: Making): { resources: Resource[]; posts: Posts } {
  const { content, tables, words, seed, today } = making;
  const options = { facilities: content.table('demo/facilities'), date: today, security: DEMO_LABEL };
  const staff = demoStaff(content, seed, today, tables, words);
  const facilities = facilityResources(content, options);
  // They are closed: of their rooms only the one is kept in which doses were given.
  const given = new Set(tables.formerStations.map(doseRoomOf));
  const former = facilityResources(content, {
    ...options,
    facilities: content.table('demo/former-stations'),
    date: LAST_OF_OLD_UNITS,
  }).filter((each) => each.resourceType === 'Organization' || given.has(each.id!));
  const resources: Resource[] = [
    ...unitResources(content, options),
    ...facilities,
    ...former.map((each) =>
      each.resourceType === 'Organization'
        ? { ...each, active: false }
        : { ...each, status: 'inactive' as const },
    ),
    ...staff.map(practitionerOf),
    ...staff.map(practitionerRoleOf),
  ];
  return { resources, posts: openPosts(staff, facilities) };
}

/** All people that are missing, household by household, as lines of JSON. */
async function* linesOf(
  making: Making,
  posts: Posts,
  start: Progress,
  options: DemoOptions,
): AsyncGenerator<Buffer> {
  let { people, blocks } = start;
  let resources = 0;
  while (people < start.target) {
    const count = Math.min(BLOCK_SIZE, start.target - people);
    for (const household of drawBlock(making.seed, blocks, count, people, making.tables)) {
      const { group, people: persons } = householdRecords(household, posts, making);
      const all = [...persons.flatMap((person) => person.resources), group];
      resources += all.length;
      yield Buffer.from(all.map((resource) => `${JSON.stringify(resource)}\n`).join(''));
    }
    people += count;
    blocks += 1;
    options.onProgress?.({ people, of: start.target, resources });
  }
}

/**
 * One commit a person, some at once, then the households. An interrupted block is written again as updates: what is
 * there already stays as it is.
 */
async function writeBlock(
  store: Store,
  making: Making,
  posts: Posts,
  progress: Progress,
  count: number,
  op: 'create' | 'update',
  options: DemoOptions,
  before: number,
): Promise<{ resources: number; complete: boolean }> {
  const households = drawBlock(making.seed, progress.blocks, count, progress.people, making.tables);
  const groups: Resource[] = [];
  let people = progress.people;
  let resources = 0;
  for (let at = 0; at < households.length; at += AT_ONCE) {
    if (options.signal?.aborted) return { resources, complete: false };
    const records = households
      .slice(at, at + AT_ONCE)
      .map((household) => householdRecords(household, posts, making));
    groups.push(...records.map((record) => record.group));
    const persons = records.flatMap((record) => record.people);
    await eachAtOnce(persons, (person) => writePerson(store, person, op));
    resources += persons.reduce((sum, person) => sum + person.resources.length, 0);
    people += persons.length;
    options.onProgress?.({ people, of: progress.target, resources: before + resources });
  }
  return { resources: resources + (await writeShared(store, groups, op)), complete: true };
}

async function writePerson(store: Store, person: PersonRecord, op: 'create' | 'update'): Promise<void> {
  const id = person.patient.id!;
  const what = `Patient/${id} và ${person.resources.length - 1} bản ghi`;
  await store.commit(
    person.resources.map((resource): Write => ({ op, resource })),
    [auditLine(id, what)],
  );
}

async function writeShared(store: Store, resources: Resource[], op: 'create' | 'update'): Promise<number> {
  for (let at = 0; at < resources.length; at += SHARED_BATCH) {
    const batch = resources.slice(at, at + SHARED_BATCH);
    const what = `${batch[0]!.resourceType}/${batch[0]!.id} và ${batch.length - 1} bản ghi`;
    await store.commit(
      batch.map((resource): Write => ({ op, resource })),
      [auditLine(null, what)],
    );
  }
  return resources.length;
}

export function auditLine(patient: string | null, what: string): AuditLine {
  return {
    who: 'system:demo',
    whoDisplay: 'Tạo dữ liệu trình diễn',
    patient,
    action: 'create',
    what,
    why: 'demo',
    outcome: 'ok',
    ip: '',
    unit: null,
  };
}

/** Runs over the items with a few under way at once; the first failure stops the rest. */
export async function eachAtOnce<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next]!;
      next += 1;
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

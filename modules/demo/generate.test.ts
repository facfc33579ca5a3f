import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type OpenStore, openStore } from '../../kernel/store/index.ts';
import { type TestDatabase, withDatabase } from '../../kernel/store/testing.ts';
import { generateDemo, type Load } from './generate.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const databases: TestDatabase[] = [];
const stores: OpenStore[] = [];

/** A record of its own; the generator asks the kernel for nothing but these. */
async function emptyRecord(now: string): Promise<Kernel & { store: OpenStore }> {
  const database = await withDatabase();
  databases.push(database);
  const store = await openStore({ pool: database.pool });
  stores.push(store);
  const settings = { dataFolder: '', demo: true, now: () => new Date(now) };
  return { store, content, settings, pool: database.pool } as unknown as Kernel & { store: OpenStore };
}

/**
 * Everything in the record but what the server sets, by type and id. The feed shows a commit once no older one is under way
 * on the whole server, so it is read until it has the progress that is written last.
 */
async function contentsOf(store: OpenStore): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  const last = await store.read('Basic', 'demo-province');
  let seen = 0;
  for (let after: string | undefined; ; ) {
    const changes = await store.changes(after, 1_000);
    if (changes.length === 0) {
      if (seen === last?.version) return all;
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    seen = changes.findLast(({ id }) => id === 'demo-province')?.version ?? seen;
    for (const stored of await store.readMany(changes.map(({ type, id }) => ({ type, id })))) {
      const resource = JSON.parse(stored.body.toString('utf8'));
      delete resource.meta.versionId;
      delete resource.meta.lastUpdated;
      all.set(`${stored.type}/${stored.id}`, JSON.stringify(resource));
    }
    after = changes.at(-1)!.position;
  }
}

const NOW = '2026-11-22T09:00:00Z';
let whole: Kernel & { store: OpenStore };

before(async () => {
  whole = await emptyRecord(NOW);
});

after(async () => {
  for (const store of stores) await store.close();
  for (const database of databases) await database.stop();
});

test('a province is generated once: the second start writes nothing', async () => {
  const seen: number[] = [];
  const first = await generateDemo(whole, { people: 90, onProgress: ({ people }) => seen.push(people) });
  assert.deepEqual({ people: first.people, complete: first.complete }, { people: 90, complete: true });
  assert.ok(first.resources > 1_000);
  assert.equal(seen.at(-1), 90);
  const again = await generateDemo(whole, { people: 90 });
  assert.deepEqual(again, { people: 90, resources: 0, complete: true });
});

test('an interrupted generation goes on, on the day on which it began, and ends with the same record', async () => {
  const halted = await emptyRecord(NOW);
  const stop = new AbortController();
  const part = await generateDemo(halted, {
    people: 90,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  assert.equal(part.complete, false);
  const tomorrow = {
    ...halted,
    settings: { ...halted.settings, now: () => new Date('2026-11-23T09:00:00Z') },
  };
  const rest = await generateDemo(tomorrow, { people: 90 });
  assert.equal(rest.complete, true);
  assert.deepEqual(await contentsOf(halted.store), await contentsOf(whole.store));
});

test('a larger number adds people and leaves the others as they are', async () => {
  const before = await contentsOf(whole.store);
  const more = await generateDemo(whole, { people: 120 });
  assert.equal(more.people, 120);
  const now = await contentsOf(whole.store);
  const patients = [...now.keys()].filter((key) => key.startsWith('Patient/'));
  assert.equal(patients.length, 120);
  for (const [key, body] of before) if (!key.startsWith('Basic/')) assert.equal(now.get(key), body);
});

test('every person of the demo has an audit line', async () => {
  const lines = await whole.pool.query<{ count: string }>(
    "select count(distinct patient) from audit where who = 'system:demo' and patient is not null",
  );
  assert.equal(Number(lines.rows[0]!.count), 120);
});

test('many people go through the loader, each with all resources; what is done is not done again', async () => {
  const many = await emptyRecord(NOW);
  const names: string[] = [];
  const patients = new Set<string>();
  let lines = 0;
  const load: Load = async ({ name, bytes }) => {
    names.push(name);
    const before = lines;
    for await (const chunk of bytes())
      for (const line of chunk.toString('utf8').trimEnd().split('\n')) {
        lines += 1;
        const { resourceType, id } = JSON.parse(line);
        if (resourceType === 'Patient') patients.add(id);
      }
    return { resources: lines - before, complete: true };
  };
  const made = await generateDemo(many, { people: 5_050, load });
  assert.deepEqual([made.people, made.complete, patients.size], [5_050, true, 5_050]);
  assert.ok(made.resources > lines, 'places and staff too');
  assert.deepEqual(await generateDemo(many, { people: 5_050, load }), {
    people: 5_050,
    resources: 0,
    complete: true,
  });
  assert.deepEqual(names, ['demo:yba:2026-11-22T16:00:0-5050']);
});

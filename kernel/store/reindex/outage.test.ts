/** A pass whose database is killed, or meets a full disk: it goes on by itself, and every row follows the definition. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../failure.ts';
import type { Resource } from '../../fhir/types.ts';
import { type OpenStore, openStore, startPostgres } from '../index.ts';
import { extractIndexes } from '../search/index.ts';
import { sharedBinaries, startTestServer } from '../testing.ts';

const PEOPLE = 4_000;
const URL = 'http://example.org/ext/mau';
const quiet = () => undefined;

const person = (n: number) =>
  ({
    resourceType: 'Patient',
    id: `n${n}`,
    name: [{ text: `Nguyễn Thị ${n}` }],
    extension: [{ url: URL, valueString: `màu ${n % 7}` }],
  }) as Resource;

const DEFINITION = {
  resourceType: 'SearchParameter',
  id: 'mau',
  url: 'http://example.org/SearchParameter/mau',
  name: 'mau',
  status: 'active',
  description: 'mau',
  code: 'mau',
  base: ['Patient'],
  type: 'string',
  expression: `Patient.extension.where(url='${URL}').value`,
} as unknown as Resource;

async function fill(store: OpenStore): Promise<void> {
  for (let from = 0; from < PEOPLE; from += 200) {
    const writes = Array.from({ length: 200 }, (_, n) => ({
      op: 'update' as const,
      resource: person(from + n),
    }));
    await store.commit(writes, []);
  }
}

/** Rows that are done of the pass over people; undefined when the database does not say. */
async function seen(store: OpenStore): Promise<number | undefined> {
  const states = await store.reindexing.states().catch(() => undefined);
  return states?.find(({ type }) => type === 'Patient')?.seen;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await pause(5);
}

/** How many people have the value; undefined while that is not answered yet. */
async function found(store: OpenStore): Promise<number | undefined> {
  const params: [string, string][] = [
    ['mau', 'mau'],
    ['_summary', 'count'],
  ];
  try {
    return (await store.search({ type: 'Patient', params })).total;
  } catch (error) {
    if (error instanceof Failure && error.code === 'unknown-parameter') return undefined;
    throw error;
  }
}

/** The pass is at its end, everybody is found, and no row has less or more than its resource says. */
async function allFollow(store: OpenStore): Promise<void> {
  await until(async () => (await store.reindexing.states().catch(() => [null])).length === 0);
  // The program hears of it a moment later.
  await until(async () => (await found(store)) !== undefined);
  assert.equal(await found(store), PEOPLE);
  const { rows } = await store.pool.query<{ id: string; tok: string[]; str: number }>(
    `select r.id, r.tok::text[] as tok,
      (select count(*)::int from str s where s.pt = r.pt and s.idh = r.idh) as str from res r`,
  );
  assert.equal(rows.length, PEOPLE);
  for (const { id, tok, str } of rows) {
    const made = extractIndexes(person(Number(id.slice(1))));
    assert.deepEqual([tok.sort(), str], [made.tok.map(String).sort(), made.str.length], id);
  }
}

test('kill -9 of the database amid a pass: it is started again, and the pass goes on where it stood', async () => {
  const server = await startTestServer();
  const store = await openStore({ url: server.url, sealEvery: 0 });
  try {
    await fill(store);
    await store.commit([{ op: 'update', resource: DEFINITION }], []);
    store.reindexing.startBackground(quiet);
    await until(async () => ((await seen(store)) ?? 0) > 0);
    const dead = server.pid()!;
    process.kill(dead, 'SIGKILL');
    await until(async () => server.pid() !== dead);
    await allFollow(store);
  } finally {
    await store.close();
    await server.stop();
  }
});

/** A disk of its own; needs the right to mount, so the test is skipped where there is none. */
const disk = mkdtempSync(join(tmpdir(), 'yba-reindex-full-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200M,mode=0755', 'tmpfs', disk]).status === 0;

after(() => {
  if (mounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

test('a full disk amid a pass: it ends when there is room, and every row follows', {
  skip: mounted ? false : 'no right to mount a small disk here',
}, async () => {
  const server = await startPostgres({ folder: join(disk, 'postgres'), binariesFolder: sharedBinaries() });
  const store = await openStore({ url: server.url, sealEvery: 0, diskFull: () => server.diskFull() });
  const filler = join(disk, 'filler');
  try {
    await fill(store);
    await store.commit([{ op: 'update', resource: DEFINITION }], []);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - 300_000));
    store.reindexing.startBackground(quiet);
    const isFull = () => statfsSync(disk).bavail * statfsSync(disk).bsize < 50_000;
    await until(async () => isFull() || (await seen(store)) === undefined);
    const before = await seen(store);
    assert.ok(before === undefined || before < PEOPLE, 'the disk was not full before the end of the pass');
    rmSync(filler);
    await allFollow(store);
  } finally {
    await store.close();
    await server.stop();
  }
});

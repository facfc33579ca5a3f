import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Observation } from '../fhir/types.ts';
import { type EmbeddedServer, type OpenStore, openStore, startPostgres } from './index.ts';
import { create, failureOf, line, pulse } from './samples.testing.ts';
import { sharedBinaries } from './testing.ts';

/** A disk of 200 MB; needs the right to mount, so the tests are skipped where there is none. */
const folder = mkdtempSync(join(tmpdir(), 'yba-full-'));
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200M,mode=0755', 'tmpfs', folder]).status === 0;
const skip = mounted ? false : 'no right to mount a small disk here';

let server: EmbeddedServer;
let store: OpenStore;
before(async () => {
  if (!mounted) return;
  server = await startPostgres({ folder: join(folder, 'postgres'), binariesFolder: sharedBinaries() });
  store = await openStore({ url: server.url, sealEvery: 0, diskFull: () => server.diskFull() });
});
after(async () => {
  if (mounted) {
    await store.close();
    await server.stop();
    spawnSync('umount', [folder]);
  }
  rmSync(folder, { recursive: true, force: true });
});

const filler = () => join(folder, 'filler');

function leaveFree(bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(filler(), Buffer.alloc(bavail * bsize - bytes));
}

const large = (value: number): Observation => ({
  ...pulse('day', value),
  note: [{ text: randomBytes(60_000).toString('base64') }],
});

async function writesAgain(): Promise<void> {
  while ((await failureOf(store.commit([create(pulse('day', 0))], []))) !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function nothingIsHalf(): Promise<void> {
  const { rows } = await store.pool.query(
    'select (select count(*) from res) as rows, (select count(*) from feed()) as changes',
  );
  assert.equal(rows[0].rows, rows[0].changes);
}

test('a full disk answers disk-full (507), still reads, and writes again when there is room', {
  skip,
}, async () => {
  // With a file of the log begun just now, the tables meet the full disk, not the log.
  await store.pool.query('select pg_switch_wal()');
  const [made] = await store.commit([create(pulse('day', 1))], [line('day')]);
  leaveFree(3_000_000);
  const codes: unknown[] = [];
  while (!codes.includes('disk-full'))
    codes.push(await failureOf(store.commit([create(large(codes.length))], [line('day')])));
  assert.deepEqual([...new Set(codes)], [undefined, 'disk-full']);
  assert.equal((await store.read('Observation', made!.id))!.version, 1);
  rmSync(filler());
  await writesAgain();
  await nothingIsHalf();
});

test('no room for the log: it answers disk-full, whether or not the database stops, and writes again by itself', {
  skip,
}, async () => {
  leaveFree(500_000);
  for (let i = 0; i < 8; i++) await store.pool.query('select pg_switch_wal()').catch(() => undefined);
  assert.equal(await failureOf(store.commit([create(pulse('day', 2))], [])), 'disk-full');
  rmSync(filler());
  await writesAgain();
  await nothingIsHalf();
});

/** Backups of a real server: what was committed until a moment is there again, and nothing damaged is ever restored. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { notesIn, openWorld } from './backup.testing.ts';
import { archiveLog, BackupFault, newIdentity, restore } from './index.ts';
import { hashFile } from './sealed-file.ts';

let world: Awaited<ReturnType<typeof openWorld>>;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

const withKey = (target: string, until: Date | null = null) => ({
  ...world.restoreOptions(target, until),
  identities: world.identities,
});

test('a restore to a moment between two commits shows exactly the first; without one it shows all that was kept', async () => {
  await world.note(1);
  const progress: number[] = [];
  const base = await world.backup({ onProgress: (done) => void progress.push(done) });
  assert.ok(progress.length > 10 && progress.at(-1)! === base.plainBytes);
  await world.note(2);
  const between = await world.moment();
  await world.note(3);
  assert.ok((await archiveLog(world.source, world.shelves, true))! > 0);
  const { reached } = await restore(withKey('between', between));
  assert.ok(reached! < between);
  assert.deepEqual(await notesIn(join(world.root, 'between')), [1, 2]);
  await restore(withKey('newest'));
  assert.deepEqual(await notesIn(join(world.root, 'newest')), [1, 2, 3]);
  assert.equal(
    readFileSync(join(world.root, 'newest', 'exports', 'one.ndjson'), 'utf8'),
    '{"resourceType":"Patient"}\n',
    'files beside the database come along',
  );
  assert.equal(existsSync(join(world.root, 'newest', 'postgres', 'cluster', 'recovery.signal')), false);
});

test('every folder of backups has everything, and a person who finds one reads nothing', async () => {
  const [first, second] = world.shelves as [typeof world.shelf, typeof world.shelf];
  assert.deepEqual(second.bases(), first.bases());
  assert.deepEqual(
    second.logFiles().map(({ name, sha256 }) => name + sha256),
    first.logFiles().map(({ name, sha256 }) => name + sha256),
  );
  const [base] = first.bases();
  const bytes = readFileSync(join(second.baseFolder(base!.label), 'data.age'));
  assert.equal(bytes.subarray(0, 21).toString(), 'age-encryption.org/v1');
  assert.equal(bytes.includes('PG_VERSION'), false);
});

test('a second archiver of the same log leaves it to the first; nothing new is nothing', async () => {
  const both = await Promise.all([
    archiveLog(world.source, world.shelves, true),
    archiveLog(world.source, world.shelves, true),
  ]);
  assert.ok(both.includes(null), String(both));
});

test('a target that is not empty, an earlier moment than all backups, and a later one than the log are refused', async () => {
  mkdirSync(join(world.root, 'full'));
  writeFileSync(join(world.root, 'full', 'x'), '');
  await assert.rejects(restore(withKey('full')), /not empty/);
  await assert.rejects(restore(withKey('early', new Date(0))), /cannot be restored/);
  await assert.rejects(restore(withKey('late', new Date(Date.now() + 3_600_000))), /ends earlier/);
  for (const name of ['early', 'late']) assert.equal(existsSync(join(world.root, name)), false, name);
});

test('another key opens nothing, and says so', async () => {
  const { file } = await newIdentity(null);
  const other = /AGE-SECRET-KEY-\S+/.exec(file.toString())![0];
  await assert.rejects(restore({ ...withKey('stranger'), identities: [other] }), /not encrypted to this key/);
  assert.equal(existsSync(join(world.root, 'stranger')), false);
});

test('one damaged byte, in the backup or in the log, is found before anything is written', async () => {
  const [base] = world.shelf.bases();
  for (const path of [
    join(world.shelf.baseFolder(base!.label), 'data.age'),
    world.shelf.logFiles().at(-1)!.path,
  ]) {
    const whole = readFileSync(path);
    const bad = Buffer.from(whole);
    bad[bad.length >> 1]! ^= 1;
    writeFileSync(path, bad);
    await assert.rejects(restore(withKey('damaged')), (error: Error) => {
      assert.ok(error instanceof BackupFault);
      assert.ok(error.message.includes(path), error.message);
      return true;
    });
    assert.equal(existsSync(join(world.root, 'damaged.restoring')), false, 'nothing was touched');
    writeFileSync(path, whole);
  }
});

test('a piece of the log that is gone is named; a moment before it can still be restored from another backup', async () => {
  await world.note(4);
  await archiveLog(world.source, world.shelves, true);
  await world.note(5);
  await archiveLog(world.source, world.shelves, true);
  const files = world.shelf.logFiles();
  const gone = files.at(-2)!;
  const whole = readFileSync(gone.path);
  const { unlinkSync } = await import('node:fs');
  unlinkSync(gone.path);
  await assert.rejects(restore(withKey('gap')), new RegExp(gone.name));
  writeFileSync(gone.path, whole, { mode: 0o600 });
});

test('a backup that is stopped, or whose program is killed, leaves nothing that looks like one, and the next is made', async () => {
  const before = world.shelf.bases().length;
  const stopping = new AbortController();
  await assert.rejects(
    world.backup({ signal: stopping.signal, onProgress: () => stopping.abort() }),
    /broken off/,
  );
  assert.equal(world.shelf.bases().length, before);
  // What a kill -9 leaves.
  const half = `${world.shelf.baseFolder('20260101T000000Z-abcdef')}.part`;
  mkdirSync(half);
  writeFileSync(join(half, 'data.age'), 'half');
  await world.backup();
  assert.equal(world.shelf.bases().length, before + 1);
  assert.equal(existsSync(half), false);
  const open = await world.pool.query('select 1 from pg_replication_slots where temporary');
  assert.equal(open.rows.length, 0);
});

test('only so many whole backups are kept, with the log since the oldest of them', async () => {
  const [newest, ...older] = world.shelf.bases();
  assert.deepEqual(
    await world.shelf.retain(1),
    older.map(({ label }) => label),
  );
  assert.deepEqual(world.shelf.bases(), [newest]);
  const names = world.shelf
    .logFiles()
    .map(({ name }) => name)
    .filter((name) => name.length === 24);
  assert.equal(names[0], newest!.firstSegment);
  for (const { path, sha256 } of world.shelf.logFiles()) assert.equal((await hashFile(path)).sha256, sha256);
  await restore(withKey('kept'));
  assert.deepEqual(await notesIn(join(world.root, 'kept')), [1, 2, 3, 4, 5]);
  assert.equal(
    readdirSync(world.shelf.logFolder).some((name) => name.endsWith('.part')),
    false,
  );
});

test('without a key to encrypt to, or with a folder that is not there, nothing is backed up', async () => {
  await assert.rejects(world.backup({ recipients: [] }), /yba backup key/);
  await assert.rejects(world.backup({ folders: [join(world.root, 'unmounted')] }), /mount its disk/);
  assert.equal(existsSync(join(world.root, 'unmounted')), false);
});

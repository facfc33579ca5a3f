import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openStore, startPostgres } from '../index.ts';
import { sharedBinaries } from '../testing.ts';
import { lives, loadInto, openFiles } from './samples.testing.ts';

/** A small disk; needs the right to mount, so the test is skipped where there is none. */
const folder = mkdtempSync(join(tmpdir(), 'yba-load-full-'));
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200M,mode=0755', 'tmpfs', folder]).status === 0;
const skip = mounted ? false : 'no right to mount a small disk here';
const files = openFiles();
after(() => {
  files.remove();
  if (mounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

test('a full disk amid a load is said in a sentence; when there is room the same command ends it, nothing is half', {
  skip,
}, async () => {
  const resources = lives(1_200, 8);
  const source = files.lines('day.ndjson', resources);
  const server = await startPostgres({ folder: join(folder, 'postgres'), binariesFolder: sharedBinaries() });
  const store = await openStore({ url: server.url, sealEvery: 0, diskFull: () => server.diskFull() });
  try {
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize - 5_000_000));
    await assert.rejects(loadInto(store, [source]), { code: 'disk-full' });
    rmSync(join(folder, 'filler'));
    for (;;) {
      if (
        await store.pool.query('select').then(
          () => true,
          () => false,
        )
      )
        break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const half = await store.pool.query(`select
      (select count(*) from res)::int + (select count(*) from shared)::int - (select count(*) from feed())::int as missing`);
    assert.equal(half.rows[0].missing, 0);
    const summary = await loadInto(store, [source]);
    assert.deepEqual([summary.complete, summary.created], [true, resources.length]);
    const { rows } = await store.pool.query(
      'select (select count(*) from res)::int as current, (select count(*) from feed())::int as changes',
    );
    assert.deepEqual(rows[0], { current: resources.length - 1, changes: resources.length });
  } finally {
    await store.close();
    await server.stop();
  }
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openStore, startPostgres } from '../index.ts';
import { wholeFeed } from '../samples.testing.ts';
import { sharedBinaries } from '../testing.ts';
import { lives, openFiles } from './samples.testing.ts';

const files = openFiles();
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'yba-load-crash-'));
  chmodSync(folder, 0o755);
});
after(() => {
  files.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the loader; kills it, or its database, after so many pieces. @returns whether it said it was whole */
async function load(
  source: string,
  kill?: { after: number; what: 'program' | 'database' },
): Promise<boolean> {
  const loader = join(import.meta.dirname, 'crash-loader.testing.ts');
  const child = spawn(process.execPath, [loader, folder, sharedBinaries(), source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let killed = false;
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk;
    if (killed || !kill || text.split('\n').length < kill.after + 2) return;
    killed = true;
    const database = Number(/^pid (\d+)/.exec(text)![1]);
    if (kill.what === 'program') child.kill('SIGKILL');
    else process.kill(database, 'SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  assert.equal(killed, kill !== undefined, text);
  return text.trim().endsWith('whole');
}

test('kill -9 of the program and of its database amid a load: the same command ends it, nothing lost, doubled or half there', async () => {
  const resources = lives(500, 8).map(({ id, ...rest }, i) =>
    rest.resourceType === 'Observation' && i % 3 === 0 ? rest : { id, ...rest },
  );
  const source = files.lines('doi.ndjson', resources);
  assert.equal(await load(source, { after: 2, what: 'program' }), false);
  // The loader waits for its database, which is started again, and goes on.
  assert.equal(await load(source, { after: 2, what: 'database' }), true);
  assert.equal(await load(source), true);
  const server = await startPostgres({ folder, binariesFolder: sharedBinaries() });
  const store = await openStore({ url: server.url, sealEvery: 0 });
  try {
    const { rows } = await store.pool.query(`select
      (select count(*) from res)::int + (select count(*) from shared)::int as current,
      (select count(*) from hist)::int as superseded, (select count(*) from feed())::int as changes,
      (select count(*) from ord)::int as intervals, (select sum(created) from load_piece)::int as noted,
      (select count(distinct patient) from audit where action = 'load')::int as persons,
      (select count(*) from deferred_index)::int as missing`);
    const pulses = resources.filter(({ resourceType }) => resourceType === 'Observation').length;
    assert.deepEqual(rows[0], {
      current: resources.length,
      superseded: 0,
      changes: resources.length,
      intervals: pulses,
      noted: resources.length,
      persons: 500,
      missing: 0,
    });
    assert.equal((await wholeFeed(store, 1_000)).length, resources.length);
    const { matches } = await store.search({ type: 'Observation', params: [['patient', 'nguoi-7']] });
    assert.equal(matches.length, 8);
    await store.sealAudit();
    assert.equal((await store.verifyAudit()).ok, true);
  } finally {
    await store.close();
    await server.stop();
  }
});

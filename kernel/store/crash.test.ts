import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Observation } from '../fhir/types.ts';
import { type EmbeddedServer, type OpenStore, openStore, startPostgres } from './index.ts';
import { create, line, pulse, wholeFeed } from './samples.testing.ts';
import { sharedBinaries } from './testing.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'yba-crash-'));
  chmodSync(folder, 0o755);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The person of the commit after the crash. */
const AFTER = 'sau-khi-chet';

/** Runs the writer until it has acknowledged enough, then kills it, and its database with it when asked. */
async function writeAndDie(killDatabase: boolean): Promise<string[]> {
  const writer = join(import.meta.dirname, 'crash-writer.testing.ts');
  const child: ChildProcess = spawn(process.execPath, [writer, folder, sharedBinaries()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let killed = false;
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk;
    if (killed || text.split('\n').length < 120) return;
    killed = true;
    child.kill('SIGKILL');
    if (killDatabase) process.kill(Number(/^pid (\d+)/.exec(text)![1]), 'SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  assert.equal(killed, true, `the writer ended by itself: ${text}`);
  // The last line may be cut; it was not acknowledged then.
  return text.split('\n').slice(1, -1);
}

async function everythingIsThere(store: OpenStore, acknowledged: string[]): Promise<void> {
  for (const entry of acknowledged) {
    const [, type, id, version, value] = /^(\w+)\/(\S+) (\d+) (\d+)$/.exec(entry)!;
    const stored = await store.vread(type as 'Observation', id!, Number(version));
    assert.notEqual(stored, null, `${entry} was acknowledged and is lost`);
    if (type !== 'Observation') continue;
    assert.equal((JSON.parse(stored!.body.toString()) as Observation).valueQuantity!.value, Number(value));
  }
}

/**
 * A commit is in the record, the feed, the index rows and the audit, or in none of them. The writer's commits of a person
 * are two creates with a line, then one change with a line.
 */
async function nothingIsHalf(store: OpenStore): Promise<void> {
  const { rows } = await store.pool.query(`select
    (select count(*) from res) + (select count(*) from hist) as versions, (select count(*) from feed()) as changes`);
  assert.equal(rows[0]!.versions, rows[0]!.changes);
  const persons = await store.pool.query<{ changes: number; lines: number }>(
    `select distinct l.changes, coalesce(a.lines, 0) as lines
     from (select pt, count(*)::int as changes from feed() group by pt) l
     left join (select pt, count(*)::int as lines from audit group by pt) a using (pt)
     join person using (pt) where person.id <> $1`,
    [AFTER],
  );
  const seen = persons.rows.map(({ changes, lines }) => `${changes} changes, ${lines} lines`);
  assert.deepEqual(
    seen.filter((one) => !['2 changes, 1 lines', '3 changes, 2 lines'].includes(one)),
    [],
  );
  assert.notEqual(seen.length, 0);
  assert.equal((await wholeFeed(store, 500)).length, Number(rows[0]!.changes));
}

for (const killDatabase of [true, false]) {
  const what = killDatabase ? 'the program and its database' : 'the program alone';
  test(`kill -9 of ${what} amid concurrent writes loses nothing that was acknowledged, and halves nothing`, async () => {
    const acknowledged = await writeAndDie(killDatabase);
    const server: EmbeddedServer = await startPostgres({ folder, binariesFolder: sharedBinaries() });
    const store = await openStore({ url: server.url, sealEvery: 0 });
    try {
      await everythingIsThere(store, acknowledged);
      await nothingIsHalf(store);
      await store.sealAudit();
      assert.equal((await store.verifyAudit()).ok, true);
      await store.commit([create(pulse(AFTER, 1))], [line(AFTER)]);
    } finally {
      await store.close();
      await server.stop();
    }
  });
}

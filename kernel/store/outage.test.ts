import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '../failure.ts';
import { faultOf } from './faults.ts';
import { type OpenStore, openStore } from './index.ts';
import { create, failureOf, line, pulse, wholeFeed } from './samples.testing.ts';
import { startTestServer } from './testing.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let store: OpenStore;
before(async () => {
  server = await startTestServer();
  store = await openStore({ url: server.url, sealEvery: 0 });
});
after(async () => {
  await store.close();
  await server.stop();
});

/** Writes without pause; every answer is either an acknowledgement or a 503. */
async function writeThrough(until: Promise<unknown>): Promise<{ ids: string[]; refused: number }> {
  const ids: string[] = [];
  let refused = 0;
  let running = true;
  until.then(() => {
    running = false;
  });
  const writer = async () => {
    while (running) {
      try {
        const [made] = await store.commit([create(pulse('mat-dien', ids.length))], [line('mat-dien')]);
        ids.push(made!.id);
      } catch (error) {
        assert.equal((error as Failure).code, 'database-unavailable', String(error));
        refused += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  await Promise.all([writer(), writer(), writer(), writer()]);
  return { ids, refused };
}

async function answersAgain(): Promise<void> {
  while ((await failureOf(store.commit([create(pulse('tro-lai', 1))], []))) !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (const signal of ['SIGKILL', 'SIGINT'] as const) {
  test(`a database that ends by ${signal} amid writes is started again; meanwhile 503, afterwards everything acknowledged`, async () => {
    const dead = server.pid()!;
    const back = (async () => {
      await answersAgain();
      process.kill(dead, signal);
      while (server.pid() === dead) await new Promise((resolve) => setTimeout(resolve, 5));
      await answersAgain();
    })();
    const { ids, refused } = await writeThrough(back);
    assert.equal(refused > 0, true);
    const found = await store.readMany(ids.map((id) => ({ type: 'Observation' as const, id })));
    assert.equal(found.length, ids.length);
    const versions = await store.pool.query(
      'select (select count(*) from res) as rows, (select count(*) from feed()) as changes',
    );
    assert.equal(versions.rows[0].rows, versions.rows[0].changes);
    assert.equal((await wholeFeed(store, 1000)).length, Number(versions.rows[0].changes));
  });
}

test('a read that meets a connection broken meanwhile is answered on a new one', async () => {
  const [made] = await store.commit([create(pulse('doc', 1))], []);
  await store.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`,
  );
  assert.equal((await store.read('Observation', made!.id))!.version, 1);
});

test('the database says why: each fault of its surroundings has its own code and a sentence', () => {
  const cases: [object, string, number][] = [
    [{ code: '53100', message: 'could not extend file: No space left on device' }, 'disk-full', 507],
    [{ code: '53200', message: 'out of memory' }, 'overloaded', 503],
    [{ code: '53300', message: 'too many connections' }, 'overloaded', 503],
    [{ code: '55P03', message: 'lock timeout' }, 'overloaded', 503],
    [{ code: '57P03', message: 'the database system is starting up' }, 'database-unavailable', 503],
    [{ code: '57P01', message: 'terminating connection' }, 'database-unavailable', 503],
    [{ code: '25006', message: 'read-only transaction' }, 'database-unavailable', 503],
    [{ code: 'ECONNREFUSED', message: 'connect' }, 'database-unavailable', 503],
    [{ code: 'ENOENT', message: 'connect' }, 'database-unavailable', 503],
    [{ message: 'Connection terminated unexpectedly' }, 'database-unavailable', 503],
    [{ message: 'timeout exceeded when trying to connect' }, 'overloaded', 503],
  ];
  for (const [error, code, status] of cases) {
    const failure = faultOf(Object.assign(new Error(), error)) as Failure;
    assert.equal(failure instanceof Failure, true, JSON.stringify(error));
    assert.deepEqual([failure.code, failure.status], [code, status], JSON.stringify(error));
    assert.match(failure.issues[0]!.text, /[Hh]ãy/);
  }
  const defect = Object.assign(new Error('syntax'), { code: '42601' });
  assert.equal(faultOf(defect), defect);
});

test('a store on a database that does not answer fails to open with a sentence', async () => {
  const nowhere = openStore({ url: 'postgres://yba@127.0.0.1:1/yba', sealEvery: 0 });
  assert.equal(await failureOf(nowhere), 'database-unavailable');
});

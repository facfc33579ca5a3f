import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openStore } from '../store/index.ts';
import { type TestDatabase, withDatabase } from '../store/testing.ts';
import { SealFault } from './envelope.ts';
import { openKeyring } from './keyring.ts';
import { ensureMasterKeys, KeyFileFault, newMasterKey, readMasterKeys, writeMasterKeys } from './master.ts';
import { resealAll } from './rewrap.ts';

let database: TestDatabase;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yba-keys-'));
  database = await withDatabase();
  const store = await openStore({ pool: database.pool });
  await store.close();
  await database.pool.query('create table secret_of_test (id text primary key, secret text not null)');
});
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true });
});

const empty = () => database.pool.query('delete from data_key');

test('the key file is made once, for its owner alone, and one that others may read is refused', () => {
  const path = join(folder, 'keys', 'master.key');
  const made = ensureMasterKeys(path, (one) => void mkdirSync(one, { recursive: true, mode: 0o700 }));
  assert.deepEqual(
    ensureMasterKeys(path, () => assert.fail('it is there')),
    made,
  );
  assert.equal(statSync(path).mode & 0o777, 0o600);
  chmodSync(path, 0o640);
  assert.throws(() => readMasterKeys(path), /chmod 600/);
  chmodSync(path, 0o600);
  writeFileSync(path, 'm1 short\n');
  assert.throws(() => readMasterKeys(path), KeyFileFault);
  assert.throws(() => readMasterKeys(join(folder, 'none')), /YBA_KEY_FILE/);
});

test('programs that begin at once share one data key, and the database never holds it in clear', async () => {
  await empty();
  const masters = [newMasterKey()];
  const rings = await Promise.all([1, 2, 3].map(() => openKeyring(database.pool, masters)));
  assert.equal((await rings[0]!.list()).length, 1);
  const sealed = await rings[0]!.seal('t/1|s', 'bí mật');
  assert.equal((await rings[2]!.open('t/1|s', sealed)).toString(), 'bí mật');
  const { rows } = await database.pool.query<{ wrapped: string }>('select wrapped from data_key');
  assert.match(rows[0]!.wrapped, /^v1\./);
});

test('another master key opens nothing, and says which file is wanted', async () => {
  await empty();
  await openKeyring(database.pool, [newMasterKey()]);
  await assert.rejects(openKeyring(database.pool, [newMasterKey()]), /YBA_KEY_FILE/);
});

test('after a rotation old values still open, new ones have the new key, a second process follows, and all is sealed anew', async () => {
  await empty();
  const masters = [newMasterKey()];
  const [one, two] = [await openKeyring(database.pool, masters), await openKeyring(database.pool, masters)];
  const column = {
    table: 'secret_of_test',
    key: 'id',
    column: 'secret',
    place: (key: string) => `secret_of_test/${key}|secret`,
  };
  for (const id of ['a', 'b', 'c'])
    await database.pool.query('insert into secret_of_test values ($1, $2)', [
      id,
      await one.seal(column.place(id), `secret of ${id}`),
    ]);
  const kid = await one.rotate();
  const sealed = await one.seal('t/2|s', 'new');
  assert.ok(sealed.startsWith(`v1.${kid}.`));
  assert.equal((await two.open('t/2|s', sealed)).toString(), 'new');
  assert.equal(await resealAll(database.pool, one, [column]), 3);
  assert.equal(await resealAll(database.pool, one, [column]), 0, 'done is done');
  const { rows } = await database.pool.query<{ id: string; secret: string }>('select * from secret_of_test');
  for (const { id, secret } of rows) {
    assert.ok(secret.startsWith(`v1.${kid}.`));
    assert.equal((await two.open(column.place(id), secret)).toString(), `secret of ${id}`);
  }
  await assert.rejects(two.open(column.place('b'), rows[0]!.secret), SealFault);
});

test('a new master key wraps the data keys anew; without a file they stand unwrapped until there is one', async () => {
  await empty();
  const bare = await openKeyring(database.pool, []);
  const sealed = await bare.seal('t/3|s', 'x');
  assert.equal((await bare.list())[0]!.master, '');
  const first = newMasterKey();
  const ring = await openKeyring(database.pool, [first]);
  assert.equal((await ring.list())[0]!.master, first.id);
  const path = join(folder, 'second.key');
  const second = newMasterKey();
  writeMasterKeys(path, [second, first]);
  assert.equal(await ring.rewrap(readMasterKeys(path)), 1);
  const only = await openKeyring(database.pool, [second]);
  assert.equal((await only.open('t/3|s', sealed)).toString(), 'x');
  assert.doesNotMatch(readFileSync(path, 'utf8'), /undefined/);
});

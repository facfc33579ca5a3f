/** Rows read past the driver: every type, however the bytes come in, and whatever is asked before and after on the connection. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { type BinaryRow, binaryRows } from './binary-rows.ts';
import { PATIENCE, patientPool } from './patience.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

let database: TestDatabase;

before(async () => {
  database = await withDatabase();
});
after(async () => {
  await database?.stop();
});

const EVERYTHING = `select n::int2, n * 100000, n::int8 * -4294967296000, n / 8.0::float8, 'Đo ' || n, 'id-' || n,
    decode(repeat('00ff0d0a', n * $1), 'hex'), timestamptz '2026-11-22 14:33:29.123456+07' + n * interval '1 day',
    case n when 1 then 'infinity' when 2 then '-infinity' when 3 then '1923-04-05 00:00Z' end::timestamptz,
    n % 2 = 0, null::text, null::bytea, null::float8
  from generate_series(1, $2) as n`;

const readAll = (row: BinaryRow) => ({
  small: row.integer(),
  whole: row.integer(),
  large: row.bigint(),
  float: row.float(),
  text: row.text(),
  id: row.id(),
  bytes: row.bytes(),
  at: row.instant(),
  open: row.instant(),
  even: row.boolean(),
  nothing: [row.text(), row.bytes(), row.float()],
});

function expected(n: number, repeated: number) {
  return {
    small: n,
    whole: n * 100_000,
    large: BigInt(n) * -4_294_967_296_000n,
    float: n / 8,
    text: `Đo ${n}`,
    id: `id-${n}`,
    bytes: Buffer.from('00ff0d0a'.repeat(n * repeated), 'hex'),
    at: Date.parse('2026-11-22T14:33:29.123+07:00') + 0.456 + n * 86_400_000,
    open: [null, Infinity, -Infinity, Date.parse('1923-04-05T00:00:00Z')][n] ?? null,
    even: n % 2 === 0,
    nothing: [null, null, null],
  };
}

const question = (repeated: number, rows: number) => ({ text: EVERYTHING, values: [repeated, rows] });

function assertRows(rows: ReturnType<typeof readAll>[], repeated: number, many: number): void {
  assert.equal(rows.length, many);
  for (const [i, { at, ...row }] of rows.entries()) {
    const { at: instant, ...rest } = expected(i + 1, repeated);
    assert.deepEqual(row, rest);
    assert.ok(Math.abs(at! - instant) < 0.001);
  }
}

test('each type is what it is to the database, with and without a name, with long and no rows', async () => {
  for (const [repeated, many] of [
    [1, 3],
    [0, 0],
    [40_000, 6],
    [3, 2_000],
  ] as const) {
    assertRows(await binaryRows(database.pool, question(repeated, many), readAll), repeated, many);
    const named = { name: 'all_types', ...question(repeated, many) };
    assertRows(await binaryRows(database.pool, named, readAll), repeated, many);
  }
});

test('however the bytes are cut', async () => {
  for (const most of [1, 2, 5, 7, 64, 1_000]) {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { stream } = (client as unknown as { connection: pg.Connection }).connection;
    const emit = stream.emit.bind(stream) as (name: string, ...args: unknown[]) => boolean;
    let size = 0;
    stream.emit = (name: string, ...args: unknown[]) => {
      if (name !== 'data') return emit(name, ...args);
      const bytes = args[0] as Buffer;
      for (let at = 0; at < bytes.length; at += size) {
        size = 1 + ((size + 3) % most);
        emit('data', bytes.subarray(at, at + size));
      }
      return true;
    };
    try {
      for (let n = 0; n < 3; n++) {
        assertRows(await binaryRows(client, question(9, 4), readAll), 9, 4);
        const { rows } = await client.query('select 7 as seven, $1::text as text', ['chữ']);
        assert.deepEqual(rows, [{ seven: 7, text: 'chữ' }]);
      }
    } finally {
      await client.end();
    }
  }
});

test('a question that fails, fails alone: in the database, in reading, before it is sent', async () => {
  const client = await database.pool.connect();
  try {
    const ask = (text: string, read: (row: BinaryRow) => unknown = (row) => row.integer()) =>
      binaryRows(client, { text, values: [0] }, read);
    await assert.rejects(ask('select 1 / $1::int4'), { code: '22012' });
    await assert.rejects(ask('select 1 / (3 - n) from generate_series(1, 5) as n where $1::int4 = 0'), {
      code: '22012',
    });
    const thrown = new Error('not to be read');
    const refuse = () => {
      throw thrown;
    };
    await assert.rejects(ask('select n from generate_series(1, 5) as n where $1::int4 = 0', refuse), thrown);
    assert.deepEqual(await ask('select $1::int4'), [0]);
    assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
  } finally {
    client.release();
  }
  const ended = new pg.Client({ connectionString: database.url });
  await ended.connect();
  await ended.end();
  await assert.rejects(binaryRows(ended, question(1, 1), readAll), /closed/);
});

test('questions that wait for one connection, text and binary in turns, each get their own', async () => {
  const client = await database.pool.connect();
  try {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0
          ? binaryRows(client, { text: 'select $1::int4', values: [n] }, (row) => row.integer())
          : client.query('select $1::int4 as n', [n]).then(({ rows }) => rows.map((row) => row.n)),
      ),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 10 }, (_, n) => [n]),
    );
  } finally {
    client.release();
  }
});

test('a search with its time limit waits for its rows and is stopped when it takes too long', async () => {
  const slow = { text: 'select 1 from pg_sleep($1)', values: [30] };
  const db = patientPool(database.pool, {}, PATIENCE);
  assertRows(await binaryRows(db, question(2, 5), readAll), 2, 5);
  const hurried = patientPool(database.pool, {}, { awaited: 100, unhurried: 100 });
  await assert.rejects(
    binaryRows(hurried, slow, (row) => row.integer()),
    { code: 'too-costly' },
  );
});

/** The message is what the server takes: checked by the server, with what is hard to write. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { binaryRows } from './binary-rows.ts';
import { askMessage } from './bind.ts';
import { type TestDatabase, withDatabase } from './testing.ts';
import { int8s } from './wire.ts';

let database: TestDatabase;

before(async () => {
  database = await withDatabase();
});
after(async () => {
  await database?.stop();
});

test('values of every kind arrive as they are: texts, numbers, bytes, arrays, nothing', async () => {
  const text = `Đỗ "Thị" \\ Ánh, {x} 'y' 😀`;
  for (const name of [undefined, 'values_of_every_kind']) {
    const rows = await binaryRows(
      database.pool,
      {
        ...(name === undefined ? {} : { name }),
        text: `select $1::text, $2::int4, $3::float8, $4::bytea, ($5::text[])[2], $6::text is null, ($7::int8[])[2],
          ($5::text[])[3] is null, $8::text`,
        values: [text, -7, 0.1, Buffer.from([0, 255]), ['a', text, null], null, int8s([1n, -2n]), ''],
      },
      (row) => [
        row.text(),
        row.integer(),
        row.float(),
        row.bytes()?.toString('hex'),
        row.text(),
        row.boolean(),
        row.bigint(),
        row.boolean(),
        row.text(),
      ],
    );
    assert.deepEqual(rows, [[text, -7, 0.1, '00ff', text, true, -2n, true, '']]);
  }
});

test('a statement without values, and one with as many as there may be', async () => {
  const read = (values: unknown[], text: string) =>
    binaryRows(database.pool, { text, values }, (row) => row.integer());
  assert.deepEqual(await read([], 'select 7'), [7]);
  const many = Array.from({ length: 2_000 }, (_, n) => n);
  const places = many.map((n) => `$${n + 1}::int4`).join(' + ');
  assert.deepEqual(await read(many, `select ${places}`), [1_999_000]);
});

test('a question is one piece of bytes: Bind, Execute, Sync', () => {
  const bytes = askMessage('ten', ['x']);
  const types: string[] = [];
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1))
    types.push(String.fromCharCode(bytes[at]!));
  assert.deepEqual(types, ['B', 'E', 'S']);
});

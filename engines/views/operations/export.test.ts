/** `$viewdefinition-export` over HTTP: files, forms, who may read them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parquetReadObjects } from 'hyparquet';
import type { FhirWorld } from '../../../kernel/fhir/testing.ts';
import {
  byId,
  bytesOf,
  EXPECTED,
  exported,
  inline,
  names,
  observations,
  openViewWorld,
  outputsOf,
  type Part,
  parameters,
} from './views.testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openViewWorld();
});
after(() => world.stop());

test('an export of several views leaves one file each, read by whom asked and nobody else', async () => {
  const { answer } = await exported(
    world,
    { name: 'view', part: [{ name: 'name', valueString: 'nguoi' }, inline(names)] },
    { name: 'view', part: [inline(observations)] },
    { name: '_format', valueCode: 'csv' },
    { name: 'clientTrackingId', valueString: 'lan-1' },
  );
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.resourceType, 'Parameters');
  assert.equal(
    answer.body.parameter.find(({ name }: Part) => name === 'clientTrackingId').valueString,
    'lan-1',
  );
  assert.equal(answer.body.parameter.find(({ name }: Part) => name === 'status').valueCode, 'completed');
  const outputs = outputsOf(answer.body);
  assert.deepEqual(
    outputs.map(({ name }) => name),
    ['nguoi', 'do'],
  );
  const table = await world.send('GET', outputs[0]!.address);
  assert.match(table.headers.get('content-type')!, /text\/csv/);
  assert.equal(table.text.split('\r\n')[0], 'id,active,family,given');
  assert.equal(table.text.split('\r\n').length, 5);
  assert.equal((await world.bare('GET', outputs[0]!.address)).status, 401);
  const other = { authorization: `Bearer ${await world.token('system/Observation.rs')}` };
  assert.equal((await world.send('GET', outputs[0]!.address, undefined, other)).status, 404);
});

test('Parquet files are read by a reader of Parquet, with types and nulls', async () => {
  const { answer } = await exported(
    world,
    { name: 'view', part: [inline(names)] },
    { name: 'view', part: [inline(observations)] },
    { name: '_format', valueCode: 'parquet' },
  );
  assert.equal(answer.status, 200, answer.text);
  const [persons, values] = await Promise.all(
    outputsOf(answer.body).map(async ({ address }) =>
      parquetReadObjects({ file: await bytesOf(world, address) }),
    ),
  );
  assert.deepEqual(
    byId(persons as { id: string }[]),
    EXPECTED.map((row) => ({ ...row, given: row.given && JSON.stringify(row.given) })),
  );
  assert.deepEqual((values as { value: number | null }[]).map(({ value }) => value).sort(), [1.5, null]);
});

test('NDJSON is the standard; empty exports have empty files; names stand once; a cancelled export leaves nothing', async () => {
  const { path, answer } = await exported(
    world,
    { name: 'view', part: [inline(names)] },
    { name: '_since', valueInstant: '2100-01-01T00:00:00Z' },
  );
  const [file] = outputsOf(answer.body);
  assert.match(file!.address, /ten\.1\.ndjson$/);
  assert.equal((await world.send('GET', file!.address)).text, '');
  assert.equal((await world.send('DELETE', path)).status, 202);
  assert.equal((await world.send('GET', file!.address)).status, 404);
  const twice = await world.send(
    'POST',
    '/fhir/$viewdefinition-export',
    parameters({ name: 'view', part: [inline(names)] }, { name: 'view', part: [inline(names)] }),
  );
  assert.match(twice.text, /stand once/);
  assert.match((await world.send('POST', '/fhir/$viewdefinition-export', parameters())).text, /Exactly one/);
  const failed = await exported(world, {
    name: 'view',
    part: [inline({ ...names, select: [{ column: [{ name: 'x', path: 'name.given' }] }] })],
  });
  assert.equal(failed.answer.status, 422);
  assert.match(failed.answer.text, /gives 2 values/);
});

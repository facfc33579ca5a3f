/** `$viewdefinition-run` over HTTP: forms, bounds, policy, audit; and that both operations are announced. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parquetReadObjects } from 'hyparquet';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { FhirWorld } from '../../../kernel/fhir/testing.ts';
import { rowsOf } from './rows.ts';
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
  parameters,
  rowsIn,
} from './views.testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openViewWorld();
});
after(() => world.stop());

const run = (...parameter: object[]) =>
  world.send('POST', '/fhir/$viewdefinition-run', parameters(...parameter));

test('a view of the request is run over the record: NDJSON, JSON and CSV with and without its header', async () => {
  const lines = await run(inline(names));
  assert.equal(lines.status, 200, lines.text);
  assert.equal(lines.headers.get('content-type'), 'application/x-ndjson');
  assert.deepEqual(byId(rowsIn(lines.text)), EXPECTED);
  const list = await run(inline(names), { name: '_format', valueCode: 'json' });
  assert.deepEqual(byId(list.body), EXPECTED);
  const table = await run(inline(names), { name: '_format', valueCode: 'csv' });
  assert.match(table.headers.get('content-type')!, /^text\/csv/);
  const [head, ...more] = table.text.split('\r\n');
  assert.equal(head, 'id,active,family,given');
  assert.deepEqual(more.sort(), [
    '',
    'a,true,Nguyễn,"[""Thị"",""An""]"',
    'b,false,"Trần, ""Bé""",[]',
    'c,,,',
  ]);
  const bare = await run(
    inline(names),
    { name: '_format', valueCode: 'csv' },
    { name: 'header', valueBoolean: false },
  );
  assert.equal(bare.text.split('\r\n').length, 4);
  const byHeader = await world.send('POST', '/fhir/$viewdefinition-run', parameters(inline(names)), {
    accept: 'text/csv',
  });
  assert.match(byHeader.text, /^id,active/);
});

test('views of the content, and Libraries of partners, are run by name, by reference and by canonical address', async () => {
  await world.program.kernel.events.settled();
  const ours = await world.send('GET', '/fhir/ViewDefinition/patient/$viewdefinition-run?_format=json');
  assert.equal(ours.status, 200, ours.text);
  assert.equal(ours.body.length, 3);
  assert.ok('full_name' in ours.body[0]);
  const library = {
    resourceType: 'Library',
    id: 'ten',
    url: 'http://partner.example/views/ten',
    version: '1.0',
    status: 'active',
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }],
    },
    content: [
      { contentType: 'application/json', data: Buffer.from(JSON.stringify(names)).toString('base64') },
    ],
  };
  assert.equal((await world.send('PUT', '/fhir/Library/ten', library)).status, 201);
  for (const address of [
    '/fhir/Library/ten/$viewdefinition-run',
    '/fhir/ViewDefinition/ten/$viewdefinition-run',
  ])
    assert.deepEqual(byId(rowsIn((await world.send('GET', address)).text)), EXPECTED, address);
  for (const reference of [
    'Library/ten',
    'http://partner.example/views/ten',
    'http://partner.example/views/ten|1.0',
  ]) {
    const { text } = await run({ name: 'viewReference', valueReference: { reference } });
    assert.deepEqual(byId(rowsIn(text)), EXPECTED, reference);
  }
  assert.equal(
    (await run({ name: 'viewReference', valueReference: { reference: 'Library/khong' } })).status,
    404,
  );
  assert.equal(
    (await run({ name: 'viewReference', valueReference: { reference: 'http://partner.example/khong' } }))
      .status,
    404,
  );
  const empty = await world.send('PUT', '/fhir/Library/rong', {
    ...library,
    id: 'rong',
    url: 'http://x.example/rong',
    content: undefined,
  });
  assert.equal(empty.status, 201, empty.text);
  assert.match(
    (await run({ name: 'viewReference', valueReference: { reference: 'Library/rong' } })).text,
    /holds no ViewDefinition/,
  );
});

test('persons, groups, time, a limit and resources of the request bound what is read', async () => {
  const persons = async (...more: object[]) =>
    rowsIn((await run(inline(observations), ...more)).text)
      .map(({ person }) => person)
      .sort();
  assert.deepEqual(await persons(), ['a', 'b']);
  assert.deepEqual(await persons({ name: 'patient', valueReference: { reference: 'Patient/a' } }), ['a']);
  assert.deepEqual(await persons({ name: 'group', valueReference: { reference: 'Group/g' } }), ['b']);
  assert.equal((await persons({ name: '_limit', valueInteger: 1 })).length, 1);
  assert.deepEqual(await persons({ name: '_since', valueInstant: '2100-01-01T00:00:00Z' }), []);
  assert.equal(
    (await run(inline(observations), { name: 'patient', valueReference: { reference: 'Patient/khong' } }))
      .status,
    404,
  );
  const given = await run(
    inline(names),
    { name: 'resource', resource: { resourceType: 'Patient', id: 'z' } },
    { name: 'resource', resource: { resourceType: 'Basic' } },
  );
  assert.deepEqual(rowsIn(given.text), [{ id: 'z', active: null, family: null, given: null }]);
});

test('what is wrong is named: parameters, formats, views, and data that a view cannot be evaluated on', async () => {
  const cases: [object[], number, RegExp][] = [
    [[], 400, /Exactly one viewResource or viewReference/],
    [[inline(names), inline(names)], 400, /Exactly one/],
    [[inline({ resourceType: 'Patient' })], 400, /must be a ViewDefinition/],
    [[inline(names), { name: 'wobble', valueString: 'x' }], 400, /Unknown parameter \\"wobble\\"/],
    [[inline(names), { name: '_format', valueCode: 'parquet' }], 400, /_format does not take/],
    [[inline(names), { name: '_limit', valueInteger: 0 }], 400, /_limit/],
    [[inline(names), { name: '_since', valueInstant: 'hôm qua' }], 400, /_since/],
    [[inline({ ...names, resource: 'Wobble' })], 422, /resource type of R4/],
    [
      [inline({ ...names, select: [{ column: [{ name: 'x', path: 'name.family.matches(name)' }] }] })],
      422,
      /may run without end/,
    ],
    [
      [inline({ ...names, select: [{ column: [{ name: 'x', path: 'name.given' }] }] })],
      422,
      /gives 2 values/,
    ],
    [
      [inline({ ...names, select: [{ repeat: ['$this'], column: [{ name: 'x', path: 'id' }] }] })],
      413,
      /does not end/,
    ],
    [
      [inline(names), { name: 'viewReference', valueReference: { reference: 'không phải' } }],
      400,
      /Exactly one/,
    ],
    [[{ name: 'viewReference', valueReference: { reference: '../../etc' } }], 400, /no reference to a view/],
  ];
  for (const [given, status, sentence] of cases) {
    const answer = await run(...given);
    assert.equal(answer.status, status, `${sentence}: ${answer.text}`);
    assert.match(answer.text, sentence);
    assert.equal(answer.body.resourceType, 'OperationOutcome');
    assert.ok(answer.body.issue[0].details.text.length > 10);
  }
  assert.equal((await world.send('POST', '/fhir/$viewdefinition-run', 'x')).status, 400);
  const accept = await world.send('POST', '/fhir/$viewdefinition-run', parameters(inline(names)), {
    accept: 'image/png',
  });
  assert.equal(accept.status, 406);
});

test('policy and audit are those of every other reading', async () => {
  assert.equal(
    (await world.bare('POST', '/fhir/$viewdefinition-run', parameters(inline(names)))).status,
    401,
  );
  const narrow = { authorization: `Bearer ${await world.token('system/Observation.rs')}` };
  const refused = await world.send('POST', '/fhir/$viewdefinition-run', parameters(inline(names)), narrow);
  assert.equal(refused.status, 403, refused.text);
  const allowed = await world.send(
    'POST',
    '/fhir/$viewdefinition-run',
    parameters(inline(observations)),
    narrow,
  );
  assert.equal(rowsIn(allowed.text).length, 2);
  const { rows } = await world.program.kernel.pool.query(
    `select distinct patient from audit where what like 'Observation%' and action = 'search' and patient is not null order by 1`,
  );
  assert.deepEqual(
    rows.map(({ patient }) => patient),
    ['a', 'b'],
  );
});

test('more resources than a page are read page by page, each once, in every form; a limit ends in the middle', async () => {
  const entry = Array.from({ length: 2_300 }, (_, at) => ({
    resource: { resourceType: 'Substance', id: `n${at}`, code: { text: `số ${at}` } },
    request: { method: 'PUT', url: `Substance/n${at}` },
  }));
  const written = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(written.status, 200, written.text.slice(0, 300));
  const view = {
    resourceType: 'ViewDefinition',
    name: 'so',
    resource: 'Substance',
    status: 'active',
    select: [
      {
        column: [
          { name: 'id', path: 'id' },
          { name: 'text', path: 'code.text' },
        ],
      },
    ],
  };
  const wanted = entry.map(({ resource }) => resource.id).sort();
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id).sort();
  assert.deepEqual(idsOf(rowsIn((await run(inline(view))).text)), wanted);
  assert.deepEqual(idsOf((await run(inline(view), { name: '_format', valueCode: 'json' })).body), wanted);
  const limited = await run(
    inline(view),
    { name: '_limit', valueInteger: 1_500 },
    { name: '_format', valueCode: 'json' },
  );
  assert.equal(limited.body.length, 1_500);
  const { answer } = await exported(
    world,
    { name: 'view', part: [inline(view)] },
    { name: '_format', valueCode: 'parquet' },
  );
  const file = await bytesOf(world, outputsOf(answer.body)[0]!.address);
  assert.deepEqual(idsOf((await parquetReadObjects({ file })) as { id: string }[]), wanted);
});

test('a view that computes too long is stopped, also when every resource is within its own bound', async () => {
  const session = world.program.house.kernel.gate.system('test');
  const pages = rowsOf(session as FhirSession, names as never, { patients: [], groups: [] }, { most: 0 });
  await assert.rejects(pages.next(), /takes more than 0 seconds of computing/);
});

test('both operations are announced, with definitions that are read and valid', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const announced = body.rest[0].operation.map(({ name }: { name: string }) => name);
  for (const name of ['viewdefinition-run', 'viewdefinition-export']) {
    assert.ok(announced.includes(name));
    const definition = await world.send('GET', `/fhir/OperationDefinition/${name}`);
    assert.equal(definition.body.code, name);
    const checked = await world.send('POST', '/fhir/OperationDefinition/$validate', definition.body);
    assert.ok(!checked.text.includes('"severity":"error"'), checked.text);
  }
});

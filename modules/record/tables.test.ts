import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { cs, sid } from '../../kernel/fhir/systems.ts';
import type { Condition, Encounter, Resource } from '../../kernel/fhir/types.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { type Program, startProgram } from '../../main/program.ts';
import type { Wall } from '../operations/wall.ts';
import { DIAGNOSED_BETWEEN } from './diagnoses.ts';

const NOW = '2026-11-22T09:00:00+07:00';
let program: Program;
let stop: () => Promise<void>;

before(async () => {
  const database = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-tables-'));
  program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true },
    { generate: false, now: () => new Date(NOW), log: () => undefined },
  );
  for (const [id, roles, unit] of [
    ['dieuhanh', ['province-operator'], null],
    ['truongtram', ['station-head'], 'cs-25D01'],
    ['truongtram2', ['station-head'], 'cs-25D02'],
  ] as const) {
    const account = {
      id,
      name: id,
      roles: [...roles],
      unit,
      practitioner: null,
      password: 'demo',
      demo: true,
    };
    await program.house.access.accounts.add(account);
  }
  await write(unitOf('25D01', 'Trạm Y tế phường Vĩnh Yên'), unitOf('25D02', 'Trạm Y tế phường Vĩnh Phúc'));
  stop = async () => {
    await program.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
});

after(() => stop());

const unitOf = (code: string, name: string): Resource => ({
  resourceType: 'Organization',
  id: `cs-${code}`,
  identifier: [{ system: sid.cskcb, value: code }],
  type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
  name,
});

async function write(...resources: Resource[]): Promise<void> {
  await program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}

/** A person seen at a unit this morning with a diagnosis. */
async function seen(
  name: string,
  code: string,
  unit = '25D01',
): Promise<{ encounter: string; condition: string }> {
  const { store } = program.kernel;
  const patient = store.newId('Patient');
  const encounter = store.newId('Encounter', patient);
  const condition = store.newId('Condition', patient);
  const subject = { reference: `Patient/${patient}` };
  await write(
    { resourceType: 'Patient', id: patient, name: [{ text: name }], gender: 'female', birthDate: '1985-02' },
    {
      resourceType: 'Encounter',
      id: encounter,
      status: 'in-progress',
      class: { code: 'AMB' },
      subject,
      serviceProvider: { reference: `Organization/cs-${unit}` },
      period: { start: '2026-11-22T08:00:00+07:00' },
      reasonCode: [{ text: 'Sốt cao' }],
      diagnosis: [{ condition: { reference: `Condition/${condition}` }, rank: 1 }],
    } satisfies Encounter,
    {
      resourceType: 'Condition',
      id: condition,
      category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
      code: { coding: [{ system: cs.icd10, code, display: `Bệnh ${code}` }] },
      subject,
      encounter: { reference: `Encounter/${encounter}` },
      recordedDate: '2026-11-22T08:10:00+07:00',
    } satisfies Condition,
  );
  return { encounter, condition };
}

const signIn = (username: string) => cookieOf(program.address, username);

async function get<T>(cookie: string, path: string): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${program.address}${path}`, { headers: { cookie } });
  return { status: answer.status, body: (await answer.json()) as T };
}

test('a notifiable disease is pushed to the wall as an alert within 5 seconds, without the name of the person', async () => {
  const cookie = await signIn('dieuhanh');
  const ended = new AbortController();
  const stream = await fetch(`${program.address}/api/events?topic=operations/wall`, {
    headers: { cookie },
    signal: AbortSignal.any([ended.signal, AbortSignal.timeout(5_000)]),
  });
  assert.equal(stream.status, 200);
  const { condition } = await seen('Nguyễn Thị Kín', 'A91');
  let text = '';
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes(condition)) break;
  }
  ended.abort();
  assert.match(text, /Sốt xuất huyết Dengue/);
  assert.doesNotMatch(text, /Kín/);
});

test('the wall counts visits and diagnoses by unit, and a figure opens to its visits without names', async () => {
  await seen('Lê Văn Tám', 'J06.9', '25D02');
  await program.kernel.events.settled();
  const cookie = await signIn('dieuhanh');
  const { body } = await get<Wall>(cookie, '/api/operations/wall?date=2026-11-22');
  const before = body.units.find((unit) => unit.unit === 'cs-25D02');
  assert.equal(before?.visits, 1);
  assert.equal(before?.inProgress, 1);
  assert.equal(body.hours[8], body.totals.visits);
  assert.equal(body.trend.at(-1)?.visits, body.totals.visits);
  const drill = await get<{ rows: Record<string, string>[] }>(
    cookie,
    '/api/operations/visits?unit=cs-25D02&code=J06.9',
  );
  assert.equal(drill.body.rows.length, 1);
  assert.equal(drill.body.rows[0]?.birthYear, '1985');
  assert.doesNotMatch(JSON.stringify(drill.body), /Tám/);
});

test("the register book holds the unit's own visits only, and an audit line for each person shown", async () => {
  await seen('Trần Thị Bưởi', 'I10', '25D02');
  await program.kernel.events.settled();
  const own = await signIn('truongtram2');
  const other = await signIn('truongtram');
  const book = await get<{ rows: { person: string; cells: Record<string, string> }[] }>(
    own,
    '/api/station/books/so-kham-benh',
  );
  const line = book.body.rows.find((row) => row.cells.name === 'Trần Thị Bưởi');
  assert.equal(line?.cells.diagnosis, 'I10 Bệnh I10');
  assert.equal(line?.cells.female, '02/1985');
  const theirs = await get<{ rows: { cells: Record<string, string> }[] }>(
    other,
    '/api/station/books/so-kham-benh',
  );
  assert.ok(theirs.body.rows.every((row) => row.cells.name !== 'Trần Thị Bưởi'));
  const audit = await program.kernel.pool.query('select 1 from audit where patient = $1 and who = $2', [
    line?.person,
    'truongtram2',
  ]);
  assert.ok(audit.rows.length > 0);
});

test('every outline of the map belongs to a commune, and the map is there for the signed-in only', async () => {
  const map = await get<{ units: { code: string; path: string }[] }>(
    await signIn('dieuhanh'),
    '/api/operations/map',
  );
  assert.equal(map.body.units.length, 36);
  assert.ok(map.body.units.every((unit) => /^\d{5}$/.test(unit.code) && unit.path.startsWith('M')));
  assert.equal((await fetch(`${program.address}/api/operations/map`)).status, 401);
});

test('the wall is closed to those who treat, and an impossible day is refused by name', async () => {
  const staff = await signIn('truongtram');
  assert.equal((await get(staff, '/api/operations/wall')).status, 403);
  assert.equal((await fetch(`${program.address}/api/operations/wall`)).status, 401);
  const operator = await signIn('dieuhanh');
  const wrong = await get<{ error: { text: string } }>(operator, '/api/operations/wall?date=2026-02-30');
  assert.equal(wrong.status, 400);
  assert.match(JSON.stringify(wrong.body), /2026-02-30/);
});

test('tables rebuilt from the first change are equal to the live ones, changed and deleted resources included', async () => {
  const { encounter, condition } = await seen('Người Sẽ Đổi', 'B05');
  const session = program.kernel.gate.system('test');
  const visit = await session.read('Encounter', encounter);
  await session.update({ ...visit, status: 'finished' });
  await session.remove('Condition', condition);
  await program.kernel.events.settled();
  const dump = async () => {
    const tables = [
      'views.unit',
      'views.patient',
      'views.visit',
      'views.diagnosis',
      'views.prescription',
      'views.coverage',
    ];
    const rows = await Promise.all(
      tables.map((table) => program.kernel.pool.query(`select * from ${table} order by resource_key`)),
    );
    return rows.map((answer) => answer.rows);
  };
  const live = await dump();
  assert.ok(live[2]?.some((row) => row.resource_key === encounter && row.status === 'finished'));
  assert.ok(live[3]?.every((row) => row.resource_key !== condition));
  await program.kernel.events.rebuild('views/record', async (client) => {
    await client.query(
      'truncate views.unit, views.patient, views.visit, views.diagnosis, views.prescription, views.coverage',
    );
  });
  await program.kernel.events.settled();
  assert.deepEqual(await dump(), live);
});

test('the cases of a station: its own, of days that can be, of a year at most', async () => {
  const { condition } = await seen('Hoàng Thị Mơ', 'A97.1', '25D02');
  await program.kernel.events.settled();
  const own = await signIn('truongtram2');
  const ask = async (cookie: string, query: string) => {
    const path = `/api/surveillance/cases?${query}`;
    const { status, body } = await get<{ rows?: { condition: string }[]; error?: { text: string } }>(
      cookie,
      path,
    );
    return { status, ids: body.rows?.map((row) => row.condition) ?? [], said: body.error?.text ?? '' };
  };
  assert.deepEqual((await ask(own, 'from=2026-11-22&to=2026-11-22')).ids, [condition]);
  const theirs = await ask(await signIn('truongtram'), 'from=2026-11-22&to=2026-11-22');
  assert.ok(!theirs.ids.includes(condition));
  for (const [query, sentence] of [
    ['from=0001-01-01&to=9999-12-31', /không có thật/],
    ['from=2026-02-30', /không có thật/],
    ['from=2026-11-23&to=2026-11-22', /Ngày đầu phải trước ngày cuối/],
    ['from=2020-01-01&to=2026-11-22', /tối đa 366 ngày/],
  ] as const) {
    const { status, said } = await ask(own, query);
    assert.equal(status, 400, query);
    assert.match(said, sentence);
  }
});

test('a diagnosis counts from when it was recorded, or from the beginning of its visit where that is not written', async () => {
  const { condition, encounter } = await seen('Trần Thị Chín', 'B05');
  const session = program.kernel.gate.system('test');
  const stored = await session.read('Condition', condition);
  const undated = program.kernel.store.newId(
    'Condition',
    stored.subject?.reference?.slice('Patient/'.length),
  );
  const { recordedDate: _recorded, ...rest } = stored;
  await write({ ...rest, id: undated } as Condition);
  await program.kernel.events.settled();
  const between = async (from: string, to: string) =>
    (
      await program.kernel.pool.query<{ id: string }>(
        `select d.resource_key as id from ${DIAGNOSED_BETWEEN} d where d.encounter = $3 order by d.diagnosed`,
        [`2026-11-22T${from}+07:00`, `2026-11-22T${to}+07:00`, encounter],
      )
    ).rows.map(({ id }) => id);
  assert.deepEqual(await between('08:00:00', '08:10:01'), [undated, condition]);
  assert.deepEqual(await between('08:00:00', '08:10:00'), [undated], 'the end does not belong to it');
  assert.deepEqual(await between('08:00:01', '08:11:00'), [condition]);
});

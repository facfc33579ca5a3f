/** Coverage of all stations: the numbers of each are those that the station itself sees, months add up, and nobody is named. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import { csvOf, type ProvinceRead } from './province.ts';

const EPI = 'tiem-chung-mo-rong';
const PERIOD = 'from=2025-06-01&to=2026-11-22';
const CVX = 'http://hl7.org/fhir/sid/cvx';
const STATIONS = [
  { id: 'cs-25D01', commune: '08824', name: 'Trạm Y tế Một' },
  { id: 'cs-25D02', commune: '08227', name: '=HYPERLINK("Trạm Y tế Hai")' },
] as const;

let world: World;
let operator: Browser;

before(async () => {
  world = await openWorld();
  await put(
    ...STATIONS.map(
      ({ id, commune, name }): Resource => ({
        resourceType: 'Organization',
        id,
        name,
        type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
        address: [{ extension: [inCommune(commune)] }],
      }),
    ),
  );
  for (let at = 0; at < 40; at += 1) await makeChild(at);
  await world.program.kernel.events.settled();
  operator = await world.hire('dieuhanh', 'province-operator');
});
after(() => world.stop());

const inCommune = (code: string) => ({ url: ext.unit, valueCoding: { system: cs.unit, code } });

async function put(...resources: Resource[]): Promise<void> {
  await world.program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}

/** Every third has nothing, every second stops after the first of three; the second station has fewer. */
async function makeChild(at: number): Promise<void> {
  const { store } = world.program.kernel;
  const id = store.newId('Patient');
  const birthDate = addDays('2025-01-05', at * 12);
  const { commune } = STATIONS[at % 5 === 0 ? 1 : 0]!;
  const ages = at % 3 === 0 ? [] : at % 2 === 0 ? [62] : [62, 94, 127];
  const doses = ages
    .map((age) => addDays(birthDate, age))
    .filter((day) => day <= '2026-11-22')
    .map(
      (occurrenceDateTime): Resource => ({
        resourceType: 'Immunization',
        id: store.newId('Immunization', id),
        status: 'completed',
        vaccineCode: { coding: [{ system: CVX, code: '102' }] },
        patient: { reference: `Patient/${id}` },
        occurrenceDateTime,
      }),
    );
  const address = [{ line: ['Thôn Đoài'], extension: [inCommune(commune)] }];
  await put({ resourceType: 'Patient', id, name: [{ text: `Trẻ Tên ${at}` }], birthDate, address }, ...doses);
}

async function read(more = '', browser = operator): Promise<ProvinceRead> {
  const { status, body } = await browser.call<ProvinceRead>(
    'GET',
    `/api/programmes/${EPI}/coverage/province?${PERIOD}${more}`,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

interface Own {
  measures: { code: string; target: number; given: number; valid: number; timely: number }[];
  dropOuts: { code: string; began: number; lost: number }[];
  lists: { code: string; people: number }[];
}

test('the numbers of a station are those that the station itself sees', async () => {
  const { cells, units, numbers } = await read();
  assert.deepEqual(new Set(units.map(({ id }) => id)), new Set(STATIONS.map(({ id }) => id)));
  for (const { id } of STATIONS) {
    const nurse = await world.hire(`dd-${id}`, 'nurse', id);
    const own = (await nurse.call<Own>('GET', `/api/programmes/${EPI}/coverage?${PERIOD}`)).body;
    const cellOf = (kind: string, code: string) =>
      cells.find((one) => one.unit === id && one.kind === kind && one.code === code);
    for (const { code, target, given, valid, timely } of own.measures) {
      const cell = cellOf('measure', code) ?? { of: 0, given: 0, valid: 0, timely: 0 };
      assert.deepEqual([cell.of, cell.given, cell.valid, cell.timely], [target, given, valid, timely], code);
    }
    for (const { code, began, lost } of own.dropOuts) {
      const cell = cellOf('drop-out', code) ?? { of: 0, missing: 0 };
      assert.deepEqual([cell.of, cell.missing], [began, lost], code);
    }
    for (const { code, people } of own.lists) assert.equal(cellOf('list', code)?.missing ?? 0, people, code);
  }
  assert.ok(cells.some(({ kind, missing }) => kind === 'drop-out' && missing > 0));
  assert.ok(cells.some(({ kind, missing }) => kind === 'list' && missing > 0));
  assert.ok(numbers.length > 5);
});

test('months add up to the period, for one station too', async () => {
  const whole = await read();
  const months = await read('&by=month');
  const one = await read(`&by=month&unit=${STATIONS[0].id}`);
  assert.ok(one.cells.every(({ unit }) => unit === STATIONS[0].id));
  for (const cell of whole.cells.filter(({ kind }) => kind !== 'list')) {
    const parts = months.cells.filter(
      ({ kind, code, unit }) => kind === cell.kind && code === cell.code && unit === cell.unit,
    );
    const sum = (name: 'of' | 'given' | 'valid' | 'timely' | 'missing') =>
      parts.reduce((all, part) => all + part[name], 0);
    assert.deepEqual(
      [sum('of'), sum('given'), sum('valid'), sum('timely'), sum('missing')],
      [cell.of, cell.given, cell.valid, cell.timely, cell.missing],
      `${cell.unit} ${cell.code}`,
    );
    assert.ok(parts.every(({ month }) => /^20\d\d-\d\d$/.test(month)));
  }
});

test('nobody is named, and the people behind a number are not the province’s to open', async () => {
  const body = JSON.stringify(await read('&by=month'));
  assert.doesNotMatch(body, /Trẻ Tên|Patient\//);
  assert.equal((await operator.call('GET', `/api/programmes/${EPI}/coverage/people?of=x`)).status, 403);
  const nurse = await world.hire('dd-tinh', 'nurse');
  for (const ending of ['', '.csv'])
    assert.equal((await nurse.call('GET', `/api/programmes/${EPI}/coverage/province${ending}`)).status, 403);
  const disease = await world.hire('cdc', 'surveillance', 'cs-25D02');
  assert.ok((await read('', disease)).cells.length > 0);
  const { body: programmes } = await operator.call<{ rows: { key: string }[] }>(
    'GET',
    '/api/programmes/province',
  );
  assert.ok(programmes.rows.some(({ key }) => key === EPI));
});

test('the file has a line for each number, and carries nothing out in a spreadsheet', async () => {
  const found = await read('&by=month');
  const { cells } = found;
  const text = csvOf(found);
  assert.equal(text.trim().split('\r\n').length, cells.length + 1);
  assert.match(text, /^\ufeff?kind,code,title,unit,unit_name,month,target,given,valid,timely,missing\r\n/);
  assert.match(text, /"'=HYPERLINK\(""Trạm Y tế Hai""\)"/);
  assert.doesNotMatch(text, /,=HYPERLINK|,"=HYPERLINK/);
});

test('a question that cannot be answered is refused by name', async () => {
  for (const [query, field] of [
    ['by=village', 'by'],
    ['from=2026-02-30', 'from'],
    ['from=2026-05-01&to=2026-04-01', 'to'],
  ]) {
    const answer = await operator.call('GET', `/api/programmes/${EPI}/coverage/province?${query}`);
    assert.ok(answer.status === 400 || answer.status === 422, query);
    assert.match(JSON.stringify(answer.body), new RegExp(`"${field}"`), query);
  }
  assert.equal((await operator.call('GET', '/api/programmes/khong-co/coverage/province')).status, 404);
});

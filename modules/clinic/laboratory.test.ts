import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { DiagnosticReport, Observation, ServiceRequest } from '../../kernel/fhir/types.ts';
import type { OrderView, WaitingOrder } from './contract.ts';
import { type Browser, openWorld, orderedBy, seenBy, type World } from './testing.ts';

let world: World;
let doctor: Browser;

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
});
after(() => world.stop());

interface Problem {
  error: { text: string; issues: { expression?: string; text: string }[] };
}

const seen = () => seenBy(doctor, world);

const HOME = { outcome: '2', dischargeType: '1', followUp: null, followUpReason: '' };
const GLUCOSE = '23.0234.1510';

const ordered = (at: string, service: string) => orderedBy(doctor, at, service);

test('a typed result: Observation with unit, range and interpretation, a report, the order completed', async () => {
  const { at, patient } = await seen();
  const { orders } = await ordered(at, GLUCOSE);
  const order = orders[0]!;
  assert.deepEqual(
    order.tests.map((one) => [one.key, one.unit, one.range]),
    [['GLU_POC', 'mmol/L', '3,9 – 7,8']],
  );
  const body = { order: order.id, results: [{ key: 'GLU_POC', value: 26.1 }] };
  const answer = await doctor.call<{ order: OrderView }>('POST', `${at}/results`, body, {
    ifMatch: order.version,
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body.order.tests[0]!.result, {
    value: '26,1',
    flag: 'HH',
    words: 'cao nguy kịch',
  });
  const result = ((await world.recordOf(patient, 'Observation')) as Observation[]).find(
    (one) => one.basedOn,
  )!;
  assert.equal(result.code.coding![0]!.code, '14743-9');
  assert.deepEqual([result.valueQuantity!.value, result.valueQuantity!.code], [26.1, 'mmol/L']);
  assert.deepEqual(
    [result.referenceRange![0]!.low!.value, result.referenceRange![0]!.high!.value],
    [3.9, 7.8],
  );
  assert.equal(result.interpretation![0]!.coding![0]!.code, 'HH');
  const [report] = (await world.recordOf(patient, 'DiagnosticReport')) as DiagnosticReport[];
  assert.deepEqual(
    report!.result!.map((one) => one.reference),
    [`Observation/${result.id}`],
  );
  const [request] = (await world.recordOf(patient, 'ServiceRequest')) as ServiceRequest[];
  assert.equal(request!.status, 'completed');
  assert.deepEqual(
    request!.code!.coding!.map((coding) => [coding.system, coding.code]),
    [
      [cs.loinc, '14743-9'],
      [cs.service, GLUCOSE],
    ],
  );
  const again = await doctor.call('POST', `${at}/results`, body, { ifMatch: order.version + 1 });
  assert.equal(again.status, 409);
});

test('results: low, normal and coded values; impossible ones and foreign options are faults; a service is ordered once', async () => {
  const { at } = await seen();
  const { orders } = await ordered(at, '24.0117.1646');
  const order = orders[0]!;
  const enter = (results: object[], version = order.version) =>
    doctor.call<{ order: OrderView } & Problem>(
      'POST',
      `${at}/results`,
      { order: order.id, results },
      { ifMatch: version },
    );
  assert.equal((await enter([{ key: 'HBSAG', value: 'Có' }])).status, 422);
  assert.equal((await enter([{ key: 'GLU', value: 5 }])).status, 422);
  assert.equal((await enter([])).status, 422);
  assert.equal((await doctor.call('POST', `${at}/orders`, { service: '24.0117.1646' })).status, 409);
  assert.equal((await doctor.call('POST', `${at}/orders`, { service: 'khong-co' })).status, 422);
  const coded = await enter([{ key: 'HBSAG', value: 'Dương tính' }]);
  assert.equal(coded.body.order.tests[0]!.result!.flag, 'A');
  const count = await ordered(at, '22.0120.1370');
  const blood = count.orders.find((one) => one.service === '22.0120.1370')!;
  assert.equal(blood.tests.length, 10);
  const impossible = await doctor.call<Problem>(
    'POST',
    `${at}/results`,
    { order: blood.id, results: [{ key: 'HGB', value: 1250 }] },
    { ifMatch: blood.version },
  );
  assert.deepEqual(
    impossible.body.error.issues.map((issue) => issue.expression),
    ['results.HGB'],
  );
  const twice = await doctor.call<Problem>(
    'POST',
    `${at}/results`,
    {
      order: blood.id,
      results: [
        { key: 'HGB', value: 120 },
        { key: 'HGB', value: 121 },
      ],
    },
    { ifMatch: blood.version },
  );
  assert.match(twice.body.error.text, /hai kết quả/);
  const values = [
    { key: 'HGB', value: 100 },
    { key: 'WBC', value: 8 },
    { key: 'PLT', value: 30 },
  ];
  const entered = await doctor.call<{ order: OrderView }>(
    'POST',
    `${at}/results`,
    { order: blood.id, results: values },
    { ifMatch: blood.version },
  );
  const flags = entered.body.order.tests
    .filter((one) => one.result)
    .map((one) => [one.key, one.result!.flag]);
  assert.deepEqual(flags, [
    ['WBC', 'N'],
    ['HGB', 'L'],
    ['PLT', 'LL'],
  ]);
});

test('one service ordered three times at once is one order; an order and the end of the visit do not pass each other', async () => {
  const { at } = await seen();
  const place = () => doctor.call('POST', `${at}/orders`, { service: GLUCOSE });
  const placed = await Promise.all([place(), place(), place()]);
  assert.deepEqual(placed.map((one) => one.status).sort(), [200, 409, 409]);
  const { orders, version } = (await doctor.call('GET', at)).body;
  assert.equal(orders.length, 1);
  await doctor.call('POST', `${at}/orders/${orders[0]!.id}/revoke`, {}, { ifMatch: orders[0]!.version });
  const end = () => doctor.call('POST', `${at}/finish`, HOME, { ifMatch: version });
  const [again, ended] = await Promise.all([place(), end()]);
  const after = (await doctor.call('GET', at)).body;
  assert.equal([again, ended].filter((one) => one.status === 200).length, 1);
  assert.equal(after.state === 'done', !after.orders.some((one) => one.status === 'active'));
});

test('laboratory staff see the open orders of their unit, oldest first, and enter the results', async () => {
  const { at, encounter } = await seen();
  await ordered(at, GLUCOSE);
  const laboratory = await world.signIn('xetnghiem');
  const list = () => laboratory.call<{ rows: WaitingOrder[] }>('GET', '/api/clinic/laboratory/orders');
  const mine = (await list()).body.rows.find((row) => row.encounter === encounter)!;
  assert.deepEqual(
    [mine.name, mine.orderedBy, mine.order.tests[0]!.range],
    ['Nguyễn Thị Ánh Đào', 'Phùng Văn Minh', '3,9 – 7,8'],
  );
  const answer = await laboratory.call(
    'POST',
    `${at}/results`,
    { order: mine.order.id, results: [{ key: 'GLU_POC', value: 5.5 }] },
    { ifMatch: mine.order.version },
  );
  assert.equal(answer.status, 200);
  assert.ok(!(await list()).body.rows.some((row) => row.encounter === encounter));
  assert.equal((await laboratory.call('GET', at)).status, 403);
});

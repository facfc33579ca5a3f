/** At a session: what the vial monitor says, who is watched until when, what was not given and why, and what the stock has left. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Immunization } from '../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../clinic/testing.ts';
import { type Watched, watchedOf } from './watch.ts';

const EPI = 'tiem-chung-mo-rong';
const PENTA = 'http://hl7.org/fhir/sid/cvx|102';
const DOSE = { product: PENTA, lot: 'P1', expires: '2027-05-01', site: '', isFit: true, temperature: 36.6 };

let world: World;
let nurse: Browser;
let child = '';

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  child = (await world.arrive({ birthDate: '2026-09-15', name: [{ text: 'Bé Na' }] })).patient;
  await world.program.kernel.events.settled();
});
after(() => world.stop());

const watched = async () => (await nurse.call<{ rows: Watched[] }>('GET', '/api/programmes/watch')).body.rows;

test('a vial whose monitor has turned is neither received nor given, and the sentence says what to do', async () => {
  const receipt = { item: PENTA, lot: 'P1', expires: '2027-05-01', vials: 3, from: 'CDC' };
  const path = `/api/programmes/${EPI}/people/${child}/doses`;
  for (const vvm of ['3', '4']) {
    for (const answer of [
      await nurse.call('POST', '/api/programmes/stock/receipts', { ...receipt, vvm }),
      await nurse.call('POST', path, { ...DOSE, vvm }),
    ]) {
      assert.equal(answer.status, 422);
      assert.match(JSON.stringify(answer.body), /không được dùng.*lấy lọ khác/);
    }
  }
  assert.equal((await nurse.call('POST', path, { ...DOSE, vvm: '9' })).status, 422);
  assert.equal(
    (await nurse.call('POST', '/api/programmes/stock/receipts', { ...receipt, vvm: '1' })).status,
    200,
  );
  const { body } = await nurse.call<{ rows: { why: string }[] }>(
    'GET',
    `/api/programmes/stock/movements?item=${encodeURIComponent(PENTA)}&lot=P1`,
  );
  assert.match(body.rows[0]!.why, /^CDC; VVM 1:/);
});

test('who got a dose is watched for half an hour from the last one, whoever looks; after an hour the line is gone', async () => {
  assert.deepEqual(await watched(), []);
  const given = await nurse.call('POST', `/api/programmes/${EPI}/people/${child}/doses`, {
    ...DOSE,
    vvm: '2',
  });
  assert.equal(given.status, 200, JSON.stringify(given.body));
  const [first] = await watched();
  assert.deepEqual(
    [first?.name, first?.until, first?.vaccines.length],
    ['Bé Na', '2026-11-22T09:00:00+07:00', 1],
  );
  const [written] = (await world.recordOf(child, 'Immunization')) as Immunization[];
  assert.ok(written?.note?.some(({ text }) => text.startsWith('VVM 2')));
  world.setNow('2026-11-22T08:50:00+07:00');
  const colleague = await world.hire('dieuduong-2', 'nurse');
  const again = await colleague.call<{ rows: Watched[] }>('GET', '/api/programmes/watch');
  assert.equal(again.body.rows[0]?.until, '2026-11-22T09:00:00+07:00', 'another screen shows the same end');
  const other = await world.hire('tram-khac', 'nurse', 'cs-25D02');
  assert.deepEqual((await other.call<{ rows: Watched[] }>('GET', '/api/programmes/watch')).body.rows, []);
  world.setNow('2026-11-22T09:40:00+07:00');
  nurse = await world.signIn('dieuduong');
  assert.deepEqual(await watched(), []);
});

test('several doses are one line from the last; a dose that was written down later is watched by nobody', () => {
  const given = (patient: string, at: string, text: string): Immunization => ({
    resourceType: 'Immunization',
    id: `${patient}-${text}`,
    status: 'completed',
    vaccineCode: { text },
    patient: { reference: `Patient/${patient}` },
    occurrenceDateTime: at,
  });
  const rows = watchedOf(
    [
      given('a', '2026-11-22T08:00:00+07:00', 'BCG'),
      given('b', '2026-11-22T08:05:00+07:00', 'Sởi'),
      given('a', '2026-11-22T08:10:00+07:00', 'Viêm gan B'),
      given('c', '2026-11-22', 'Sởi'),
    ],
    new Map([
      ['a', 'An'],
      ['b', 'Bình'],
    ]),
    30 * 60_000,
  );
  assert.deepEqual(
    rows.map(({ name, vaccines, until, dose }) => [name, vaccines, until, dose]),
    [
      ['Bình', ['Sởi'], '2026-11-22T08:35:00+07:00', 'b-Sởi'],
      ['An', ['BCG', 'Viêm gan B'], '2026-11-22T08:40:00+07:00', 'a-Viêm gan B'],
    ],
  );
});

test('what was not given is counted by its reason in the session, and the plan says what the stock has', async () => {
  const polio = 'http://hl7.org/fhir/sid/cvx|02';
  const refused = await nurse.call('POST', `/api/programmes/${EPI}/people/${child}/not-given`, {
    product: polio,
    reason: 'benh-cap-tinh',
    next: '2026-12-01',
  });
  assert.equal(refused.status, 200, JSON.stringify(refused.body));
  await world.program.kernel.events.settled();
  const { body } = await nurse.call<{ notGiven: { reason: string; title: string; people: number }[] }>(
    'GET',
    `/api/programmes/${EPI}/session/tally?day=2026-11-22`,
  );
  assert.deepEqual(
    body.notGiven.map(({ reason, title, people }) => [reason, title, people]),
    [['benh-cap-tinh', 'Đang mắc bệnh cấp tính', 1]],
  );
});

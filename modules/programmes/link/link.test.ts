/** Vaccinations elsewhere, asked of a register that may be late, broken, double, of other codes or of the wrong person. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Immunization, Patient } from '../../../kernel/fhir/types.ts';
import { openOutbound } from '../../../kernel/outbound/outbound.ts';
import { openService, ServiceFault } from '../../../kernel/outbound/service.ts';
import {
  type Fault,
  type ImmunisationSimulator,
  openImmunisationSimulator,
} from '../../../tests/simulators/immunisation-register.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import { historyOf } from './client.ts';
import { linkOn } from './definition.ts';
import type { LinkRead } from './routes.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const ATC = 'http://www.whocc.no/atc';
const NUMBER = '099226009001';

let register: ImmunisationSimulator;
let world: World;
let nurse: Browser;
let child = '';

before(async () => {
  register = await openImmunisationSimulator();
  world = await openWorld([], {
    immunisation: register.address,
    immunisationToken: 'a token of the tests',
    peers: [register.peer],
  });
  nurse = await world.signIn('dieuduong');
  child = (
    await world.arrive({
      birthDate: '2026-01-02',
      gender: 'female',
      name: [{ text: 'Nguyễn Bảo An' }],
      identifier: [{ system: sid.cccd, value: NUMBER }],
    })
  ).patient;
  await given('08', '2026-01-02', 'VGB1');
  await given('102', '2026-03-05', 'P1');
});
after(async () => {
  await world.stop();
  await register[Symbol.asyncDispose]();
});

const person: Patient = {
  resourceType: 'Patient',
  id: 'nguoi-1',
  identifier: [{ system: sid.cccd, value: NUMBER }],
  name: [{ text: 'NGUYỄN BẢO AN' }],
  birthDate: '2026-01-02',
  gender: 'female',
};
const theirs = (id: string, code: string, day: string, lot: string, system = ATC): Immunization => ({
  resourceType: 'Immunization',
  id,
  status: 'completed',
  vaccineCode: { coding: [{ system, code }], text: `Tên của họ ${code}` },
  patient: { reference: 'Patient/nguoi-1' },
  occurrenceDateTime: day,
  lotNumber: lot,
  location: { display: 'Trạm Y tế nơi khác' },
});

beforeEach(() => {
  register.fault(null);
  register.people.splice(0, register.people.length, person);
  register.doses.splice(
    0,
    register.doses.length,
    theirs('m1', 'J07BC01', '2026-01-02', 'VGB1'),
    theirs('m2', 'J07CA11', '2026-03-05', 'P9'),
    theirs('m3', 'J07BH01', '2026-03-05', 'R1'),
    theirs('m4', 'VN-LA-99', '2026-04-05', 'X1', 'urn:ma-cua-ho'),
    { ...theirs('m5', 'J07BH01', '2026-05-05', 'R2'), status: 'entered-in-error' },
    theirs('m3b', 'J07BH01', '2026-03-05', ''),
    theirs('m6', 'J07BH01', '2026-02-30', 'R9'),
  );
});

async function given(code: string, day: string, lot: string): Promise<void> {
  const id = world.program.kernel.store.newId('Immunization', child);
  await world.program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        resource: {
          resourceType: 'Immunization',
          id,
          status: 'completed',
          vaccineCode: { coding: [{ system: CVX, code }] },
          patient: { reference: `Patient/${child}` },
          occurrenceDateTime: day,
          lotNumber: lot,
          primarySource: true,
        } as Immunization,
        request: { method: 'PUT', url: `Immunization/${id}` },
      },
    ],
  });
}

const path = (more = '') => `/api/programmes/link/people/${child}${more}`;
async function read(browser = nurse): Promise<LinkRead> {
  const { status, body } = await browser.call<LinkRead>('GET', path());
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}
const rowOf = async (id: string) => (await read()).rows.find((one) => one.theirs?.id === id)!;
async function decide(id: string, body: object) {
  const { content } = await rowOf(id);
  return nurse.call<{ dose: string }>('POST', path('/decisions'), { theirs: id, content, ...body });
}

test('both sides lie beside each other: alike once, doubled once, differing shown, unknown codes told', async () => {
  const { connected, failure, person: told, rows, leftOut } = await read();
  assert.deepEqual([connected, failure, told?.differences, leftOut], [true, '', [], 2]);
  assert.deepEqual(
    rows.map(({ state, theirs: their, differences, copies }) => [state, their?.id, differences, copies]),
    [
      ['same', 'm1', [], 1],
      ['differs', 'm2', ['lot'], 1],
      ['theirs', 'm3', [], 2],
      ['unknown-code', 'm4', [], 1],
    ],
  );
  assert.ok(register.requests.every(({ authorization }) => authorization === 'Bearer a token of the tests'));
  assert.equal((await world.recordOf(child, 'Immunization')).length, 2, 'nothing was written');
});

test('a dose is taken over once: it counts in the forecast, leaves no stock, and is alike from then on', async () => {
  const taken = await decide('m3', { decision: 'add' });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  const doses = (await world.recordOf(child, 'Immunization')) as Immunization[];
  const own = doses.find(({ id }) => id === taken.body.dose)!;
  assert.deepEqual(
    [own.primarySource, own.vaccineCode.coding?.[0]?.code, own.lotNumber, own.location?.display],
    [false, '119', 'R1', 'Trạm Y tế nơi khác'],
  );
  assert.equal((await rowOf('m3')).state, 'same');
  assert.equal((await decide('m3', { decision: 'add' })).status, 422);
  const forecast = await nurse.call('GET', `/fhir/Patient/${child}/$immds-forecast`);
  assert.match(JSON.stringify(forecast.body), new RegExp(`Immunization/${own.id}`));
});

test('a code of theirs that is not known here needs a vaccine of ours', async () => {
  assert.equal((await decide('m4', { decision: 'add' })).status, 422);
  const taken = await decide('m4', { decision: 'add', product: `${CVX}|10` });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  assert.equal((await rowOf('m4')).ours?.product, `${CVX}|10`);
});

test('what differs is kept with a reason until either side changes; a dose that was written here is not put right by others', async () => {
  assert.equal((await decide('m2', { decision: 'keep' })).status, 422, 'with its reason');
  assert.equal(
    (await decide('m2', { decision: 'correct', why: 'x' })).status,
    422,
    'written where it was given',
  );
  assert.equal((await decide('m2', { decision: 'add', why: 'x' })).status, 422, 'it differs');
  const kept = await decide('m2', { decision: 'keep', why: 'Đã xem lọ: P1' });
  assert.deepEqual([kept.status, kept.body.dose], [200, '']);
  assert.deepEqual((await rowOf('m2')).decided?.why, 'Đã xem lọ: P1');
  register.doses[1]!.lotNumber = 'P10';
  assert.equal((await rowOf('m2')).decided, null, 'they say something else now');
  const stale = await nurse.call('POST', path('/decisions'), {
    theirs: 'm2',
    content: 'cu',
    decision: 'keep',
    why: 'x',
  });
  assert.equal(stale.status, 422);
});

test('of a person with another name or birth date nothing is taken without a reason, and nothing is sent', async () => {
  register.people[0] = { ...person, name: [{ text: 'Trần Văn Khác' }], birthDate: '2025-01-02' };
  register.doses.push(theirs('m7', 'J07BD01', '2026-10-10', 'S1'));
  assert.deepEqual((await read()).person?.differences, ['name', 'birthDate']);
  assert.equal((await decide('m7', { decision: 'add' })).status, 422);
  assert.equal((await nurse.call('POST', path('/send'), {})).status, 422);
  assert.equal((await decide('m7', { decision: 'add', why: 'Đã xem sổ tiêm của mẹ' })).status, 200);
});

test('ours are sent once, also when the line is cut after they were taken; what others told us is not sent', async () => {
  register.doses.splice(0);
  register.fault('taken-unsaid');
  const cut = await nurse.call('POST', path('/send'), {});
  assert.equal(cut.status, 422);
  assert.match(JSON.stringify(cut.body), /Không kết nối được hệ thống kia/);
  register.fault(null);
  const sent = await nurse.call<{ sent: number }>('POST', path('/send'), {});
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  assert.deepEqual(
    register.doses.map(({ vaccineCode, lotNumber }) => [vaccineCode.coding?.[0]?.code, lotNumber]).sort(),
    [
      ['08', 'VGB1'],
      ['102', 'P1'],
    ],
  );
  assert.ok(register.doses.every(({ patient, note }) => patient.reference === 'Patient/nguoi-1' && !note));
  assert.equal((await nurse.call<{ sent: number }>('POST', path('/send'), {})).body.sent, 0);
});

test('a register that is broken in whatever way is told in a sentence, and nothing is written', async () => {
  const before = (await world.recordOf(child, 'Immunization')).length;
  const words: [Fault, RegExp][] = [
    ['status-500', /mã 500/],
    ['torn', /không đọc được/],
    ['no-fhir', /không đúng FHIR/],
    ['endless', /không dứt/],
    ['two-persons', /nhiều người cùng số/],
    ['leads-away', /địa chỉ khác/],
  ];
  for (const [fault, sentence] of words) {
    register.fault(fault);
    const { failure, rows } = await read();
    assert.match(failure, sentence, fault);
    assert.deepEqual(rows, [], fault);
  }
  register.fault('wrong-person');
  const { rows, leftOut } = await read();
  assert.equal(rows.filter(({ theirs: their }) => their !== null).length, 0, 'doses of another person');
  assert.equal(leftOut, 7);
  register.fault('any-number');
  const another = await read();
  assert.equal(another.person, null, 'a person of another number is none');
  assert.ok(another.rows.every(({ theirs: their }) => their === null));
  register.fault(null);
  register.people.splice(0);
  assert.equal((await read()).person, null);
  assert.equal((await world.recordOf(child, 'Immunization')).length, before);
});

test('silence ends after its time', async () => {
  register.fault('silent');
  const service = openService(openOutbound([register.peer]), register.address, null, {
    patience: 50,
    within: 100,
  });
  const definition = linkOn(world.program.kernel.content, '2026-11-22')!;
  await assert.rejects(
    historyOf(service, definition, { system: sid.cccd, value: NUMBER }),
    (error) => error instanceof ServiceFault && /không trả lời kịp/.test(error.text),
  );
});

test('nobody is asked about who is not in care, and without a register nothing says that one was asked', async () => {
  const stranger = await world.hire('tram-la', 'nurse', 'cs-25D02');
  const before = register.requests.length;
  assert.equal((await stranger.call('GET', path())).status, 403);
  assert.equal(register.requests.length, before);
  const alone = await openWorld();
  try {
    const own = await alone.signIn('dieuduong');
    const { patient } = await alone.arrive({ birthDate: '2026-01-02' });
    const { body } = await own.call<LinkRead>('GET', `/api/programmes/link/people/${patient}`);
    assert.deepEqual([body.connected, body.rows], [false, []]);
    assert.equal((await own.call('POST', `/api/programmes/link/people/${patient}/send`, {})).status, 422);
  } finally {
    await alone.stop();
  }
});

test('of a person who is erased no decision stays', async () => {
  const { kernel } = world.program;
  const count = async () =>
    (await kernel.pool.query<{ n: number }>('select count(*)::int as n from programmes.link_decision'))
      .rows[0]!.n;
  assert.ok((await count()) > 0);
  const records = kernel.gate.system('test');
  for (const type of ['Immunization', 'Encounter'])
    for (const { id } of await world.recordOf(child, type)) await records.remove(type as 'Encounter', id!);
  await records.remove('Patient', child);
  await kernel.events.settled();
  assert.equal(await count(), 0);
});

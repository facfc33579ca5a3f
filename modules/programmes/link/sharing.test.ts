/** Doses that go to another register by themselves: at most once, tried again, shown; the register is late, silent, torn, or of another person. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Patient } from '../../../kernel/fhir/types.ts';
import {
  type ImmunisationSimulator,
  openImmunisationSimulator,
} from '../../../tests/simulators/immunisation-register.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import { linkFaults } from './check.ts';
import type { SharedRead } from './routes.ts';
import { shareDoses } from './sharing.ts';

const EPI = 'tiem-chung-mo-rong';
const PENTA = 'http://hl7.org/fhir/sid/cvx|102';
const OWN = join(import.meta.dirname, '../../../content/links/immunisation/2026-01-01.json');

let register: ImmunisationSimulator;
let world: World;
let nurse: Browser;
let now = Date.parse('2026-11-22T08:30:00+07:00');
let serial = 0;
const folder = mkdtempSync(join(tmpdir(), 'yba-sharing-'));

before(async () => {
  mkdirSync(join(folder, 'links', 'immunisation'), { recursive: true });
  const definition = JSON.parse(readFileSync(OWN, 'utf8')) as object;
  writeFileSync(
    join(folder, 'links', 'immunisation', '2026-11-01.json'),
    JSON.stringify({ ...definition, share: { tries: 3, minutes: 10 } }),
  );
  register = await openImmunisationSimulator();
  world = await openWorld([], {
    content: [folder],
    immunisation: register.address,
    immunisationToken: 'a token of the tests',
    peers: [register.peer],
  });
  nurse = await world.signIn('dieuduong');
});
after(async () => {
  await world.stop();
  await register[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  register.fault(null);
  register.people.length = 0;
  register.doses.length = 0;
  register.requests.length = 0;
});

interface Child {
  id: string;
  person: Patient;
}

/** A child whom both sides know. */
async function child(): Promise<Child> {
  serial += 1;
  const value = `09922600${9000 + serial}`;
  const shared = {
    birthDate: '2026-09-15',
    gender: 'female' as const,
    identifier: [{ system: sid.cccd, value }],
  };
  const { patient } = await world.arrive({ ...shared, name: [{ text: 'Nguyễn Bảo An' }] });
  const person: Patient = {
    resourceType: 'Patient',
    id: `nguoi-${serial}`,
    ...shared,
    name: [{ text: 'NGUYỄN BẢO AN' }],
  };
  register.people.push(person);
  return { id: patient, person };
}

async function give({ id }: Child): Promise<string> {
  const { status, body } = await nurse.call<{ dose: string }>(
    'POST',
    `/api/programmes/${EPI}/people/${id}/doses`,
    { product: PENTA, lot: 'P1', expires: '2027-05-01', site: '', isFit: true, temperature: 36.6 },
  );
  assert.equal(status, 200, JSON.stringify(body));
  await world.program.kernel.events.settled();
  return body.dose;
}
const round = () => shareDoses(world.program.kernel);
async function later(minutes: number): Promise<void> {
  now += minutes * 60_000;
  world.setNow(new Date(now).toISOString());
  nurse = await world.signIn('dieuduong');
}
const told = async ({ id }: Child, who = nurse) =>
  (await who.call<SharedRead>('GET', `/api/programmes/link/people/${id}/shared`)).body;
const posts = () => register.requests.filter(({ method }) => method === 'POST').length;

test('a dose is told by itself, once, and the page says that it was taken', async () => {
  const one = await child();
  const dose = await give(one);
  assert.deepEqual(
    (await told(one)).rows.map(({ state, tries }) => [state, tries]),
    [['waiting', 0]],
  );
  assert.deepEqual(await round(), { sent: 1 });
  assert.deepEqual(await round(), {});
  assert.equal(posts(), 1);
  assert.equal(register.doses.length, 1);
  const { isOn, rows } = await told(one);
  assert.equal(isOn, true);
  assert.deepEqual(
    rows.map((row) => [row.dose, row.state, row.said]),
    [[dose, 'sent', '']],
  );
  const { rows: lines } = await world.program.kernel.pool.query(
    `select from audit where action = 'export' and patient = $1`,
    [one.id],
  );
  assert.ok(lines.length > 0, 'that it was told stands in the log');
});

test('taken and not answered for: the next try finds it there and makes no second one', async () => {
  const one = await child();
  await give(one);
  register.fault('taken-unsaid');
  assert.deepEqual(await round(), { waiting: 1 });
  assert.deepEqual(await round(), {}, 'not before its time');
  assert.match((await told(one)).rows[0]!.said, /./);
  register.fault(null);
  await later(11);
  assert.deepEqual(await round(), { sent: 1 });
  assert.equal(register.doses.length, 1);
});

test('each fault is tried again, twice as late, three times; then a person has to look, and after that it goes', async () => {
  const one = await child();
  await give(one);
  register.fault('status-500');
  assert.deepEqual(await round(), { waiting: 1 });
  await later(11);
  register.fault('torn');
  assert.deepEqual(await round(), { waiting: 1 });
  await later(11);
  assert.deepEqual(await round(), {}, 'twenty minutes this time');
  await later(10);
  register.fault('two-persons');
  assert.deepEqual(await round(), { 'given-up': 1 });
  await later(600);
  assert.deepEqual(await round(), {});
  const [row] = (await told(one)).rows;
  assert.deepEqual([row?.state, row?.tries], ['given-up', 3]);
  register.fault(null);
  const sent = await nurse.call<{ sent: number }>('POST', `/api/programmes/link/people/${one.id}/send`, {});
  assert.equal(sent.body.sent, 1);
  assert.deepEqual(await round(), { sent: 1 });
  assert.equal(register.doses.length, 1, 'sent by hand, then found there');
});

test('of another person, or told otherwise there, nothing is sent: somebody has to look', async () => {
  const [other, differs] = [await child(), await child()];
  other.person.birthDate = '2020-01-01';
  register.doses.push({
    resourceType: 'Immunization',
    id: 'cua-ho',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://www.whocc.no/atc', code: 'J07CA11' }] },
    patient: { reference: `Patient/${differs.person.id}` },
    occurrenceDateTime: new Date(now).toISOString().slice(0, 10),
    lotNumber: 'LO-KHAC',
  });
  await give(other);
  await give(differs);
  assert.deepEqual(await round(), { asks: 2 });
  assert.equal(posts(), 0);
  for (const one of [other, differs]) assert.equal((await told(one)).rows[0]!.state, 'asks');
});

test('a dose that was taken back before its turn is told to nobody; another station is not told of it', async () => {
  const one = await child();
  const dose = await give(one);
  await nurse.call('POST', `/api/programmes/doses/${dose}/mistaken`, { reason: 'Ghi nhầm cháu' });
  await world.program.kernel.events.settled();
  assert.deepEqual(await round(), { withdrawn: 1 });
  assert.equal(posts(), 0);
  const far = await world.hire('tram-khac', 'nurse', 'cs-25D02');
  assert.deepEqual((await told(one, far)).rows ?? [], []);
});

test('a link that is tried without end, or never, is refused by the check of the content with its place', () => {
  const definition = JSON.parse(readFileSync(OWN, 'utf8')) as object;
  const faultsOf = (share: unknown) =>
    linkFaults({
      files: () => ['immunisation/2026-11-01.json'],
      json: <T>() => ({ ...definition, share }) as T,
    }).map(({ where }) => where);
  assert.deepEqual(faultsOf({ tries: 3, minutes: 10 }), []);
  assert.deepEqual(faultsOf({ tries: 0, minutes: 10 }), ['links/immunisation/2026-11-01.json: share.tries']);
  assert.equal(faultsOf({ tries: 3, minutes: 0, forever: true }).length, 2);
});

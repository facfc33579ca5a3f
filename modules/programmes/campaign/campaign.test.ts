/** A campaign is content: its target by age and place, what came of each, the tally of each day, and doses that stay in the record. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkProgramme, productsOf } from '../../../engines/programmes/index.ts';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import type { Immunization, Patient, PlanDefinition, Resource } from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import { lookAgain, rebuildProgrammes } from '../follow.ts';
import type { CampaignDay, CampaignRow, Outcome } from './outcomes.ts';

const KEY = 'chien-dich-soi-rubella';
const FOLDER = join(import.meta.dirname, 'content');
const COMMUNE = { url: ext.unit, valueCoding: { system: cs.unit, code: '08824' } };
const ELSEWHERE = { url: ext.unit, valueCoding: { system: cs.unit, code: '08227' } };
const CVX = 'http://hl7.org/fhir/sid/cvx';
const MR = {
  product: `${CVX}|04`,
  lot: 'MR1',
  expires: '2027-05-01',
  site: 'Cánh tay trái',
  isFit: true,
  temperature: 36.8,
};

let world: World;
let nurse: Browser;
const ids: Record<string, string> = {};

interface Read {
  state: string;
  from: string;
  to: string;
  outcomes: { village: string; outcome: Outcome; people: number }[];
  days: CampaignDay[];
}

before(async () => {
  world = await openWorld([FOLDER]);
  await put({
    resourceType: 'Organization',
    id: 'cs-25D01',
    name: 'Trạm Y tế',
    type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
    address: [{ text: 'xã Tam Dương', extension: [COMMUNE] }],
  });
  nurse = await world.signIn('dieuduong');
  for (const name of ['An', 'Bình', 'Chi', 'Dung', 'Em', 'Giang'])
    ids[name] = await person(name, '2022-03-01');
  ids.baby = await person('Bé', '2026-01-05');
  ids.grown = await person('Lớn', '2015-11-20');
  ids.turned = await person('Vừa Tròn', '2025-11-20');
  ids.far = await person('Xa', '2022-03-01', ELSEWHERE);
  await settled();
});
after(() => world.stop());

const settled = () => world.program.kernel.events.settled();

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

async function person(name: string, birthDate: string, commune = COMMUNE): Promise<string> {
  const id = world.program.kernel.store.newId('Patient');
  const address: Patient['address'] = [{ text: 'Thôn Đoài', line: ['Thôn Đoài'], extension: [commune] }];
  await put({ resourceType: 'Patient', id, name: [{ text: name }], birthDate, address });
  return id;
}

async function read(): Promise<Read> {
  const { status, body } = await nurse.call<Read>('GET', `/api/programmes/${KEY}/campaign`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

async function people(outcome: string, browser = nurse): Promise<string[]> {
  const { status, body } = await browser.call<{ rows: CampaignRow[] }>(
    'GET',
    `/api/programmes/${KEY}/campaign/people?outcome=${outcome}`,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body.rows.map(({ fullName }) => fullName).sort();
}

const post = (name: string, what: string, body: unknown) =>
  nurse.call<Record<string, string>>('POST', `/api/programmes/${KEY}/people/${ids[name]}/${what}`, body);

async function notGiven(name: string, reason: string, next = ''): Promise<void> {
  const answer = await post(name, 'not-given', { product: MR.product, reason, next });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}

const sums = ({ outcomes }: Read) =>
  Object.fromEntries(outcomes.map(({ outcome, people }) => [outcome, people]));

test('the target is who is of the age on the first day and lives there', async () => {
  const found = await read();
  assert.deepEqual([found.state, found.from, found.to], ['running', '2026-11-20', '2026-11-25']);
  assert.deepEqual(sums(found), { left: 7 });
  assert.deepEqual(await people('left'), ['An', 'Bình', 'Chi', 'Dung', 'Em', 'Giang', 'Vừa Tròn']);
});

test('who had the dose of the routine is asked all the same, but not within four weeks of it', async () => {
  const routine = (id: string, day: string): Immunization => ({
    resourceType: 'Immunization',
    id: world.program.kernel.store.newId('Immunization', id),
    status: 'completed',
    vaccineCode: { coding: [{ system: CVX, code: '05' }] },
    patient: { reference: `Patient/${id}` },
    occurrenceDateTime: day,
  });
  await put(routine(ids.An!, '2022-12-05'), routine(ids.Giang!, '2026-11-10'));
  await settled();
  const { body } = await nurse.call<{ villages: { people: { fullName: string }[] }[] }>(
    'GET',
    `/api/programmes/${KEY}/session?day=2026-11-22`,
  );
  const due = body.villages.flatMap((one) => one.people.map(({ fullName }) => fullName));
  assert.ok(due.includes('An'));
  assert.ok(!due.includes('Giang'), 'a live vaccine twelve days before');
});

test('given, contraindicated, refused, put off, moved: each is counted once and stands there by name', async () => {
  const given = await post('An', 'doses', MR);
  assert.equal(given.status, 200, JSON.stringify(given.body));
  await notGiven('Bình', 'phan-ve');
  await notGiven('Chi', 'tu-choi-khac');
  await notGiven('Dung', 'sot', '2026-11-24');
  await notGiven('Em', 'chuyen-di');
  await settled();
  const found = await read();
  assert.deepEqual(sums(found), {
    given: 1,
    contraindicated: 1,
    refused: 1,
    postponed: 1,
    moved: 1,
    left: 2,
  });
  for (const [outcome, names] of Object.entries({
    given: ['An'],
    contraindicated: ['Bình'],
    refused: ['Chi'],
    postponed: ['Dung'],
    moved: ['Em'],
    left: ['Giang', 'Vừa Tròn'],
  }))
    assert.deepEqual(await people(outcome), names, outcome);
  assert.deepEqual(found.days, [
    {
      day: '2026-11-22',
      given: 1,
      others: 0,
      reasons: { 'phan-ve': 1, 'tu-choi-khac': 1, sot: 1, 'chuyen-di': 1 },
    },
  ]);
});

test('who was put off is asked again on the day, and a dose then counts over the reason', async () => {
  const asked = async () => {
    const { body } = await nurse.call<{ rows: { fullName: string }[] }>(
      'GET',
      `/api/programmes/${KEY}/worklist?list=calls`,
    );
    return body.rows.map(({ fullName }) => fullName);
  };
  assert.deepEqual(await asked(), []);
  world.setNow('2026-11-24T08:30:00+07:00');
  nurse = await world.signIn('dieuduong');
  assert.deepEqual(await asked(), ['Dung']);
  assert.equal((await post('Dung', 'doses', MR)).status, 200);
  await settled();
  assert.deepEqual(sums(await read()), { given: 2, contraindicated: 1, refused: 1, moved: 1, left: 2 });
});

test('a dose of the campaign is one of the life: the routine counts it, and asks no second one', async () => {
  const doses = (await world.recordOf(ids.Dung!, 'Immunization')) as Immunization[];
  assert.deepEqual(doses.map(({ status }) => status).sort(), ['completed', 'not-done']);
  const { rows } = await world.program.kernel.pool.query<{ series: string; label: string; verdict: string }>(
    `select series, label, verdict from programmes.dose where patient = $1 and programme = 'tiem-chung-mo-rong' order by series`,
    [ids.Dung],
  );
  assert.deepEqual(rows, [
    { series: 'rubella', label: '1', verdict: 'valid' },
    { series: 'soi', label: '1', verdict: 'valid' },
  ]);
});

test('a reason is one of the content, a delay has its day, and the dose its vaccine', async () => {
  for (const [body, words] of [
    [{ product: MR.product, reason: 'mua' }, /lý do/],
    [{ product: MR.product, reason: 'sot' }, /hẹn ngày/],
    [{ product: MR.product, reason: 'sot', next: '2026-11-24' }, /sau hôm nay/],
    [{ product: 'x|1', reason: 'sot', next: '2026-11-25' }, /vắc xin/],
  ] as const) {
    const refused = await post('Giang', 'not-given', body);
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(refused.body), words);
  }
  assert.equal((await nurse.call('GET', '/api/programmes/tiem-chung-mo-rong/campaign')).status, 404);
  const other = await world.hire('khac-cd', 'nurse', 'cs-25D02');
  assert.deepEqual(await people('', other), []);
});

test('what is made again from the record is what stood there; after the last day nobody is asked, and the numbers stay', async () => {
  const { kernel } = world.program;
  const rows = async () =>
    (await kernel.pool.query('select * from programmes.not_given order by pt, immunization')).rows;
  const live = await rows();
  assert.equal(live.length, 8, 'of the campaign, and of the routine that gives the same');
  await rebuildProgrammes(kernel);
  await settled();
  assert.deepEqual(await rows(), live);
  world.setNow('2026-11-26T08:00:00+07:00');
  nurse = await world.signIn('dieuduong');
  await lookAgain(kernel);
  const { rows: tasks } = await kernel.pool.query('select from programmes.task where programme = $1', [KEY]);
  assert.equal(tasks.length, 0);
  const over = await read();
  assert.equal(over.state, 'over');
  assert.deepEqual(sums(over), { given: 2, contraindicated: 1, refused: 1, moved: 1, left: 2 });
});

test('a campaign without days, or with the last before the first, or without a dose is refused with its place', async () => {
  const { content } = world.program.kernel;
  const products = productsOf(content.table('vaccines/products'));
  const good = content.json<PlanDefinition>(`programmes/${KEY}/2026-11-01`);
  assert.deepEqual(checkProgramme(good, products), []);
  const [campaign, ...others] = good.extension!;
  const days = [
    { url: 'tu', valueDate: '2026-11-25' },
    { url: 'den', valueDate: '2026-11-20' },
  ];
  const wrong = { ...good, extension: [{ url: campaign!.url, extension: days }, ...others] };
  assert.match(checkProgramme(wrong, products)[0]!.text, /ngày cuối/);
  const { action: _, ...without } = good;
  assert.ok(
    checkProgramme({ ...without, action: [] }, products).some(({ text }) => /chuỗi mũi tiêm/.test(text)),
  );
});

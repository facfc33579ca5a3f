/** What rules say of a person when her record is open: saved vital signs and results speak at once; a reason sets a card aside and stays in the record. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { DetectedIssue } from '../../kernel/fhir/types.ts';
import type { PersonCard } from '../../kernel/person-card.ts';
import { allergyOf, switchOn } from './testing.ts';

type Staff = Awaited<ReturnType<AccessWorld['staff']>>;
let world: AccessWorld;
let doctor: Staff;
let nurse: Staff;
let patient: string;
let encounter: string;
const JSON_BODY = { 'content-type': 'application/json' };

before(async () => {
  world = await openAccessWorld();
  doctor = await world.staff('doctor', 'cs-1');
  nurse = await world.staff('nurse', 'cs-1');
  const { body } = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    gender: 'male',
    birthDate: '1960-05-01',
  });
  patient = body.id;
  const visit = await world.send('POST', '/fhir/Encounter', {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: 'Organization/cs-1' },
    period: { start: new Date(Date.now() - 3_600_000).toISOString() },
  });
  encounter = visit.body.id;
});
after(() => world.stop());

const path = () => `/api/decisions/people/${patient}/cards?encounter=${encounter}`;
const acting = (card: PersonCard, act: string) =>
  `/api/decisions/people/${patient}/cards/${card.id}/${act}?encounter=${encounter}`;

async function shown(by: Staff): Promise<PersonCard[]> {
  const { status, body } = await by.call('GET', path());
  assert.equal(status, 200, JSON.stringify(body));
  return (body as unknown as { cards: PersonCard[] }).cards;
}

const measure = (loinc: string, value: number, unit: string) =>
  world.send('POST', '/fhir/Observation', {
    resourceType: 'Observation',
    status: 'final',
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${encounter}` },
    effectiveDateTime: new Date(Date.now() - 60_000).toISOString(),
    code: { coding: [{ system: cs.loinc, code: loinc }] },
    valueQuantity: { value, unit, system: cs.ucum, code: unit },
  });

test('vital signs that are saved speak to the nurse, with what, why and source', async () => {
  assert.deepEqual(await shown(nurse), []);
  await measure('9279-1', 26, '/min');
  const [card, ...more] = await shown(nurse);
  assert.deepEqual(more, []);
  assert.equal(card!.rule, 'canh-bao-som');
  assert.equal(card!.severity, 'moderate');
  assert.ok(card!.title !== '' && card!.detail !== '' && card!.source.label !== '');
});

test('a result speaks when the record is opened: creatinine and eGFR', async () => {
  await measure('2160-0', 4, 'mg/dL');
  const rules = (await shown(doctor)).map(({ rule }) => rule);
  assert.ok(rules.includes('chuc-nang-than'), rules.join());
});

test('a doctor sets a card aside with a reason of the content; it stays in the record as DetectedIssue, a worse value speaks anew', async () => {
  const news = (await shown(doctor)).find(({ rule }) => rule === 'canh-bao-som')!;
  const refused = await doctor.call('POST', acting(news, 'override'), { reason: 'spaced' }, JSON_BODY);
  assert.equal(refused.status, 422, 'a reason that does not fit');
  const words = await doctor.call('POST', acting(news, 'override'), { reason: 'other' }, JSON_BODY);
  assert.equal(words.status, 422, 'a reason that needs words');
  const reason = { reason: 'monitor', text: 'Đo lại sau 30 phút' };
  assert.equal((await nurse.call('POST', acting(news, 'override'), reason, JSON_BODY)).status, 403);
  const kept = await doctor.call('POST', acting(news, 'override'), reason, JSON_BODY);
  assert.equal(kept.status, 200, JSON.stringify(kept.body));
  const { reference } = kept.body as unknown as { reference: string };
  const issue = (await world.send('GET', `/fhir/${reference}`)).body as unknown as DetectedIssue;
  assert.equal(issue.mitigation![0]!.action!.coding![0]!.code, 'monitor');
  assert.equal(
    issue.mitigation![0]!.action!.text,
    'Sẽ theo dõi sát (lâm sàng hoặc xét nghiệm): Đo lại sau 30 phút',
  );
  assert.ok((await shown(doctor)).every(({ rule }) => rule !== 'canh-bao-som'));
  await measure('59408-5', 85, '%');
  await measure('8480-6', 85, 'mm[Hg]');
  const worse = (await shown(doctor)).find(({ rule }) => rule === 'canh-bao-som');
  assert.equal(worse?.severity, 'high');
});

test('a card brings its pages to open; a SMART app is for systems that launch it', async () => {
  const link = (label: string, url: string, type: string) => ({
    url: 'http://yba.vn/fhir/ext/lien-ket',
    extension: [
      { url: 'label', valueString: label },
      { url: 'url', valueUrl: url },
      { url: 'type', valueCode: type },
    ],
  });
  const stored = await world.send('POST', '/fhir/PlanDefinition', {
    resourceType: 'PlanDefinition',
    url: 'http://yba.vn/fhir/PlanDefinition/dieu-mo',
    version: '1',
    title: 'Diều',
    description: 'Vì sao',
    status: 'active',
    type: { coding: [{ code: 'eca-rule' }] },
    effectivePeriod: { start: '2026-01-01' },
    author: [{ name: 'Câu lạc bộ diều' }],
    relatedArtifact: [{ type: 'citation', label: 'Sổ diều' }],
    action: [
      {
        title: 'Thả diều',
        description: 'Vì sao',
        code: [{ coding: [{ system: cs.alertKind, code: 'tang-truong' }] }],
        trigger: [{ type: 'named-event', name: 'patient-view' }],
        extension: [
          link('Hồ sơ', '/ho-so/{{context.patientId}}', 'absolute'),
          link('Ứng dụng', 'https://dieu.example/launch', 'smart'),
        ],
      },
    ],
  });
  assert.equal(stored.status, 201, JSON.stringify(stored.body));
  await switchOn(world, 'dieu-mo');
  const card = (await shown(doctor)).find(({ rule }) => rule === 'dieu-mo')!;
  assert.deepEqual(card.links, [{ label: 'Hồ sơ', url: `/ho-so/${patient}` }]);
});

test('somebody else’s card, an unknown person and bad ids are told, never a 5xx', async () => {
  const gone = await doctor.call(
    'POST',
    `/api/decisions/people/${patient}/cards/none/override`,
    { reason: 'monitor' },
    JSON_BODY,
  );
  assert.equal(gone.status, 404);
  assert.equal((await doctor.call('GET', '/api/decisions/people/%20/cards')).status, 400);
  assert.ok([403, 404].includes((await doctor.call('GET', '/api/decisions/people/nobody/cards')).status));
});

test('at handing out the lines are judged by the rules of order-dispense; what is signed is not taken out there', async () => {
  const allergy = allergyOf(patient, 'amoxicilin');
  assert.equal((await world.send('POST', '/fhir/AllergyIntolerance', allergy)).status, 201);
  const line = async (code: string, person = patient) =>
    (
      await world.send('POST', '/fhir/MedicationRequest', {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        subject: { reference: `Patient/${person}` },
        encounter: { reference: `Encounter/${encounter}` },
        authoredOn: new Date().toISOString(),
        medicationCodeableConcept: { text: code, coding: [{ system: cs.ingredient, code }] },
      })
    ).body.id as string;
  const [amoxicilin, cetirizin] = [await line('amoxicilin'), await line('cetirizin')];
  const at = (...lines: string[]) => `${path()}&dispensing=${lines.join(',')}`;
  const { body } = await nurse.call('GET', at(amoxicilin, cetirizin));
  const { cards } = body as unknown as { cards: PersonCard[] };
  assert.deepEqual(
    cards.map(({ rule, suggestions }) => [rule, suggestions]),
    [['di-ung', []]],
  );
  assert.ok(
    !(await shown(nurse)).some(({ rule }) => rule === 'di-ung'),
    'an open record asks for other rules',
  );
  const aside = `/api/decisions/people/${patient}/cards/${cards[0]!.id}/override?encounter=${encounter}&dispensing=${amoxicilin},${cetirizin}`;
  assert.equal(
    (await doctor.call('POST', aside, { reason: 'not-allergic', text: 'Đã thử test' }, JSON_BODY)).status,
    200,
  );
  const after = await nurse.call('GET', at(cetirizin, amoxicilin));
  assert.deepEqual(
    (after.body as unknown as { cards: PersonCard[] }).cards,
    [],
    'in whatever order they are named',
  );
  const other = await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', gender: 'female' });
  const stray = await world.send('POST', '/fhir/MedicationRequest', {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${other.body.id}` },
    medicationCodeableConcept: { text: 'x' },
  });
  assert.ok([400, 403, 404].includes((await nurse.call('GET', at(`${stray.body.id}`))).status));
  assert.equal((await nurse.call('GET', at('a b'))).status, 400);
});

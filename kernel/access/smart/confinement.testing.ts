/** An application with a token of one person, beside another person with the like record. */
import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../fhir/testing.ts';
import { Browser } from '../oidc/flow.testing.ts';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';
import { CALLBACK, SmartApp } from './app.testing.ts';

export const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

export interface ConfinedWorld {
  world: AccessWorld;
  app: SmartApp;
  /** The person of the token, and everybody else. */
  own: Person;
  other: Person;
  /** `patient/*.cruds` of the own person. */
  token: string;
  /** A token of the own person. */
  tokenOf(scope: string): Promise<string>;
}

export interface Person {
  patient: string;
  encounter: string;
  laboratory: string;
  vital: string;
  condition: string;
  group: string;
  /** What only this person's resources say. */
  marks: string[];
}

export async function openConfinedWorld(): Promise<ConfinedWorld> {
  const world = await openAccessWorld();
  const { clients, accounts } = world.program.house.access;
  await clients.add({
    id: 'app',
    name: 'Ứng dụng',
    scopes: 'openid launch/patient offline_access patient/*.cruds user/*.cruds',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [CALLBACK],
  });
  await accounts.add({
    id: 'an',
    name: 'An',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });
  const [own, other] = [await personOf(world, 'qxx'), await personOf(world, 'qzz')];
  const browser = new Browser(world.program.address);
  await browser.signIn('an', PASSWORD);
  const app = new SmartApp(world.program.address, browser);
  const tokenOf = async (scope: string) =>
    (await app.enter({ client: 'app', scope }, { patient: own.patient })).access_token;
  const token = await tokenOf('launch/patient patient/*.cruds');
  return { world, app, own, other, token, tokenOf };
}

async function personOf(world: AccessWorld, mark: string): Promise<Person> {
  const { patient, encounter } = await world.arrive('cs-1');
  const create = async (resource: object): Promise<string> => {
    const answer = await world.send(
      'POST',
      `/fhir/${(resource as { resourceType: string }).resourceType}`,
      resource,
    );
    assert.equal(answer.status, 201, answer.text);
    return answer.body.id;
  };
  const subject = { reference: `Patient/${patient}` };
  const observation = (category: string, value: number) => ({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: CATEGORY, code: category }] }],
    code: {
      coding: [{ system: 'http://loinc.org', code: category === 'laboratory' ? '2345-7' : '8867-4' }],
      text: `${mark}-${category}`,
    },
    subject,
    encounter: { reference: `Encounter/${encounter}` },
    effectiveDateTime: '2026-11-20T08:00:00+07:00',
    valueQuantity: { value, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    identifier: [{ system: 'urn:mark', value: mark }],
  });
  await world.send('PUT', `/fhir/Patient/${patient}`, {
    resourceType: 'Patient',
    id: patient,
    name: [{ family: `Nguyễn${mark}`, text: `Nguyễn${mark} Thị` }],
    gender: 'female',
    birthDate: '1990-01-01',
    identifier: [{ system: 'urn:mark', value: mark }],
  });
  const laboratory = await create(observation('laboratory', 5.1));
  const vital = await create(observation('vital-signs', 71));
  const condition = await create({
    resourceType: 'Condition',
    subject,
    encounter: { reference: `Encounter/${encounter}` },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }], text: `${mark}-I10` },
  });
  const group = await create({
    resourceType: 'Group',
    type: 'person',
    actual: true,
    name: `${mark}-group`,
    member: [{ entity: subject }],
  });
  return {
    patient,
    encounter,
    laboratory,
    vital,
    condition,
    group,
    marks: [patient, encounter, laboratory, vital, condition, group, `Nguyễn${mark}`, `${mark}-`],
  };
}

/** Nothing in an answer is the other person's, but what the question itself said. */
export function assertOwn({ other }: ConfinedWorld, answer: HttpAnswer, question: string): void {
  assert.ok(answer.status < 500, `${question}: ${answer.status}`);
  const text = JSON.stringify(answer.body?.entry ?? answer.body ?? answer.text);
  for (const mark of other.marks) {
    if (question.includes(mark) && !text.includes(`"id":"${mark}"`)) continue;
    assert.ok(!text.includes(mark), `${question} shows ${mark}: ${text.slice(0, 300)}`);
  }
}

export const idsOf = ({ body }: HttpAnswer): string[] =>
  (body.entry ?? [])
    .filter((one: { search?: { mode: string } }) => one.search?.mode !== 'outcome')
    .map((one: { resource: { id: string } }) => one.resource.id)
    .sort();

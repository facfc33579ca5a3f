/**
 * What a province's folder says to partners and to the doctor's desk: a profile by which resources are checked at the FHIR door, a topic that
 * others subscribe to, a test that is ordered, resulted and billed. The sting watch's own; nothing of it is in the program.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Read,
  readNotification,
  topicSubscription,
  until,
} from '../../kernel/fhir/subscriptions/subscriber.testing.ts';
import type { OrderView } from '../../modules/clinic/contract.ts';
import { openWorld, orderedBy, seenBy, type World } from '../../modules/clinic/testing.ts';
import { BEES } from './bees.testing.ts';

const CLIENT = { id: 'doi-tac', secret: 'mot bi mat that dai cua doi tac' };
const PROFILE = 'http://yba.vn/fhir/StructureDefinition/so-dan-ong';
const HIVES = { system: 'http://yba.vn/fhir/cs/viec-ong', code: 'so-dan' };
const STINGS = { system: 'http://yba.vn/fhir/cs/viec-ong', code: 'vet-dot' };

let world: World;
let patient: string;
let authorization: string;

before(async () => {
  world = await openWorld([BEES], { client: CLIENT });
  ({ patient } = await world.arrive());
  const answer = await fetch(`${world.program.address}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CLIENT.id}:${CLIENT.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/*.cruds' }),
  });
  authorization = `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
});
after(() => world.stop());

async function fhir(method: string, path: string, body?: object) {
  const answer = await fetch(`${world.program.address}/fhir/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/fhir+json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: text === '' ? {} : JSON.parse(text) };
}

const observed = (coding: object, valueInteger: number, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [coding] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-11-22T08:00:00+07:00',
  valueInteger,
  ...more,
});

test('a profile of the province is offered, and what declares it is checked by it', async () => {
  const metadata = await fhir('GET', 'metadata');
  const offered = metadata.body.rest[0].resource.find(({ type }: { type: string }) => type === 'Observation');
  assert.ok(offered.supportedProfile.includes(PROFILE), offered.supportedProfile);
  const read = await fhir('GET', `StructureDefinition?url=${PROFILE}`);
  assert.equal(read.body.entry[0].resource.title, 'Số đàn ong');
  const declared = { meta: { profile: [PROFILE] } };
  assert.equal((await fhir('POST', 'Observation', observed(HIVES, 12, declared))).status, 201);
  const many = await fhir('POST', 'Observation', observed(HIVES, 501, declared));
  assert.equal(many.status, 422, many.text);
  assert.match(many.text, /Một nhà nuôi từ 0 đến 500 đàn ong/);
  assert.match(many.text, /Observation\.value/);
  const asked = await fhir('POST', `Observation/$validate?profile=${PROFILE}`, observed(HIVES, 501));
  assert.match(asked.text, /Một nhà nuôi từ 0 đến 500 đàn ong/);
  assert.equal(
    (await fhir('POST', 'Observation', observed(HIVES, 501))).status,
    201,
    'who declares nothing is not asked',
  );
});

test('a topic of the province is listed, and tells who subscribes of what it names and of nothing else', async () => {
  const listed = await fhir('GET', 'Basic?code=http://hl7.org/fhir/fhir-types|SubscriptionTopic&_count=50');
  const ids = listed.body.entry.map(({ resource }: { resource: { id: string } }) => resource.id);
  assert.ok(ids.includes('ong-dot') && ids.includes('encounter-end'), ids.join(' '));
  assert.equal(
    (await fhir('PUT', 'Subscription/nghe', topicSubscription('nghe', 'ong-dot', undefined))).status,
    201,
  );
  await until(async () =>
    (await fhir('GET', 'Subscription/nghe')).body.status === 'active' ? true : undefined,
  );
  await fhir('POST', 'Observation', observed(STINGS, 0));
  const three = await fhir('POST', 'Observation', observed(STINGS, 3));
  assert.equal(three.status, 201, three.text);
  await fhir('POST', 'Observation', observed(HIVES, 3));
  await world.program.kernel.events.settled();
  const { told }: Read = readNotification((await fhir('GET', 'Subscription/nghe/$events')).text);
  assert.deepEqual(
    told.map(({ focus }) => focus),
    [`Observation/${three.body.id}`],
  );
});

test('a test of the province is ordered, judged by its own limits and billed at its own price', async () => {
  const doctor = await world.signIn('bacsi');
  const lists = await doctor.call<{ services: { code: string; name: string }[] }>('GET', '/api/clinic/lists');
  assert.ok(
    lists.body.services.some(({ code, name }) => code === 'ONG.01' && name === 'IgE đặc hiệu nọc ong'),
  );
  const { at } = await seenBy(doctor, world);
  const { orders } = await orderedBy(doctor, at, 'ONG.01');
  const [order] = orders;
  assert.deepEqual(
    order!.tests.map(({ key, unit, range }) => [key, unit, range]),
    [['IGE_ONG', 'kU/L', '0 – 0,35']],
  );
  const body = { order: order!.id, results: [{ key: 'IGE_ONG', value: 120 }] };
  const told = await doctor.call<{ order: OrderView }>('POST', `${at}/results`, body, {
    ifMatch: order!.version,
  });
  assert.deepEqual(told.body.order.tests[0]!.result, { value: '120', flag: 'HH', words: 'cao nguy kịch' });
  const charges = await doctor.call<{ lines: { name: string; total: number }[] }>('GET', `${at}/charges`);
  const line = charges.body.lines.find(({ name }) => name === 'IgE đặc hiệu nọc ong');
  assert.equal(line?.total, 90_000, JSON.stringify(charges.body));
});

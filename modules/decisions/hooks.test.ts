/** CDS Hooks 2.0 at `/cds-services`, clause by clause, over HTTP. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { generateKeyPair, SignJWT } from 'jose';
import { cs } from '../../kernel/fhir/systems.ts';
import { allergyOf, draftOf, type HookWorld, openHookWorld, serviceOf } from './testing.ts';

let world: HookWorld;
let patient: string;
let post: HookWorld['post'];

before(async () => {
  world = await openHookWorld();
  ({ patient, post } = world);
  await world.send('POST', '/fhir/AllergyIntolerance', allergyOf(patient, 'amoxicilin'));
});
after(() => world.stop());

const SIGN = serviceOf('order-sign');

const ask = (more: Record<string, unknown> = {}, context: Record<string, unknown> = {}) => ({
  hook: 'order-sign',
  hookInstance: randomUUID(),
  context: {
    userId: 'Practitioner/x',
    patientId: patient,
    draftOrders: { resourceType: 'Bundle', type: 'collection', entry: [draftOf(patient, 'ampicilin')] },
    ...context,
  },
  ...more,
});

const signed = (...more: [Record<string, unknown>?, HookWorld['keys']['privateKey']?]) =>
  world.signed('order-sign', ...more);

const wholePrefetch = () =>
  world.prefetch('order-sign', {
    allergyIntolerance: {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [{ resource: allergyOf(patient, 'amoxicilin') }],
    },
  });

test('discovery is open, from any origin: a service for each hook, with prefetch templates', async () => {
  const answer = await fetch(`${world.program.address}/cds-services`, {
    headers: { origin: 'https://sandbox.example' },
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const { services } = (await answer.json()) as {
    services: {
      id: string;
      hook: string;
      title: string;
      description: string;
      prefetch: Record<string, string>;
    }[];
  };
  assert.deepEqual(
    services.map(({ hook }) => hook),
    ['patient-view', 'order-select', 'order-sign', 'order-dispense', 'encounter-start'],
  );
  const sign = services.find(({ id }) => id === 'yba-order-sign')!;
  assert.equal(sign.prefetch.patient, 'Patient/{{context.patientId}}');
  assert.equal(sign.prefetch.allergyIntolerance, 'AllergyIntolerance?patient={{context.patientId}}');
  for (const { id, description, title } of services) assert.ok(id && description && title);
});

test('with a token of ours what is not sent is read from the record with the sight of who calls', async () => {
  const { status, body } = await post(SIGN, ask());
  assert.equal(status, 200);
  const card = body.cards.find((one) => one.source.topic.code === 'di-ung')!;
  assert.match(card.summary, /dị ứng chéo/);
  assert.ok(card.summary.length < 140);
  assert.equal(card.indicator, 'critical');
  assert.match(card.uuid, /^[0-9a-f-]{36}$/);
  assert.ok(card.overrideReasons!.some((one) => one.code === 'not-allergic'));
  assert.ok(card.source.label);
  assert.equal(card.selectionBehavior, 'any');
  assert.deepEqual(card.links, [
    {
      label: 'Xem tiền sử dị ứng trong hồ sơ',
      url: `${world.program.address}/ho-so/${patient}`,
      type: 'absolute',
    },
  ]);
  assert.deepEqual(card.suggestions[0]!.actions[0], {
    type: 'delete',
    description: card.suggestions[0]!.label,
    resourceId: 'MedicationRequest/draft1',
  });
});

test('a client that signs its own tokens sends everything along; what is missing is 412 with its names', async () => {
  const whole = await post(SIGN, ask({ prefetch: await wholePrefetch() }), {
    authorization: `Bearer ${await signed()}`,
  });
  assert.equal(whole.status, 200, JSON.stringify(whole.body));
  assert.ok(whole.body.cards.some((one) => one.source.topic.code === 'di-ung'));
  const none = await post(SIGN, ask(), { authorization: `Bearer ${await signed()}` });
  assert.equal(none.status, 412);
  assert.ok(none.body.error.details.missing.includes('allergyIntolerance'));
  const { allergyIntolerance: _, ...some } = await wholePrefetch();
  const partly = await post(SIGN, ask({ prefetch: some }), { authorization: `Bearer ${await signed()}` });
  assert.deepEqual(partly.body.error.details.missing, ['allergyIntolerance']);
});

test('what the client failed to fetch, and a page with a next one, count as missing', async () => {
  const whole = await wholePrefetch();
  for (const broken of [
    { resourceType: 'OperationOutcome', issue: [] },
    { resourceType: 'Bundle', type: 'searchset', link: [{ relation: 'next', url: 'x' }], entry: [] },
  ]) {
    const answer = await post(SIGN, ask({ prefetch: { ...whole, condition: broken } }), {
      authorization: `Bearer ${await signed()}`,
    });
    assert.deepEqual(answer.body.error.details.missing, ['condition']);
  }
});

test('fhirAuthorization: a token of this server, for this server, is the sight that reads', async () => {
  const authorization = {
    access_token: world.bearer,
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'user/*.rs',
    subject: 'cds',
  };
  const here = await post(
    SIGN,
    ask({ fhirServer: `${world.program.address}/fhir`, fhirAuthorization: authorization }),
    { authorization: `Bearer ${await signed()}` },
  );
  assert.equal(here.status, 200, JSON.stringify(here.body));
  const there = await post(
    SIGN,
    ask({ fhirServer: 'https://other.example/fhir', fhirAuthorization: authorization }),
    { authorization: `Bearer ${await signed()}` },
  );
  assert.equal(there.status, 412);
  const without = await post(SIGN, ask({ fhirAuthorization: authorization }));
  assert.equal(without.status, 400);
  assert.equal(without.body.error.issues[0]!.expression, 'fhirServer');
});

test('tokens of clients: signed by a known key, for this address, once, not for long', async () => {
  const body = ask({ prefetch: await wholePrefetch() });
  const status = async (jwt: string) =>
    (await post(SIGN, { ...body, hookInstance: randomUUID() }, { authorization: `Bearer ${jwt}` })).status;
  const stranger = await generateKeyPair('ES384');
  assert.equal(await status(await signed({}, stranger.privateKey)), 401);
  assert.equal(await status(await signed({ iss: 'https://nobody.example' })), 401);
  assert.equal(await status(await signed({ aud: 'https://other.example/cds-services/yba-order-sign' })), 401);
  assert.equal(
    await status(await signed({ aud: `${world.program.address}/cds-services/yba-patient-view` })),
    401,
  );
  const now = Math.floor(Date.now() / 1000);
  assert.equal(await status(await signed({ exp: now - 120 })), 401);
  assert.equal(await status(await signed({ exp: now + 90_000 })), 401);
  assert.equal(await status(await signed({ jti: undefined })), 401);
  const secret = new TextEncoder().encode('a secret that both sides would know, long enough for HS256');
  const symmetric = await new SignJWT({
    iss: 'ehr.example',
    aud: `${world.program.address}${SIGN}`,
    iat: now,
    exp: now + 60,
    jti: 'x',
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(secret);
  assert.equal(await status(symmetric), 401);
  assert.equal(await status('nonsense'), 401);
  const once = await signed();
  assert.equal(await status(once), 200);
  assert.equal(await status(once), 401);
  assert.equal((await post(SIGN, body, {})).status, 401);
});

test('bad calls are refused with their place: unknown service, other hook, missing context, somebody else in the prefetch', async () => {
  assert.equal((await post('/cds-services/none', ask())).status, 404);
  const at = async (body: unknown) => {
    const { status, body: told } = await post(SIGN, body);
    assert.equal(status, 400, JSON.stringify(told));
    assert.match(told.error.text, /[à-ỹ]/i);
    return told.error.issues[0]!.expression;
  };
  assert.equal(await at(ask({ hook: 'patient-view' })), 'hook');
  assert.equal(await at(ask({ hookInstance: 'x' })), 'hookInstance');
  assert.equal(await at(ask({ context: undefined })), 'context');
  assert.equal(await at(ask({}, { patientId: undefined })), 'context.patientId');
  assert.equal(await at(ask({}, { userId: 5 })), 'context.userId');
  assert.equal(await at(ask({}, { draftOrders: undefined })), 'context.draftOrders');
  assert.equal(
    await at(ask({}, { draftOrders: { resourceType: 'Bundle', entry: [null] } })),
    'context.draftOrders.entry[0].resource',
  );
  assert.equal(
    await at(ask({ prefetch: { patient: { resourceType: 'Patient', id: 'other' } } })),
    'prefetch.patient',
  );
  assert.equal(await at(ask({ prefetch: { condition: 5 } })), 'prefetch.condition');
  assert.equal(await at([]), 'body');
  assert.equal(await at(ask({ fhirServer: 'ở đây' })), 'fhirServer');
  const nulls = { prefetch: null, fhirServer: null, fhirAuthorization: null, extension: { 'vn.thu': 1 } };
  assert.equal((await post(SIGN, ask(nulls, { encounterId: null }))).status, 200);
});

test('garbage among what is sent costs the rules that it breaks alone: status 200, and the allergy is told', async () => {
  const garbage = {
    ...(await wholePrefetch()),
    condition: { resourceType: 'Condition', code: 'no concept', clinicalStatus: [5] },
    observation: {
      resourceType: 'Observation',
      code: 7,
      component: 'x',
      status: 'final',
      effectiveDateTime: 9,
    },
  };
  const { status, body } = await post(SIGN, ask({ prefetch: garbage }));
  assert.equal(status, 200);
  assert.ok(body.cards.some((one) => one.source.topic.code === 'di-ung'));
});

test('feedback: outcomes are kept by the uuid of the card; unknown cards and bad bodies are told', async () => {
  const { body } = await post(SIGN, ask());
  const { uuid, suggestions } = body.cards.find((one) => one.source.topic.code === 'di-ung')!;
  const outcomeTimestamp = new Date().toISOString();
  const at = `${SIGN}/feedback`;
  const override = {
    card: uuid,
    outcome: 'overridden',
    overrideReason: { reason: { system: cs.overrideReason, code: 'monitor' }, userComment: 'x' },
    outcomeTimestamp,
  };
  assert.equal((await post(at, { feedback: [override] })).status, 200);
  const kept = await world.program.kernel.pool.query(
    'select outcome, reason, rule from decisions.card where id = $1',
    [uuid],
  );
  assert.deepEqual(kept.rows, [{ outcome: 'overridden', reason: 'monitor', rule: 'di-ung' }]);
  const accepted = {
    card: uuid,
    outcome: 'accepted',
    acceptedSuggestions: [{ id: suggestions[0]!.uuid }],
    outcomeTimestamp,
  };
  assert.equal((await post(at, { feedback: [accepted] })).status, 200);
  assert.equal((await post(at, { feedback: [{ ...accepted, acceptedSuggestions: undefined }] })).status, 400);
  assert.equal((await post(at, { feedback: [{ ...override, card: randomUUID() }] })).status, 404);
  assert.equal((await post(at, {})).status, 400);
  assert.equal((await post(at, { feedback: [override] }, {})).status, 401);
});

test('CORS: services answer origins of registered clients alone', async () => {
  const preflight = await fetch(`${world.program.address}${SIGN}`, {
    method: 'OPTIONS',
    headers: { origin: 'https://unknown.example', 'access-control-request-method': 'POST' },
  });
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
  await world.program.house.access.clients.add({
    id: 'browser.example',
    name: 'Bệnh án trên web',
    scopes: 'launch user/*.rs',
    grants: ['authorization_code'],
    redirectUris: ['https://ehr-web.example/back'],
  });
  world.setNow(new Date(Date.now() + 120_000).toISOString());
  const origin = 'https://ehr-web.example';
  const asked = await fetch(`${world.program.address}${SIGN}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type',
    },
  });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get('access-control-allow-origin'), origin);
  assert.match(asked.headers.get('access-control-allow-headers')!, /authorization.*content-type/);
  const called = await post(SIGN, ask(), {
    authorization: `Bearer ${world.bearer}`,
    origin,
    'sec-fetch-site': 'cross-site',
  });
  assert.equal(called.status, 200);
  assert.equal(called.headers.get('access-control-allow-origin'), origin);
  assert.equal(called.headers.get('access-control-allow-credentials'), null);
});

test('what is chosen is one of the drafts, and a draft of somebody else is refused', async () => {
  const select = (selections: unknown, entry = [draftOf(patient, 'ampicilin')]) =>
    world.ask('order-select', {
      context: {
        userId: 'Practitioner/x',
        patientId: patient,
        selections,
        draftOrders: { resourceType: 'Bundle', type: 'collection', entry },
      },
    });
  assert.equal((await select(['MedicationRequest/draft1'])).status, 200);
  assert.equal((await select(['draft1'])).status, 200);
  const at = ({ status, body }: Awaited<ReturnType<typeof select>>) =>
    `${status} ${body.error?.issues[0]?.expression}`;
  assert.equal(at(await select(['MedicationRequest/other'])), '400 context.selections[0]');
  assert.equal(at(await select(undefined)), '400 context.selections');
  assert.equal(
    at(await select(['draft1'], [draftOf('somebody-else', 'ampicilin')])),
    '400 context.draftOrders.entry[0].resource.subject',
  );
  const elsewhere = draftOf(patient, 'ampicilin', {
    subject: { reference: `https://bv.example/fhir/Patient/${patient}` },
  });
  assert.equal((await select(['draft1'], [elsewhere])).status, 200);
});

test('silent rules show nothing', async () => {
  const context = {
    draftOrders: { resourceType: 'Bundle', type: 'collection', entry: [draftOf(patient, 'carbamazepin')] },
  };
  const { body } = await post(SIGN, ask({}, context));
  assert.deepEqual(
    body.cards.filter((one) => one.source.topic.code === 'hla-truoc-thuoc'),
    [],
  );
});

test('of thousands of measurements those that rules ask for are read, also as parts of a panel', async () => {
  const { body } = (await world.send('GET', '/cds-services')) as unknown as {
    body: { services: { id: string; prefetch: Record<string, string> }[] };
  };
  const { prefetch } = body.services.find(({ id }) => id === 'yba-patient-view')!;
  assert.match(prefetch.observation!, /^Observation\?combo-code=http:\/\/loinc\.org\|/);
  assert.match(prefetch.observation!, /&patient=\{\{context\.patientId\}\}$/);
  const sick = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    gender: 'male',
    birthDate: '1970-05-01',
  });
  await world.send('POST', '/fhir/Observation', {
    resourceType: 'Observation',
    status: 'final',
    subject: { reference: `Patient/${sick.body.id}` },
    effectiveDateTime: new Date(Date.now() - 60_000).toISOString(),
    code: { coding: [{ system: 'http://loinc.org', code: '85353-1' }] },
    component: [
      {
        code: { coding: [{ system: 'http://loinc.org', code: '9279-1' }] },
        valueQuantity: { value: 26, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
      },
    ],
  });
  const answer = await post('/cds-services/yba-patient-view', {
    hook: 'patient-view',
    hookInstance: randomUUID(),
    context: { userId: 'Practitioner/x', patientId: sick.body.id },
  });
  assert.deepEqual(
    answer.body.cards.map(({ source, indicator }) => `${source.topic.code} ${indicator}`),
    ['canh-bao-som warning'],
  );
});

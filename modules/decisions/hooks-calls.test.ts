/** CDS Hooks 2.0, calls that are not as the specification says, each with its place: who is at the screen, the token that is handed on, the body itself. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { draftOf, type HookWorld, openHookWorld, serviceOf } from './testing.ts';

let world: HookWorld;
let patient: string;

before(async () => {
  world = await openHookWorld();
  ({ patient } = world);
});
after(() => world.stop());

const call = async (more: object, context: object = {}) => {
  const entry = [draftOf(patient, 'ampicilin')];
  const { status, body } = await world.ask('order-sign', {
    context: {
      userId: 'Practitioner/x',
      patientId: patient,
      draftOrders: { resourceType: 'Bundle', entry },
      ...context,
    },
    ...more,
  });
  return status === 200 ? '200' : `${status} ${body.error.issues[0]?.expression ?? ''}`;
};

test('userId is type and id of who is at the screen', async () => {
  for (const userId of ['Practitioner/x', 'PractitionerRole/a-1.b', 'Patient/x', 'RelatedPerson/x'])
    assert.equal(await call({}, { userId }), '200');
  for (const userId of [
    'x',
    'Practitioner',
    'Practitioner/',
    'Organization/x',
    'Practitioner/x y',
    'Practitioner/x/y',
    '',
    7,
    ['Practitioner/x'],
    null,
  ])
    assert.equal(await call({}, { userId }), '400 context.userId', String(userId));
});

test('fhirAuthorization: each of its fields, and a token for another person', async () => {
  const fhirServer = `${world.program.address}/fhir`;
  const whole = {
    access_token: world.bearer,
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'user/*.rs',
    subject: 'cds',
  };
  const at = (change: object) => call({ fhirServer, fhirAuthorization: { ...whole, ...change } });
  assert.equal(await at({}), '200');
  assert.equal(await at({ patient }), '200');
  assert.equal(await at({ patient: null, token_type: 'bearer' }), '200');
  assert.equal(await at({ patient: 'ai-khac' }), '400 fhirAuthorization.patient');
  assert.equal(await at({ access_token: undefined }), '400 fhirAuthorization.access_token');
  assert.equal(await at({ access_token: '' }), '400 fhirAuthorization.access_token');
  assert.equal(await at({ token_type: 'MAC' }), '400 fhirAuthorization.token_type');
  for (const expires_in of [0, -1, 1.5, '300'])
    assert.equal(await at({ expires_in }), '400 fhirAuthorization.expires_in');
  assert.equal(await at({ scope: 5 }), '400 fhirAuthorization.scope');
  assert.equal(await at({ subject: {} }), '400 fhirAuthorization.subject');
  assert.equal(await call({ fhirServer, fhirAuthorization: 'token' }), '400 fhirAuthorization');
  assert.equal(await call({ fhirAuthorization: whole }), '400 fhirServer');
});

test('a body that is no JSON, of another media type, or no object; a service or its feedback that is not there', async () => {
  const send = async (path: string, body: string, type = 'application/json', method = 'POST') => {
    const answer = await fetch(`${world.program.address}${path}`, {
      method,
      headers: { authorization: `Bearer ${world.bearer}`, 'content-type': type },
      ...(method === 'GET' ? {} : { body }),
    });
    const text = await answer.text();
    return { status: answer.status, told: text };
  };
  const service = serviceOf('order-sign');
  const broken = await send(service, '{"hook":');
  assert.equal(broken.status, 400);
  assert.match(broken.told, /[à-ỹ]/i);
  for (const body of ['null', '5', '"x"', '[]']) assert.equal((await send(service, body)).status, 400, body);
  assert.equal((await send(service, '<hook/>', 'application/xml')).status, 415);
  const feedback = JSON.stringify({
    feedback: [{ card: randomUUID(), outcome: 'overridden', outcomeTimestamp: '2026-11-20T08:00:00Z' }],
  });
  assert.equal((await send('/cds-services/yba-none/feedback', feedback)).status, 404);
  assert.equal((await send(`${service}/feedback`, feedback)).status, 404, 'nobody was shown this card');
  assert.equal((await send(service, '', 'application/json', 'GET')).status, 404);
});

test('feedback: every shape that is wrong is told with its place, and nothing of it is kept', async () => {
  const { body } = await world.ask('order-sign', {
    context: {
      userId: 'Practitioner/x',
      patientId: patient,
      draftOrders: {
        resourceType: 'Bundle',
        entry: [draftOf(patient, 'simvastatin'), draftOf(patient, 'voriconazol', { id: 'draft2' })],
      },
    },
  });
  const [card] = body.cards;
  assert.ok(card);
  const right = { card: card.uuid, outcome: 'overridden', outcomeTimestamp: new Date().toISOString() };
  const at = async (feedback: unknown) => {
    const answer = await world.post(`${serviceOf('order-sign')}/feedback`, { feedback });
    return answer.status === 200
      ? '200'
      : `${answer.status} ${answer.body.error.issues[0]?.expression ?? ''}`;
  };
  const kept = async () =>
    (
      await world.program.kernel.pool.query('select outcome, reason from decisions.card where id = $1', [
        card.uuid,
      ])
    ).rows[0];
  const before = await kept();
  const wrong: [change: object, place: string][] = [
    [{ card: 'x' }, 'feedback[0].card'],
    [{ card: undefined }, 'feedback[0].card'],
    [{ outcome: 'ignored' }, 'feedback[0].outcome'],
    [{ outcome: undefined }, 'feedback[0].outcome'],
    [{ outcomeTimestamp: undefined }, 'feedback[0].outcomeTimestamp'],
    [{ outcomeTimestamp: 'hôm qua' }, 'feedback[0].outcomeTimestamp'],
    [{ outcome: 'accepted' }, 'feedback[0].acceptedSuggestions'],
    [{ outcome: 'accepted', acceptedSuggestions: [] }, 'feedback[0].acceptedSuggestions'],
    [{ outcome: 'accepted', acceptedSuggestions: [{ id: 5 }] }, 'feedback[0].acceptedSuggestions'],
    [{ overrideReason: { reason: {} } }, 'feedback[0].overrideReason.reason'],
    [{ overrideReason: { reason: { code: 'x'.repeat(101) } } }, 'feedback[0].overrideReason.reason'],
  ];
  for (const [change, place] of wrong) assert.equal(await at([{ ...right, ...change }]), `400 ${place}`);
  assert.equal(await at([null]), '400 feedback[0].card');
  for (const none of [undefined, [], {}, 'x']) assert.equal(await at(none), '400 feedback');
  assert.equal(await at(Array.from({ length: 201 }, () => right)), '400 feedback');
  assert.equal(await at([right, { ...right, outcome: 'x' }]), '400 feedback[1].outcome');
  assert.deepEqual(await kept(), before);
  assert.equal(
    await at([{ ...right, overrideReason: { userComment: 'lời của ai đó' } }]),
    '200',
    'words alone are enough',
  );
  assert.deepEqual(await kept(), { outcome: 'overridden', reason: null });
});

test('every card of every kind is as the specification says', async () => {
  const { body } = await world.ask('order-sign', {
    context: {
      userId: 'Practitioner/x',
      patientId: patient,
      draftOrders: {
        resourceType: 'Bundle',
        entry: [draftOf(patient, 'simvastatin'), draftOf(patient, 'voriconazol', { id: 'draft2' })],
      },
    },
  });
  assert.ok(body.cards.length > 0);
  for (const card of body.cards as unknown as Record<string, never>[]) {
    const {
      uuid,
      summary,
      indicator,
      source,
      selectionBehavior,
      suggestions = [],
      links = [],
      overrideReasons = [],
    } = card as unknown as {
      uuid: string;
      summary: string;
      indicator: string;
      source: { label: string; url?: string; topic: { code: string; system: string } };
      selectionBehavior?: string;
      suggestions?: {
        label: string;
        uuid: string;
        actions: { type: string; description: string; resourceId?: string }[];
      }[];
      links?: { label: string; url: string; type: string; appContext?: string }[];
      overrideReasons?: { code: string; display: string; system: string }[];
    };
    assert.match(uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.ok(summary.length > 0 && summary.length < 140);
    assert.ok(['info', 'warning', 'critical'].includes(indicator));
    assert.ok(source.label && source.topic.code && URL.canParse(source.topic.system));
    assert.ok(source.url === undefined || URL.canParse(source.url));
    assert.equal(suggestions.length > 0, selectionBehavior !== undefined);
    for (const { label, uuid: id, actions } of suggestions) {
      assert.ok(label && id && actions.length > 0);
      for (const action of actions) {
        assert.ok(['create', 'update', 'delete'].includes(action.type) && action.description);
        if (action.type === 'delete') assert.match(action.resourceId!, /^MedicationRequest\/draft[12]$/);
      }
    }
    for (const { label, url, type, appContext } of links) {
      assert.ok(label && URL.canParse(url) && ['absolute', 'smart'].includes(type));
      assert.ok(type === 'smart' || appContext === undefined);
    }
    for (const { code, display, system } of overrideReasons) assert.ok(code && display && system);
  }
});

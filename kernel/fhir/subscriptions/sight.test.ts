/** What a subscriber is told is what that subscriber may see when it is told: by scope, by policy, by the person's consent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import {
  openSubscriber,
  readNotification,
  type Subscriber,
  topicSubscription,
  until,
} from './subscriber.testing.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 100_000);
let peer: Subscriber;
let world: FhirWorld;
/** The same program without what the narrow client may not see. */
let empty: FhirWorld;

before(async () => {
  peer = await openSubscriber();
  const open = () => openFhirWorld({ peers: [peer.host] }, { notificationPauses: [1_500, 1_500] });
  world = await open();
  empty = await open();
  for (const one of [world, empty]) await put(one, { resourceType: 'Patient', id: 'lan' });
});
after(async () => {
  peer.stop();
  await world?.stop();
  await empty?.stop();
});

type Written = { resourceType: string; id: string };

async function put(at: FhirWorld, resource: Written, headers?: Record<string, string>): Promise<void> {
  const path = `/fhir/${resource.resourceType}/${resource.id}`;
  const answer = headers
    ? await at.bare('PUT', path, resource, headers)
    : await at.send('PUT', path, resource);
  assert.ok([200, 201].includes(answer.status), answer.text);
}

const visit = (id: string, code: string, status = 'finished') => ({
  resourceType: 'Encounter',
  id,
  status,
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code },
  subject: { reference: 'Patient/lan' },
});

/** A client with these scopes, and the header that is its proof. */
async function client(at: FhirWorld, id: string, scopes: string): Promise<Record<string, string>> {
  await at.program.house.access.clients.add({ id, name: id, secret: `secret-of-${id}-1`, scopes });
  const basic = Buffer.from(`${id}:secret-of-${id}-1`).toString('base64');
  const grant = await fetch(`${at.program.address}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${basic}` },
  });
  const { access_token: token } = (await grant.json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}

const setScopes = (id: string, scopes: string) =>
  world.program.house.kernel.pool.query('update access.client set scopes = $2 where id = $1', [id, scopes]);

const find = async (id: string, at = world) => (await at.send('GET', `/fhir/Subscription/${id}`)).body;
const isStatus = (id: string, status: string, at = world) =>
  until(async () => ((await find(id, at)).status === status ? true : undefined), `${id} is not ${status}`);
const wanted = (id: string, wish = {}) =>
  topicSubscription(id, 'encounter-end', `http://${peer.host}/${id}`, wish);
const told = (id: string) => peer.at(`/${id}`).map(({ body }) => readNotification(body));
const events = (id: string) => told(id).filter(({ type }) => type === 'event-notification');

const NARROW = 'system/Subscription.cruds system/Patient.rs system/Encounter.rs?class=AMB';

test('criteria do not ask in the subscriber’s name what the subscriber may not ask: chains, _has, _filter', async () => {
  const only = await client(world, 'chi-luot', 'system/Subscription.cruds system/Encounter.rs');
  const criteria = [
    'Encounter?_has:Condition:encounter:code=B20.1',
    'Encounter?subject:Patient.name=Lan',
    'Encounter?diagnosis:Condition.code=B20.1',
  ];
  for (const one of criteria) {
    const channel = { type: 'rest-hook', endpoint: `http://${peer.host}/do` };
    const asked = {
      resourceType: 'Subscription',
      id: 'do',
      status: 'requested',
      reason: 'x',
      criteria: one,
      channel,
    };
    assert.equal((await world.bare('PUT', '/fhir/Subscription/do', asked, only)).status, 403, one);
  }
  assert.equal(peer.at('/do').length, 0);
});

test(`what is not seen has no event, no number and no count: as in a world without it (seed ${SEED})`, async () => {
  let state = SEED;
  const random = () => {
    state = (state * 48271 + 11) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (const at of [world, empty]) {
    const own = await client(at, 'hep', NARROW);
    const id = at === world ? 'hep-1' : 'hep-2';
    await put(at, wanted(id, { content: 'full-resource', maxCount: 3 }), own);
    await isStatus(id, 'active', at);
  }
  let visible = 0;
  for (let n = 0; n < 24; n++) {
    const code = ['AMB', 'IMP', 'EMER'][Math.floor(random() * 3)]!;
    if (code === 'AMB') {
      await put(empty, visit(`v${n}`, code));
      visible += 1;
    }
    await put(world, visit(`v${n}`, code));
  }
  const read = (id: string) =>
    events(id).flatMap(({ told: several, entries }) =>
      several.map(({ number, focus, context }) => ({
        number,
        focus,
        context,
        body: entries.filter(({ url }) => url === focus).map(({ resource }) => ({ ...resource, meta: null })),
      })),
    );
  await until(() => (read('hep-1').length >= visible && read('hep-2').length >= visible ? true : undefined));
  assert.deepEqual(read('hep-1'), read('hep-2'));
  const counted = async (at: FhirWorld, id: string) => {
    const { body } = await at.send('GET', `/fhir/Subscription/${id}/$status`);
    return JSON.stringify(body.entry[0].resource.parameter).match(/"events-since[^}]*/)?.[0];
  };
  assert.equal(await counted(world, 'hep-1'), await counted(empty, 'hep-2'));
  assert.equal(Math.max(...events('hep-1').map((one) => one.events)), visible);
});

test('another who sees less than everything hears nothing of it, not even how many', async () => {
  const other = await client(world, 'ke-khac', NARROW);
  for (const path of ['$status', '$events'])
    assert.equal(
      (await world.bare('GET', `/fhir/Subscription/hep-1/${path}`, undefined, other)).status,
      403,
      path,
    );
  const all = await world.bare('GET', '/fhir/Subscription/$status', undefined, other);
  assert.deepEqual([all.status, all.body.total], [200, 0]);
  const own = await world.bare('GET', '/fhir/Subscription/hep-1/$status', undefined, await tokenOf('hep'));
  assert.equal(own.status, 200, own.text);
});

async function tokenOf(id: string): Promise<Record<string, string>> {
  const basic = Buffer.from(`${id}:secret-of-${id}-1`).toString('base64');
  const grant = await fetch(`${world.program.address}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${basic}` },
  });
  return { authorization: `Bearer ${((await grant.json()) as { access_token: string }).access_token}` };
}

test('what was seen when it happened and is not any more when it is told: the number alone, then and in $events', async () => {
  const own = await client(
    world,
    'bi-thu',
    'system/Subscription.cruds system/Patient.rs system/Encounter.rs',
  );
  await put(world, wanted('bi-thu', { content: 'full-resource' }), own);
  await isStatus('bi-thu', 'active');
  peer.answer('/bi-thu', 500);
  await put(world, visit('noi-tru', 'IMP'));
  await until(() => (events('bi-thu').length > 0 ? true : undefined));
  peer.calls.length = 0;
  await setScopes('bi-thu', NARROW);
  await put(world, visit('ngoai-tru', 'AMB'));
  const [hidden, seen] = await until(() => (events('bi-thu').length >= 2 ? events('bi-thu') : undefined));
  assert.deepEqual(hidden!.told, [{ number: 1, context: [] }]);
  assert.deepEqual(hidden!.entries, []);
  assert.deepEqual([seen!.told[0]!.number, seen!.told[0]!.focus], [2, 'Encounter/ngoai-tru']);
  const past = await world.bare(
    'GET',
    '/fhir/Subscription/bi-thu/$events',
    undefined,
    await tokenOf('bi-thu'),
  );
  assert.ok(past.text.includes('ngoai-tru') && !past.text.includes('noi-tru'), past.text);
});

test('R4’s own: what is not seen any more is not put, and holds back nothing', async () => {
  const own = await client(world, 'r4', 'system/Subscription.cruds system/Encounter.rs');
  const channel = { type: 'rest-hook', endpoint: `http://${peer.host}/r4`, payload: 'application/fhir+json' };
  const asked = {
    resourceType: 'Subscription',
    id: 'r4',
    status: 'requested',
    reason: 'x',
    criteria: 'Encounter',
    channel,
  };
  await put(world, asked, own);
  await isStatus('r4', 'active');
  peer.answer('/r4/Encounter/r4-noi', 500);
  await put(world, visit('r4-noi', 'IMP'));
  await until(() => (peer.at('/r4/Encounter/r4-noi').length > 0 ? true : undefined));
  await setScopes('r4', 'system/Subscription.cruds system/Encounter.rs?class=AMB');
  await put(world, visit('r4-ngoai', 'AMB'));
  await until(() => (peer.at('/r4/Encounter/r4-ngoai').length > 0 ? true : undefined));
  assert.equal(peer.at('/r4/Encounter/r4-noi').length, 1, 'only the try of before');
});

test('a person’s restriction holds for what waits: nothing of it is told to whom it names', async () => {
  const { accounts } = world.program.house.access;
  await put(world, { resourceType: 'Organization', id: 'cs-1', name: 'Trạm' } as Written);
  await accounts.add({
    id: 'bs.cs-1',
    name: 'Bác sĩ',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: null,
    password: 'Mật khẩu thử 2026!',
  });
  await put(world, {
    ...visit('o-day', 'AMB', 'in-progress'),
    serviceProvider: { reference: 'Organization/cs-1' },
  } as Written);
  await put(world, wanted('bac-si'));
  await isStatus('bac-si', 'active');
  peer.answer('/bac-si', 500);
  await put(world, visit('noi-khac', 'AMB'));
  await until(() => (events('bac-si').length > 0 ? true : undefined));
  peer.calls.length = 0;
  // A role that may write Subscriptions is content; here the doctor stands behind one by hand.
  await world.program.house.kernel.pool.query(
    `update subscription_state set owner = 'bs.cs-1' where subscription = 'bac-si'`,
  );
  await put(world, {
    resourceType: 'Consent',
    id: 'cam',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: 'Patient/lan' },
    policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
    provision: {
      type: 'deny',
      actor: [
        {
          role: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'PRCP' }],
          },
          reference: { reference: 'Organization/cs-1' },
        },
      ],
    },
  } as Written);
  const [next] = await until(() => (events('bac-si').length > 0 ? events('bac-si') : undefined));
  assert.ok(
    next!.told.every(({ focus }) => focus === undefined),
    JSON.stringify(next),
  );
});

test('a client that was closed is told nothing from then on, and the operator is told why', async () => {
  const own = await client(world, 'dong', NARROW);
  await put(world, wanted('dong'), own);
  await isStatus('dong', 'active');
  peer.answer('/dong', 500);
  await put(world, visit('truoc', 'AMB'));
  await until(() => (events('dong').length > 0 ? true : undefined));
  await world.program.house.access.clients.setActive('dong', false);
  const sent = peer.at('/dong').length;
  await isStatus('dong', 'error');
  await put(world, visit('sau', 'AMB'));
  await world.program.house.kernel.events.settled();
  assert.ok(peer.at('/dong').length <= sent + 1, 'a call that was under way may end');
  const { DeadLetters } = await import('./dead-letters.ts');
  const { Outbox } = await import('./outbox.ts');
  const { kernel } = world.program.house;
  const lines = await new DeadLetters(kernel.gate.system('test'), new Outbox(kernel.pool)).list();
  assert.match(lines.find(({ id }) => id === 'dong')!.error!, /was closed/);
});

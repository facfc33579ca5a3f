/** Systems of units are bound by what persons deny, on every path; purposes come from content, and from what was registered. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../testing.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
  const { clients } = world.program.house.access;
  const scopes = 'system/*.cruds';
  for (const [id, unit, purposes] of [
    ['bv-1', 'cs-1', []],
    ['bv-2', 'cs-2', []],
    ['bhyt', 'cs-2', ['HPAYMT', 'TREAT']],
  ] as const)
    await clients.add({ id, name: id, secret: `secret of ${id}`, scopes, unit, purposes: [...purposes] });
});
after(() => world.stop());

async function system(id: string) {
  const basic = Buffer.from(`${id}:secret of ${id}`).toString('base64');
  const { body } = await world.bare(
    'POST',
    '/oauth2/token',
    'grant_type=client_credentials&scope=system/*.cruds',
    {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  );
  return (method: string, path: string, sent?: unknown, headers: Record<string, string> = {}) =>
    world.bare(method, path, sent, { authorization: `Bearer ${body.access_token}`, ...headers });
}

const HELD = { performer: [{ reference: 'Organization/cs-9' }] };
const denial = (patient: string, provision: object) => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${patient}` },
  policy: [{ uri: 'http://yba.vn/chinh-sach/luat-91-2025' }],
  provision: { type: 'deny', ...provision },
});
const actor = (reference: string) => [{ role: { coding: [{ code: 'PRCP' }] }, reference: { reference } }];

test('what a person denies a unit, its system does not see: read, search, history, chain, count, $everything, batch', async () => {
  const [one, two, operator] = [await system('bv-1'), await system('bv-2'), world.send.bind(world)];
  const { patient } = await world.arrive('cs-9');
  const observation = await world.observe(patient, HELD);
  await world.send('POST', '/fhir/Consent', denial(patient, { actor: actor('Organization/cs-2') }));
  const paths = {
    read: `/fhir/Observation/${observation}`,
    version: `/fhir/Observation/${observation}/_history/1`,
    search: `/fhir/Observation?patient=${patient}`,
    count: `/fhir/Observation?patient=${patient}&_summary=count`,
    chain: `/fhir/Observation?patient._id=${patient}`,
    revinclude: `/fhir/Patient?_id=${patient}&_revinclude=Observation:patient`,
    has: `/fhir/Patient?_id=${patient}&_has:Observation:patient:_id=${observation}`,
    history: `/fhir/Observation/${observation}/_history`,
    types: '/fhir/Observation/_history?_count=1000',
    everything: `/fhir/Patient/${patient}/$everything`,
  };
  for (const [name, path] of Object.entries(paths)) {
    const tells = async (call: typeof one) => {
      const { text, body, status } = await call('GET', path);
      if (status >= 400) return false;
      return name === 'count'
        ? body.total === 1
        : name === 'has'
          ? body.total > 0
          : text.includes(observation);
    };
    assert.deepEqual([await tells(one), await tells(two), await tells(operator)], [true, false, true], name);
  }
  const entry = [{ request: { method: 'GET', url: `Observation/${observation}` } }];
  const batch = await two('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry });
  assert.match(batch.body.entry[0].response.status, /^404/);
});

test('an export of a system leaves out what persons deny its unit', async () => {
  const two = await system('bv-2');
  const one = await system('bv-1');
  const { patient } = await world.arrive('cs-9');
  const observation = await world.observe(patient, HELD);
  await world.send('POST', '/fhir/Consent', denial(patient, { actor: actor('Organization/cs-2') }));
  const exported = async (call: typeof one) => {
    const kicked = await call('GET', '/fhir/$export?_type=Observation', undefined, {
      prefer: 'respond-async',
      accept: 'application/fhir+json',
    });
    assert.equal(kicked.status, 202, kicked.text);
    const address = new URL(kicked.headers.get('content-location')!).pathname;
    for (;;) {
      const { status, body } = await call('GET', address);
      if (status === 202) {
        await new Promise((done) => setTimeout(done, 100));
        continue;
      }
      assert.equal(status, 200);
      const files = await Promise.all(
        body.output.map(({ url }: { url: string }) =>
          call('GET', new URL(url).pathname, undefined, { accept: 'application/fhir+ndjson' }),
        ),
      );
      return files.map(({ text }) => text).join('\n');
    }
  };
  assert.ok((await exported(one)).includes(observation));
  assert.ok(!(await exported(two)).includes(observation));
});

test('a category that is denied to everyone is denied to the systems of units, not to what the unit wrote itself', async () => {
  const [one, two] = [await system('bv-1'), await system('bv-2')];
  const { patient } = await world.arrive('cs-9');
  const label = {
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
  };
  const labelled = await world.observe(patient, { ...HELD, ...label });
  const plain = await world.observe(patient, HELD);
  await world.send('POST', '/fhir/Consent', denial(patient, { securityLabel: [{ code: 'HIV' }] }));
  for (const call of [one, two]) {
    assert.equal((await call('GET', `/fhir/Observation/${labelled}`)).status, 404);
    assert.equal((await call('GET', `/fhir/Observation/${plain}`)).status, 200);
  }
});

test("a unit's system neither lifts a restriction nor writes a permission without the person's signed word", async () => {
  const two = await system('bv-2');
  const { patient } = await world.arrive('cs-9');
  const denied = denial(patient, { securityLabel: [{ code: 'HIV' }] });
  const { id } = (await world.send('POST', '/fhir/Consent', denied)).body;
  const { body: stored } = await two('GET', `/fhir/Consent/${id}`);
  const fhir = { 'content-type': 'application/fhir+json' };
  const permit = { ...denied, provision: { type: 'permit', actor: actor('Organization/cs-2') } };
  const tries = {
    withdraw: await two('PUT', `/fhir/Consent/${id}`, { ...stored, status: 'inactive' }, fhir),
    patch: await two(
      'PATCH',
      `/fhir/Consent/${id}`,
      [{ op: 'replace', path: '/status', value: 'inactive' }],
      {
        'content-type': 'application/json-patch+json',
      },
    ),
    remove: await two('DELETE', `/fhir/Consent/${id}`),
    permit: await two('POST', '/fhir/Consent', permit, fhir),
  };
  for (const [name, { status, text }] of Object.entries(tries)) assert.equal(status, 422, `${name}: ${text}`);
  const proof = {
    sourceAttachment: { title: 'Giấy có chữ ký' },
    verification: [
      {
        verified: true,
        verifiedWith: { reference: `Patient/${patient}` },
        verificationDate: new Date(Date.now() + 1000).toISOString(),
      },
    ],
  };
  const proved = await two('PUT', `/fhir/Consent/${id}`, { ...stored, ...proof, status: 'inactive' }, fhir);
  assert.equal(proved.status, 200, proved.text);
});

test('a system states only what it was registered for, and the audit has it', async () => {
  const [two, payer] = [await system('bv-2'), await system('bhyt')];
  const { patient } = await world.arrive('cs-9');
  const state = (call: typeof two, purpose?: string) =>
    call(
      'GET',
      `/fhir/Patient/${patient}`,
      undefined,
      purpose === undefined ? {} : { 'x-purpose-of-use': purpose },
    );
  assert.equal((await state(two, 'PUBHLTH')).status, 403);
  assert.equal((await state(two, 'TREAT')).status, 200);
  assert.equal((await state(payer)).status, 200);
  assert.equal((await state(payer, 'PUBHLTH')).status, 403);
  const { rows } = await world.program.house.kernel.pool.query(
    `select why from audit where who = 'bhyt' and what = $1 and outcome = 'ok' order by ts desc limit 1`,
    [`Patient/${patient}`],
  );
  assert.deepEqual(
    rows.map(({ why }) => why),
    ['HPAYMT'],
  );
});

test('the officer reads openings and the audit for the purpose of the role, or for one that the role may state', async () => {
  const officer = await world.staff('privacy-officer', null);
  const doctor = await world.staff('doctor', 'cs-1');
  const purposes = async (action: string, what: string) => {
    const { rows } = await world.program.house.kernel.pool.query(
      'select why from audit where action = $1 and what = $2 order by ts desc limit 1',
      [action, what],
    );
    return rows[0]?.why;
  };
  assert.equal((await officer.call('GET', '/api/access/break-glass')).status, 200);
  assert.equal(await purposes('search', 'break-glass'), 'HOPERAT');
  await officer.call('GET', '/api/access/break-glass', undefined, { 'x-purpose-of-use': 'HCOMPL' });
  assert.equal(await purposes('search', 'break-glass'), 'HCOMPL');
  const refused = await officer.call('GET', '/api/access/break-glass', undefined, {
    'x-purpose-of-use': 'TREAT',
  });
  assert.equal(refused.status, 403);
  const { patient } = await world.arrive('cs-1');
  const research = { 'x-purpose-of-use': 'HSYSADMIN' };
  assert.equal((await doctor.call('GET', `/fhir/Patient/${patient}`, undefined, research)).status, 403);
});

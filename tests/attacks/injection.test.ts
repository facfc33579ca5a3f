/** Text that would be code elsewhere, in every place that takes text; and fields that only the server sets. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AttackWorld, isSafe, openAttackWorld } from './attacker.testing.ts';

let world: AttackWorld;
before(async () => {
  world = await openAttackWorld();
});
after(() => world.stop());

const PAYLOADS = [
  `' or 1=1 --`,
  `'; drop table res; --`,
  `") or true --`,
  `\\'; select pg_sleep(5); --`,
  `%27%20or%201=1`,
  `$1`,
  `x' union select body from res --`,
  `a\u0000b`,
  `${'('.repeat(300)}`,
  `%%%_%\\`,
  `[a-z]{1,99999}*+`,
  `(a+)+$`,
  `{{7*7}}`,
  `\${process.exit(1)}`,
  `__proto__`,
  `constructor.prototype`,
  `../../etc/passwd`,
  `\ud800`,
  `%name.where(true).resolve()`,
  `Patient.name.where(given = '') | today()`,
];
const PLACES = [
  'name',
  'name:contains',
  'name:exact',
  'identifier',
  '_id',
  'birthdate',
  '_lastUpdated',
  'general-practitioner.name',
  '_has:Observation:subject:code',
  '_sort',
  '_include',
  '_revinclude',
  '_elements',
  '_filter',
  '_count',
  '_cursor',
  '_total',
  '_summary',
  '_profile',
  '_tag',
  '_security',
  '_text',
  '_content',
  '_list',
  '_type',
  '_format',
  '_explain',
];
const count = async () => (await world.send('GET', '/fhir/Patient?_summary=count')).body.total as number;

test('search: no value, modifier or name of a parameter is carried out, nor finds everybody', async () => {
  const all = await count();
  for (const payload of PAYLOADS) {
    const value = encodeURIComponent(payload.toWellFormed());
    for (const place of PLACES) {
      const answer = await world.send('GET', `/fhir/Patient?${place}=${value}`);
      isSafe({ ...answer, text: answer.status === 200 ? '' : answer.text }, `${place}=${payload}`);
      if (
        answer.status === 200 &&
        /^(name|identifier|_id|general|_has)/.test(place) &&
        payload.includes('1=1')
      )
        assert.equal(answer.body.total, 0, `${place}=${payload}`);
    }
    for (const path of [
      `/fhir/${value}`,
      `/fhir/Patient/${value}`,
      `/fhir/Patient/x/_history/${value}`,
      `/fhir/Patient?${value}=1`,
      `/fhir/Patient?name:${value}=1`,
      `/api/people/search?q=${value}`,
      `/fhir/AuditEvent?patient=${value}`,
    ])
      isSafe(await world.send('GET', path), path);
  }
  assert.equal(await count(), all);
});

test('bodies: patches, criteria, views and conditions are read as what they are', async () => {
  const { patient } = world.victim;
  const all = await count();
  const json = { 'content-type': 'application/json-patch+json' };
  for (const payload of PAYLOADS.map((one) => one.toWellFormed())) {
    const fhirPath = {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'delete' },
            { name: 'path', valueString: payload },
          ],
        },
      ],
    };
    const view = {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'viewResource',
          resource: {
            resourceType: 'ViewDefinition',
            status: 'active',
            resource: 'Patient',
            name: payload,
            select: [{ column: [{ name: payload, path: payload }] }],
            where: [{ path: payload }],
          },
        },
      ],
    };
    const subscription = {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: `Patient?name=${payload}`,
      channel: {
        type: 'rest-hook',
        endpoint: 'https://hooks.example.org/',
        payload: 'application/fhir+json',
      },
    };
    const tries: [string, string, unknown, Record<string, string>?][] = [
      ['PATCH', `/fhir/Patient/${patient}`, fhirPath],
      ['PATCH', `/fhir/Patient/${patient}`, [{ op: 'remove', path: `/${payload}` }], json],
      ['POST', '/fhir/ViewDefinition/$viewdefinition-run?_format=json', view],
      ['POST', '/fhir/Subscription', subscription],
      ['POST', '/fhir/Subscription', { ...subscription, criteria: payload }],
      [
        'POST',
        '/fhir/Patient/$validate',
        {
          resourceType: 'Patient',
          name: [{ text: payload }],
          identifier: [{ system: payload, value: payload }],
        },
      ],
      [
        'POST',
        '/fhir',
        {
          resourceType: 'Bundle',
          type: 'batch',
          entry: [
            { request: { method: 'GET', url: payload } },
            { request: { method: payload, url: 'Patient' } },
          ],
        },
      ],
    ];
    for (const [method, path, body, headers] of tries) {
      const answer = await world.send(method, path, body, headers);
      assert.ok(answer.status < 500, `${method} ${path} ${payload}: ${answer.text.slice(0, 300)}`);
    }
    const conditional = await world.send(
      'POST',
      '/fhir/Patient',
      { resourceType: 'Patient', active: true },
      { 'if-none-exist': encodeURI(`name=${payload}`) },
    );
    assert.ok(conditional.status < 500, conditional.text);
    if (conditional.status === 201) await world.send('DELETE', `/fhir/Patient/${conditional.body.id}`);
  }
  assert.equal(await count(), all);
  assert.equal((await world.send('GET', `/fhir/Patient/${patient}`)).status, 200);
});

test('what only the server sets is not taken from a body: version, instant, id, who wrote it', async () => {
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    id: 'chosen-by-me',
    meta: { versionId: '99', lastUpdated: '1999-01-01T00:00:00Z' },
    active: true,
  });
  assert.equal(made.status, 201);
  assert.notEqual(made.body.id, 'chosen-by-me');
  assert.equal(made.body.meta.versionId, '1');
  assert.ok(new Date(made.body.meta.lastUpdated) > new Date('2020-01-01'));
  const other = await world.send('PUT', `/fhir/Patient/${made.body.id}`, {
    resourceType: 'Patient',
    id: world.victim.patient,
    active: false,
  });
  assert.equal(other.status, 400);
  for (const type of ['AuditEvent', 'Provenance']) {
    const forged = await world.attacker.call('POST', `/fhir/${type}`, {
      resourceType: type,
      recorded: '1999-01-01T00:00:00Z',
    });
    assert.ok(forged.status >= 400 && forged.status < 500, type);
  }
});

test('an account gives itself no roles, no unit, no other name', async () => {
  const { cookie } = world.attacker;
  const before = (await world.attacker.call('GET', '/api/access/me')).body;
  const wish = {
    roles: ['administrator'],
    role: 'administrator',
    unit: 'cs-1',
    id: 'administrator',
    account: 'administrator',
    demo: true,
    active: true,
    persons: [world.victim.patient],
  };
  const json = { cookie, 'content-type': 'application/json' };
  for (const { method, url } of world.program.routes) {
    if (!url.startsWith('/api/access/') || method !== 'POST' || /sign-out|break-glass/.test(url)) continue;
    const answer = await world.bare('POST', url.replace(/:\w+/g, 'doctor.cs-2'), wish, json);
    assert.ok(answer.status < 500, `${url}: ${answer.text.slice(0, 200)}`);
  }
  const after = (await world.attacker.call('GET', '/api/access/me')).body;
  assert.deepEqual([after.roles, after.unit, after.id], [before.roles, before.unit, before.id]);
  const polluted = await world.bare(
    'POST',
    '/api/access/sign-in',
    '{"__proto__":{"roles":["administrator"]},"username":"x","password":"y"}',
    { 'content-type': 'application/json' },
  );
  assert.ok(polluted.status >= 400 && polluted.status < 500);
  assert.equal(({} as { roles?: unknown }).roles, undefined);
});

/** Invariants: what FHIRPath may ask within a check, and what costs too much. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Checking, checkBy, faultsOf, inShort, PROFILE, profileOf } from './check.testing.ts';
import type { StructureDefinitionJson } from './definition.ts';

const rule = (expression: string, path = 'Patient') => [
  { path, constraint: [{ key: 'x-1', severity: 'error', human: 'x', expression }] },
];

async function holds(resource: object, expression: string, path = 'Patient', more: Checking = {}) {
  const definition = profileOf('p', path.split('.')[0]!, rule(expression, path));
  const definitions = [definition, ...(more.definitions ?? [])];
  return inShort(await checkBy(resource, { ...more, definitions, profiles: [`${PROFILE}p`] }));
}

const NAMED = profileOf('named', 'Organization', [{ path: 'Organization.telecom', min: 1 }]);
const patient = (organization: object) => ({
  resourceType: 'Patient',
  contained: [{ resourceType: 'Organization', id: 'o', name: 'x', ...organization }],
  managingOrganization: { reference: '#o' },
  birthDate: '1985-02-07',
  _birthDate: { extension: [{ url: 'http://example.org/e', valueString: 'x' }] },
});
const telecom = [{ system: 'phone', value: '1' }];

test('resolve(), %resource, conformsTo() and the extension of a primitive', async () => {
  const plain = patient({});
  assert.deepEqual(await holds(plain, "managingOrganization.resolve().name = 'x'"), []);
  assert.deepEqual(await holds(plain, '%resource.birthDate = $this', 'Patient.birthDate'), []);
  assert.deepEqual(await holds(plain, "extension('http://example.org/e').exists()", 'Patient.birthDate'), []);
  const conforming = `managingOrganization.resolve().conformsTo('${NAMED.url}')`;
  const definitions = [NAMED];
  assert.deepEqual(await holds(patient({ telecom }), conforming, 'Patient', { definitions }), []);
  assert.deepEqual(await holds(plain, conforming, 'Patient', { definitions }), ['error Patient invariant']);
  assert.deepEqual(
    await holds(plain, conforming, 'Patient', { warnings: true }),
    ['warning Patient not-found', 'information Patient.birthDate.extension[0] extension'],
    'nobody knows the profile',
  );
});

test('memberOf() asks the value sets', async () => {
  const valueSets = [
    { url: 'http://example.org/vs', compose: { include: [{ system: 'urn:a', concept: [{ code: '1' }] }] } },
  ];
  const observation = (code: string) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'urn:a', code }] },
  });
  const member = "code.memberOf('http://example.org/vs')";
  assert.deepEqual(await holds(observation('1'), member, 'Observation', { valueSets }), []);
  assert.deepEqual(await holds(observation('2'), member, 'Observation', { valueSets }), [
    'error Observation invariant',
  ]);
  assert.deepEqual(await holds(observation('2'), member, 'Observation', { warnings: true }), [
    'warning Observation not-found',
  ]);
});

test('patterns that explode elsewhere, and expressions that do not end, cost a bounded time', async () => {
  const bomb = { resourceType: 'Patient', name: [{ text: `${'a'.repeat(5_000)}!` }] };
  const began = performance.now();
  assert.deepEqual(await holds(bomb, "name.text.matches('^(a+)+$')"), ['error Patient invariant']);
  assert.deepEqual(await holds(bomb, 'repeat($this.name | $this | (1|2).repeat($this + 1)).empty()'), [
    'error Patient too-costly',
  ]);
  assert.ok(performance.now() - began < 20_000);
});

test('an invariant that cannot be computed on a value is broken, and says why', async () => {
  const [issue] = await checkBy(
    { resourceType: 'Patient', name: [{ text: 'a' }, { text: 'b' }] },
    {
      definitions: [profileOf('p', 'Patient', rule("name.text.startsWith('a')"))],
      profiles: [`${PROFILE}p`],
    },
  );
  assert.equal(issue?.code, 'invariant');
  assert.match(issue!.textEn!, /gives 2 values where one is expected/);
});

test('what is no FHIRPath, or names what is not there, is refused with the definition', async () => {
  for (const expression of ['name.exists(', 'nonsense.exists()', 'name.nonsense()']) {
    const issues = await faultsOf(profileOf('p', 'Patient', rule(expression)));
    assert.equal(
      issues[0]?.expression,
      'StructureDefinition.differential.element[0].constraint[0].expression',
      expression,
    );
  }
});

test('profiles in circles: of bases they are refused, of types and references they end', async () => {
  const over = (name: string, base: string): StructureDefinitionJson =>
    profileOf(name, 'Patient', [], { baseDefinition: PROFILE + base });
  const circle = await faultsOf(over('a', 'b'), [over('b', 'c'), over('c', 'a')]);
  assert.deepEqual(
    circle.map(({ expression }) => expression),
    ['StructureDefinition.baseDefinition'],
  );
  const part = (name: string, other: string) =>
    profileOf(name, 'Organization', [
      { path: 'Organization.name', min: 1 },
      { path: 'Organization.partOf', type: [{ code: 'Reference', targetProfile: [PROFILE + other] }] },
    ]);
  const definitions = [part('a', 'b'), part('b', 'a')];
  const organization = (id: string, of: string) => ({
    fullUrl: `urn:uuid:0000000${id}-0000-4000-8000-000000000000`,
    resource: {
      resourceType: 'Organization',
      name: 'x',
      partOf: { reference: `urn:uuid:0000000${of}-0000-4000-8000-000000000000` },
      meta: { profile: [`${PROFILE}a`] },
    },
  });
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [organization('1', '2'), organization('2', '1')],
  };
  assert.deepEqual(await checkBy(bundle, { definitions }), []);
  const self = profileOf('self', 'Patient', rule(`conformsTo('${PROFILE}self')`));
  assert.deepEqual(
    await checkBy({ resourceType: 'Patient', active: true }, { definitions: [self], profiles: [self.url] }),
    [],
  );
});

test('thousands of slices and values end, and say so when they cost too much', async () => {
  const slices = Array.from({ length: 900 }, (_, at) => [
    { id: `Patient.identifier:s${at}`, path: 'Patient.identifier', sliceName: `s${at}` },
    { id: `Patient.identifier:s${at}.system`, path: 'Patient.identifier.system', fixedUri: `urn:${at}` },
  ]).flat();
  const slicing = { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' };
  const definition = profileOf('p', 'Patient', [
    { id: 'Patient.identifier', path: 'Patient.identifier', slicing },
    ...slices,
  ]);
  const identifier = Array.from({ length: 4_000 }, () => ({ system: 'urn:none' }));
  const ask = { definitions: [definition], profiles: [definition.url] };
  const began = performance.now();
  assert.deepEqual(inShort(await checkBy({ resourceType: 'Patient', identifier }, ask)), [
    'error Patient too-costly',
  ]);
  assert.ok(performance.now() - began < 20_000);
  const tooMany = await faultsOf(
    profileOf(
      'q',
      'Patient',
      Array.from({ length: 10_001 }, () => ({ path: 'Patient.name' })),
    ),
  );
  assert.equal(tooMany[0]?.code, 'too-long');
  const flood = Array.from({ length: 9_000 }, (_, at) => ({
    path: 'Patient.identifier',
    sliceName: `s${at}`,
    min: 1,
  }));
  const flooded = await faultsOf(profileOf('r', 'Patient', flood));
  assert.deepEqual([flooded.length, flooded[0]?.code], [100, 'too-long']);
  assert.ok(performance.now() - began < 20_000);
});

test('a rule speaks both languages when its definition does', async () => {
  const lang = (valueCode: string, valueString: string) => ({
    url: 'http://hl7.org/fhir/StructureDefinition/translation',
    extension: [
      { url: 'lang', valueCode },
      { url: 'content', valueString },
    ],
  });
  const constraint = [
    {
      key: 'x-1',
      severity: 'error',
      human: 'Cần có tên.',
      _human: { extension: [lang('en', 'A name is needed.')] },
      expression: 'name.exists()',
    },
  ];
  const [issue] = await checkBy(
    { resourceType: 'Patient', active: true },
    {
      definitions: [profileOf('p', 'Patient', [{ path: 'Patient', constraint }])],
      profiles: [`${PROFILE}p`],
    },
  );
  assert.match(issue!.text, /^x-1: Cần có tên\./);
  assert.match(issue!.textEn!, /^x-1: A name is needed\. \[name\.exists\(\)\]/);
});

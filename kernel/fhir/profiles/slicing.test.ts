/** Slicing: discriminators, rules, order, slices within slices. R4 profiling.html#slicing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Checking, checkBy, inShort, PROFILE, profileOf } from './check.testing.ts';
import type { ElementJson, SlicingJson, StructureDefinitionJson } from './definition.ts';

async function by(resource: { resourceType: string }, element: ElementJson[], more: Checking = {}) {
  const definition = profileOf('p', resource.resourceType, element);
  return checkBy(resource, {
    ...more,
    definitions: [definition, ...(more.definitions ?? [])],
    profiles: [`${PROFILE}p`],
  });
}

const A = 'http://example.org/a';
const B = 'http://example.org/b';
const identified = (...systems: (string | undefined)[]) => ({
  resourceType: 'Patient',
  identifier: systems.map((system) => ({ ...(system === undefined ? {} : { system }), value: '1' })),
});

/** Identifiers by their system: a once and obligatory, b at most once. */
function bySystem(slicing: Partial<SlicingJson> = {}): ElementJson[] {
  return [
    {
      id: 'Patient.identifier',
      path: 'Patient.identifier',
      slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'open', ...slicing },
    },
    { id: 'Patient.identifier:a', path: 'Patient.identifier', sliceName: 'a', min: 1, max: '1' },
    { id: 'Patient.identifier:a.system', path: 'Patient.identifier.system', min: 1, fixedUri: A },
    { id: 'Patient.identifier:a.value', path: 'Patient.identifier.value', min: 1 },
    { id: 'Patient.identifier:b', path: 'Patient.identifier', sliceName: 'b', max: '1' },
    { id: 'Patient.identifier:b.system', path: 'Patient.identifier.system', min: 1, fixedUri: B },
  ];
}

test('value: each goes to its slice, and each slice counts its own', async () => {
  assert.deepEqual(await by(identified(A, B, 'http://other'), bySystem()), []);
  const [missing] = await by(identified(B), bySystem());
  assert.deepEqual([missing?.expression, missing?.code], ['Patient.identifier', 'required']);
  assert.match(missing!.textEn!, /Slice a of Patient\.identifier needs at least 1/);
  assert.match(missing!.text, /lát cắt a\)$/);
  assert.deepEqual(inShort(await by(identified(A, A), bySystem())), ['error Patient.identifier structure']);
  const noValue = {
    resourceType: 'Patient',
    identifier: [
      { system: B, value: '1' },
      { system: A, use: 'usual' },
    ],
  };
  assert.deepEqual(inShort(await by(noValue, bySystem())), ['error Patient.identifier[1].value required']);
});

test('the same without ids: elements are found by sliceName and their order', async () => {
  const bare = bySystem().map(({ id: _, ...rest }) => rest as ElementJson);
  assert.deepEqual(await by(identified(A, B), bare), []);
  assert.deepEqual(inShort(await by(identified(B), bare)), ['error Patient.identifier required']);
});

test('rules: closed lets no other in, openAtEnd only behind; ordered keeps the order of the slices', async () => {
  assert.deepEqual(inShort(await by(identified(A, 'http://other'), bySystem({ rules: 'closed' }))), [
    'error Patient.identifier[1] structure',
  ]);
  assert.deepEqual(await by(identified(A, B), bySystem({ rules: 'closed' })), []);
  assert.deepEqual(await by(identified(A, 'http://other'), bySystem({ rules: 'openAtEnd' })), []);
  assert.deepEqual(inShort(await by(identified('http://other', A), bySystem({ rules: 'openAtEnd' }))), [
    'error Patient.identifier[0] structure',
  ]);
  assert.deepEqual(await by(identified(A, B), bySystem({ ordered: true })), []);
  assert.deepEqual(inShort(await by(identified(B, A), bySystem({ ordered: true }))), [
    'error Patient.identifier[1] structure',
  ]);
});

test('pattern and value of a part: the slice says a pattern on the whole', async () => {
  const code = (value: string) => ({ coding: [{ system: 'http://loinc.org', code: value }] });
  const components = (path: string, type = 'value') => [
    {
      id: 'Observation.component',
      path: 'Observation.component',
      slicing: { discriminator: [{ type, path }], rules: 'open' },
    },
    { id: 'Observation.component:x', path: 'Observation.component', sliceName: 'x', min: 1 },
    {
      id: 'Observation.component:x.code',
      path: 'Observation.component.code',
      patternCodeableConcept: code('1-8'),
    },
    {
      id: 'Observation.component:x.value[x]',
      path: 'Observation.component.value[x]',
      min: 1,
      type: [{ code: 'Quantity' }],
    },
  ];
  const observation = (...list: object[]) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    component: list,
  });
  const good = { code: { ...code('1-8'), text: 'y' }, valueQuantity: { value: 1 } };
  for (const [path, type] of [
    ['code', 'pattern'],
    ['code', 'value'],
    ['code.coding', 'value'],
    ['code.coding.code', 'value'],
  ] as const) {
    assert.deepEqual(await by(observation(good), components(path, type)), [], path);
    assert.deepEqual(
      inShort(await by(observation({ code: code('2-6') }), components(path, type))),
      ['error Observation.component required'],
      path,
    );
    assert.deepEqual(
      inShort(await by(observation({ code: code('1-8'), valueString: 'x' }), components(path, type))),
      ['error Observation.component[0].valueString structure'],
      path,
    );
  }
});

test('exists: what is there, or is not', async () => {
  const elements = [
    {
      id: 'Patient.name',
      path: 'Patient.name',
      slicing: { discriminator: [{ type: 'exists', path: 'given' }], rules: 'open' },
    },
    { id: 'Patient.name:whole', path: 'Patient.name', sliceName: 'whole', min: 1 },
    { id: 'Patient.name:whole.given', path: 'Patient.name.given', min: 1 },
    { id: 'Patient.name:whole.family', path: 'Patient.name.family', min: 1 },
    { id: 'Patient.name:text', path: 'Patient.name', sliceName: 'text' },
    { id: 'Patient.name:text.given', path: 'Patient.name.given', max: '0' },
    { id: 'Patient.name:text.text', path: 'Patient.name.text', min: 1 },
  ];
  const named = (...name: object[]) => ({ resourceType: 'Patient', name });
  assert.deepEqual(await by(named({ given: ['Ánh'], family: 'Lê' }, { text: 'Lê Ánh' }), elements), []);
  assert.deepEqual(inShort(await by(named({ given: ['Ánh'] }), elements)), [
    'error Patient.name[0].family required',
  ]);
  assert.deepEqual(inShort(await by(named({ given: ['Ánh'], family: 'Lê' }, { use: 'old' }), elements)), [
    'error Patient.name[1].text required',
  ]);
});

const entries = (path: string, type: string, slices: [string, ElementJson[]][]): ElementJson[] => [
  { id: 'Bundle.entry', path: 'Bundle.entry', slicing: { discriminator: [{ type, path }], rules: 'open' } },
  ...slices.flatMap(([name, rest]) => [
    { id: `Bundle.entry:${name}`, path: 'Bundle.entry', sliceName: name, min: 1, max: '1' },
    ...rest,
  ]),
];
const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource, at) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${at}`,
    resource,
  })),
});
const PATIENT = { resourceType: 'Patient', name: [{ text: 'x' }] };
const NAMED: StructureDefinitionJson = profileOf('named', 'Patient', [{ path: 'Patient.name', min: 1 }]);

test('type: entries of a Bundle by the type of their resource', async () => {
  const elements = entries('resource', 'type', [
    [
      'patient',
      [
        {
          id: 'Bundle.entry:patient.resource',
          path: 'Bundle.entry.resource',
          min: 1,
          type: [{ code: 'Patient' }],
        },
        { id: 'Bundle.entry:patient.resource.name', path: 'Bundle.entry.resource.name', min: 1 },
      ],
    ],
  ]);
  assert.deepEqual(await by(bundle(PATIENT), elements), []);
  assert.deepEqual(inShort(await by(bundle({ resourceType: 'Basic', code: { text: 'x' } }), elements)), [
    'error Bundle.entry required',
  ]);
  assert.deepEqual(inShort(await by(bundle({ resourceType: 'Patient', gender: 'male' }), elements)), [
    'error Bundle.entry[0].resource.name required',
  ]);
});

test('profile: entries by the profile that they keep; a profile of the entry is checked within it', async () => {
  const byProfile = entries('resource', 'profile', [
    [
      'named',
      [
        {
          id: 'Bundle.entry:named.resource',
          path: 'Bundle.entry.resource',
          min: 1,
          type: [{ code: 'Patient', profile: [NAMED.url] }],
        },
      ],
    ],
  ]);
  const definitions = [NAMED];
  assert.deepEqual(await by(bundle(PATIENT), byProfile, { definitions }), []);
  assert.deepEqual(
    inShort(await by(bundle({ resourceType: 'Patient', gender: 'male' }), byProfile, { definitions })),
    ['error Bundle.entry required'],
  );
  const byType = byProfile.map((one) =>
    one.slicing
      ? { ...one, slicing: { ...one.slicing, discriminator: [{ type: 'type', path: 'resource' }] } }
      : one,
  );
  assert.deepEqual(
    inShort(await by(bundle({ resourceType: 'Patient', gender: 'male' }), byType, { definitions })),
    ['error Bundle.entry[0].resource.name required'],
  );
});

test('resolve(): sections by what their entries refer to, inside a document', async () => {
  const sections = [
    {
      id: 'Composition.section.entry',
      path: 'Composition.section.entry',
      slicing: { discriminator: [{ type: 'profile', path: 'resolve()' }], rules: 'closed' },
    },
    {
      id: 'Composition.section.entry:named',
      path: 'Composition.section.entry',
      sliceName: 'named',
      type: [{ code: 'Reference', targetProfile: [NAMED.url] }],
    },
  ];
  const composed = profileOf('composed', 'Composition', sections);
  const document = [
    {
      id: 'Bundle.entry',
      path: 'Bundle.entry',
      slicing: { discriminator: [{ type: 'type', path: 'resource' }], rules: 'open' },
    },
    { id: 'Bundle.entry:c', path: 'Bundle.entry', sliceName: 'c', min: 1 },
    {
      id: 'Bundle.entry:c.resource',
      path: 'Bundle.entry.resource',
      type: [{ code: 'Composition', profile: [composed.url] }],
    },
  ];
  const composition = (reference: string) => ({
    resourceType: 'Composition',
    status: 'final',
    type: { text: 'x' },
    date: '2026-11-22',
    author: [{ display: 'x' }],
    title: 'x',
    section: [{ title: 'x', entry: [{ reference }] }],
  });
  const definitions = [composed, NAMED];
  const first = 'urn:uuid:00000000-0000-4000-8000-000000000001';
  assert.deepEqual(await by(bundle(composition(first), PATIENT), document, { definitions }), []);
  const unnamed = await by(
    bundle(composition(first), { resourceType: 'Patient', gender: 'male' }),
    document,
    { definitions },
  );
  assert.deepEqual(inShort(unnamed), ['error Bundle.entry[0].resource.section[0].entry[0] structure']);
});

test('extensions are sliced by url without being told; a nested one by extension()', async () => {
  const inner = profileOf('outer', 'Extension', [
    { id: 'Extension.extension:code', path: 'Extension.extension', sliceName: 'code', min: 1 },
    { id: 'Extension.extension:code.url', path: 'Extension.extension.url', fixedUri: 'code' },
    {
      id: 'Extension.extension:code.value[x]',
      path: 'Extension.extension.value[x]',
      type: [{ code: 'string' }],
    },
    { id: 'Extension.url', path: 'Extension.url', fixedUri: `${PROFILE}outer` },
    { id: 'Extension.value[x]', path: 'Extension.value[x]', max: '0' },
  ]);
  const elements = [
    {
      id: 'Patient.extension:outer',
      path: 'Patient.extension',
      sliceName: 'outer',
      min: 1,
      max: '1',
      type: [{ code: 'Extension', profile: [inner.url] }],
    },
  ];
  const extended = (...extension: object[]) => ({ resourceType: 'Patient', extension });
  const definitions = [inner];
  const good = { url: inner.url, extension: [{ url: 'code', valueString: 'x' }] };
  assert.deepEqual(await by(extended(good), elements, { definitions }), []);
  assert.deepEqual(
    inShort(await by({ resourceType: 'Patient', active: true } as never, elements, { definitions })),
    ['error Patient.extension required'],
  );
  assert.deepEqual(
    inShort(
      await by(extended({ url: inner.url, extension: [{ url: 'code', valueInteger: 1 }] }), elements, {
        definitions,
      }),
    ),
    ['error Patient.extension[0].extension[0].valueInteger structure'],
  );
  assert.deepEqual(
    inShort(await by(extended({ url: inner.url, valueString: 'x' }), elements, { definitions })),
    ['error Patient.extension[0].extension required', 'error Patient.extension[0].valueString structure'],
  );
  const named = [
    {
      id: 'Patient.contact',
      path: 'Patient.contact',
      slicing: { discriminator: [{ type: 'value', path: `extension('${A}').value` }], rules: 'open' },
    },
    { id: 'Patient.contact:x', path: 'Patient.contact', sliceName: 'x', min: 1 },
    { id: 'Patient.contact:x.extension:a', path: 'Patient.contact.extension', sliceName: 'a', min: 1 },
    { id: 'Patient.contact:x.extension:a.url', path: 'Patient.contact.extension.url', fixedUri: A },
    {
      id: 'Patient.contact:x.extension:a.value[x]',
      path: 'Patient.contact.extension.value[x]',
      fixedCode: 'yes',
    },
  ];
  const contact = (valueCode: string) => ({
    resourceType: 'Patient',
    contact: [{ name: { text: 'x' }, extension: [{ url: A, valueCode }] }],
  });
  assert.deepEqual(await by(contact('yes'), named), []);
  assert.deepEqual(inShort(await by(contact('no'), named)), ['error Patient.contact required']);
});

test('a profile of a profile adds to the slices of its base, and slices a slice again', async () => {
  const base = profileOf('base', 'Patient', bySystem());
  const again = (element: ElementJson[]) =>
    profileOf('again', 'Patient', element, { baseDefinition: base.url });
  const tighter = again([{ id: 'Patient.identifier:b', path: 'Patient.identifier', sliceName: 'b', min: 1 }]);
  const ask = (definition: StructureDefinitionJson) => ({
    definitions: [base, definition],
    profiles: [definition.url],
  });
  assert.deepEqual(await checkBy(identified(A, B), ask(tighter)), []);
  assert.deepEqual(inShort(await checkBy(identified(A), ask(tighter))), [
    'error Patient.identifier required',
  ]);
  const resliced = again([
    {
      id: 'Patient.identifier:b',
      path: 'Patient.identifier',
      sliceName: 'b',
      max: '*',
      slicing: { discriminator: [{ type: 'value', path: 'use' }], rules: 'closed' },
    },
    { id: 'Patient.identifier:b/old', path: 'Patient.identifier', sliceName: 'b/old', min: 1 },
    { id: 'Patient.identifier:b/old.use', path: 'Patient.identifier.use', min: 1, fixedCode: 'old' },
  ]);
  const used = (use: string) => ({
    resourceType: 'Patient',
    identifier: [
      { system: A, value: '1' },
      { system: B, value: '2', use },
    ],
  });
  assert.deepEqual(await checkBy(used('old'), ask(resliced)), []);
  assert.deepEqual(inShort(await checkBy(used('usual'), ask(resliced))), [
    'error Patient.identifier[1] structure',
    'error Patient.identifier required',
  ]);
});

test('a value of two slices is told', async () => {
  const twice = bySystem().map((one) =>
    one.id === 'Patient.identifier:b.system' ? { ...one, fixedUri: A } : one,
  );
  assert.deepEqual(inShort(await by(identified(A), twice)), ['error Patient.identifier[0] structure']);
});

/** FHIRPath Patch, rule by rule of R4 fhirpatch.html. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import { readJson } from '../json/read.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';

type Part = Record<string, unknown>;

function operation(type: string, path: string, more: Part[] = []): Part {
  return {
    name: 'operation',
    part: [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more],
  };
}

const add = (path: string, name: string, value: Part) =>
  operation('add', path, [
    { name: 'name', valueString: name },
    { name: 'value', ...value },
  ]);
const replace = (path: string, value: Part) => operation('replace', path, [{ name: 'value', ...value }]);
const insert = (path: string, index: number, value: Part) =>
  operation('insert', path, [
    { name: 'index', valueInteger: index },
    { name: 'value', ...value },
  ]);
const move = (path: string, source: number, destination: number) =>
  operation('move', path, [
    { name: 'source', valueInteger: source },
    { name: 'destination', valueInteger: destination },
  ]);
const remove = (path: string) => operation('delete', path);

function patched(resource: object, ...operations: Part[]) {
  return applyFhirPathPatch(resource, { resourceType: 'Parameters', parameter: operations });
}

function refused(resource: object, operations: Part[], status: number, place: string, words: RegExp): void {
  const before = JSON.stringify(resource);
  assert.throws(
    () => patched(resource, ...operations),
    (error: unknown) => {
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.status, status, error.message);
      assert.equal(error.issues[0]!.expression, place);
      assert.match(error.message, words);
      assert.ok(error.issues[0]!.text, 'a Vietnamese sentence');
      return true;
    },
  );
  assert.equal(JSON.stringify(resource), before, 'the resource that came in is not changed');
}

const person = {
  resourceType: 'Patient',
  id: 'p',
  birthDate: '1920-01-01',
  active: true,
  name: [
    { use: 'official', family: 'Nguyễn', given: ['Văn', 'A'] },
    { use: 'nickname', text: 'Bé' },
  ],
  identifier: [
    { system: 'http://a', value: '1' },
    { system: 'http://b', value: '2' },
    { system: 'http://c', value: '3' },
  ],
  contact: [{ name: { text: 'a name' }, gender: 'male' }],
  extension: [{ url: 'http://x', valueString: 'old' }],
};

test('add: a single element, a list that is not there yet, the end of a list', () => {
  const { birthDate: _, ...young } = person;
  assert.equal(
    (patched(young, add('Patient', 'birthDate', { valueDate: '1930-01-01' })) as typeof person).birthDate,
    '1930-01-01',
  );
  const more = patched(
    person,
    add('Patient', 'telecom', { valueContactPoint: { system: 'phone', value: '0912' } }),
    add('Patient', 'identifier', { valueIdentifier: { value: '4' } }),
    add('Patient.name[0]', 'given', { valueString: 'Z' }),
  ) as typeof person & { telecom: object[] };
  assert.deepEqual(more.telecom, [{ system: 'phone', value: '0912' }]);
  assert.deepEqual(more.identifier.at(-1), { value: '4' });
  assert.deepEqual(more.name[0]!.given, ['Văn', 'A', 'Z']);
});

test('add: an element without a type of its own comes in parts; a choice takes the name of its type', () => {
  const more = patched(
    person,
    add('Patient', 'contact', {
      part: [
        { name: 'name', valueHumanName: { text: 'b' } },
        { name: 'telecom', valueContactPoint: { value: '1' } },
        { name: 'telecom', valueContactPoint: { value: '2' } },
        { name: 'gender', valueCode: 'female' },
      ],
    }),
    add('Patient', 'deceased', { valueBoolean: true }),
    add("Patient.extension('http://x')", 'id', { valueString: 'e1' }),
    add('Patient', 'contained', { resource: { resourceType: 'Organization', id: 'o' } }),
  ) as Record<string, unknown[]>;
  assert.deepEqual(more.contact![1], {
    name: { text: 'b' },
    telecom: [{ value: '1' }, { value: '2' }],
    gender: 'female',
  });
  assert.equal(more.deceasedBoolean, true);
  assert.deepEqual(more.contained, [{ resourceType: 'Organization', id: 'o' }]);
  assert.equal((more.extension![0] as { id: string }).id, 'e1');
});

test('add: "for non-repeating elements as long as they do not already exist"', () => {
  refused(
    person,
    [add('Patient', 'birthDate', { valueDate: '1930-01-01' })],
    422,
    'Parameters.parameter[0]',
    /there already/,
  );
  const dead = { ...person, deceasedBoolean: true };
  refused(
    dead,
    [add('Patient', 'deceased', { valueDateTime: '2026-01-01' })],
    422,
    'Parameters.parameter[0]',
    /there already/,
  );
});

test('insert: at the beginning, in the middle and at the end of a list, also into one that is not there', () => {
  for (const index of [0, 1, 3]) {
    const { identifier } = patched(
      person,
      insert('Patient.identifier', index, { valueIdentifier: { value: 'new' } }),
    ) as typeof person;
    assert.equal(identifier.length, 4);
    assert.equal(identifier[index]!.value, 'new');
  }
  const { telecom } = patched(
    person,
    insert('Patient.telecom', 0, { valueContactPoint: { value: '1' } }),
  ) as unknown as {
    telecom: object[];
  };
  assert.deepEqual(telecom, [{ value: '1' }]);
  const value = { valueIdentifier: { value: 'x' } };
  refused(
    person,
    [insert('Patient.identifier', 4, value)],
    422,
    'Parameters.parameter[0]',
    /outside the list of 3/,
  );
  refused(
    person,
    [insert('Patient.birthDate', 0, { valueDate: '2026' })],
    422,
    'Parameters.parameter[0]',
    /no list/,
  );
});

test('delete: one element; what is not there is nothing to do; several are refused', () => {
  const less = patched(
    person,
    remove('Patient.birthDate'),
    remove('Patient.contact[0].gender'),
    remove("Patient.identifier.where(system = 'http://b')"),
    remove('Patient.name.given[1]'),
    remove('Patient.maritalStatus'),
    remove('Patient.name[7]'),
  ) as unknown as Record<string, object[]>;
  assert.equal('birthDate' in less, false);
  assert.deepEqual(less.contact, [{ name: { text: 'a name' } }]);
  assert.deepEqual(
    less.identifier!.map((one) => (one as { value: string }).value),
    ['1', '3'],
  );
  assert.deepEqual((less.name![0] as { given: string[] }).given, ['Văn']);
  refused(person, [remove('Patient.identifier')], 422, 'Parameters.parameter[0]', /finds 3 elements/);
  refused(person, [remove('Patient')], 422, 'Parameters.parameter[0]', /whole resource/);
  assert.equal('contact' in patched(person, remove('Patient.contact')), false, 'no empty list stays');
});

test('replace: a primitive, an object of a list, a value of another type in a choice', () => {
  const observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    valueQuantity: { value: 1 },
  };
  const changed = patched(
    person,
    replace('Patient.birthDate', { valueDate: '1930-01-01' }),
    replace("Patient.name.where(use = 'nickname' and text.exists()).text", { valueString: 'Tí' }),
    replace('Patient.name.first().given.last()', { valueString: 'B' }),
    replace('Patient.contact[0].gender', { valueCode: 'female' }),
    replace("Patient.extension('http://x').value", { valueString: 'new' }),
  ) as typeof person;
  assert.equal(changed.birthDate, '1930-01-01');
  assert.equal(changed.name[1]!.text, 'Tí');
  assert.deepEqual(changed.name[0]!.given, ['Văn', 'B']);
  assert.equal(changed.contact[0]!.gender, 'female');
  assert.equal(changed.extension[0]!.valueString, 'new');
  const other = patched(observation, replace('Observation.value', { valueString: 'âm tính' }));
  assert.deepEqual(other, {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    valueString: 'âm tính',
  });
  const inside = patched(
    observation,
    replace('(Observation.value as Quantity).value', { valueDecimal: 2 }),
    add('Observation.value.ofType(Quantity)', 'unit', { valueString: 'mg' }),
  );
  assert.deepEqual((inside as typeof observation).valueQuantity, { value: 2, unit: 'mg' });
  refused(
    person,
    [replace('Patient.maritalStatus', { valueCodeableConcept: { text: 'x' } })],
    422,
    'Parameters.parameter[0]',
    /finds nothing/,
  );
});

test('move: within one list, in both directions', () => {
  const order = (source: number, destination: number) =>
    (patched(person, move('Patient.identifier', source, destination)) as typeof person).identifier
      .map(({ value }) => value)
      .join('');
  assert.equal(order(0, 2), '231');
  assert.equal(order(2, 0), '312');
  assert.equal(order(1, 1), '123');
  refused(person, [move('Patient.identifier', 3, 0)], 422, 'Parameters.parameter[0]', /outside/);
  refused(person, [move('Patient.telecom', 0, 0)], 422, 'Parameters.parameter[0]', /outside/);
});

test('operations run in order; the one that fails is named, and nothing is changed', () => {
  const twice = patched(
    person,
    remove('Patient.birthDate'),
    add('Patient', 'birthDate', { valueDate: '2000' }),
  ) as typeof person;
  assert.equal(twice.birthDate, '2000');
  refused(
    person,
    [remove('Patient.birthDate'), replace('Patient.birthDate', { valueDate: '2000' })],
    422,
    'Parameters.parameter[1]',
    /finds nothing/,
  );
});

test('"the type of the value must be correct"', () => {
  for (const one of [
    replace('Patient.birthDate', { valueBoolean: true }),
    add('Patient', 'identifier', { valueString: 'x' }),
    add('Patient', 'name', { valueIdentifier: { value: '1' } }),
    add('Patient', 'colour', { valueString: 'red' }),
    add('Patient.birthDate', 'x', { valueString: 'red' }),
    add('Patient', 'deceased', { valueString: 'yes' }),
  ]) {
    refused(person, [one], 422, 'Parameters.parameter[0]', /takes|has no element/);
  }
});

test('what is no FHIRPath to a place, reaches other resources or may run without end is 400', () => {
  const paths = [
    '',
    'Patient.',
    'Patient.name(',
    'Patient.colour',
    'Encounter.status',
    '1',
    "'x'",
    'Patient.name.count()',
    'Patient.name | Patient.contact',
    "Patient.name.given.where($this.matches('(a+)+$'))",
    'Patient.managingOrganization.resolve().name',
    'Patient.repeat(name)',
    'Patient.name[-1]',
    'Patient.name[0.5]',
    `Patient.name${'.where(true)'.repeat(200)}`,
    '(((((',
    'Patient.name.where(',
    'Patient.name.where()',
    'Patient.extension()',
    'Patient.__proto__',
    'Patient.name.constructor',
    'Patient.birthDate nonsense',
    'Patient.birthDate)',
  ];
  for (const path of paths) {
    refused(person, [remove(path)], 400, 'Parameters.parameter[0]', /FHIRPath/);
  }
});

test('a malformed operation is 400 by its place', () => {
  const cases: [unknown, string][] = [
    [{ name: 'nonsense' }, 'Parameters.parameter[0].name'],
    [{ name: 'operation' }, 'Parameters.parameter[0]'],
    [null, 'Parameters.parameter[0].name'],
    [operation('nonsense', 'Patient'), 'Parameters.parameter[0]'],
    [operation('add', 'Patient'), 'Parameters.parameter[0]'],
    [operation('add', 'Patient', [{ name: 'name', valueString: 'active' }]), 'Parameters.parameter[0]'],
    [operation('replace', 'Patient.active', [{ name: 'value' }]), 'Parameters.parameter[0].part[2]'],
    [
      operation('move', 'Patient.name', [{ name: 'source', valueString: 'x' }]),
      'Parameters.parameter[0].part[2]',
    ],
    [
      operation('delete', 'Patient.active', [{ name: 'path', valueString: 'x' }]),
      'Parameters.parameter[0].part[2]',
    ],
    [
      operation('replace', 'Patient.active', [{ name: 'value', valueNonsense: 1 }]),
      'Parameters.parameter[0].part[2]',
    ],
  ];
  for (const [one, place] of cases) refused(person, [one as Part], 400, place, /./);
});

test('extensions of a list of primitives stay with their items', () => {
  const named = {
    resourceType: 'Patient',
    name: [{ given: ['A', 'B', 'C'], _given: [null, { id: 'b' }, null] }],
  };
  const given = (one: Part) => (patched(named, one) as typeof named).name[0]!;
  assert.deepEqual(given(remove('Patient.name[0].given[0]'))._given, [{ id: 'b' }, null]);
  assert.deepEqual(given(insert('Patient.name[0].given', 0, { valueString: 'Z' }))._given, [
    null,
    null,
    { id: 'b' },
    null,
  ]);
  assert.deepEqual(given(move('Patient.name[0].given', 1, 0))._given, [{ id: 'b' }, null, null]);
  assert.equal(given(replace('Patient.name[0].given[1]', { valueString: 'x' }))._given![1], null);
});

test('decimals keep their precision (R4 datatypes: 1.10 is not 1.1)', () => {
  const patch = readJson(
    Buffer.from(
      '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Observation.value.value"},{"name":"value","valueDecimal":1.10}]}]}',
    ),
  ) as object;
  const observation = { resourceType: 'Observation', valueQuantity: { value: 2 } };
  assert.match(JSON.stringify(applyFhirPathPatch(observation, patch)), /"value":1\.10\}/);
});

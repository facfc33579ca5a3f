import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpressionError, expressionFor, ownPaths, withoutAs } from './own-paths.ts';
import { valuesAt } from './paths.ts';

const URL = 'http://example.org/x';
const patient = {
  resourceType: 'Patient',
  extension: [
    { url: URL, valueCode: 'a' },
    { url: 'http://example.org/y', valueCode: 'b' },
  ],
  name: [{ use: 'official', given: ['Đào', 'Mai'] }, { given: ['Lê'] }],
  deceasedDateTime: '2026-11-22',
};

const valuesOf = (kind: string, expression: string) =>
  ownPaths('Patient', kind, expression).flatMap((path) => valuesAt(patient, path));

test('an extension by its address is a path of the grammar, however it is written', () => {
  for (const expression of [
    `Patient.extension('${URL}').value`,
    `Patient.extension.where(url = '${URL}').value`,
    `extension('${URL}').value.ofType(code)`,
    `(Patient.extension('${URL}').value as code)`,
    `Patient.extension('${URL}').value.as(code)`,
  ]) {
    assert.deepEqual(valuesOf('token', expression), ['a'], expression);
    assert.ok(
      ownPaths('Patient', 'token', expression).every((path) => !path.evaluate),
      expression,
    );
  }
});

test('only the data types that the kind can hold are left of a choice', () => {
  assert.deepEqual(valuesOf('date', 'Patient.deceased'), ['2026-11-22']);
  assert.deepEqual(
    ownPaths('Patient', 'token', 'Patient.deceased').map(({ type }) => type),
    ['boolean'],
  );
});

test('the addresses of extensions are addresses', () => {
  assert.deepEqual(valuesOf('uri', 'Patient.extension.url'), [URL, 'http://example.org/y']);
  assert.throws(() => ownPaths('Patient', 'uri', 'Patient.name.text'), ExpressionError);
});

test('what is no path is evaluated by FHIRPath', () => {
  assert.deepEqual(valuesOf('string', "Patient.name.where(use = 'official').given.first()"), ['Đào']);
  assert.deepEqual(valuesOf('token', 'Patient.name.count() > 1'), [true]);
});

test('what leads nowhere, fits nothing or is no FHIRPath says so', () => {
  for (const [kind, expression] of [
    ['token', 'Patient.nothing'],
    ['date', 'Patient.maritalStatus'],
    ['token', 'Patient.name.given.(('],
    ['token', 'Patient.name.unheard()'],
  ] as const) {
    assert.throws(() => ownPaths('Patient', kind, expression), ExpressionError, expression);
  }
});

test('of an expression for many types, a type takes its own alternatives', () => {
  const expression = 'Condition.code | (Observation.value as Quantity) | Resource.id';
  assert.equal(expressionFor('Condition', expression), 'Condition.code | Resource.id');
  assert.equal(
    withoutAs(expressionFor('Observation', expression)),
    'Observation.value.ofType(Quantity) | Resource.id',
  );
  assert.equal(
    expressionFor('Patient', "Patient.name.where(use = 'a | b').given"),
    "Patient.name.where(use = 'a | b').given",
  );
});

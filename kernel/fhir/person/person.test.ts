/** The dialect that measures, rules and programmes share. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { Condition, Observation, Patient, Resource } from '../types.ts';
import { compileCriterion, type Dialect, sourcesOf, subjectOf } from './index.ts';

const PLACE = 'PlanDefinition.action[0].condition[0].expression';
const NOW = new Date('2026-11-22T08:00:00+07:00');
const patient: Patient = { resourceType: 'Patient', id: 'p', gender: 'female', birthDate: '1990-02-01' };
const condition = (code: string): Condition => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/p' },
  code: { coding: [{ code }] },
});
const observation: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ code: '8480-6' }] },
  valueQuantity: { value: 150 },
};

const compile = (expression: string, dialect: Dialect = { constants: new Map() }) =>
  compileCriterion({ language: 'text/fhirpath', expression }, PLACE, dialect);
const query = (expression: string, dialect: Dialect = { constants: new Map() }) =>
  compileCriterion({ language: 'application/x-fhir-query', expression }, PLACE, dialect);

function refused(run: () => unknown, place: string, word: RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.status, 422);
    assert.equal(error.issues[0]!.expression, place);
    assert.match(error.issues[0]!.textEn!, word);
    return true;
  });
}

test('an expression stands on the person and on what is kept of her', () => {
  const ask = (text: string, resources: Resource[]) =>
    compile(text).values(subjectOf({ patient, resources }), patient, NOW);
  assert.deepEqual(ask("gender = 'female' and %Patient.id = %subject.id", []), [true]);
  assert.deepEqual(ask("Condition.exists(code.coding.code = 'I10')", [condition('E11')]), [false]);
  assert.deepEqual(ask("Condition.exists(code.coding.code = 'I10')", [condition('E11'), condition('I10')]), [
    true,
  ]);
  assert.deepEqual(ask('%Observation.value.value', [condition('I10'), observation]), [150]);
  assert.deepEqual(ask('today() - 36 years > Patient.birthDate', []), [true]);
});

test('what has to be read is told, each once', () => {
  const criteria = [compile('Condition.exists() or %Observation.exists()'), compile('Condition.count() > 2')];
  assert.deepEqual(
    sourcesOf(criteria).map(({ key }) => key),
    ['Condition', 'Observation'],
  );
});

test('a query is met by what was read for it, and by nothing that was not', () => {
  const criterion = query('Observation?code=8480-6');
  const [source] = criterion.sources;
  const queried = new Map([[source!.key, [observation]]]);
  assert.equal(criterion.values(subjectOf({ patient, resources: [], queried }), patient, NOW).length, 1);
  assert.deepEqual(criterion.values(subjectOf({ patient, resources: [observation] }), patient, NOW), []);
});

test('a dialect adds constants and variables of its own', () => {
  const dialect: Dialect = {
    constants: new Map([['start', { type: 'date', value: '2026-01-01' }]]),
    variables: new Map([['draftOrders', 'MedicationRequest']]),
  };
  const criterion = compile("%draftOrders.exists(status = 'draft') and %start < today()", dialect);
  assert.deepEqual(criterion.variables, ['draftOrders']);
  assert.deepEqual(criterion.sources, []);
  const variables = new Map([['draftOrders', [{ resourceType: 'MedicationRequest', status: 'draft' }]]]);
  assert.deepEqual(criterion.values(subjectOf({ patient, resources: [], variables }), patient, NOW), [true]);
  assert.equal(query('Condition?onset-date=ge{{%start}}', dialect).sources[0]!.params[0]![1], 'ge2026-01-01');
});

test('what cannot be carried out is refused with its place', () => {
  const at = `${PLACE}.expression`;
  refused(() => compile('Condition.where('), at, /expression/);
  refused(() => compile(' '), at, /is missing/);
  refused(() => compile('Organization.exists()'), at, /kept of no person/);
  refused(() => compile('Condition.code.memberOf(%x)'), at, /./);
  refused(() => compile('Patient.generalPractitioner.resolve()'), at, /resolve/);
  refused(() => query('Nothing?code=1'), at, /no resource type/);
  refused(() => query('Condition?onset-date=ge{{%end}}'), at, /may not use/);
  refused(() => query('Condition?_sort=code'), at, /form of an answer/);
  refused(
    () => compileCriterion({ language: 'text/cql', expression: '1' }, PLACE, { constants: new Map() }),
    `${PLACE}.language`,
    /not carried out/,
  );
});

test('what does not end stops, and says where', () => {
  const endless = compile('1.repeat($this + 1).exists()');
  refused(
    () => endless.values(subjectOf({ patient, resources: [] }), patient, NOW),
    `${PLACE}.expression`,
    /costs too much/,
  );
});

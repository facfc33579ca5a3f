import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import type { Resource } from '../../fhir/types.ts';
import { randomFrom, randomResource } from '../../fhir/validation/random.testing.ts';
import { extractIndexes } from './extract.ts';
import { bareKey, longKey, orderKey, PART, referenceKey, systemKey, tokenKey, unitKey } from './keys.ts';
import { indexedParametersOf } from './parameters.ts';

const rowOf = (resource: object) => extractIndexes(resource as Resource);
const bit = (type: string, code: string) => 1n << BigInt(indexedParametersOf(type).get(code)!.bit);

const observation = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  code: {
    coding: [{ system: 'http://loinc.org', code: '8480-6', display: 'Systolic' }],
    text: 'Huyết áp tâm thu',
  },
  subject: { reference: 'Patient/p1' },
  encounter: { reference: 'Encounter/e1/_history/2' },
  performer: [{ reference: 'Patient/p1' }],
  effectiveDateTime: '2026-11-22',
  valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
};

test('a code is a token of its parameter, a word of the dictionary and the main code', () => {
  const row = rowOf(observation);
  const key = tokenKey('Observation.code', 'http://loinc.org', '8480-6');
  assert.equal(row.c0, key);
  assert.ok(row.tok.includes(key));
  assert.deepEqual(
    row.codes.find((word) => word.h === key),
    { h: key, p: 'Observation.code', sys: 'http://loinc.org', code: '8480-6', display: 'Systolic' },
  );
});

test('the text of a concept is kept when no display says the same', () => {
  assert.deepEqual(
    rowOf(observation).str.map((row) => row.s),
    ['huyet ap tam thu'],
  );
  const same = { ...observation, code: { coding: [{ code: 'x', display: 'Huyết áp' }], text: 'huyet ap' } };
  assert.deepEqual(rowOf(same).str, []);
});

test("the row's own person is no token, but the same person in another role is; versions of references are dropped", () => {
  const { tok } = rowOf(observation);
  assert.equal(tok.includes(referenceKey('Observation.subject', 'Patient/p1')), false);
  assert.ok(tok.includes(referenceKey('Observation.performer', 'Patient/p1')));
  assert.ok(tok.includes(referenceKey('Observation.encounter', 'Encounter/e1')));
  const group = rowOf({ ...observation, subject: { reference: 'Group/g' } });
  assert.ok(group.tok.includes(referenceKey('Observation.subject', 'Group/g')));
});

test('a day without a zone is a day of Vietnam, as [low, high)', () => {
  const row = rowOf(observation);
  assert.equal(new Date(row.d0!).toISOString(), '2026-11-21T17:00:00.000Z');
  assert.equal(new Date(row.d1!).toISOString(), '2026-11-22T17:00:00.000Z');
});

test('open periods have infinite ends and carry the mark of long intervals', () => {
  const open = rowOf({
    resourceType: 'Encounter',
    status: 'finished',
    class: { code: 'AMB' },
    period: { start: '2026-11-22' },
  });
  assert.equal(open.d1, Number.POSITIVE_INFINITY);
  assert.ok(open.tok.includes(longKey('Encounter')));
  assert.equal(rowOf(observation).tok.includes(longKey('Observation')), false);
  const none = rowOf({ ...observation, effectiveDateTime: undefined });
  assert.deepEqual([none.d0, none.d1], [null, null]);
});

test('a quantity is one interval: under its code and unit, without a code in its unit alone', () => {
  const mmHg = { system: 'http://unitsofmeasure.org', code: 'mm[Hg]' };
  const pair = tokenKey(
    'Observation.code-value-quantity',
    `http://loinc.org${PART}${mmHg.system}`,
    `8480-6${PART}${mmHg.code}`,
  );
  assert.deepEqual(rowOf(observation).ord, [{ p: pair, lo: 120, hi: 120 }]);
  const alone = unitKey('Observation.value-quantity', mmHg.system, mmHg.code);
  assert.deepEqual(rowOf({ ...observation, code: { text: 'Huyết áp' } }).ord, [
    { p: alone, lo: 120, hi: 120 },
  ]);
  const below = rowOf({ ...observation, valueQuantity: { value: 5, comparator: '<' } });
  assert.deepEqual([below.ord[0]?.lo, below.ord[0]?.hi], [Number.NEGATIVE_INFINITY, 5]);
});

test('an identifier is found by system and value, by value alone and by system alone, and is no word of the dictionary', () => {
  const row = rowOf({
    resourceType: 'Patient',
    id: 'p1',
    identifier: [{ system: 'http://s', value: '099' }],
  });
  for (const key of [
    tokenKey('Patient.identifier', 'http://s', '099'),
    bareKey('Patient.identifier', '099'),
    systemKey('Patient.identifier', 'http://s'),
  ]) {
    assert.ok(row.tok.includes(key));
  }
  assert.equal(
    row.codes.some((word) => word.p === 'Patient.identifier'),
    false,
  );
});

test('identifiers of people and of what belongs to nobody have rows for their order, those of what happens to people none', () => {
  const identifier = [{ system: 'http://s', value: 'A-1' }];
  const order = (type: string) => orderKey(`${type}.identifier`);
  assert.deepEqual(rowOf({ resourceType: 'Patient', id: 'p', identifier }).str, [
    { p: order('Patient'), s: 'A-1' },
  ]);
  assert.equal(rowOf({ resourceType: 'Organization', id: 'o', identifier }).str.length, 1);
  assert.equal(rowOf({ ...observation, code: {}, identifier }).str.length, 0);
});

test('a resource inside a Bundle leaves the columns to the Bundle and is indexed under its own parameters', () => {
  const composition = {
    resourceType: 'Composition',
    id: 'c',
    status: 'final',
    date: '2026-11-22',
    subject: { reference: 'Patient/p1' },
  };
  const row = rowOf({
    resourceType: 'Bundle',
    id: 'b',
    type: 'document',
    entry: [{ resource: composition }],
  });
  assert.equal(row.d0, null);
  assert.ok(row.tok.includes(referenceKey('Bundle.composition', 'Composition/c')));
  assert.ok(row.tok.includes(referenceKey('Composition.subject', 'Patient/p1')));
  assert.ok(row.ord.some(({ p }) => p === indexedParametersOf('Composition').get('date')!.p));
  const other = rowOf({
    resourceType: 'Bundle',
    id: 'b',
    type: 'message',
    entry: [{ resource: composition }],
  });
  assert.notEqual(other.has & bit('Bundle', 'composition'), 0n);
  assert.equal(other.has & bit('Bundle', 'message'), 0n);
});

test('a name has a row for each word it can be found by, with its marks behind', () => {
  const row = rowOf({ resourceType: 'Patient', id: 'p1', name: [{ family: 'Đỗ', given: ['Văn', 'Ánh'] }] });
  const name = indexedParametersOf('Patient').get('name')!.p;
  assert.deepEqual(
    row.str.filter((entry) => entry.p === name).map((entry) => entry.s),
    ['do van anh\u001f đỗ văn ánh', 'van anh\u001e do\u001f đỗ văn ánh', 'anh\u001e do van\u001f đỗ văn ánh'],
  );
});

test('a bit says which parameters are present', () => {
  const { has } = rowOf(observation);
  for (const code of ['code', 'subject', 'patient', 'date', 'value-quantity', 'combo-code']) {
    assert.notEqual(has & bit('Observation', code), 0n, code);
  }
  assert.equal(has & bit('Observation', 'device'), 0n);
});

test('every patient is dead or alive (Patient.deceased)', () => {
  const alive = rowOf({ resourceType: 'Patient', id: 'p1' });
  const dead = rowOf({ resourceType: 'Patient', id: 'p1', deceasedDateTime: '2020' });
  assert.ok(alive.tok.includes(tokenKey('Patient.deceased', '', 'false')));
  assert.ok(dead.tok.includes(tokenKey('Patient.deceased', '', 'true')));
  assert.equal(alive.has & bit('Patient', 'deceased'), 0n);
});

test('every type is extracted without a fault, also from values of a wrong shape', () => {
  for (const type of resourceTypeNames) {
    const random = randomFrom(3);
    rowOf(randomResource(type, random, 0.9));
    const broken = randomResource(type, random, 0.9);
    for (const key of Object.keys(broken))
      if (key !== 'resourceType') broken[key] = [17, null, 'x', { coding: 3 }];
    rowOf(broken);
  }
});

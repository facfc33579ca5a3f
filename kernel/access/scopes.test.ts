import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatScope, narrowScope, parseScope, readScope, scopesAllow, scopeWithin } from './scopes.ts';

const LABORATORY = 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory';
const scope = (text: string) => parseScope(text) ?? assert.fail(text);
const within = (asked: string, ...granted: string[]) => scopeWithin(scope(asked), granted.map(scope));
const narrowed = (asked: string, ...granted: string[]) =>
  narrowScope(scope(asked), granted.map(scope)).map(formatScope);

test('SMART 2.2: v1 words, v2 letters in order, nothing else', () => {
  assert.deepEqual([...scope('system/*.cruds').actions], ['create', 'read', 'update', 'delete', 'search']);
  assert.deepEqual([...scope('user/Patient.read').actions], ['read', 'search']);
  assert.deepEqual([...scope('patient/Patient.write').actions], ['create', 'update', 'delete']);
  assert.equal(scope('system/Patient.*').actions.size, 5);
  assert.equal(scope('patient/Patient.rs').level, 'patient');
  const none = [
    '',
    'system/Patient.',
    'system/Patient.sr',
    'system/Patient.rr',
    'system/Patient.dus',
    'system/patient.rs',
    'system/Nothing.rs',
    'practitioner/Patient.rs',
    'patient/Patient.rs?',
    'patient/Patient.rs?gender',
    'patient/Patient.rs?=male',
    'patient/Patient.rs?gender=%E0%A4%A',
    'openid',
    'launch/patient',
    'system/*',
    `patient/Patient.rs?name=${'a'.repeat(1_000)}`,
  ];
  for (const text of none) assert.equal(readScope(text), null, text);
});

test('SMART 2.2: a query narrows to what matches it; result parameters and unknown ones are refused by name', () => {
  assert.deepEqual(scope(`patient/Observation.rs?category=${LABORATORY}`).query, [['category', LABORATORY]]);
  assert.deepEqual(scope('user/Observation.rs?code=a%26b&status=final').query, [
    ['code', 'a&b'],
    ['status', 'final'],
  ]);
  assert.deepEqual(scope('system/*.rs?_security=http://x|N').query, [['_security', 'http://x|N']]);
  const refused: [string, RegExp][] = [
    ['patient/Observation.rs?_include=Observation:subject', /_include/],
    ['patient/Observation.rs?_sort=date', /_sort/],
    ['patient/Observation.rs?_count=1', /_count/],
    ['patient/Observation.rs?colour=red', /colour/],
    ['patient/Observation.rs?patient.name=a', /patient\.name/],
    ['patient/Observation.rs?code:in=http://x', /code:in/],
    ['patient/Observation.rs?date=soon', /date/],
    ['patient/*.rs?category=laboratory', /category/],
  ];
  for (const [text, fault] of refused) {
    assert.match(String(readScope(text)), fault, text);
    assert.equal(parseScope(text), null, text);
  }
});

test('what is asked lies within what was granted: level, type, letters, query', () => {
  assert.ok(within('system/Patient.r', 'system/Patient.rs'));
  assert.ok(within('system/Patient.rs', 'system/*.read'));
  assert.ok(within('system/Patient.rs', 'system/Patient.r', 'system/Patient.s'));
  assert.ok(!within('system/*.r', 'system/Patient.rs'));
  assert.ok(!within('system/Patient.u', 'system/Patient.rs'));
  assert.ok(within('patient/Patient.r', 'user/*.cruds'));
  assert.ok(!within('user/Patient.r', 'patient/*.cruds'));
  assert.ok(!within('system/Patient.r', 'user/*.cruds'));
  assert.ok(!within('patient/Patient.r', 'system/*.cruds'));
  assert.ok(within('patient/Observation.rs?category=a', 'patient/Observation.rs'));
  assert.ok(within('patient/Observation.rs?category=a', 'patient/Observation.rs?category=a,b'));
  assert.ok(within('patient/Observation.rs?category=a&code=x', 'patient/Observation.rs?category=a'));
  assert.ok(!within('patient/Observation.rs', 'patient/Observation.rs?category=a'));
  assert.ok(!within('patient/Observation.rs?category=a,b', 'patient/Observation.rs?category=a'));
  assert.ok(!within('patient/Observation.rs?code=a', 'patient/Observation.rs?category=a'));
  assert.ok(!within('patient/Observation.rs?category:not=a', 'patient/Observation.rs?category:not=a,b'));
  assert.ok(!scopesAllow([scope('system/Patient.rs')], 'read', 'Observation'));
});

test('of what goes further, the part that is granted', () => {
  assert.deepEqual(narrowed('patient/*.cruds', 'patient/Patient.r', 'patient/Observation.rs'), [
    'patient/Patient.r',
    'patient/Observation.rs',
  ]);
  assert.deepEqual(narrowed('patient/Observation.cruds', 'patient/*.rs'), ['patient/Observation.rs']);
  assert.deepEqual(narrowed('patient/Observation.rs', 'user/Observation.rs?category=a'), [
    'patient/Observation.rs?category=a',
  ]);
  assert.deepEqual(narrowed('patient/Observation.rs?code=x', 'patient/*.rs?_tag=t'), [
    'patient/Observation.rs?code=x&_tag=t',
  ]);
  assert.deepEqual(narrowed('user/Observation.rs', 'patient/*.cruds'), []);
  assert.deepEqual(narrowed('patient/Observation.rs', 'patient/Observation.r', 'patient/*.r'), [
    'patient/Observation.r',
  ]);
  assert.deepEqual(narrowed('patient/Observation.read', 'patient/*.rs'), ['patient/Observation.rs']);
});

test('a scope is written as it is read, without characters that RFC 6749 does not let stand in one', () => {
  for (const text of [
    'patient/Observation.rs?code=a%26b',
    'user/Patient.cruds?name=Nguy%E1%BB%85n%20V',
    `system/*.rs?_tag=a|b,c`,
  ]) {
    assert.equal(formatScope(scope(text)), text);
    assert.match(formatScope(scope(text)), /^[\x21\x23-\x5b\x5d-\x7e]+$/);
  }
});

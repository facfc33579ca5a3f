/** FHIRPath compiled: by the words of the specifications, against the library on random resources, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evalFhirPathTyped, toTypedValue } from '@medplum/core';
import { Failure } from '../../failure.ts';
import { elementsOf, hasStructure, isPrimitive, propertyName } from '../definitions/index.ts';
import { pick, type Random, randomFrom, randomResource } from '../validation/random.testing.ts';
import { compilePath } from './compile.ts';
import { Work } from './work.ts';

const SEED = Number(process.env.YBA_SEED ?? 20261122);
const none = new Map();
const evaluate = (path: string, resource: unknown, type = 'Patient', constants = none) =>
  compilePath(path, { type, constants }).step([resource], new Work());

const ana = {
  resourceType: 'Patient',
  active: true,
  name: [{ family: 'Nguyễn', given: ['Thị', 'An'], use: 'official' }, { family: 'Trần' }],
  identifier: [
    { system: 'a', value: '1' },
    { system: 'b', value: '2' },
  ],
  birthDate: '1985-02',
  _birthDate: { extension: [{ url: 'http://x/gio-sinh', valueTime: '08:30' }] },
  deceasedDateTime: '2026-11-22T08:30:00+07:00',
  multipleBirthInteger: 2,
  extension: [{ url: 'http://x/cao', valueDecimal: 1.5 }],
  generalPractitioner: [
    { reference: 'Practitioner/p1' },
    { reference: 'Organization/o1' },
    { reference: 'http://elsewhere/fhir/Organization/o9' },
  ],
  managingOrganization: { reference: 'Organization/o2/_history/3' },
  contained: [{ resourceType: 'Basic', id: 'b1' }],
};

const CASES: [path: string, expected: unknown[]][] = [
  ['name.family', ['Nguyễn', 'Trần']],
  ['Patient.name.first().given', ['Thị', 'An']],
  ['name.given.last()', ['An']],
  ['name[1].family', ['Trần']],
  ['name.skip(1).family', ['Trần']],
  ['name.take(1).family', ['Nguyễn']],
  ['name.tail().family', ['Trần']],
  ['name.family.count()', [2]],
  ["identifier.where(system = 'b').value", ['2']],
  ["identifier.where(system != 'b').value", ['1']],
  ["identifier.exists(system = 'c')", [false]],
  ['identifier.all(value.exists())', [true]],
  ['photo.empty()', [true]],
  ['name.select(given.first())', ['Thị']],
  ["name.given.join('-')", ['Thị-An']],
  ["name.first().family & ' ' & name.given.last()", ['Nguyễn An']],
  ["'a' + 'b'", ['ab']],
  ['0.1 + 0.2', [0.3]],
  ['7 div 2', [3]],
  ['-multipleBirth.ofType(integer)', [-2]],
  ['multipleBirth', [2]],
  ['multipleBirth.ofType(boolean)', []],
  ['multipleBirth.ofType(integer) >= 2', [true]],
  ['active and gender.exists()', [false]],
  ["gender = 'male' or active", [true]],
  ["gender = 'male'", []],
  ['active implies photo.exists()', [false]],
  ['active xor true', [false]],
  ['birthDate < @1985-03', [true]],
  ['birthDate = @1985-02-01', []],
  ['birthDate > @1984', [true]],
  ['deceased.ofType(dateTime) = @2026-11-22T01:30:00Z', [true]],
  ['deceased.ofType(dateTime) > @2026-11-22T08:29:00+07:00', [true]],
  ["birthDate.extension('http://x/gio-sinh').value.ofType(time)", ['08:30']],
  ["extension('http://x/cao').value.ofType(decimal)", [1.5]],
  ["extension('http://x/cao').value", [1.5]],
  ["extension('http://x/khong').exists()", [false]],
  ['managingOrganization.getReferenceKey(Organization)', ['o2']],
  ['managingOrganization.getReferenceKey(Patient)', []],
  ['generalPractitioner.getReferenceKey()', ['p1', 'o1']],
  ['generalPractitioner.getReferenceKey(Organization)', ['o1']],
  ['contained.ofType(Basic).id', ['b1']],
  ["name.family.first().startsWith('Ng')", [true]],
  ["name.where(family.contains('rầ')).family.upper()", ['TRẦN']],
  ["iif(active, 'có', 'không')", ['có']],
  ['name.distinct().count()', [2]],
  ['{}.exists()', [false]],
  ['birthDate.lowBoundary()', ['1985-02-01']],
  ['birthDate.highBoundary()', ['1985-02-28']],
  ['deceased.ofType(dateTime).lowBoundary()', ['2026-11-22T08:30:00.000+07:00']],
  ['1.5.lowBoundary()', [1.45]],
  ['1.5.highBoundary()', [1.55]],
  ['@T12:34.highBoundary()', ['12:34:59.999']],
  ['@2010-10-10T.lowBoundary()', ['2010-10-10T00:00:00.000+14:00']],
  ['@2010-10-10T.highBoundary()', ['2010-10-10T23:59:59.999-12:00']],
  ['@2024.highBoundary()', ['2024-12-31']],
  ['/* chú thích */ id.exists() // cuối', [false]],
];

test('paths by the words of FHIRPath and SQL on FHIR', () => {
  for (const [path, expected] of CASES) {
    assert.deepEqual(evaluate(path, ana), expected, path);
  }
});

test('constants of every type stand in for literals', () => {
  const constants = new Map([
    ['use', { type: 'code', value: 'official' }],
    ['at', { type: 'integer', value: 1 }],
    ['day', { type: 'date', value: '1985-01' }],
    ['yes', { type: 'boolean', value: true }],
    ['half', { type: 'decimal', value: 0.5 }],
  ]);
  assert.deepEqual(evaluate('name.where(use = %use).family', ana, 'Patient', constants), ['Nguyễn']);
  assert.deepEqual(evaluate('name[%at].family', ana, 'Patient', constants), ['Trần']);
  assert.deepEqual(evaluate('birthDate > %day', ana, 'Patient', constants), [true]);
  assert.deepEqual(evaluate('active = %yes', ana, 'Patient', constants), [true]);
  assert.deepEqual(evaluate('%half + %half', ana, 'Patient', constants), [1]);
});

/** A random path along the element tables, as both implementations understand it. */
function randomPath(type: string, random: Random): string {
  const steps: string[] = [];
  let place = type;
  for (let depth = 0; depth < 4; depth++) {
    const known = elementsOf(place).filter(
      ({ name }) =>
        !['contained', 'extension', 'modifierExtension', 'meta', 'id', 'implicitRules'].includes(name),
    );
    // Without definitions the library takes `conclusionCode` for a choice of `conclusion`.
    const names = known.map(({ name }) => name);
    const plain = known.filter(
      ({ name }) => !names.some((one) => one.startsWith(name) && /^[A-Z]/.test(one.slice(name.length))),
    );
    const element = pick(random, plain);
    const one = pick(random, element.types);
    const code = one.code === 'SimpleQuantity' || one.code === 'MoneyQuantity' ? 'Quantity' : one.code;
    steps.push(element.choice ? `${element.name}.ofType(${code})` : element.name);
    if (random() < 0.2) steps.push(pick(random, ['first()', 'last()', 'tail()']));
    if (isPrimitive(code)) {
      if (random() < 0.3) steps.push(pick(random, ['exists()', 'empty()', 'count()']));
      return steps.join('.');
    }
    if (code === 'Reference') return [...steps, 'reference'].join('.');
    if (!hasStructure(code) || code === 'Resource') break;
    if (random() < 0.25) {
      const inner = elementsOf(code).filter(
        ({ choice, types }) => !choice && types.length === 1 && isPrimitive(types[0]!.code),
      );
      if (inner.length > 0)
        steps.push(`where(${pick(random, inner).name}.exists() ${pick(random, ['or', 'and'])} true)`);
    }
    place = code;
  }
  return [...steps, pick(random, ['exists()', 'empty()', 'count()'])].join('.');
}

test('random paths over random resources give what the library gives', (context) => {
  context.diagnostic(`YBA_SEED=${SEED}`);
  const random = randomFrom(SEED);
  const types = [
    'Patient',
    'Encounter',
    'Observation',
    'Condition',
    'MedicationRequest',
    'Immunization',
    'Claim',
    'Questionnaire',
    'Bundle',
    'DiagnosticReport',
  ];
  let found = 0;
  for (let i = 0; i < 4_000; i++) {
    const type = pick(random, types);
    const resource = randomResource(type, random, 0.9);
    const path = randomPath(type, random);
    const theirs = evalFhirPathTyped(path, [toTypedValue(resource)]).map(({ value }) => value);
    assert.deepEqual(
      evaluate(path, resource, type),
      theirs,
      `seed ${SEED}, ${path}: ${JSON.stringify(resource)}`,
    );
    found += theirs.filter((one) => one !== false && one !== true && one !== 0).length;
  }
  assert.ok(found > 300, `${found} values`);
  assert.equal(
    propertyName(elementsOf('Patient').find(({ name }) => name === 'multipleBirth')!, { code: 'integer' }),
    'multipleBirthInteger',
  );
});

test('what is no FHIRPath, or names what R4 does not have, is refused with a sentence that names it', () => {
  const refused: [string, RegExp][] = [
    ['@@', /is not FHIRPath: character 1/],
    ['@2026-02-30', /no date or time that exists/],
    ['name.', /ends too early/],
    ['name family', /"family" is not expected/],
    ['wobble(1)', /wobble\(\)/],
    ['%wobble', /%wobble, which is declared nowhere/],
    ['name.wobble', /"wobble", which HumanName does not have/],
    ['name.ofType(Wobble)', /no type of R4/],
    ['name.where()', /where\(\) without its argument/],
    ['name.first(1, 2)', /more than 1 arguments/],
    ["'a'.lowBoundary()", /no decimal, date or time/],
    ['active.getReferenceKey()', /no reference/],
    ["name.family.matches('(a')", /pattern that cannot be used: a \) is missing/],
    [`${'('.repeat(100)}1${')'.repeat(100)}`, /nested more than 60/],
    [`'${'a'.repeat(5_000)}'`, /more than 4000 characters/],
  ];
  for (const [path, what] of refused) {
    assert.throws(
      () => compilePath(path, { type: 'Patient', constants: none }),
      (error) => error instanceof Failure && error.status === 422 && what.test(error.message),
      path,
    );
  }
});

test('lenient: what R4 does not have gives nothing', () => {
  for (const path of ['name.wobble', 'Wobble.name', 'name.ofType(Wobble)', 'deceased.ofType(Quantity)'])
    assert.deepEqual(
      compilePath(path, { type: 'Patient', constants: none, lenient: true }).step([ana], new Work()),
      [],
      path,
    );
});

test('what the user does not offer is refused, functions and variables alike', () => {
  const offers = (name: string) => name === 'where';
  for (const path of ['name.first()', '%resource', '%ucum', '$index', '$total'])
    assert.throws(
      () => compilePath(path, { type: 'Patient', constants: none, offers }),
      /not offered|declared nowhere/,
    );
  assert.ok(
    compilePath('name.where(family = %x)', {
      type: 'Patient',
      constants: new Map([['x', { type: 'string', value: '' }]]),
      offers,
    }),
  );
});

test('work is bounded for one resource, whatever does not end or grows', () => {
  const wide = {
    resourceType: 'Patient',
    name: Array.from({ length: 2_000 }, (_, at) => ({ family: `n${at}`, given: ['An'] })),
  };
  for (const path of [
    "name.where(%resource.name.exists(family = 'x')).count()",
    'name.repeat($this.select($this)).count() + name.select(%resource.name).count()',
    '(1).repeat($this + 1).count()',
    'name.aggregate($total.combine($total).combine($this)).count()',
    "name.aggregate($total & $total & 'aa', 'a').length()",
    "name.aggregate($total.replace('a', 'aa'), 'a').length()",
    'name.descendants().select(%resource.descendants()).count()',
    "name.select(%resource.name.family.join('-').split('')).count()",
  ])
    assert.throws(
      () => evaluate(path, wide),
      (error) => error instanceof Failure && error.code === 'too-large',
      path,
    );
  assert.deepEqual(evaluate('name.repeat($this).count()', wide), [2_000]);
  assert.deepEqual(evaluate('name.distinct().count() + (name.family | name.family).count()', wide), [4_000]);
});

test('the longest chains and sums are within the stack', () => {
  for (const path of [
    `name${'.tail()'.repeat(570)}`,
    `1${'+1'.repeat(1_990)}`,
    `true${' and true'.repeat(440)}`,
  ])
    assert.equal(evaluate(path, ana).length, path.startsWith('name') ? 0 : 1);
});

test('each part of an expression is compiled once: no chain and no nest takes twice as long for one more link', () => {
  const nest = (before: string, after: string) => `${before.repeat(50)}'a'${after.repeat(50)}`;
  for (const path of [
    "extension('u')".concat(".extension('u')".repeat(200)),
    `extension${'.ofType(Extension).extension'.repeat(120)}`,
    `extension.value${'.as(Extension).value'.repeat(150)}`,
    nest("'a'.replace('a', ", ')'),
    nest("'a'.substring(", '.length())'),
    nest("('a' & 'b').join(", ')'),
    nest("iif(true, 'a', ", ')'),
    nest('(1 | 2).select($this & ', ')'),
    nest("'1'.toQuantity(", ')'),
    nest("'a'.matches(", '.toString())'),
    nest("'a'.replaceMatches('a', ", ')'),
    nest('(1).aggregate($this, ', ')'),
    nest("(1).trace('a', ", ')'),
    nest('(1 | 2).intersect(', ')'),
    nest('(1 | 2).subsetOf(', ')'),
    nest('1.round(', '.length())'),
    nest('code.memberOf(', '.toString())'),
  ])
    assert.ok(compilePath(path, { type: 'Patient', constants: none, lenient: true }), path.slice(0, 60));
});

test('variables are asked of the evaluation; the name of a type also means the variable of that name, but for the focus itself', () => {
  const within = {
    type: 'Patient',
    constants: none,
    variables: new Map([
      ['Condition', 'Condition'],
      ['list', null],
    ]),
  };
  const conditions = [{ resourceType: 'Condition', code: { text: 'a' } }, { resourceType: 'Condition' }];
  const work = () =>
    new Work(undefined, { variable: (name) => (name === 'Condition' ? conditions : ['x', 'y']) });
  const ask = (path: string) => compilePath(path, within).step([ana], work());
  assert.deepEqual(ask('Condition.code.text'), ['a']);
  assert.deepEqual(ask('%Condition.count()'), [2]);
  assert.deepEqual(ask('Condition.where(Condition.code.exists()).count()'), [1]);
  assert.deepEqual(ask('name.where(Condition.exists()).count()'), [2]);
  assert.deepEqual(ask('%list'), ['x', 'y']);
  assert.deepEqual(ask('%"list"'), ['x', 'y'], 'R4 fhirpath.html writes %"vs-name"');
  assert.deepEqual(ask('Condition.ofType(Condition).count()'), [2]);
  assert.throws(() => compilePath('Condition.sex', within), Failure);
  assert.throws(() => compilePath('%other', within), Failure);
  assert.deepEqual(compilePath('Condition', within).step([ana], new Work()), []);
});

test('with an end of a period a value without a time counts by the instant at which it begins in Vietnam', () => {
  const end = { type: 'dateTime', value: '2026-12-31T23:59:59.999+07:00', isEnd: true as const };
  const start = { type: 'dateTime', value: '2026-01-01T00:00:00.000+07:00', isEnd: true as const };
  const plain = { type: 'dateTime', value: end.value };
  const ask = (path: string, birthDate: string) =>
    evaluate(
      path,
      { resourceType: 'Patient', birthDate },
      'Patient',
      new Map([
        ['end', end],
        ['start', start],
        ['plain', plain],
      ]),
    );
  assert.deepEqual(ask('birthDate <= %end', '2026-12-31'), [true]);
  assert.deepEqual(ask('birthDate > %end', '2026-12-31'), [false]);
  assert.deepEqual(ask('birthDate <= %end', '2027-01-01'), [false]);
  assert.deepEqual(ask('%start <= birthDate', '2026-01-01'), [true]);
  assert.deepEqual(ask('birthDate >= %start', '2026'), [true]);
  assert.deepEqual(ask('birthDate >= %start', '2025-12-31'), [false]);
  assert.deepEqual(ask('birthDate <= %end - 1 year', '2025-12-31'), [true]);
  assert.deepEqual(ask('birthDate <= %end - 1 year', '2026-01-01'), [false]);
  assert.deepEqual(ask('birthDate <= %plain', '2026-12-31'), [], 'as FHIRPath has it');
  assert.deepEqual(ask('birthDate <= %end', ''), []);
});

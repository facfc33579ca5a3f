/** The language by the words of the specification (FHIRPath 2.0.0, R4 fhirpath.html), section by section; and what callers hand in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import { Box, compilePath, type Environment, functionNames, Work } from './index.ts';

const UCUM = 'http://unitsofmeasure.org';
const observation = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  _status: { extension: [{ url: 'http://x/vi-sao', valueString: 'máy' }] },
  code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
  subject: { reference: 'Patient/p1' },
  performer: [{ reference: '#bs' }],
  effectiveDateTime: '2026-11-22T08:30:00+07:00',
  issued: '2026-11-22T01:31:00.000Z',
  valueQuantity: { value: 13.5, unit: 'g/dL', system: UCUM, code: 'g/dL' },
  _interpretation: null,
  note: [{ text: 'a' }, { text: 'A ' }, { text: 'b' }],
  component: [
    { code: { text: 'x' }, valueInteger: 1 },
    { code: { text: 'y' }, valueInteger: 2 },
    { code: { text: 'z' }, valueString: 'ba' },
  ],
  referenceRange: [{ low: { value: 120, system: UCUM, code: 'g/L' } }],
  contained: [
    { resourceType: 'Practitioner', id: 'bs', active: true, name: [{ family: 'Lê', _given: [{ id: 'g' }] }] },
  ],
};

const NOW = new Date('2026-11-22T01:30:00.250Z');

function evaluate(path: string, environment: Environment = {}): readonly unknown[] {
  const compiled = compilePath(path, { type: 'Observation', constants: new Map() });
  return compiled.step([observation], new Work(1_000_000, { now: NOW, ...environment }));
}

type Case = [path: string, expected: unknown[]];

function holds(title: string, cases: Case[]): void {
  test(title, () => {
    for (const [path, expected] of cases) assert.deepEqual(evaluate(path), expected, path);
  });
}

holds('6.3.1 in, of texts that stand in the expression: one of them, none of them, nothing to look for', [
  ["status in ('draft' | 'final')", [true]],
  ["status in ('draft' | 'amended' | 'Final')", [false]],
  ["status in 'final'", [true]],
  ["status.substring(90) in ('draft' | 'final')", []],
  ["Observation.note.text.exists($this in ('b' | 'c'))", [true]],
]);

holds('4.1 literals, 4.2 operators bind as the grammar says', [
  ["'a\\'b\\u0111\\n'", ["a'bđ\n"]],
  ["4.5 'mg'", [{ value: 4.5, unit: 'mg', system: UCUM, code: 'mg' }]],
  ['3 days', [{ value: 3, unit: 'days' }]],
  ['@T10:30', ['10:30']],
  ['@2026-11T', ['2026-11']],
  ['1 + 2 * 3', [7]],
  ['true or false and false', [true]],
  ['1 + 1 | 2', [2]],
  ['2 | 3 = 2 | 3', [true]],
  ['1 is Integer and not()', [false]],
  ['-(1 | 1)', [-1]],
  ['note.`text`.count()', [3]],
]);

holds('5.1 existence', [
  ['component.exists(value is integer)', [true]],
  ['{}.all(false)', [true]],
  ['(true | false).allTrue()', [false]],
  ['(true | false).anyTrue()', [true]],
  ['{}.allFalse()', [true]],
  ['(true | false).anyFalse()', [true]],
  ["note.text.subsetOf('a' | 'A ' | 'b' | 'c')", [true]],
  ["note.text.supersetOf('b')", [true]],
  ['(1).combine(1.0).isDistinct()', [false]],
]);

holds('5.2 filtering, $index, and 5.3 subsetting', [
  ['component.where($index = 1).code.text', ['y']],
  ['component.select($index)', [0, 1, 2]],
  ['component.select(code.select($index) | $index)', [0, 0, 1, 0, 2]],
  ['(1).repeat(iif($this < 4, $this + 1, {}))', [2, 3, 4]],
  ['component.value.ofType(integer)', [1, 2]],
  ['note[1].text', ['A ']],
  ['note[-1].text', []],
  ['note.skip(1).take(1).text', ['A ']],
  ["note.text.intersect('b' | 'a')", ['a', 'b']],
  ["note.text.exclude('a')", ['A ', 'b']],
]);

holds('5.4 combining keeps or drops what is there twice', [
  ['(1 | 2).union(2 | 3)', [1, 2, 3]],
  ['(1 | 2).combine(2)', [1, 2, 2]],
]);

holds('5.5 conversion', [
  ["'t'.toBoolean() and 'No'.toBoolean().not() and 1.toBoolean()", [true]],
  ["'12'.toInteger() + true.toInteger()", [13]],
  ["'1.5'.toInteger()", []],
  ['2147483648.toString().toInteger()', []],
  ["'1.50'.toDecimal()", [1.5]],
  ["'2026-11-22T08:30'.toDate()", ['2026-11-22']],
  ["'2026-02-30'.convertsToDate()", [false]],
  ["'2026-11'.toDateTime() = @2026-11T", [true]],
  ["'10:30'.toTime() = @T10:30", [true]],
  ["'4 \\'mg\\''.toQuantity() = 4 'mg'", [true]],
  ["'3 days'.toQuantity().toString()", ['3 days']],
  ["'1 wobble'.convertsToQuantity()", [false]],
  ["2.5 'g'.toQuantity('mg').value", [2500]],
  ["1 'g'.convertsToQuantity('s')", [false]],
  ['value.toString()', ["13.5 'g/dL'"]],
  ['{}.toInteger()', []],
]);

holds('5.6 strings', [
  ["'abc'.indexOf('c') + 'abc'.indexOf('x')", [1]],
  ["'abcb'.lastIndexOf('b')", [3]],
  ["'abc'.substring(1) | 'abc'.substring(1, 1) | 'abc'.substring(5)", ['bc', 'b']],
  ["'abc'.replace('b', 'xx')", ['axxc']],
  ["'ab'.replace('', '-')", ['-a-b-']],
  ["'N8000123123'.matches('^N[0-9]{8}$')", [false]],
  ["'N8000123123'.matches('N[0-9]{8}')", [true]],
  ["'N8000123123'.matchesFull('N[0-9]{8}')", [false]],
  ["'11/30/1972'.replaceMatches('(?<m>\\\\d{2})/(\\\\d{2})/(\\\\d{4})', '$3-$<m>-$2')", ['1972-11-30']],
  ["'đau'.toChars()", ['đ', 'a', 'u']],
  ["'a,b'.split(',').join('|')", ['a|b']],
  ["' a '.trim().length()", [1]],
  ["'a&<'.escape('html').unescape('html')", ['a&<']],
  ["'đ?'.encode('urlbase64').decode('urlbase64')", ['đ?']],
  ["'ff00'.decode('hex').length() > 0", [true]],
  ["note.text.first().upper() & {} & 'x'", ['Ax']],
  ['note.text.first() + {}', []],
]);

holds('5.7 math', [
  ['(-5.5).abs() + 1.1.ceiling() + (-1.1).floor() + (-1.9).truncate()', [4.5]],
  ['1.005.round(2) | 2.5.round() | (-1.5).round()', [1.01, 3, -1]],
  ['16.log(2) | 2.power(10) | 81.sqrt() | 0.exp() | 1.ln()', [4, 1024, 9, 1, 0]],
  ['(-1).sqrt() | (-1).power(0.5) | 0.ln()', []],
  ["(-3 'mg').abs() = 3 'mg'", [true]],
  ['0.1 + 0.2 = 0.3', [true]],
  ['5 div 2 | 5 mod 2 | 5 / 2 | 5 mod 0', [2, 1, 2.5]],
  ["2 'cm' * 3 'cm' = 6 'cm2'", [true]],
  ["6 'g' / 2 'dL' = 30 'g/L'", [true]],
  ["1 'g' + 500 'mg' = 1.5 'g'", [true]],
  ["1 'g' + 1 's'", []],
]);

holds('5.8 tree navigation, and 5.9 utilities', [
  ['component.children().where($this is CodeableConcept).text', ['x', 'y', 'z']],
  ['descendants().where($this is Reference).reference', ['Patient/p1', '#bs']],
  ['descendants().ofType(Quantity).value', [13.5, 120]],
  ['contained.name.given.id', ['g']],
  ['now()', ['2026-11-22T08:30:00.250+07:00']],
  ['today() = @2026-11-22 and timeOfDay() = @T08:30:00.250', [true]],
  ['now() = now()', [true]],
  ["component.iif(count() > 2, 'nhiều', 1 / 0)", ['nhiều']],
]);

holds('6.1 equality and equivalence', [
  ['1 = 1.0 and 1 ~ 1.04.round(1)', [true]],
  ["'ABC  d' ~ 'abc d'", [true]],
  ['(1 | 2) = (2 | 1)', [false]],
  ['(1 | 2) ~ (2 | 1)', [true]],
  ['{} = {}', []],
  ['{} ~ {}', [true]],
  ['{} !~ 1', [true]],
  ['@2026 = @2026-11', []],
  ['@2026 ~ @2026-11', [false]],
  ['@2026-11-22T08:30:00+07:00 = @2026-11-22T01:30:00Z', [true]],
  ['@T10:30 = @2026', [false]],
  ['code = code and code ~ code', [true]],
  ["value = 135 'g/L'", [true]],
  ["4 'g' = 4040 'mg'", [false]],
  ["4 'g' ~ 4040 'mg'", [true]],
  ["1 'g' = 1 's'", []],
  ["1 'g' ~ 1 's'", [false]],
  ['7 days = 1 week and 1 year = 12 months', [true]],
  ["1 year = 1 'a'", []],
  ["1 year ~ 1 'a'", [true]],
]);

holds('6.2 comparison', [
  ['value >= referenceRange.low', [true]],
  ["'abc' < 'abd' and @T10 < @T11", [true]],
  ['@2026-11 < @2026-11-22', []],
  ['effective < issued', [true]],
  ["value > 1 's'", []],
  ['{} > 1', []],
]);

holds('6.3 types, 10 reflection', [
  ['status is code and status is string and (status is uri).not()', [true]],
  ['status is System.String', [false]],
  ["'a' is System.String and 'a' is String and ('a' is string).not()", [true]],
  ['value is Quantity and value.is(FHIR.Quantity) and (value is System.Quantity).not()', [true]],
  ['$this is DomainResource and $this is Resource', [true]],
  ['component.first() is BackboneElement', [true]],
  ['(value as Quantity).unit | value.as(string)', ['g/dL']],
  ['status.ofType(string)', []],
  [
    'status.type().name | component.first().type().name | 1.type().namespace',
    ['code', 'BackboneElement', 'System'],
  ],
  ['{} is Integer', []],
  ["'a'.type().constructor | 4 'mg'.constructor | 4 'mg'.value", [4]],
]);

holds('6.4 collections, 6.5 logic with nothing', [
  ["'a' in note.text and note.text contains 'b'", [true]],
  ['{} in note.text', []],
  ["'a' in {}", [false]],
  ['{} and false', [false]],
  ['{} or true', [true]],
  ['{} xor true', []],
  ['{} implies true', [true]],
  ['false implies {}', [true]],
  ['true implies {}', []],
]);

holds('6.6.7 dates move', [
  ['@2024-02-29 + 1 year', ['2025-02-28']],
  ['@2026-01-31 + 1 month', ['2026-02-28']],
  ['@2026-03-01 - 1 day', ['2026-02-28']],
  ['@2026 + 25 months', ['2028']],
  ['@2026-11 + 45 days', ['2026-12']],
  ['@2026-11-22T23:30:00+07:00 + 45 minutes', ['2026-11-23T00:15:00+07:00']],
  ['@2026-11-22T08:30:00.000Z + 1500 milliseconds', ['2026-11-22T08:30:01.500Z']],
  ['@T23:30 + 45 minutes', ['00:15']],
  ["@2026-11-22 + 1.9 'd'", ['2026-11-23']],
  ['@9999-12-31 + 1 day', []],
  ['effective - 1 hour', ['2026-11-22T07:30:00+07:00']],
  ['(today() - 1 week).toString()', ['2026-11-15']],
]);

holds('7 aggregates', [
  ['component.value.ofType(integer).aggregate($total + $this, 10)', [13]],
  ['(3 | 1 | 2).aggregate(iif($total.empty() or $this < $total, $this, $total))', [1]],
  ['(1 | 2).aggregate($total + (3 | 4).aggregate($total + $this, 0) * $this, 0)', [21]],
]);

holds('9 variables, and R4 functions', [
  ['%resource.id | %context.id | %rootResource.id', ['o1']],
  ["component.where(code.text = 'y').select(%resource.id)", ['o1']],
  ['%ucum | %sct | %loinc', [UCUM, 'http://snomed.info/sct', 'http://loinc.org']],
  [
    "%`vs-gender` | %'ext-x'",
    ['http://hl7.org/fhir/ValueSet/gender', 'http://hl7.org/fhir/StructureDefinition/x'],
  ],
  ["status.extension('http://x/vi-sao').value", ['máy']],
  ['status.hasValue() and contained.name.given.hasValue().not() and contained.name.given.exists()', [true]],
  ['status.getValue() is System.String', [true]],
  ['performer.resolve().name.family', ['Lê']],
  ['subject.resolve()', []],
  ['$this.checkModifiers().id', ['o1']],
  ["'<div>a</div>'.htmlChecks() and '<p onclick=\\'x\\'>'.htmlChecks().not()", [true]],
  ['2.lowBoundary() | 1.587.highBoundary(2) | @2026.lowBoundary(6)', [1.5, 1.59, '2026-01']],
  ['@2026-11.precision() | @T10:30.precision()', [6, 4]],
]);

test('what the caller hands in: references, Bundles, terminology, profiles, traces', () => {
  const patient = { resourceType: 'Patient', id: 'p1', active: true };
  assert.deepEqual(
    evaluate('subject.resolve().active', { resolve: (to) => (to === 'Patient/p1' ? patient : null) }),
    [true],
  );
  const bundle = {
    resourceType: 'Bundle',
    entry: [{ fullUrl: 'http://x/fhir/Patient/p1', resource: patient }],
  };
  assert.deepEqual(evaluate('subject.resolve().id', { bundle }), ['p1']);
  assert.deepEqual(evaluate("'http://x/fhir/Patient/p1'.resolve() is Patient", { bundle }), [true]);
  const memberOf = (value: unknown, type: string | null, set: string) =>
    set === 'http://x/vs' ? type === 'CodeableConcept' && value === observation.code : null;
  assert.deepEqual(evaluate("code.memberOf('http://x/vs')", { memberOf }), [true]);
  assert.deepEqual(evaluate("code.memberOf('http://x/unknown')", { memberOf }), []);
  const subsumes = (general: unknown, special: unknown) =>
    JSON.stringify(general) === JSON.stringify(special);
  assert.deepEqual(evaluate('code.subsumes(code.coding) and code.subsumedBy(code)', { subsumes }), [true]);
  assert.deepEqual(evaluate("conformsTo('http://x/sd')", { conformsTo: (_, url) => url === 'http://x/sd' }), [
    true,
  ]);
  const traces: unknown[] = [];
  evaluate("component.trace('t', code.text).count()", {
    trace: (name, values) => traces.push(name, ...values),
  });
  assert.deepEqual(traces, ['t', 'x', 'y', 'z']);
  assert.throws(() => evaluate("code.memberOf('http://x/vs')"), /not at hand here/);
  assert.throws(() => evaluate("'a'.matches(note.text.first() + '(')"), /pattern that cannot be used/);
});

test('contained resources: %resource is they, %rootResource the one around them', () => {
  const [inner] = observation.contained;
  const path = compilePath("%resource.id & '/' & %rootResource.id & '/' & %context.family", {
    type: 'HumanName',
    constants: new Map(),
  });
  const work = new Work(1_000, { resource: inner!, rootResource: observation });
  assert.deepEqual(path.step(inner!.name, work), ['bs/o1/Lê']);
});

test('of any resource: the elements are those of the one that comes', () => {
  const path = compilePath('DomainResource.status | contained.name.family', {
    type: 'DomainResource',
    constants: new Map(),
  });
  assert.deepEqual(path.step([observation], new Work()), ['final', 'Lê']);
});

test('a primitive is asked as a box, with what lies beside it', () => {
  const path = compilePath("hasValue() or extension('http://x/a').exists()", {
    type: 'string',
    constants: new Map(),
  });
  const answer = (value: unknown, beside?: object) =>
    path.step([new Box('string', value, beside)], new Work());
  assert.deepEqual(answer('a'), [true]);
  assert.deepEqual(answer(undefined, { extension: [{ url: 'http://x/a' }] }), [true]);
  assert.deepEqual(answer(undefined, { id: 'a' }), [false]);
});

test('what an expression cannot be asked of these data is a failure that names it', () => {
  for (const path of [
    'note.text.length()',
    'note.single()',
    "'a' - 'b'",
    '@2026-11-22 + 7',
    "@2026-11-22 + 1 'a'",
    "@2026-11-22 + 1 'cm'",
    '-status',
    'component.value is integer',
  ])
    assert.throws(
      () => evaluate(path),
      (error) =>
        error instanceof Failure &&
        error.code === 'business-rule' &&
        error.message.includes(path.slice(0, 8)),
      path,
    );
});

test('every function of the specification is there', () => {
  const specified = `empty exists all allTrue anyTrue allFalse anyFalse subsetOf supersetOf count distinct isDistinct where select
    repeat ofType single first last tail skip take intersect exclude union combine iif toBoolean convertsToBoolean toInteger
    convertsToInteger toDate convertsToDate toDateTime convertsToDateTime toDecimal convertsToDecimal toQuantity
    convertsToQuantity toString convertsToString toTime convertsToTime indexOf substring startsWith endsWith contains upper
    lower replace matches replaceMatches length toChars abs ceiling exp floor ln log power round sqrt truncate children
    descendants trace now timeOfDay today is as not aggregate type extension hasValue getValue resolve memberOf subsumes
    subsumedBy htmlChecks conformsTo checkModifiers`;
  for (const name of specified.split(/\s+/)) assert.ok(functionNames.includes(name), name);
});

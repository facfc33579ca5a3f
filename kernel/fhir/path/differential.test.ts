/**
 * The whole language against a second implementation, @medplum/core's evaluator, on random expressions over random resources.
 *
 * Where the two differ, and whom the specification supports, is listed in `DIFFERENT`; expressions of these kinds are not made.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evalFhirPathTyped, toTypedValue } from '@medplum/core';
import { Failure } from '../../failure.ts';
import { elementsOf, isPrimitive } from '../definitions/index.ts';
import { pick, type Random, randomFrom, randomResource } from '../validation/random.testing.ts';
import { compilePath, kindOf, Work } from './index.ts';

const SEED = Number(process.env.YBA_SEED ?? 20261122);
const ROUNDS = 3_000;
const TYPES = ['Patient', 'Encounter', 'Observation', 'MedicationRequest', 'Questionnaire', 'Claim'];

/** Makes expressions of one kind about the elements of one structure. */
class Maker {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }

  #one<T>(...items: T[]): T {
    return pick(this.#random, items);
  }

  /** A path from a structure to a primitive of the kind, or null. */
  #path(structure: string, kind: string): string | null {
    for (let attempt = 0; attempt < 6; attempt++) {
      const steps: string[] = [];
      let place = structure;
      for (let depth = 0; depth < 3; depth++) {
        const plain = elementsOf(place).filter(
          ({ name, choice, types }) =>
            !choice && types.length === 1 && !HIDDEN.has(name) && types[0]!.code !== 'Resource',
        );
        if (plain.length === 0) break;
        const element = pick(this.#random, plain);
        const code = element.types[0]!.code;
        steps.push(element.name);
        if (isPrimitive(code)) {
          if (kindOf(code) === kind) return steps.join('.');
          break;
        }
        place = code === 'SimpleQuantity' || code === 'MoneyQuantity' ? 'Quantity' : code;
        if (elementsOf(place).length === 0) break;
      }
    }
    return null;
  }

  /** Many values of the kind. */
  many(structure: string, kind: string, depth: number): string {
    const path = this.#path(structure, kind) ?? LITERALS[kind]!(this.#random);
    if (depth <= 0) return path;
    const other = () => this.many(structure, kind, depth - 1);
    return this.#one(
      () => path,
      () => `(${other()} | ${other()})`,
      () => `${other()}.combine(${other()})`,
      () => `${other()}.intersect(${other()})`,
      () => `${other()}.exclude(${other()})`,
      () => `${other()}.distinct()`,
      () => `${other()}.tail()`,
      () => `${other()}.skip(${this.#one(0, 1, 2)})`,
      () => `${other()}.take(${this.#one(0, 1, 2)})`,
      () => `${other()}.where(${this.truth(structure, depth - 1, kind)})`,
      () => `${other()}.select(${this.single('', kind, depth - 1, '$this')})`,
      () => `${other()}.trace('x')`,
      () => (kind === 'text' ? `${this.single(structure, 'text', depth - 1)}.toChars()` : path),
    )();
  }

  /** One value of the kind, or none. @param from where no structure is known: `$this` */
  single(structure: string, kind: string, depth: number, from?: string): string {
    const start =
      from ??
      (this.#random() < 0.3
        ? LITERALS[kind]!(this.#random)
        : `${this.many(structure, kind, depth - 1)}.${this.#one('first()', 'last()')}`);
    if (depth <= 0) return start;
    const same = () => this.single(structure, kind, depth - 1, from);
    const makers: (() => string)[] = [() => start];
    if (kind === 'text')
      makers.push(
        () => `${same()}.upper()`,
        () => `${same()}.lower()`,
        () => `${same()}.substring(${this.#one('0', '1', '3, 2', '0, 4')})`,
        () => `${same()}.replace('a', 'xy')`,
        () => `${same()}.replaceMatches('[a-n]+', '-')`,
        () => `(${same()} & ${same()})`,
        () => `(${same()} + 'z')`,
        () => `${same()}.toString()`,
      );
    if (kind === 'number')
      makers.push(
        () => `(${same()} ${this.#one('+', '-', '*')} ${same()})`,
        () => `(${same()} ${this.#one('/', 'div', 'mod')} ${this.#one('2', '4')})`,
        () => `${same()}.abs()`,
        () => `${same()}.${this.#one('ceiling', 'floor', 'truncate')}()`,
        () => `(-${same()})`,
        () => `${same()}.round(${this.#one('0', '1', '2')})`,
        () => `${same()}.power(2)`,
        () => `${same()}.toString().to${this.#one('Integer', 'Decimal')}()`,
        () => `${same()}.toDecimal()`,
      );
    if (kind === 'number' && from === undefined)
      makers.push(
        () => `${this.many(structure, 'text', depth - 1)}.count()`,
        () => `${this.single(structure, 'text', depth - 1)}.length()`,
        () => `${this.single(structure, 'text', depth - 1)}.indexOf('a')`,
        () => `${this.single(structure, 'boolean', depth - 1)}.toInteger()`,
        () => `${this.single(structure, 'text', depth - 1)}.to${this.#one('Integer', 'Decimal')}()`,
      );
    if (from === undefined)
      makers.push(() => `iif(${this.truth(structure, depth - 1)}, ${same()}, ${same()})`);
    return pick(this.#random, makers)();
  }

  /** True, false or nothing. @param item the kind of `$this`, when it is a value */
  truth(structure: string, depth: number, item?: string): string {
    const kind = item ?? this.#one('text', 'number', 'boolean');
    const value = () =>
      item ? this.single('', kind, depth - 1, '$this') : this.single(structure, kind, depth - 1);
    const list = () => (item ? '$this' : this.many(structure, kind, depth - 1));
    const other = () => (depth > 0 ? this.truth(structure, depth - 1, item) : 'true');
    const makers = [
      () => `${list()}.${this.#one('exists', 'empty', 'isDistinct')}()`,
      () => `(${value()} ${this.#one('=', '!=')} ${value()})`,
      () => `(${other()} ${this.#one('and', 'or', 'xor', 'implies')} ${other()})`,
      () => `${other()}.not()`,
      () => `(${value()} in ${list()})`,
      () => `(${value()} ${this.#one('~', '!~')} ${value()})`,
      () => `${list()}.exists(${this.truth(structure, depth - 2, kind)})`,
      () => `${list()}.all(${this.truth(structure, depth - 2, kind)})`,
      () => `(${value()} is ${this.#one('Quantity', 'Patient', 'Period')})`,
    ];
    if (!item)
      makers.push(
        () => `${list()}.subsetOf(${list()})`,
        () => `${list()}.supersetOf(${list()})`,
        () =>
          `${this.many(structure, 'boolean', depth)}.${this.#one('allTrue', 'anyTrue', 'allFalse', 'anyFalse')}()`,
        () => `${this.single(structure, 'boolean', depth)}`,
      );
    if (kind === 'number') makers.push(() => `(${value()} ${this.#one('<', '>', '<=', '>=')} ${value()})`);
    if (kind === 'text')
      makers.push(
        () =>
          `${value()}.${this.#one('startsWith', 'endsWith', 'contains', 'matches')}('${this.#one('a', 'b', 'Ng')}')`,
        () => `${value()}.convertsTo${this.#one('Integer', 'Decimal', 'Boolean')}()`,
      );
    return pick(this.#random, makers)();
  }
}

const HIDDEN = new Set([
  'contained',
  'extension',
  'modifierExtension',
  'meta',
  'id',
  'implicitRules',
  'text',
  'language',
]);
const LITERALS: Record<string, (random: Random) => string> = {
  text: (random) => pick(random, ["'abc'", "'Nguyễn An'", "'12'", "'true'"]),
  number: (random) => pick(random, ['0', '3', '12', '1.5']),
  boolean: (random) => pick(random, ['true', 'false']),
};

/** What the library answers to an expression that it does not know. */
const REFUSES = 'failure';

/** Where the two differ: by one example each, and what the specification says. */
const DIFFERENT: [path: string, ours: unknown, theirs: unknown, specification: string][] = [
  ['1 / 0', [], [Number.POSITIVE_INFINITY], '"/", "div", "mod": a division by zero is empty'],
  ["' a '.trim()", ['a'], [], 'trim() and split() are functions of 5.6'],
  ["''.exists()", [true], [false], 'an empty text is a text'],
  ['name.where(false) contains photo.title', [], [false], '"contains": without a right side it is empty'],
  ['(1).where($this.subsetOf($this))', [1], [], 'subsetOf(): every item is a member'],
  ['(1 | 2).hasValue()', [false], [true], 'hasValue(): one single value'],
  ['children().exists()', [true], [false], 'children(): all elements of an item'],
  ['$this.repeat(contact).exists()', [true], [false], 'repeat(): goes on from what it reached'],
  ['(1 | 2).aggregate($this + $total, 0)', [3], REFUSES, 'aggregate(): section 7'],
  ['@2026-11 < @2026-11-22', [], [true], '"<": different precision is empty'],
  ['meta.lastUpdated = @2026-11-22T08:30:00+07:00', [true], [false], '"=": with zones as instants'],
  ['@2026-11-22 + 1 month', ['2026-12-22'], ['2026-11-221'], '6.6.7: dates move by words of the calendar'],
  ["1 'g' = 1000 'mg'", [true], [false], '"=": quantities of one dimension across units'],
  ['-1.5.abs().toString()', REFUSES, [-1.5], 'a minus stands before a text'],
  ['3.sqrt()', [1.73205080756888], [Math.sqrt(3)], 'a decimal has 15 digits here; 8 are asked for'],
  ["'abc'.matches('(?<!a)b')", REFUSES, [false], 'ours refuses what no linear matcher can do'],
];

const ana = {
  resourceType: 'Patient',
  meta: { lastUpdated: '2026-11-22T01:30:00Z' },
  name: [{ family: 'Nguyễn' }],
  contact: [{ name: { family: 'Trần' } }],
};

test('where the two differ, and what the specification says', () => {
  for (const [path, mine, others, why] of DIFFERENT) {
    const [a, b] = [ours(path, 'Patient', ana), theirs(path, ana)];
    assert.deepEqual(typeof a === 'string' ? REFUSES : a, mine, `${path}: ${why}`);
    assert.deepEqual(typeof b === 'string' ? REFUSES : b, others, `${path}, the library`);
  }
});

function ours(path: string, type: string, resource: object): unknown {
  try {
    return compilePath(path, { type, constants: new Map() }).step([resource], new Work());
  } catch (error) {
    if (error instanceof Failure) return `failure: ${error.message}`;
    throw error;
  }
}

function theirs(path: string, resource: object): unknown {
  try {
    return evalFhirPathTyped(path, [toTypedValue(resource)]).map(({ value }) => value);
  } catch (error) {
    return `failure: ${error}`;
  }
}

test('random expressions over random resources give what the library gives', (context) => {
  context.diagnostic(`YBA_SEED=${SEED}`);
  const random = randomFrom(SEED);
  const maker = new Maker(random);
  let found = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const type = pick(random, TYPES);
    const resource = randomResource(type, random, 0.6);
    const kind = pick(random, ['text', 'number', 'truth', 'many']);
    const path =
      kind === 'truth'
        ? maker.truth(type, 3)
        : kind === 'many'
          ? maker.many(type, 'text', 3)
          : maker.single(type, kind, 3);
    const [a, b] = [ours(path, type, resource), theirs(path, resource)];
    if (typeof a === 'string' && typeof b === 'string') continue;
    assert.equal(JSON.stringify(a), JSON.stringify(b), `seed ${SEED}, ${path}: ${JSON.stringify(resource)}`);
    if (Array.isArray(a) && a.length > 0) found += 1;
  }
  assert.ok(found > ROUNDS / 3, `${found} answers with values`);
});

/** Generated extractors against the walk of the same trees (`walk.ts`), whose paths `paths.test.ts` compares with FHIRPath. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExamples } from '../../../tests/conformance/examples.ts';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import type { Resource } from '../../fhir/types.ts';
import { randomFrom, randomResource } from '../../fhir/validation/random.testing.ts';
import type { IndexRow } from '../index-row.ts';
import { extractIndexes } from './extract.ts';
import { followOwnParameters } from './own-parameters.ts';
import { baseParametersOf } from './parameters.ts';
import { type Extractor, walkerOf } from './walk.ts';

const walkers = new Map<string, Extractor>();

function walkerFor(type: string): Extractor {
  const known = walkers.get(type);
  if (known) return known;
  const made = walkerOf(type, [...baseParametersOf(type).values()]);
  walkers.set(type, made);
  return made;
}

/** The order of entries says nothing. */
function comparable({ tok, ord, str, codes, ...columns }: IndexRow) {
  return {
    ...columns,
    tok: tok.map(String).sort(),
    ord: ord.map(({ p, lo, hi }) => `${p} ${lo} ${hi}`).sort(),
    str: str.map(({ p, s }) => `${p} ${s}`).sort(),
    codes: codes.map(({ h, ...word }) => `${h} ${JSON.stringify(word)}`).sort(),
  };
}

/** @returns how many entries both ways gave */
function compare(resource: object, name: string): number {
  const one = resource as Resource;
  const row = extractIndexes(one);
  assert.deepEqual(comparable(row), comparable(extractIndexes(one, walkerFor(one.resourceType))), name);
  return row.tok.length + row.ord.length + row.str.length;
}

test("every example of HL7 gives the same rows by the generated code as by the walk of its type's parameters", () => {
  let examples = 0;
  let entries = 0;
  for (const { file, resource } of readExamples()) {
    entries += compare(resource, file);
    examples += 1;
  }
  assert.ok(examples > 5_000 && entries > 50_000, `${examples} examples, ${entries} entries`);
});

const META = {
  profile: ['http://example.org/p|1.0', 'http://example.org/q'],
  source: 'http://example.org/source',
  security: [{ system: 'http://example.org/s', code: 'R' }],
  tag: [{ system: 'http://example.org/t', code: 'a', display: 'A' }, { code: 'b' }],
};

test('random resources of every type give the same rows, and have a value of nearly every parameter', () => {
  const never: string[] = [];
  let parameters = 0;
  for (const type of resourceTypeNames) {
    let has = 0n;
    for (let seed = 0; seed < 30; seed++) {
      const random = randomResource(type, randomFrom(seed * 977 + 5), 0.9);
      // As it comes from a request: what is not there is no property.
      const resource = JSON.parse(JSON.stringify({ ...random, meta: META }));
      compare(resource, `${type}, seed ${seed}`);
      has |= extractIndexes(resource).has;
    }
    for (const { bit, q } of baseParametersOf(type).values()) {
      parameters += 1;
      if ((has & (1n << BigInt(bit))) === 0n) never.push(q);
    }
  }
  assert.ok(never.length < parameters / 50, `${never.length} of ${parameters}: ${never.join(' ')}`);
});

test("this province's own parameters are walked beside the generated ones", () => {
  const patient = { resourceType: 'Patient', id: 'p', maritalStatus: { coding: [{ code: 'M' }] } };
  const before = extractIndexes(patient as unknown as Resource);
  const own = {
    id: 'marital',
    url: 'http://example.org/marital',
    type: 'Patient',
    code: 'marital',
    kind: 'token' as const,
    expression: 'Patient.maritalStatus',
    targets: [],
    components: [],
    bit: -1,
  };
  followOwnParameters([own]);
  try {
    const after = extractIndexes(patient as unknown as Resource);
    // Its code, and the token that says it is present.
    assert.equal(after.tok.length, before.tok.length + 2);
    assert.ok(after.codes.some(({ p, code }) => p === 'Patient.marital' && code === 'M'));
  } finally {
    followOwnParameters([]);
  }
});

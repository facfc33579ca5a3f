/** Whatever is sent to an operation of terminology, the answer is one that it may give: never a defect. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld } from '../../testing.ts';
import { ANIMAL, ICD, openTerms, parameters } from './fixture.testing.ts';

const SEED = Number(process.env.SEED ?? 20261122);
let world: FhirWorld;
before(async () => {
  world = await openTerms();
});
after(() => world.stop());

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const include = [
  { system: ANIMAL, filter: [{ property: 'concept', op: 'is-a', value: 'thu' }] },
  {
    system: ICD,
    concept: [{ code: 'A00', display: 'Tả', designation: [{ language: 'en', value: 'Cholera' }] }],
  },
];
const valueSet = {
  resourceType: 'ValueSet',
  status: 'active',
  url: 'urn:x',
  compose: { include, exclude: [include[1]] },
};
const codeSystem = {
  resourceType: 'CodeSystem',
  status: 'active',
  content: 'complete',
  url: ANIMAL,
  concept: [
    {
      code: 'a',
      display: 'A',
      property: [{ code: 'parent', valueCode: 'b' }],
      concept: [{ code: 'b', designation: [{ value: 'B' }] }],
    },
  ],
};
const conceptMap = {
  resourceType: 'ConceptMap',
  status: 'active',
  group: [
    {
      source: ANIMAL,
      target: ICD,
      element: [
        {
          code: 'cho',
          target: [{ code: 'W54', equivalence: 'wider', dependsOn: [{ property: 'x', value: 'y' }] }],
        },
      ],
      unmapped: { mode: 'other-map', url: 'urn:m' },
    },
  ],
};
const coding = { name: 'coding', valueCoding: { system: ANIMAL, code: 'cho', display: 'Chó' } };
const concept = {
  name: 'codeableConcept',
  valueCodeableConcept: { coding: [{ system: ANIMAL, code: 'cho' }] },
};
const dependency = {
  name: 'dependency',
  part: [
    { name: 'element', valueUri: 'x' },
    { name: 'concept', valueCodeableConcept: { text: 'y' } },
  ],
};

const QUESTIONS: [string, object][] = [
  ['CodeSystem/$lookup', parameters(coding, { name: 'property', valueCode: 'parent' })],
  [
    'CodeSystem/$validate-code',
    parameters({ name: 'codeSystem', resource: codeSystem }, { name: 'code', valueCode: 'a' }),
  ],
  ['CodeSystem/$validate-code', parameters({ name: 'url', valueUri: ANIMAL }, concept)],
  [
    'CodeSystem/$subsumes',
    parameters(
      { name: 'codingA', valueCoding: coding.valueCoding },
      { name: 'codingB', valueCoding: coding.valueCoding },
    ),
  ],
  [
    'ValueSet/$expand',
    parameters(
      { name: 'valueSet', resource: valueSet },
      { name: 'filter', valueString: 'a' },
      { name: 'count', valueInteger: 3 },
    ),
  ],
  ['ValueSet/$expand', valueSet],
  [
    'ValueSet/$expand',
    {
      ...valueSet,
      compose: undefined,
      expansion: { contains: [{ system: ANIMAL, code: 'cho', contains: [{ code: 'x' }] }] },
    },
  ],
  ['ValueSet/$validate-code', parameters({ name: 'valueSet', resource: valueSet }, coding)],
  ['ConceptMap/$translate', parameters({ name: 'conceptMap', resource: conceptMap }, coding, dependency)],
];

const ODD: unknown[] = [
  null,
  '',
  'x',
  0,
  -1,
  1e99,
  true,
  [],
  {},
  [null],
  [[]],
  ['x'],
  { x: null },
  '\u0000',
  'a'.repeat(5000),
  '(a|a)*$',
  '2026-02-30',
];

/** One value somewhere inside is replaced, taken out or doubled. */
function damaged(json: unknown, random: () => number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  if (typeof json !== 'object' || json === null || random() < 0.15) return pick(ODD);
  if (Array.isArray(json)) {
    if (json.length === 0) return pick(ODD);
    const at = Math.floor(random() * json.length);
    if (random() < 0.15) return [...json, json[at]];
    return json.map((one, place) => (place === at ? damaged(one, random) : one));
  }
  const keys = Object.keys(json);
  const key = pick(keys);
  const { [key]: value, ...rest } = json as Record<string, unknown>;
  return random() < 0.15 ? rest : { ...rest, [key]: damaged(value, random) };
}

test(`damaged questions are answered or refused by an OperationOutcome (SEED=${SEED})`, async () => {
  const random = randomOf(SEED);
  for (let round = 0; round < 600; round += 1) {
    const [path, question] = QUESTIONS[round % QUESTIONS.length]!;
    const body = JSON.stringify(damaged(question, random)) ?? '';
    const answer = await world.send('POST', `/fhir/${path}`, body);
    const about = `${path} ${body.slice(0, 600)} → ${answer.status} ${answer.text.slice(0, 300)}`;
    assert.ok(answer.status < 500, about);
    if (answer.status !== 200) {
      assert.equal(answer.body?.resourceType, 'OperationOutcome', about);
      assert.ok(answer.body.issue[0].details.text && answer.body.issue[0].diagnostics, about);
    }
  }
});

test('a stored system with circles, a code twice, and no end of nesting is answered', async () => {
  let concept: object[] = [{ code: 'cuoi' }];
  for (let depth = 0; depth < 150; depth += 1) concept = [{ code: `c${depth}`, concept }];
  concept.push(
    { code: 'x', property: [{ code: 'parent', valueCode: 'y' }] },
    { code: 'y', property: [{ code: 'parent', valueCode: 'x' }] },
    { code: 'x' },
  );
  const system = {
    resourceType: 'CodeSystem',
    url: 'urn:vong',
    status: 'active',
    content: 'complete',
    concept,
  };
  const set = { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: 'urn:vong' }] } };
  assert.ok((await world.send('PUT', '/fhir/CodeSystem/vong', { ...system, id: 'vong' })).status < 500);
  for (const nested of ['', '?excludeNested=false']) {
    const answer = await world.send('POST', `/fhir/ValueSet/$expand${nested}`, set);
    assert.ok([200, 422].includes(answer.status), answer.text.slice(0, 300));
  }
  const asked = await world.send('GET', '/fhir/CodeSystem/$subsumes?system=urn:vong&codeA=x&codeB=y');
  assert.ok(asked.status < 500, asked.text);
});

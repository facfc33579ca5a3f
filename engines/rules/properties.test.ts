/** What holds for every person: the order of what was read does not matter, and no valid resource breaks a rule. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Patient, Resource } from '../../kernel/fhir/types.ts';
import { rulesOn } from './content.ts';
import { casesOf } from './definition/cases.ts';
import { TRIGGERS } from './definition/names.ts';
import { evaluateRules, type RuleAsk } from './evaluate.ts';
import { content, DAY } from './testing.ts';

const SEED = Number(process.env.YBA_SEED ?? Math.floor(Math.random() * 1e9));
console.log(`seed ${SEED}`);

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const EXAMPLES = join(import.meta.dirname, '../../node_modules/hl7.fhir.r4.examples');
/** Of types that are kept of a person or are ordered for her; larger ones say nothing more. */
const LARGEST = 60_000;

function hl7Examples(): Resource[] {
  return readdirSync(EXAMPLES)
    .filter((name) => /^[A-Z][A-Za-z]+-.*\.json$/.test(name) && TYPES.has(name.split('-')[0]!))
    .map((name) => readFileSync(join(EXAMPLES, name), 'utf8'))
    .filter((text) => text.length < LARGEST)
    .map((text) => JSON.parse(text) as Resource);
}

const TYPES = new Set([
  'Patient',
  'Observation',
  'Condition',
  'AllergyIntolerance',
  'MedicationRequest',
  'MedicationStatement',
  'ServiceRequest',
  'Encounter',
  'DeviceRequest',
  'NutritionOrder',
  'VisionPrescription',
  'Immunization',
  'Procedure',
  'DiagnosticReport',
]);

const rules = rulesOn(content, DAY);
const asked = (more: Partial<RuleAsk> & Pick<RuleAsk, 'patient'>): RuleAsk => ({
  hook: 'order-sign',
  day: DAY,
  now: new Date(`${DAY}T12:00:00+07:00`),
  resources: [],
  drafts: [],
  roles: null,
  place: null,
  ...more,
});

test('the order of resources and of orders does not matter', () => {
  const random = randomOf(SEED);
  const cases = rules.flatMap(({ key }) => casesOf(content, key) ?? []);
  for (let round = 0; round < 60; round += 1) {
    const some = shuffled(cases, random).slice(0, 4);
    const { patient } = some[0]!;
    const resources = some.flatMap((one, at) =>
      (one.resources ?? []).map((resource) => ({ ...resource, id: `${resource.id}-${at}` })),
    );
    const drafts = some.flatMap((one, at) =>
      (one.draftOrders ?? []).map((resource) => ({ ...resource, id: `${resource.id}-${at}` })),
    );
    for (const hook of TRIGGERS) {
      const answer = (bag: Resource[]) =>
        evaluateRules(rules, asked({ patient, hook, resources: bag, drafts }), content).cards.map(
          ({ key, indicator, summary }) => `${key} ${indicator} ${summary}`,
        );
      assert.deepEqual(answer(shuffled(resources, random)), answer(resources));
    }
  }
});

test('no valid resource breaks a rule: HL7’s examples as the record and as draft orders', () => {
  const random = randomOf(SEED);
  const all = hl7Examples();
  assert.ok(all.length > 200);
  const patients = all.filter((one): one is Patient => one.resourceType === 'Patient');
  for (let round = 0; round < 40; round += 1) {
    const bag = shuffled(all, random).slice(0, 300);
    const patient = patients[Math.floor(random() * patients.length)]!;
    const drafts = bag.filter(({ resourceType }) => /Request$|Prescription$/.test(resourceType));
    for (const hook of TRIGGERS) {
      const { faults } = evaluateRules(rules, asked({ patient, hook, resources: bag, drafts }), content);
      assert.deepEqual(
        faults.map(({ rule, failure }) => `${rule.key}: ${failure.message}`),
        [],
      );
    }
  }
});

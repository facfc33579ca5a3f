/** Rules by time of day, role and place (CDS-05), and scores whose bands are a table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import { bandedScore } from './calculators/banded.ts';
import { readRule } from './definition/read.ts';
import { evaluateRules, type RuleAsk } from './evaluate.ts';
import { content } from './testing.ts';

const DAY = '2026-11-23';

function ruleWhen(expression: string) {
  const value: PlanDefinition = {
    resourceType: 'PlanDefinition',
    title: 'Diều',
    status: 'active',
    type: { coding: [{ code: 'eca-rule' }] },
    relatedArtifact: [{ type: 'citation', label: 'Sổ diều' }],
    action: [
      {
        title: 'Thả diều',
        trigger: [{ type: 'named-event', name: 'patient-view' }],
        condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath', expression } }],
      },
    ],
  };
  return readRule({ key: 'dieu', from: DAY, to: null, file: '', value }, content);
}

const speaks = (expression: string, ask: Partial<RuleAsk>) =>
  evaluateRules(
    [ruleWhen(expression)],
    {
      hook: 'patient-view',
      day: DAY,
      now: new Date(`${DAY}T12:00:00+07:00`),
      patient: { resourceType: 'Patient', id: 'p' },
      resources: [],
      drafts: [],
      roles: null,
      place: null,
      ...ask,
    },
    content,
  ).cards.length === 1;

test('a rule of the night speaks at night, by the clock of Vietnam', () => {
  const atNight = '%hour >= 17 or %hour < 7';
  const at = (time: string) => speaks(atNight, { now: new Date(time) });
  assert.equal(at(`${DAY}T02:30:00+07:00`), true);
  assert.equal(at(`${DAY}T09:30:00+07:00`), false);
  assert.equal(at(`${DAY}T17:00:00+07:00`), true);
  assert.equal(at(`${DAY}T23:30:00Z`), true);
});

test('a condition may ask who is asked and where; what is not known is empty', () => {
  assert.equal(speaks("'nurse' in %roles", { roles: ['nurse'] }), true);
  assert.equal(speaks("'nurse' in %roles", { roles: ['doctor'] }), false);
  assert.equal(speaks("%place = 'tram-y-te'", { place: 'tram-y-te' }), true);
  assert.equal(speaks("%place = 'tram-y-te'", { place: null }), false);
  assert.equal(speaks('%place.empty()', { place: null }), true);
});

const pews = (months: number, measured: Record<string, number>) =>
  bandedScore(
    content.inForce('scores/bedside-pews', DAY),
    months,
    new Map<string, number>(Object.entries(measured)),
  );

test('Bedside PEWS: each band of the table of its study, at its edges', () => {
  const points = (months: number, input: string, value: number) => pews(months, { [input]: value })!.minimum;
  for (const [months, input, calm, ones, twos, fours] of [
    [1, 'pulse', [111, 149], [150, 110], [180, 90], [190, 80]],
    [6, 'pulse', [101, 149], [150, 100], [170, 80], [180, 70]],
    [24, 'pulse', [91, 119], [120, 90], [150, 70], [170, 60]],
    [100, 'pulse', [71, 109], [110, 70], [130, 60], [150, 50]],
    [150, 'pulse', [61, 99], [100, 60], [120, 50], [140, 40]],
    [1, 'systolic', [61, 79], [80, 60], [100, 50], [130, 45]],
    [24, 'systolic', [91, 109], [110, 90], [125, 75], [160, 65]],
    [6, 'breathing', [25, 50], [51, 24], [71, 19], [81, 15]],
    [150, 'breathing', [12, 16], [17, 11], [23, 10], [30, 9]],
    [24, 'spo2', [95, 100], [94, 91], [90, 80], []],
    [24, 'flow', [0], [], [0.5, 3.9], [4, 10]],
    [24, 'refill', [1, 2], [], [], [3, 5]],
  ] as [number, string, number[], number[], number[], number[]][])
    for (const [wanted, values] of [
      [0, calm],
      [1, ones],
      [2, twos],
      [4, fours],
    ] as const)
      for (const value of values)
        assert.equal(points(months, input, value), wanted, `${months} months, ${input} ${value}`);
});

test('what was not measured is missing and counts nothing; of flow and fraction the worse counts', () => {
  const found = pews(6, { pulse: 175, flow: 1, fraction: 55 })!;
  assert.deepEqual(found.parts, { pulse: 2, oxygen: 4 });
  assert.equal(found.minimum, 6);
  assert.deepEqual(found.missing, ['systolic', 'breathing', 'refill', 'spo2', 'effort']);
  assert.equal(pews(6, {}), null);
});

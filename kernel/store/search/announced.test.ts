/** What is announced is answered: every parameter of every type, every modifier, include and order; and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import { resourceTypeNames, searchParametersOf } from '../../fhir/definitions/index.ts';
import type { ResourceType } from '../../fhir/types.ts';
import { isResourceType } from '../resource-types.ts';
import { loadFixture } from './fixture.testing.ts';
import { loadSpecial } from './fixture-special.testing.ts';
import { modifiersOf } from './modifiers.ts';
import { hierarchyOf, type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { parseQuery } from './parse.ts';
import { checkSearch } from './plan.ts';
import { withStored } from './stored.testing.ts';
import { supportedIncludes, supportedSearchParameters } from './supported.ts';

const stored = withStored(loadFixture, loadSpecial);

const types = resourceTypeNames.filter(isResourceType);

const BY_KIND: Record<string, string> = {
  string: 'a',
  token: 'http://s|a',
  date: 'ge2026-01-01',
  number: '5',
  quantity: '5|http://unitsofmeasure.org|mg',
  uri: 'http://a/b',
  special: '21|105|5|km',
};

function sampleOf(parameter: IndexedParameter): string {
  if (parameter.kind === 'reference') return `${parameter.targets[0] ?? 'Patient'}/a`;
  if (parameter.kind !== 'composite') return BY_KIND[parameter.kind]!;
  const parts = parameter.components.map(({ code }) => {
    const part = indexedParametersOf(parameter.type).get(code);
    return part ? sampleOf(part) : '5';
  });
  if (parameter.storage === 'stretch') return ['a', '5', '6'].join('$');
  return parameter.code === 'relationship' ? 'DocumentReference/a$http://s|a' : parts.join('$');
}

/** A value for a modifier; undefined for those that take what the parameter takes. */
function sampleFor(modifier: string, parameter: IndexedParameter): string {
  switch (modifier) {
    case 'missing':
      return 'true';
    case 'in':
    case 'not-in':
      return 'http://yba.vn/test/vs/listed';
    case 'below':
    case 'above':
      if (parameter.kind === 'uri') return 'http://a/b';
      if (parameter.kind === 'reference')
        return `${parameter.targets.find((target) => hierarchyOf(target) !== undefined)}/a`;
      return 'http://hl7.org/fhir/sid/icd-10|E11';
    case 'of-type':
      return 'http://s|a|1';
    case 'identifier':
      return 'http://s|1';
    default:
      return sampleOf(parameter);
  }
}

/** Every parameter with a name and a value that it takes. */
function questionsOf(parameter: IndexedParameter): [string, string][] {
  const { code } = parameter;
  const modified = modifiersOf(parameter).map((modifier): [string, string] => [
    `${code}:${modifier}`,
    sampleFor(modifier, parameter),
  ]);
  return [[code, sampleOf(parameter)], ...modified];
}

test('every R4 parameter of every type is announced, and understood with each of its modifiers', () => {
  let parameters = 0;
  for (const type of types) {
    const announced = new Set(supportedSearchParameters(type).map(({ name }) => name));
    for (const code of searchParametersOf(type).keys()) assert.ok(announced.has(code), `${type} ${code}`);
    for (const parameter of indexedParametersOf(type).values()) {
      parameters += 1;
      for (const question of questionsOf(parameter)) checkSearch({ type, params: [question] });
    }
  }
  assert.ok(parameters > 2_200);
});

test('a modifier that is not announced is refused by name', () => {
  const all = [
    'exact',
    'contains',
    'missing',
    'not',
    'text',
    'in',
    'not-in',
    'below',
    'above',
    'of-type',
    'identifier',
  ];
  for (const type of types) {
    for (const parameter of indexedParametersOf(type).values()) {
      for (const modifier of all) {
        if (modifiersOf(parameter).includes(modifier)) continue;
        const params: [string, string][] = [[`${parameter.code}:${modifier}`, 'a']];
        assert.throws(
          () => checkSearch({ type, params }),
          (error) => error instanceof Failure && error.issues[0]?.expression === parameter.code,
          `${type}?${parameter.code}:${modifier}`,
        );
      }
    }
  }
});

test('every announced include is taken, there and back', () => {
  for (const type of types) {
    const { include, revinclude } = supportedIncludes(type);
    for (const value of include) parseQuery({ type, params: [['_include', value]] });
    for (const value of revinclude) parseQuery({ type, params: [['_revinclude', value]] });
  }
});

/** Parameters that are kept and asked for alike: one of each sort goes to the database. */
function kindOf(parameter: IndexedParameter): string {
  const { storage, own, paths, components, targets } = parameter;
  const values = paths.map(({ type, codes }) => type + (codes ? '=' : '')).sort();
  return JSON.stringify([
    storage,
    own,
    [...new Set(values)],
    components.length,
    targets.length,
    modifiersOf(parameter),
  ]);
}

test('the database takes every sort of question and every order, in both directions and page after page', async () => {
  const seen = new Set<string>();
  for (const type of types) {
    for (const parameter of indexedParametersOf(type).values()) {
      const kind = kindOf(parameter);
      if (seen.has(kind)) continue;
      seen.add(kind);
      const ask = (...params: [string, string][]) =>
        stored.store.search({ type: type as ResourceType, params });
      for (const question of questionsOf(parameter)) await ask(question);
      if (['composite', 'special'].includes(parameter.kind) || parameter.storage === 'carried') continue;
      for (const sort of [parameter.code, `-${parameter.code},_id`]) {
        const page = await ask(['_sort', sort], ['_count', '1']);
        if (page.next) await ask(...([...new URLSearchParams(page.next)] as [string, string][]));
      }
    }
  }
  assert.ok(seen.size > 90, String(seen.size));
});

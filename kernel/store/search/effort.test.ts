/** What a search may ask of the database at once (FHIR leaves the limit to the server; R4 http.html#2.21.0.6, too-costly). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { ResourceType } from '../../fhir/types.ts';
import { effortOf, MOST_EFFORT, MOST_VALUES } from './effort.ts';
import { parseQuery } from './parse.ts';

function parsed(type: ResourceType, params: [string, string][]) {
  return parseQuery({ type, params });
}

const times = (count: number, name: string, value: string) =>
  Array.from({ length: count }, (): [string, string] => [name, value]);

test('criteria that must all hold are added up, links count, of alternatives the dearest counts', () => {
  for (const [type, name, value, effort] of [
    ['Patient', 'name', 'an,ba,co', 1],
    ['Observation', 'patient.name', 'an', 3],
    ['Observation', 'encounter.patient.name', 'an', 5],
    ['Patient', '_has:Encounter:patient:_has:Condition:encounter:code', 'A97', 5],
    ['Patient', '_filter', 'name co an and gender eq male', 2],
    ['Patient', '_filter', 'name co an or not (general-practitioner.name co ba)', 3],
  ] as const) {
    const [criterion] = parsed(type, [[name, value]]).criteria;
    assert.equal(effortOf(criterion!), effort, `${name}=${value}`);
  }
});

test('a search that would hold the database for minutes is refused, in both languages, by name', () => {
  const chained = Array.from({ length: 60 }, () => 'patient.name co n');
  for (const [type, params, name] of [
    ['Patient', times(300, 'name', 'a'), 'name'],
    ['Observation', times(40, 'patient.name', 'a'), 'patient.name'],
    ['Observation', [['_filter', chained.join(' and ')]], '_filter'],
  ] as [ResourceType, [string, string][], string][]) {
    assert.throws(
      () => parsed(type, params),
      (error: unknown) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, 'invalid-parameter');
        assert.match(error.issues[0]?.expression ?? '', new RegExp(name));
        assert.match(error.issues[0]?.text ?? '', /quá nhiều điều kiện/);
        assert.match(error.issues[0]?.textEn ?? '', /too many criteria/);
        return true;
      },
    );
  }
});

test('more values than a search may have are refused by name, over all its criteria', () => {
  const list = (count: number) => Array.from({ length: count }, (_, n) => `v${n}`).join(',');
  assert.equal(parsed('Patient', [['identifier', list(MOST_VALUES)]]).criteria.length, 1);
  for (const params of [
    [['name', list(MOST_VALUES + 1)]],
    [
      ['name', list(MOST_VALUES / 2)],
      ['general-practitioner.name', list(MOST_VALUES / 2 + 1)],
    ],
  ] as [string, string][][]) {
    assert.throws(
      () => parsed('Patient', params),
      (error: unknown) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.issues[0]?.expression, params.at(-1)![0]);
        assert.match(error.issues[0]?.textEn ?? '', /too many values/);
        return true;
      },
    );
  }
});

test('what a person or a program asks for is far below the limit', () => {
  assert.equal(parsed('Patient', times(MOST_EFFORT, 'name', 'a')).criteria.length, MOST_EFFORT);
  const many = Array.from({ length: 3000 }, (_, n) => `p${n}`).join(',');
  assert.equal(parsed('Observation', [['patient', many]]).criteria.length, 1);
  const alternatives = Array.from({ length: 100 }, (_, n) => `name co n${n}`).join(' or ');
  assert.equal(parsed('Patient', [['_filter', alternatives]]).criteria.length, 1);
});

/** Searches as a whole on a real database: criteria together, what is refused, what changes. Kinds of parameters have files of their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { ResourceType } from '../../fhir/types.ts';
import { loadFixture } from './fixture.testing.ts';
import { idsOf as ids, withStored } from './stored.testing.ts';

const stored = withStored(loadFixture);
const { search } = stored;

test('all criteria must hold; repeated parameters too', async () => {
  assert.deepEqual(ids(await search('Observation?code=8867-4&patient=lan')), ['pulse']);
  assert.deepEqual(ids(await search('Observation?code=8867-4&code=2339-0')), []);
  assert.deepEqual(ids(await search('Observation?code=8867-4&patient=minh')), []);
});

const refused: [address: string, code: string, parameter: string][] = [
  ['Patient?nosuch=1', 'unknown-parameter', 'nosuch'],
  ['Patient?near=1|2', 'unknown-parameter', 'near'],
  ['Patient?phonetic=-', 'invalid-parameter', 'phonetic'],
  ['Patient?gender:wrong=male', 'invalid-parameter', 'gender'],
  ['Patient?name:text=x', 'invalid-parameter', 'name'],
  ['Patient?birthdate=yesterday', 'invalid-parameter', 'birthdate'],
  ['Patient?birthdate=2026-02-30', 'invalid-parameter', 'birthdate'],
  ['Patient?birthdate=', 'invalid-parameter', 'birthdate'],
  ['Patient?gender=a,,b', 'invalid-parameter', 'gender'],
  ['Patient?identifier=|', 'invalid-parameter', 'identifier'],
  ['Patient?_id:missing=maybe', 'invalid-parameter', '_id:missing'],
  ['Patient?active:missing=maybe', 'invalid-parameter', 'active:missing'],
  ['Observation?value-quantity=much', 'invalid-parameter', 'value-quantity'],
  ['Observation?value-quantity=5|mg', 'invalid-parameter', 'value-quantity'],
  ['Observation?subject:Encounter=1', 'invalid-parameter', 'subject'],
  ['Observation?subject=a b', 'invalid-parameter', 'subject'],
  ['Observation?subject=Patient/', 'invalid-parameter', 'subject'],
  ['Observation?subject=patient/lan', 'invalid-parameter', 'subject'],
  ['Observation?subject=Patient/lan/x', 'invalid-parameter', 'subject'],
  ['Observation?subject.nosuch=1', 'unknown-parameter', 'nosuch'],
  ['Observation?code.name=1', 'invalid-parameter', 'code.name'],
  ['Observation?code-value-quantity=8867-4', 'invalid-parameter', 'code-value-quantity'],
  ['Condition?code:below=http://snomed.info/sct|1', 'invalid-parameter', 'code:below'],
  ['Patient?_has:Observation:patient=1', 'invalid-parameter', '_has'],
  ['Patient?_has:Observation:encounter:code=1', 'invalid-parameter', '_has:Observation:encounter:code'],
  ['Patient?_count=-1', 'invalid-parameter', '_count'],
  ['ValueSet?url:below=urn:oid:1.2', 'invalid-parameter', 'url:below'],
  ['ValueSet?url:above=urn:oid:1.2.3', 'invalid-parameter', 'url:above'],
  ['Patient?_count=many', 'invalid-parameter', '_count'],
  ['Patient?_sort=nosuch', 'invalid-parameter', '_sort'],
  ['Observation?_sort=code-value-quantity', 'invalid-parameter', '_sort'],
  ['Location?_sort=near', 'invalid-parameter', '_sort'],
  ['Patient?_sort=a,b,c,d,e,f,g,h,i,j,k', 'invalid-parameter', '_sort'],
  ['Patient?_total=yes', 'invalid-parameter', '_total'],
  ['Patient?_include=Patient:nosuch', 'unknown-parameter', 'nosuch'],
  ['Patient?_include=Patient', 'invalid-parameter', '_include'],
  ['Patient?_include:never=Patient:organization', 'invalid-parameter', '_include:never'],
  ['Patient?_include=Patient:gender', 'invalid-parameter', '_include'],
  ['Patient?_include=Encounter:subject', 'invalid-parameter', '_include'],
  ['Patient?_include=Patient:organization&_include=Encounter:subject', 'invalid-parameter', '_include'],
  ['Patient?_contained=true', 'invalid-parameter', '_contained'],
];

test('unknown parameters, modifiers and malformed values are refused by name, in both languages', async () => {
  for (const [address, code, parameter] of refused) {
    await assert.rejects(search(address), (error: unknown) => {
      assert.ok(error instanceof Failure, address);
      assert.equal(error.code, code, address);
      assert.equal(error.issues[0]?.expression, parameter, address);
      assert.ok(error.issues[0]?.text && error.issues[0]?.textEn, address);
      return true;
    });
  }
});

test('values that look like SQL or like patterns are values', async () => {
  const found = (type: ResourceType, name: string, value: string) =>
    stored.store.search({ type, params: [[name, value]] }).then(
      (answer) => answer.matches.length,
      (error: Failure) => (error.code === 'invalid-parameter' ? 0 : error),
    );
  for (const value of [
    "'; drop table res; --",
    '%',
    '_',
    '\\',
    '$1',
    "x' or '1'='1",
    '{1,2}',
    '\u0000',
    '🙂',
  ]) {
    assert.equal(await found('Observation', 'code', value), 0, value);
    assert.equal(await found('Patient', 'name', `lan ${value}x`), 0, value);
    assert.equal(await found('Observation', 'date', value), 0, value);
    assert.equal(await found('Observation', 'subject', value), 0, value);
  }
});

test('what changes is found by what it is now, and not by what it was', async () => {
  const type: ResourceType = 'Observation';
  const id = 'changing';
  const base = {
    resourceType: type,
    id,
    subject: { reference: 'Patient/dao' },
    code: { coding: [{ system: 'http://new.system', code: 'new-1' }] },
  };
  await stored.store.commit(
    [
      {
        op: 'update',
        resource: { ...base, status: 'preliminary', valueQuantity: { value: 1, unit: 'g' } } as never,
      },
    ],
    [],
  );
  assert.deepEqual(ids(await search('Observation?code=new-1&status=preliminary&value-quantity=1||g')), [id]);
  await stored.store.commit(
    [
      {
        op: 'update',
        resource: { ...base, status: 'final', valueQuantity: { value: 2, unit: 'g' } } as never,
      },
    ],
    [],
  );
  assert.deepEqual(ids(await search('Observation?patient=dao&status=preliminary')), []);
  assert.deepEqual(ids(await search('Observation?patient=dao&value-quantity=1')), []);
  assert.deepEqual(ids(await search('Observation?patient=dao&value-quantity=2')), [id]);
  await stored.store.commit([{ op: 'delete', type, id }], []);
  assert.deepEqual(ids(await search('Observation?code=new-1')), []);
});

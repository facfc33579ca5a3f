/** Labels that change while the program runs: new rows at once, older ones by the pass that follows. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import { CATEGORY_BITS, followLabels } from './labels.ts';
import { withStored } from './stored.testing.ts';

const stored = withStored();
after(() => followLabels([]));

const condition = (id: string) =>
  ({
    resourceType: 'Condition',
    id,
    subject: { reference: 'Patient/p' },
    code: { coding: [{ system: 'http://test/cs', code: 'secret-1' }] },
  }) as unknown as Resource;

test('rows of before are labelled anew when the rules change, and found by what they are hidden by', async () => {
  const { store } = stored;
  await store.commit([{ op: 'create', resource: { resourceType: 'Patient', id: 'p' } as Resource }], []);
  await store.commit([{ op: 'update', resource: condition('old') }], []);
  const secOf = async (id: string) => (await store.read('Condition', id))!.sec;
  assert.equal(await secOf('old'), 0);
  await store.relabel([{ category: 'HIV', system: 'http://test/cs', codes: ['secret-*'] }]);
  await store.commit([{ op: 'update', resource: condition('new') }], []);
  assert.equal(await secOf('new'), CATEGORY_BITS.HIV);
  assert.ok(await store.reindexing.runNow(AbortSignal.timeout(60_000), () => undefined));
  assert.equal(await secOf('old'), CATEGORY_BITS.HIV);
  await store.relabel([{ category: 'PSY', system: 'http://test/cs', codes: ['secret-1'] }]);
  assert.ok(await store.reindexing.runNow(AbortSignal.timeout(60_000), () => undefined));
  assert.deepEqual([await secOf('old'), await secOf('new')], [CATEGORY_BITS.PSY, CATEGORY_BITS.PSY]);
});

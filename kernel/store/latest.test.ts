import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Observation } from '../fhir/types.ts';
import type { Change, StoredVersion, WriteResult } from './contract.ts';
import { Latest } from './latest.ts';
import { pulse } from './samples.testing.ts';

const INSTANT = '2026-11-22T08:00:00.000+07:00';
const bodyOf = (id: string, value: number) => Buffer.from(JSON.stringify(pulse('lan', value, id)));

const change = (id: string, version: number, op: Change['op'] = 'create'): Change => ({
  position: String(version),
  at: INSTANT,
  type: 'Observation',
  id,
  version,
  op,
  patient: 'lan',
});

const result = (
  id: string,
  version: number,
  value: number,
  outcome: WriteResult['outcome'],
): WriteResult => ({
  type: 'Observation',
  id,
  version,
  lastUpdated: INSTANT,
  outcome,
  patient: 'lan',
  body: outcome === 'deleted' ? null : bodyOf(id, value),
});

/** A database that has the given versions, and counts what it is asked. */
function over(versions: Record<string, { version: number; value: number }>) {
  const asked: string[] = [];
  const latest = new Latest(async (refs) => {
    asked.push(...refs.map(({ id }) => id));
    return refs.flatMap(({ type, id }): StoredVersion[] => {
      const stored = versions[id];
      if (!stored) return [];
      const { version, value } = stored;
      return [
        { type, id, version, lastUpdated: INSTANT, deleted: false, patient: 'lan', body: bodyOf(id, value) },
      ];
    });
  });
  const pulseOf = async (one: Change) => {
    const found = (await latest.of([one])).get(`Observation/${one.id}`) as Observation | undefined;
    return found?.valueQuantity?.value;
  };
  return { latest, asked, pulseOf };
}

test('what this program committed is not read again', async () => {
  const { latest, asked, pulseOf } = over({});
  latest.committed([result('a', 1, 70, 'created')]);
  assert.equal(await pulseOf(change('a', 1)), 70);
  latest.committed([result('a', 2, 71, 'updated')]);
  assert.equal(await pulseOf(change('a', 2)), 71);
  assert.equal(await pulseOf(change('a', 1)), 71, 'newer than the change is right too');
  assert.deepEqual(asked, []);
});

test('what another program committed is read once, and then shared', async () => {
  const { latest, asked, pulseOf } = over({ a: { version: 3, value: 90 } });
  latest.committed([result('a', 1, 70, 'created')]);
  assert.equal(await pulseOf(change('a', 3)), 90, 'older than the change is not enough');
  assert.equal(await pulseOf(change('a', 3)), 90);
  assert.deepEqual(asked, ['a']);
});

test('a reading that comes late takes nothing newer away', async () => {
  const { latest, pulseOf } = over({ a: { version: 1, value: 70 } });
  const reading = pulseOf(change('a', 1));
  latest.committed([result('a', 2, 80, 'updated')]);
  await reading;
  assert.equal(await pulseOf(change('a', 2)), 80);
});

test('what is deleted is absent', async () => {
  const { latest, pulseOf } = over({});
  latest.committed([result('a', 1, 70, 'created')]);
  latest.committed([result('a', 2, 0, 'deleted')]);
  assert.equal(await pulseOf(change('a', 2, 'delete')), undefined);
  assert.equal(await pulseOf(change('a', 1)), undefined);
});

test('of several changes of one resource the newest counts, and one object is shared', async () => {
  const { latest } = over({ a: { version: 4, value: 90 } });
  const found = await latest.of([change('a', 4), change('a', 2), change('gone', 1)]);
  assert.deepEqual([...found.keys()], ['Observation/a']);
  assert.equal((await latest.of([change('a', 4)])).get('Observation/a'), found.get('Observation/a'));
});

test('however much is committed, so many are kept', async () => {
  const { latest, asked, pulseOf } = over({ 'o-0': { version: 1, value: 1 } });
  for (let i = 0; i < 24_500; i++) latest.committed([result(`o-${i}`, 1, i, 'created')]);
  await pulseOf(change('o-24499', 1));
  assert.deepEqual(asked, [], 'the newest are kept');
  assert.equal(await pulseOf(change('o-0', 1)), 1, 'the oldest are read');
  assert.deepEqual(asked, ['o-0']);
});

test('what is written again and again is kept once, and the others stay', async () => {
  const { latest, asked, pulseOf } = over({});
  latest.committed([result('other', 1, 5, 'created')]);
  for (let version = 1; version < 100_000; version++)
    latest.committed([result('a', version, version, 'updated')]);
  assert.equal(await pulseOf(change('a', 99_999)), 99_999);
  assert.equal(await pulseOf(change('other', 1)), 5);
  assert.deepEqual(asked, []);
});

test('however large they are, so many bytes are kept', async () => {
  const { latest, asked, pulseOf } = over({ 'o-0': { version: 1, value: 1 } });
  const large = (i: number) => ({
    ...result(`o-${i}`, 1, i, 'created'),
    body: Buffer.from(JSON.stringify({ ...pulse('lan', i, `o-${i}`), note: [{ text: 'x'.repeat(15_000) }] })),
  });
  for (let i = 0; i < 2_300; i++) latest.committed([large(i)]);
  assert.equal(await pulseOf(change('o-2299', 1)), 2299);
  assert.deepEqual(asked, [], 'the newest are kept');
  assert.equal(await pulseOf(change('o-0', 1)), 1, 'the oldest are read');
  assert.deepEqual(asked, ['o-0']);
});

test('followers of one change are given one object; what many others came after is parsed again, and is the same', async () => {
  const { latest, asked, pulseOf } = over({});
  latest.committed([result('a', 1, 70, 'created')]);
  const first = (await latest.of([change('a', 1)])).get('Observation/a');
  assert.equal((await latest.of([change('a', 1)])).get('Observation/a'), first);
  for (let i = 0; i < 600; i++) {
    latest.committed([result(`other-${i}`, 1, i, 'created')]);
    assert.equal(await pulseOf(change(`other-${i}`, 1)), i);
  }
  const again = (await latest.of([change('a', 1)])).get('Observation/a');
  assert.notEqual(again, first);
  assert.deepEqual(again, first);
  assert.deepEqual(asked, []);
});

test('what is committed here is told to the thread that follows, which reads nothing of it', async () => {
  const here = over({ a: { version: 2, value: 71 }, large: { version: 1, value: 3 } });
  const there = over({ large: { version: 1, value: 3 } });
  let messages = 0;
  here.latest.tell((news) => {
    messages += 1;
    there.latest.heard(structuredClone(news, { transfer: [news.bodies.buffer] }));
  });
  const large = { ...result('large', 1, 3, 'created'), body: Buffer.alloc(17 * 1024) };
  here.latest.committed([result('a', 1, 70, 'created'), large, result('b', 1, 5, 'created')]);
  here.latest.committed([result('a', 2, 71, 'updated'), result('b', 1, 5, 'matched')]);
  await setImmediate();
  assert.equal(messages, 1, 'what comes back together is told together');
  assert.equal(await there.pulseOf(change('a', 2)), 71);
  assert.equal(await there.pulseOf(change('b', 1)), 5);
  assert.deepEqual(there.asked, []);
  assert.equal(await there.pulseOf(change('large', 1)), 3, 'what is large is read');
  here.latest.committed([result('b', 2, 0, 'deleted')]);
  await setImmediate();
  assert.equal(await there.pulseOf(change('b', 1)), undefined, 'what was deleted is forgotten there');
  here.latest.committed([result('a', 3, 72, 'updated')]);
  here.latest.erased([{ type: 'Observation', id: 'a' }]);
  assert.equal(await there.pulseOf(change('a', 1)), undefined, 'what was erased is forgotten there');
  assert.equal(await here.pulseOf(change('a', 2)), 71, 'nothing is kept twice');
  assert.deepEqual(here.asked, ['a']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Together } from './together.ts';

const kindOf = (item: string) => item.charAt(0);

test('what is asked for in one turn is done kind by kind, and each gets its own in its own order', async () => {
  const done: string[] = [];
  const together = new Together(kindOf, (item: string, place) => {
    done.push(item);
    return `${item}@${place}`;
  });
  const answers = await Promise.all([
    together.all(['a1', 'b1', 'a2']),
    together.all([]),
    together.all(['b2', 'a3']),
  ]);
  assert.deepEqual(done, ['a1', 'a2', 'a3', 'b1', 'b2']);
  assert.deepEqual(answers, [['a1@0', 'b1@1', 'a2@2'], [], ['b2@0', 'a3@1']]);
});

test('what fails fails who brought it, once, and nobody else', async () => {
  const done: string[] = [];
  const together = new Together(kindOf, (item: string) => {
    if (item === 'a-bad') throw new Error('bad');
    done.push(item);
    return item;
  });
  const [good, bad, later] = await Promise.allSettled([
    together.all(['a1', 'b1']),
    together.all(['b2', 'a-bad', 'a2']),
    together.all(['a3']),
  ]);
  assert.deepEqual(good, { status: 'fulfilled', value: ['a1', 'b1'] });
  assert.match(String(bad.status === 'rejected' && bad.reason), /bad/);
  assert.deepEqual(later, { status: 'fulfilled', value: ['a3'] });
  assert.ok(!done.includes('a2'), 'a rest that nobody gets is not worked on');
  assert.deepEqual(await together.all(['c']), ['c']);
});

test('who brings many holds up nobody: it is done before those who wait', async () => {
  const done: string[] = [];
  const together = new Together(kindOf, (item: string) => {
    done.push(item);
    return item;
  });
  const many = Array.from({ length: 65 }, (_, n) => `m${n}`);
  const few = together.all(['a']);
  assert.deepEqual(await together.all(many), many);
  assert.deepEqual(done, many);
  assert.deepEqual(await few, ['a']);
});

test('a thing without a kind fails who brought it, and ends nothing else', async () => {
  const together = new Together(kindOf, (item: string) => item);
  const good = together.all(['a']);
  await assert.rejects(together.all(['b', undefined as unknown as string]), TypeError);
  assert.deepEqual(await good, ['a']);
});

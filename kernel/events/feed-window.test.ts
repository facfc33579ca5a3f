import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../store/contract.ts';
import { FeedWindow } from './feed-window.ts';

const INSTANT = '2026-11-22T08:00:00.000+07:00';
const changeAt = (xid: number, erased = false): Change => ({
  position: `1.${xid}.1`,
  at: INSTANT,
  type: 'Observation',
  id: `o${xid}`,
  version: 1,
  op: erased ? 'delete' : 'create',
  patient: 'lan',
  ...(erased && { erased: true as const }),
});

/** A feed that grows when told, and counts its readings. */
function growing() {
  const feed: Change[] = [];
  const asked: string[] = [];
  const window = new FeedWindow(async (after, limit) => {
    asked.push(after!);
    const from = Number(after!.split('.')[1]);
    await new Promise((resolve) => setImmediate(resolve));
    return feed.filter(({ position }) => Number(position.split('.')[1]) > from).slice(0, limit);
  });
  const grow = (count: number, erased = false) => {
    for (let n = 0; n < count; n++) feed.push(changeAt(feed.length + 1, erased));
  };
  const ids = async (after: number, limit: number) =>
    (await window.changes(`1.${after}.1`, limit)).map(({ id }) => Number(id.slice(1)));
  return { window, grow, ids, asked };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('consumers at different places with different batches share one reading of what is new', async () => {
  const { window, grow, ids, asked } = growing();
  grow(600);
  assert.deepEqual(await ids(0, 500), range(1, 500));
  assert.deepEqual(await ids(0, 200), range(1, 200));
  assert.deepEqual(await Promise.all([ids(500, 500), ids(200, 200), ids(590, 100)]), [
    range(501, 600),
    range(201, 400),
    range(591, 600),
  ]);
  assert.equal(asked.length, 1);
  grow(10);
  assert.deepEqual(await ids(600, 500), []);
  window.stale();
  assert.deepEqual(await Promise.all([ids(600, 500), ids(595, 500)]), [range(601, 610), range(596, 610)]);
  assert.deepEqual(asked, ['1.0.1', '1.600.1']);
});

test('a full piece is followed by the next; fewer than asked for means that there were no more', async () => {
  const { ids, grow } = growing();
  grow(2_500);
  assert.deepEqual(await ids(0, 2_400), range(1, 2_400));
  assert.deepEqual(await ids(2_000, 1_000), range(2_001, 2_500));
});

test('who stands before the window, or behind its end, is answered rightly', async () => {
  const { ids, grow, window } = growing();
  grow(9_000);
  assert.deepEqual(await ids(8_000, 300), range(8_001, 8_300));
  assert.deepEqual(await ids(10, 5), range(11, 15));
  assert.deepEqual(await ids(8_100, 5), range(8_101, 8_105));
  assert.deepEqual(await ids(9_000, 5), []);
  grow(1);
  window.stale();
  assert.deepEqual(await ids(9_000, 5), [9_001]);
  for (let at = 0; at < 9_000; at += 700)
    assert.deepEqual(await ids(at, 700), range(at + 1, Math.min(at + 700, 9_001)));
});

test('nothing that was told before an erasure is kept beyond it', async () => {
  const { ids, grow, window, asked } = growing();
  grow(20);
  assert.deepEqual(await ids(0, 100), range(1, 20));
  grow(1, true);
  grow(3);
  window.stale();
  assert.deepEqual(await ids(20, 100), range(21, 24));
  const before = asked.length;
  assert.deepEqual(await ids(5, 10), range(6, 15));
  assert.equal(asked.length, before + 1);
});

test('a reading that fails fails those who wait for it, and the next one reads again', async () => {
  let works = false;
  const window = new FeedWindow(async () => {
    if (!works) throw new Error('away');
    return [changeAt(1)];
  });
  await assert.rejects(Promise.all([window.changes('0.0.0', 10), window.changes('0.0.0', 10)]), /away/);
  works = true;
  assert.equal((await window.changes('0.0.0', 10)).length, 1);
});

/** Which lots an amount is taken of: first expired, first out (WHO TRS 1025 annex 7, FEFO). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../../kernel/fhir/validation/random.testing.ts';
import { firstExpired } from './first-expired.ts';

test('first expired, first out, over two lots; a lot that ends before the last day of use is left where it is', () => {
  const lots = [
    { lot: 'SAU', expires: '2027-12-31', balance: 100 },
    { lot: 'TRUOC', expires: '2027-01-31', balance: 20 },
    { lot: 'SAP-HET', expires: '2026-12-01', balance: 50 },
  ];
  assert.deepEqual(firstExpired(lots, 30, '2026-12-22'), [
    { lot: 'TRUOC', expires: '2027-01-31', amount: 20 },
    { lot: 'SAU', expires: '2027-12-31', amount: 10 },
  ]);
  assert.equal(firstExpired(lots, 121, '2026-12-22'), null);
  assert.deepEqual(firstExpired(lots, 0, '2026-12-22'), []);
});

const SHELVES = 2_000;

test('whatever lies there: the whole amount or nothing, of the sooner expiry first, never more of a lot than it holds', () => {
  const random = randomFrom(20261123);
  const below = (end: number) => Math.floor(random() * end);
  const day = () => `2027-01-${String(1 + below(28)).padStart(2, '0')}`;
  let filled = 0;
  for (let at = 0; at < SHELVES; at += 1) {
    const shelf = Array.from({ length: below(6) }, (_, lot) => ({
      lot: `L${lot}`,
      expires: day(),
      balance: below(50),
    }));
    const [amount, lastDay] = [below(120), day()];
    const good = shelf.filter(({ expires }) => expires >= lastDay);
    const taken = firstExpired(shelf, amount, lastDay);
    assert.equal(taken === null, good.reduce((all, { balance }) => all + balance, 0) < amount);
    if (taken === null) continue;
    filled += 1;
    const last = taken.at(-1);
    assert.equal(
      taken.reduce((all, one) => all + one.amount, 0),
      amount,
    );
    assert.ok(taken.every(({ lot }) => good.some((one) => one.lot === lot)));
    for (const { lot, expires, balance } of good) {
      const part: number = taken.find((one) => one.lot === lot)?.amount ?? 0;
      assert.ok(part <= balance, lot);
      if (last && expires < last.expires) assert.equal(part, balance, `${lot} expires sooner`);
    }
  }
  assert.ok(filled > SHELVES / 10, String(filled));
});

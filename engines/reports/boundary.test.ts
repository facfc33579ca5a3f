/** Boundary changes (STA-11): merged units add up and rates are recomputed; splits follow a stated rule; nothing is lost or doubled. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedOver, rateOf, type Share, type SplitRule, sharesOf, together } from './boundary.ts';

/** A stream of numbers that repeats for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

test('whatever merges and divides, the sum over all units is the same before and after, and whole numbers stay whole', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomOf(seed);
    const former = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, at) => `cu-${at}`);
    const successions = former.flatMap((from) =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
        from,
        to: `moi-${Math.floor(random() * 5)}`,
      })),
    );
    const ruleOf = (from: string): SplitRule => {
      const targets = successions.filter((one) => one.from === from).map(({ to }) => to);
      return random() < 0.5
        ? { kind: 'all-to-one', main: targets[0]! }
        : {
            kind: 'population',
            people: new Map(targets.map((to) => [to, 1 + Math.floor(random() * 9_000)])),
          };
    };
    const rules = new Map(former.map((from) => [from, ruleOf(from)]));
    const shares = sharesOf(successions, (from) => rules.get(from)!);
    for (const from of former)
      assert.ok(
        Math.abs(sum(shares.filter((one) => one.from === from).map(({ share }) => share)) - 1) < 1e-9,
      );
    const numbers = new Map(former.map((unit) => [unit, Math.floor(random() * 1_000)]));
    const after = carriedOver(numbers, shares);
    assert.equal(sum(after.values()), sum(numbers.values()), `seed ${seed}`);
    assert.ok([...after.values()].every(Number.isInteger), `seed ${seed}`);
    const broken = carriedOver(new Map([...numbers].map(([unit, n]) => [unit, n + 0.5])), shares);
    assert.ok(
      Math.abs(sum(broken.values()) - sum(numbers.values()) - former.length / 2) < 1e-6,
      `seed ${seed}`,
    );
  }
});

test('the rate of a merged unit is Σn ÷ Σd, never the mean of the rates nor the last of them', () => {
  const random = randomOf(7);
  for (let round = 0; round < 300; round += 1) {
    const ratios = Array.from({ length: 2 + Math.floor(random() * 4) }, () => ({
      numerator: Math.floor(random() * 100),
      denominator: 1 + Math.floor(random() * 5_000),
    }));
    const expected =
      (sum(ratios.map((one) => one.numerator)) / sum(ratios.map((one) => one.denominator))) * 1_000;
    assert.equal(rateOf(together(ratios), 1_000), expected);
  }
  assert.equal(
    rateOf(
      together([
        { numerator: 1, denominator: 10 },
        { numerator: 9, denominator: 10 },
      ]),
      100,
    ),
    50,
  );
  assert.equal(
    rateOf(
      together([
        { numerator: 1, denominator: 1 },
        { numerator: 0, denominator: 99 },
      ]),
      100,
    ),
    1,
  );
});

test('without population there is no rate, and one unit without makes the sum of all unknown', () => {
  assert.equal(rateOf({ numerator: 5, denominator: null }, 1_000), null);
  assert.equal(rateOf({ numerator: 5, denominator: 0 }, 1_000), null);
  assert.deepEqual(
    together([
      { numerator: 5, denominator: 10 },
      { numerator: 5, denominator: null },
    ]),
    {
      numerator: 10,
      denominator: null,
    },
  );
  assert.deepEqual(together([]), { numerator: null, denominator: null });
});

test('a divided unit without a rule that fits is refused by name', () => {
  const successions = [
    { from: 'cu', to: 'a' },
    { from: 'cu', to: 'b' },
  ];
  const wrong: (SplitRule | null)[] = [
    null,
    { kind: 'all-to-one', main: 'c' },
    { kind: 'population', people: new Map() },
  ];
  for (const rule of wrong) assert.throws(() => sharesOf(successions, () => rule), /unit cu was divided/);
  const shares: Share[] = sharesOf(successions, () => ({
    kind: 'population',
    people: new Map([
      ['a', 3_000],
      ['b', 1_000],
    ]),
  }));
  assert.deepEqual(
    carriedOver(new Map([['cu', 10]]), shares),
    new Map([
      ['a', 8],
      ['b', 2],
    ]),
  );
});

/** Chance from a seed, so that what was found can be found again. */

/** Numbers in [0, 1). */
export type Random = () => number;

/** xorshift32 over the seed; 0 is taken for 1. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}

/** `YBA_SEED`, or another one each time; printed by those who use it. */
export function seedOfRun(): number {
  const given = process.env.YBA_SEED;
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) + 1 : Number(given);
}

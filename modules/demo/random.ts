/**
 * Chance that can be repeated: sfc32 seeded by the hash of a text. Every household, person and event draws from a
 * stream named after it, so that one part can change without moving the others.
 */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the items, by weight. Fails when no weight is above zero. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T;
  /** Normal distribution (Box–Muller). */
  normal(mean: number, deviation: number): number;
  /** Poisson distribution, for means up to some tens (Knuth). */
  poisson(mean: number): number;
}

/** @param parts what the stream is named after, for example seed, `'household'`, block and number */
export function randomOf(...parts: readonly (string | number)[]): Random {
  const next = sfc32(parts.join('|'));
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('Nothing to pick from');
      return items[int(0, items.length - 1)]!;
    },
    weighted: (items, weightOf) => weighted(next, items, weightOf),
    normal: (mean, deviation) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson: (mean) => {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count += 1;
      return count;
    },
  };
}

function weighted<T>(next: () => number, items: readonly T[], weightOf: (item: T) => number): T {
  let total = 0;
  for (const item of items) total += weightOf(item);
  if (!(total > 0)) throw new RangeError('No item has a weight');
  let left = next() * total;
  for (const item of items) {
    left -= weightOf(item);
    if (left < 0) return item;
  }
  return items.findLast((item) => weightOf(item) > 0)!;
}

/** sfc32 (Chris Doty-Humphrey, PractRand, public domain), seeded by four FNV-1a hashes of the name. */
function sfc32(name: string): () => number {
  let [a, b, c, counter] = [fnv1a(name, 1), fnv1a(name, 2), fnv1a(name, 3), fnv1a(name, 4)];
  const step = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warm = 0; warm < 12; warm += 1) step();
  return step;
}

function fnv1a(text: string, basis: number): number {
  let hash = 2_166_136_261 ^ Math.imul(basis, 0x9e3779b1);
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash;
}

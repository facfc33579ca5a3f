/** Which lots an amount is taken of. Pure. */

/** A lot that something may be taken of. */
export interface Shelf {
  lot: string;
  /** ISO day. */
  expires: string;
  balance: number;
}

/**
 * First expired, first out, of lots that are good until the last day of use.
 * @returns null when they hold less than is asked for
 */
export function firstExpired(
  lots: readonly Shelf[],
  amount: number,
  lastDay: string,
): { lot: string; expires: string; amount: number }[] | null {
  let left = amount;
  const taken = [];
  const inOrder = [...lots]
    .filter(({ expires, balance }) => expires >= lastDay && balance > 0)
    .sort((a, b) => (a.expires === b.expires ? compare(a.lot, b.lot) : compare(a.expires, b.expires)));
  for (const { lot, expires, balance } of inOrder) {
    if (left === 0) break;
    const part = Math.min(left, balance);
    taken.push({ lot, expires, amount: part });
    left -= part;
  }
  return left === 0 ? taken : null;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

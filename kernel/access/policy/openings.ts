/**
 * Persons whose record an account has opened, for the sight of each of its searches. Remembered a moment, and forgotten with
 * every opening in this program: another program's counts within that moment.
 */
import type { BreakGlass } from '../glass.ts';

const KEPT_MS = 1_000;
const MOST = 10_000;

export function rememberOpenings(
  glass: BreakGlass,
  now: () => number,
): (account: string) => Promise<readonly string[]> {
  const known = new Map<string, { until: number; persons: Promise<readonly string[]> }>();
  glass.onOpening(({ account }) => known.delete(account));
  return (account) => {
    const at = now();
    const before = known.get(account);
    if (before && before.until > at && before.until - at <= KEPT_MS) return before.persons;
    if (known.size >= MOST) known.clear();
    const persons = glass.all(account);
    known.set(account, { until: at + KEPT_MS, persons });
    persons.catch(() => known.delete(account));
    return persons;
  };
}

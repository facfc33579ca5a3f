/**
 * Persons who have granted something to a reader by name, for the reader's lists. Remembered a moment, and forgotten when a
 * Consent is written in this program: another program's counts within that moment. What was granted, and until when, is
 * asked of the rules themselves in the search.
 */
import type { Store } from '../../store/contract.ts';

const KEPT_MS = 5_000;
const MOST = 10_000;

export interface Grants {
  to(names: readonly string[]): Promise<readonly string[]>;
  forget(): void;
}

export function openGrants(store: Pick<Store, 'granters'>, now: () => number): Grants {
  const known = new Map<string, { until: number; persons: Promise<readonly string[]> }>();
  return {
    to(names) {
      const key = names.join(' ');
      const before = known.get(key);
      if (before && before.until > now()) return before.persons;
      if (known.size >= MOST) known.clear();
      const persons = store.granters(names);
      known.set(key, { until: now() + KEPT_MS, persons });
      persons.catch(() => known.delete(key));
      return persons;
    },
    forget: () => known.clear(),
  };
}

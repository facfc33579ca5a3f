/** Of which persons something may be hidden from some readers: a first sieve, before anything is decided. */
import { shardKey } from '../compartment.ts';
import type { Queryable } from '../rows.ts';

/**
 * Those of the persons who have rules of consent, or rows of a sensitive category (column `sec`). Of all others everything that
 * lies under them is seen by whoever cares for them.
 */
export async function guardedPersons(
  db: Queryable,
  patients: readonly string[],
  now: Date,
): Promise<Set<string>> {
  if (patients.length === 0) return new Set();
  const keys = patients.map((patient) => shardKey(patient).toString());
  const [ruled, labelled] = await Promise.all([
    db.query<{ pt: string }>({
      name: 'guarded_ruled',
      text: `select distinct pt::text as pt from consent_rule where pt = any($1::int8[]) and (until_at is null or until_at > $2)`,
      values: [keys, now],
    }),
    db.query<{ pt: string }>({
      name: 'guarded_labelled',
      text: `select distinct pt::text as pt from res where pt = any($1::int8[]) and sec <> 0`,
      values: [keys],
    }),
  ]);
  const found = new Set([...ruled.rows, ...labelled.rows].map(({ pt }) => pt));
  return new Set(patients.filter((_, at) => found.has(keys[at]!)));
}

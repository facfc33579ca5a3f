/**
 * Few persons have rules of consent. A search of one person asks first whether there are any, and without any goes without
 * the predicate of consent: its subqueries cost each search a fifth, the question a twentieth. What is written in between
 * counts from the next search on, as it would for a search that had begun a moment earlier.
 */
import type { Queryable } from '../rows.ts';
import type { Sight } from '../sight.ts';
import type { Condition } from './condition.ts';
import { onlyPerson } from './page.ts';

/** The sight for rows that a condition asks of one person; itself where it looks at others, too. */
export async function sightOfOne(
  db: Queryable,
  sight: Sight | undefined,
  condition: Condition,
): Promise<Sight | undefined> {
  if (sight?.reader === undefined || !staysInside(condition)) return sight;
  const person = onlyPerson(condition);
  return person === null ? sight : sightOfPerson(db, sight, person);
}

/** The sight for rows of a person alone. */
export async function sightOfPerson(db: Queryable, sight: Sight, person: bigint): Promise<Sight> {
  if (sight.reader === undefined) return sight;
  const { rows } = await db.query<{ ruled: boolean }>({
    name: 'consent_any',
    text: 'select exists (select from consent_rule where pt = $1) as ruled',
    values: [person.toString()],
  });
  if (rows[0]!.ruled) return sight;
  const { reader: _reader, ...rest } = sight;
  return rest;
}

/** Conditions that are decided by the row, its index entries and the dictionary. */
const INSIDE: ReadonlySet<Condition['op']> = new Set([
  'true',
  'false',
  'tok',
  'words',
  'person',
  'of',
  'present',
  'row',
  'ids',
  'updated',
  'main-date',
  'ord',
  'str',
  'stretch',
  'near',
  'members',
  'subsumed',
]);

function staysInside(condition: Condition): boolean {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.of.every(staysInside);
    case 'not':
      return staysInside(condition.of);
    default:
      return INSIDE.has(condition.op);
  }
}

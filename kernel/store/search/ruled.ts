/**
 * Few persons have rules of consent, and the predicate's subqueries cost each search a fifth. A search of one person goes
 * without it, and its page tells in the same statement whether the person has rules; then it is begun anew, with the
 * predicate. Where no page can tell (counts, names, several searches together) the question is asked first. What is
 * written in between counts from the next search on, as it would for a search that had begun a moment earlier.
 */
import type { Queryable } from '../rows.ts';
import type { Sight } from '../sight.ts';
import type { Condition } from './condition.ts';
import { onlyPerson } from './page.ts';

/** How a search meets the rules of the one person it is about: they are asked for first, told by its page, or held unasked. */
export type RulesManner = 'ask' | 'told' | 'hold';

/** The page of a search without the predicate has told that its person has rules. */
export class PersonHasRules extends Error {}

/** The one person whose rows a condition is about, if that person's rules alone decide; null where it looks at others, too. */
export function personOfRules(sight: Sight | undefined, condition: Condition): bigint | null {
  return sight?.reader === undefined || !staysInside(condition) ? null : onlyPerson(condition);
}

/** Runs without the predicate, and once more with it when a page tells of rules. */
export async function unlessRuled<T>(run: (manner: RulesManner) => Promise<T>): Promise<T> {
  try {
    return await run('told');
  } catch (error) {
    if (!(error instanceof PersonHasRules)) throw error;
    return run('hold');
  }
}

/** The same sight, with nobody's rules. */
export function withoutRules({ reader: _reader, ...rest }: Sight): Sight {
  return rest;
}

/** Whether a person has rules of consent. */
export type AskRules = (person: bigint) => Promise<boolean>;

export function rulesAsker(db: Queryable): AskRules {
  return async (person) => {
    const { rows } = await db.query<{ ruled: boolean }>({
      name: 'consent_any',
      text: 'select exists (select from consent_rule where pt = $1) as ruled',
      values: [person.toString()],
    });
    return rows[0]!.ruled;
  };
}

/** Asks once for each person: for searches that are answered together. */
export function rulesAskedOnce(db: Queryable): AskRules {
  const ask = rulesAsker(db);
  const asked = new Map<bigint, Promise<boolean>>();
  return (person) => {
    const ruled = asked.get(person) ?? ask(person);
    asked.set(person, ruled);
    return ruled;
  };
}

/** The sight for rows of a person alone. */
export async function sightOfPerson(ask: AskRules, sight: Sight, person: bigint): Promise<Sight> {
  if (sight.reader === undefined) return sight;
  return (await ask(person)) ? sight : withoutRules(sight);
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

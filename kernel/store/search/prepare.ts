/** A search before it is run: parsed, planned, its cursor read, the dictionary asked. */

import type { Judge, SearchRequest } from '../contract.ts';
import type { StoredType } from '../resource-types.ts';
import type { Sight } from '../sight.ts';
import { and, type Condition, or, TRUE } from './condition.ts';
import { type Cursor, readCursor, signingKey } from './cursor.ts';
import { type Recheck, rechecksOf } from './exact.ts';
import { heldTests } from './holds.ts';
import { personsOf } from './include.ts';
import { chooseDriver, type Driver, type NameQuestion, nameQuestion, WordCounts } from './names.ts';
import { parseQuery } from './parse.ts';
import { planCriteria, planPersons } from './plan.ts';
import type { Query } from './query.ts';
import { resolve } from './resolve.ts';
import { ownCondition } from './resource-test.ts';
import {
  type AskRules,
  personOfRules,
  type RulesManner,
  rulesAsker,
  sightOfPerson,
  withoutRules,
} from './ruled.ts';
import { grantedCondition, ownCondition as ownRows, sighted } from './sight.ts';
import type { SearchTools } from './tools.ts';

/** A search made ready: everything that does not change from page to page. */
export interface PreparedSearch {
  query: Query;
  /** The row after which the page begins. */
  from: Cursor | undefined;
  condition: Condition;
  persons: bigint[] | undefined;
  rechecks: Recheck[];
  judge: Judge | undefined;
  name: { question: NameQuestion; driver: Driver } | null;
  /** Its pages must tell whether the person has rules of consent: the condition is without them. */
  tellsRules: boolean;
}

/**
 * What a cursor belongs to. Not the persons it is limited to: who is in somebody's care changes while pages are turned, and
 * every page is limited anew. Nor the length of the page, which may change from one to the next.
 */
export function questionOf(query: Query): string {
  return JSON.stringify([query.type, query.params.filter(([name]) => name !== '_count')]);
}

/** Parses, plans, reads the cursor and asks the dictionary. */
export async function prepareSearch(
  tools: SearchTools,
  request: SearchRequest,
  manner: RulesManner = 'ask',
  rules: AskRules = rulesAsker(tools.db),
): Promise<PreparedSearch> {
  const query = parseQuery(request);
  const from = query.cursor === undefined ? undefined : await cursorOf(tools, query, query.cursor);
  const name = await nameOf(tools, query, from);
  const planned = and([
    personsOrOwn(query.type, request),
    planCriteria(name ? name.others : query.criteria),
    planAlternatives(request),
  ]);
  const persons = personsOf(request.patients);
  const ruled = personOfRules(request.sight, planned);
  const tellsRules = manner === 'told' && ruled !== null && query.count > 0 && name === null;
  const sight = tellsRules ? withoutRules(request.sight!) : await sightHeld(rules, request, manner, ruled);
  return {
    query,
    from,
    condition: await resolve(bounded(planned, query.type, sight, request.ownOnly), tools, persons),
    persons,
    rechecks: [...rechecksOf(query.criteria), ...heldTests(query.criteria)],
    judge: request.judge,
    name: name && { question: name.question, driver: name.driver },
    tellsRules,
  };
}

function sightHeld(
  rules: AskRules,
  { sight }: SearchRequest,
  manner: RulesManner,
  ruled: bigint | null,
): Promise<Sight> | Sight | undefined {
  return manner === 'hold' || ruled === null ? sight : sightOfPerson(rules, sight!, ruled);
}

/** Rows of nobody belong to no person: an alternative with persons leaves them out. */
function planAlternatives({ type, anyOf }: SearchRequest): Condition {
  if (anyOf === undefined) return TRUE;
  return or(anyOf.map(({ persons, query }) => and([planPersons(persons), ownCondition(type, query)])));
}

/** Rows of the persons, and the reader's own where those count, and what was granted. */
function personsOrOwn(type: StoredType, { patients, sight, orOwn, granted }: SearchRequest): Condition {
  const ofPersons = planPersons(patients);
  if (ofPersons.op === 'true' || sight === undefined) return ofPersons;
  if (orOwn) return or([ofPersons, ownRows(type, sight)]);
  return granted && sight.reader ? or([ofPersons, grantedCondition(type, sight, granted)]) : ofPersons;
}

/** What the reader sees of it, at every level. */
function bounded(
  planned: Condition,
  type: StoredType,
  sight: Sight | undefined,
  ownOnly: boolean | undefined,
): Condition {
  if (sight === undefined) return planned;
  return and([sighted(planned, type, sight), ownOnly ? ownRows(type, sight) : TRUE]);
}

/** The name as the way in; null when there is none, or when the other criteria are the better way. */
async function nameOf(tools: SearchTools, query: Query, from: Cursor | undefined) {
  const asked = nameQuestion(query);
  if (!asked) return null;
  const driver = await chooseDriver(asked.question, from, tools.db, wordCountsOf(tools));
  return asked.narrow && !driver.rare ? null : { ...asked, driver };
}

/** One for each open store. */
const wordCounts = new WeakMap<SearchTools['codecs'], WordCounts>();

function wordCountsOf({ codecs }: SearchTools): WordCounts {
  const known = wordCounts.get(codecs) ?? new WordCounts();
  wordCounts.set(codecs, known);
  return known;
}

async function cursorOf(tools: SearchTools, query: Query, text: string): Promise<Cursor> {
  return readCursor(text, questionOf(query), await signingKey(tools.codecs, tools.db));
}

/**
 * Search of people by name: any order of words, each word from its beginning, folded. Names that carry the marks as they
 * were typed come first, and among those the names that have the words in the order typed:
 * rank 0 marks and order, 1 marks, 2 order, 3 neither. Within a rank by name.
 */
import { foldKeepingMarks, foldWords } from '../../text/fold.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { versionColumns } from '../rows.ts';
import type { Condition } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { MARKS, TURN } from './emit-text.ts';
import type { IndexedParameter } from './parameters.ts';
import type { Criterion, Query } from './query.ts';
import { type RenderContext, render, type Table, tablesOf } from './render.ts';
import { markedTest, prefixTest, wordsTest } from './render-text.ts';
import { Statement } from './statement.ts';
import { unescapeValue } from './values.ts';

/** The words of a question for people. */
export interface NameQuestion {
  parameter: IndexedParameter;
  /** Folded words as typed. */
  words: string[];
  /** Words with their marks; empty when none was typed with a mark. */
  marked: string[];
}

export interface ByName {
  question: NameQuestion;
  /** The criteria beside the name. */
  others: Criterion[];
  /** They leave few people, so the name is the better way in only when one of its words is rare. */
  narrow: boolean;
}

/** The name that a search is ranked by, and the criteria beside it; null when it is no search by name. */
export function nameQuestion(query: Query): ByName | null {
  if (query.sort.length > 0 || query.count === 0) return null;
  const isName = (c: Criterion) => isUnmodified(c) && c.parameter.storage === 'names';
  const [criterion, ...more] = query.criteria.filter(isName);
  if (criterion?.kind !== 'parameter' || criterion.values.length !== 1 || more.length > 0) return null;
  const others = query.criteria.filter((c) => c !== criterion);
  const narrow = !others.every(isCoarse);
  if (!others.every((one) => isCoarse(one) || isDate(one))) return null;
  const typed = unescapeValue(criterion.values[0]!);
  const words = foldWords(typed);
  if (words.length === 0 || (narrow && words.length === 1)) return null;
  const marked = foldKeepingMarks(typed).split(' ');
  return {
    question: {
      parameter: criterion.parameter,
      words,
      marked: marked.join(' ') === words.join(' ') ? [] : marked,
    },
    others,
    narrow,
  };
}

function isDate(criterion: Criterion): boolean {
  return isUnmodified(criterion) && criterion.parameter.kind === 'date';
}

function isUnmodified(criterion: Criterion): criterion is Criterion & { kind: 'parameter' } {
  return (
    criterion.kind === 'parameter' && criterion.modifier === undefined && criterion.operator === undefined
  );
}

/** Criteria that leave so many people that the name is the better way in: sex, active, dead or alive. */
function isCoarse(criterion: Criterion): boolean {
  if (criterion.kind !== 'parameter' || criterion.parameter.kind !== 'token' || criterion.operator)
    return false;
  const { paths } = criterion.parameter;
  return (
    criterion.modifier === 'not' || paths.every((path) => path.type === 'code' || path.type === 'boolean')
  );
}

/** The word by which the rows are looked up, and whether so few have it that all of them can be ranked. */
export interface Driver {
  word: string;
  rare: boolean;
}

/**
 * Rows with the rarest word up to which all are looked at: some twenty milliseconds. Of two words many rows may have both,
 * and ranking those costs more than looking; of three or more words few rows have all.
 */
const FEW = { ofTwo: 8_000, ofMore: 20_000 };
/** Nobody counts further than this: the word is common, and which of two such words is rarer matters little. */
const FAR = 100_000;

/** How many names begin with a word, for words that many have. Growing old costs time, never an answer. */
export class WordCounts {
  readonly #known = new Map<string, number>();

  get(p: bigint, word: string): number | undefined {
    return this.#known.get(`${p} ${word}`);
  }

  /** Small counts are asked again: that is quick, and they change. */
  set(p: bigint, word: string, count: number): void {
    if (count < WORTH_KEEPING) return;
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#known.set(`${p} ${word}`, count);
  }
}

const WORTH_KEEPING = 2_000;
/** Beginnings of family and middle names, in some letters each, are a few thousand. */
const MOST_KEPT = 20_000;

/**
 * The rarest word, by a look at the index (statistics know no beginnings).
 * @param after the page before this one has chosen already
 */
export async function chooseDriver(
  { parameter, words }: NameQuestion,
  after: Cursor | undefined,
  db: Queryable,
  counts: WordCounts,
): Promise<Driver> {
  if (after) return { word: after.values[2] ?? '', rare: after.values[3] === 'rare' };
  if (words.length === 1) return { word: words[0]!, rare: false };
  const open = words.filter((word) => counts.get(parameter.p, word) === undefined);
  const counted = new Map<string, number>();
  if (open.length > 0)
    for (const [i, count] of (await countRows(parameter, open, db)).entries()) {
      counted.set(open[i]!, count);
      counts.set(parameter.p, open[i]!, count);
    }
  const countOf = (word: string) => counted.get(word) ?? counts.get(parameter.p, word) ?? FAR;
  const [word = ''] = words.toSorted((a, b) => countOf(a) - countOf(b));
  return { word, rare: countOf(word) < (words.length === 2 ? FEW.ofTwo : FEW.ofMore) };
}

/** Rows that begin with each word, at most FAR. */
async function countRows(
  parameter: IndexedParameter,
  words: readonly string[],
  db: Queryable,
): Promise<number[]> {
  const statement = new Statement();
  const p = literal(parameter.p);
  const counts = words.map((word) => {
    const range = prefixTest('s.s', word, statement);
    return `(select count(*)::int from (select 1 from str s where s.p = ${p} and ${range} limit ${FAR}) as seen)`;
  });
  const text = `select array[${counts.join(', ')}] as counts`;
  const answer = await db.query<{ counts: number[] }>(text, statement.values);
  return answer.rows[0]!.counts;
}

export interface NamePage {
  query: Query;
  question: NameQuestion;
  driver: Driver;
  condition: Condition;
  limit: number;
  after: Cursor | undefined;
}

/** Rows in order, with the keys of the cursor: rank, row of the name, driver. */
export function namePageSql(page: NamePage, context: RenderContext): string {
  const { statement } = context;
  const count = statement.int4(page.limit);
  const driver = statement.text(page.driver.word);
  const tables = tablesOf(page.query.type);
  const found = tables.flatMap((table) =>
    page.driver.rare ? [rankedSql(page, table, context)] : phasesOf(page, table, context, count),
  );
  const way = page.after?.back ? ' desc' : '';
  const order = `rank${way}, s${way}, idh${way}`;
  const bodies = tables.map(
    (table) => `select page.n, page.idh, page.rank::text as k0, page.s as k1, ${driver} as k2,
        '${page.driver.rare ? 'rare' : 'common'}' as k3, ${versionColumns('r')}
      from page join ${table} r on page.src = '${table}' and r.pt = page.pt
        and r.t = ${typeNumber(page.query.type)} and r.idh = page.idh
      left join person on person.pt = r.pt`,
  );
  return `with page as materialized (
    select *, row_number() over (order by ${order}) as n from (${found.join(' union all ')}) as found
    order by ${order} limit ${count}
  ) ${bodies.join(' union all ')} order by 1`;
}

/** Number of sort keys of a page by name. */
export const NAME_KEYS = 4;

/**
 * Few rows begin with the driver: all are ranked, each person by the best of its rows. The resource itself is looked at only
 * where something else is asked of it, or where it decides in which table it is: rows of `str` are those of what is there.
 */
function rankedSql(
  { question, driver, query, condition, after }: NamePage,
  table: Table,
  context: RenderContext,
): string {
  const { statement } = context;
  const { words, marked, parameter } = question;
  const others = words.filter((word) => word !== driver.word);
  const tests = [`s.p = ${literal(parameter.p)}`, prefixTest('s.s', driver.word, statement)];
  if (others.length > 0) tests.push(wordsTest('s.s', others, statement));
  const folded = `split_part(s.s, ${statement.text(MARKS)}, 1)`;
  const turn = statement.text(TURN);
  const written = `split_part(${folded}, ${turn}, 2) || ' ' || split_part(${folded}, ${turn}, 1)`;
  const inOrder = `' ' || ${written} like ${statement.text(`% ${words.join(' ')}%`)}`;
  const isMarked = marked.length > 0 ? markedTest('s.s', marked, statement) : 'false';
  const rank = `(case when ${isMarked} then 0 else 2 end + case when ${inOrder} then 0 else 1 end)`;
  const isJoined = condition.op !== 'true' || tablesOf(query.type).length > 1;
  const resource = isJoined
    ? `join ${table} r on r.pt = s.pt and r.t = ${typeNumber(query.type)} and r.idh = s.idh`
    : '';
  const rest = after
    ? `and (rank, s, idh) ${after.back ? '<' : '>'} (${statement.int4(Number(after.values[0]))}, ${statement.text(after.values[1] ?? '')} collate "C", ${statement.int8(after.idh)})`
    : '';
  return `(select '${table}' as src, rank, s, pt, idh from (
      select s.pt, s.idh, s.s, ${rank} as rank,
        row_number() over (partition by s.pt, s.idh order by ${rank}, s.s) as place
      from str s ${resource} where ${tests.join(' and ')} and ${render(condition, 'r', context)}
    ) as ranked where place = 1 ${rest})`;
}

/** Many rows begin with every word: rank by rank in the order of the index, which stops when the page is full. */
function phasesOf(page: NamePage, table: Table, context: RenderContext, count: string): string[] {
  const { words, marked } = page.question;
  const from = page.after === undefined ? null : Number(page.after.values[0]);
  const ranks = words.length === 1 ? [0, 2] : [0, 1, 2, 3];
  const isLeft = (rank: number) => from === null || (page.after?.back ? rank <= from : rank >= from);
  return ranks
    .filter((rank) => isLeft(rank) && (marked.length > 0 || rank >= 2))
    .map((rank) => phaseSql(page, rank, table, context, count));
}

function phaseSql(page: NamePage, rank: number, table: Table, context: RenderContext, count: string): string {
  const { question, driver, query, after } = page;
  const { statement } = context;
  const p = literal(question.parameter.p);
  const inOrder = rank === 0 || rank === 2;
  const full = question.words.join(' ');
  const others = question.words.filter((word) => word !== driver.word);
  const tests = [`s.p = ${p}`, prefixTest('s.s', inOrder ? full : driver.word, statement)];
  if (!inOrder) tests.push(`not ${prefixTest('s.s', full, statement)}`, wordsTest('s.s', others, statement));
  if (question.marked.length > 0) {
    tests.push(`${rank >= 2 ? 'not ' : ''}${markedTest('s.s', question.marked, statement)}`);
  }
  if (after && Number(after.values[0]) === rank) {
    const at = `${statement.text(after.values[1] ?? '')} collate "C"`;
    const way = after.back ? '<' : '>';
    tests.push(`s.s ${way}= ${at} and (s.s, s.idh) ${way} (${at}, ${statement.int8(after.idh)})`);
  }
  tests.push(firstOfPerson(page, rank, statement, p));
  const down = after?.back ? ' desc' : '';
  return `(select '${table}' as src, ${rank} as rank, s.s, s.pt, s.idh from str s
    join ${table} r on r.pt = s.pt and r.t = ${typeNumber(query.type)} and r.idh = s.idh
    where ${tests.join(' and ')} and ${render(page.condition, 'r', context)} order by s.s${down}, s.idh${down} limit ${count})`;
}

/**
 * A person with several matching rows is answered by the best of them. `offset 0` keeps PostgreSQL at the few rows of the
 * person; it would rather read the whole range of the word again for every one.
 */
function firstOfPerson(
  { question, driver }: NamePage,
  rank: number,
  statement: Statement,
  p: string,
): string {
  const inOrder = `(${prefixTest('o.s', question.words.join(' '), statement)})`;
  const others = question.words.filter((word) => word !== driver.word);
  const byDriver = [prefixTest('o.s', driver.word, statement)];
  if (others.length > 0) byDriver.push(wordsTest('o.s', others, statement));
  const isMarked = question.marked.length > 0 ? markedTest('o.s', question.marked, statement) : 'false';
  const rankOf = `(case when ${isMarked} then 0 else 2 end + case when ${inOrder} then 0 else 1 end)`;
  return `not exists (select from (select p, s from str where pt = s.pt and idh = s.idh offset 0) o where o.p = ${p}
    and (${inOrder} or (${byDriver.join(' and ')})) and (${rankOf} < ${rank} or ${rankOf} = ${rank} and o.s < s.s))`;
}

/** Written out and not bound: the plan of a named statement proves by it that the index of people's names holds the rows. */
const literal = (p: bigint) => `'${p}'::int8`;

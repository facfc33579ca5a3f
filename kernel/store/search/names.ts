/**
 * Search of people by name: any order of words, each word from its beginning, folded. Names that carry the marks as they
 * were typed come first, and among those the names that have the words in the order typed:
 * rank 0 marks and order, 1 marks, 2 order, 3 neither. Within a rank by name.
 */
import { foldKeepingMarks, foldWords } from '../../text/fold.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { versionColumns } from '../rows.ts';
import { and, type Condition } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { MARKS } from './emit-text.ts';
import type { IndexedParameter } from './parameters.ts';
import type { Criterion, Query } from './query.ts';
import { prefixTest, type RenderContext, render, tablesOf, wordsTest } from './render.ts';
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

/** The name that a search is ranked by, and the criteria beside it; null when it is no search by name. */
export function nameQuestion(query: Query): { question: NameQuestion; others: Criterion[] } | null {
  if (query.sort.length > 0 || query.count === 0) return null;
  const isName = (c: Criterion) =>
    c.kind === 'parameter' && c.parameter.storage === 'names' && c.modifier === undefined;
  const [criterion, ...more] = query.criteria.filter(isName);
  if (criterion?.kind !== 'parameter' || criterion.values.length !== 1 || more.length > 0) return null;
  const others = query.criteria.filter((c) => c !== criterion);
  if (!others.every(isCoarse)) return null;
  const typed = unescapeValue(criterion.values[0]!);
  const words = foldWords(typed);
  if (words.length === 0) return null;
  const marked = foldKeepingMarks(typed).split(' ');
  return {
    question: {
      parameter: criterion.parameter,
      words,
      marked: marked.join(' ') === words.join(' ') ? [] : marked,
    },
    others,
  };
}

/** Criteria that leave so many people that the name is the better way in: sex, active, dead or alive. */
function isCoarse(criterion: Criterion): boolean {
  if (criterion.kind !== 'parameter' || criterion.parameter.kind !== 'token') return false;
  const { paths } = criterion.parameter;
  return (
    criterion.modifier === 'not' || paths.every((path) => path.type === 'code' || path.type === 'boolean')
  );
}

const PROBE = 3000;

/** The rarest word (R4 has no statistics to ask: a look at the index, cut off after a few thousand rows). */
export async function rarestWord({ parameter, words }: NameQuestion, db: Queryable): Promise<string> {
  const [only = ''] = words;
  if (words.length === 1) return only;
  const statement = new Statement();
  const p = statement.int8(parameter.p);
  const counts = words.map((word) => {
    const range = prefixTest('s.s', word, statement);
    return `(select count(*)::int from (select 1 from str s where s.p = ${p} and ${range} limit ${PROBE}) as seen)`;
  });
  const answer = await db.query<{ counts: number[] }>(
    `select array[${counts.join(', ')}] as counts`,
    statement.values,
  );
  const seen = answer.rows[0]!.counts;
  return words[seen.indexOf(Math.min(...seen))]!;
}

export interface NamePage {
  query: Query;
  question: NameQuestion;
  driver: string;
  condition: Condition;
  limit: number;
  after: Cursor | undefined;
}

/** Rows with `k0` rank and `k1` the row of the name, in order. */
export function namePageSql(page: NamePage, context: RenderContext): string {
  const { statement } = context;
  const count = statement.bind(page.limit);
  const from = Number(page.after?.values[0] ?? -1);
  const phases = ranksOf(page.question).filter((rank) => rank >= from);
  const tables = tablesOf(page.query.type);
  const found = phases.flatMap((rank) => tables.map((table) => phaseSql(page, rank, table, context, count)));
  const bodies = tables.map(
    (table) => `select page.n, page.idh, page.rank::text as k0, page.s as k1, ${versionColumns('r')}
      from page join ${table} r on page.src = '${table}' and r.pt = page.pt and r.t = ${typeNumber(page.query.type)} and r.idh = page.idh
      left join person on person.pt = r.pt`,
  );
  return `with page as materialized (
    select *, row_number() over (order by rank, s, idh) as n from (${found.join(' union all ')}) as found
    order by rank, s, idh limit ${count}
  ) ${bodies.join(' union all ')} order by 1`;
}

/** One word is always in order; without marks typed none is preferred. */
function ranksOf({ words, marked }: NameQuestion): number[] {
  const ranks = words.length === 1 ? [0, 2] : [0, 1, 2, 3];
  return ranks.filter((rank) => marked.length > 0 || rank >= 2);
}

function phaseSql(
  page: NamePage,
  rank: number,
  table: string,
  context: RenderContext,
  count: string,
): string {
  const { question, driver, query, after } = page;
  const { statement } = context;
  const p = statement.int8(question.parameter.p);
  const inOrder = rank === 0 || rank === 2;
  const start = inOrder ? question.words.join(' ') : driver;
  const tests = [
    `s.p = ${p}`,
    prefixTest('s.s', start, statement),
    wordsTest('s.s', question.words, statement),
  ];
  if (question.marked.length > 0)
    tests.push(`${rank >= 2 ? 'not ' : ''}${markedTest('s.s', question.marked, statement)}`);
  if (!inOrder) tests.push(`not ${prefixTest('s.s', question.words.join(' '), statement)}`);
  if (after && Number(after.values[0]) === rank) {
    tests.push(
      `(s.s, s.idh) > (${statement.text(after.values[1] ?? '')} collate "C", ${statement.int8(after.idh)})`,
    );
  }
  tests.push(firstOfPerson(page, rank, statement, p));
  const where = render(and([page.condition]), 'r', context);
  return `(select '${table}' as src, ${rank} as rank, s.s, s.pt, s.idh from str s
    join ${table} r on r.pt = s.pt and r.t = ${typeNumber(query.type)} and r.idh = s.idh
    where ${tests.join(' and ')} and ${where} order by s.s, s.idh limit ${count})`;
}

/** A person with several matching rows is answered by the best of them. */
function firstOfPerson(
  { question, driver }: NamePage,
  rank: number,
  statement: Statement,
  p: string,
): string {
  const full = question.words.join(' ');
  const order = `(${prefixTest('o.s', full, statement)})`;
  const marked = question.marked.length > 0 ? markedTest('o.s', question.marked, statement) : 'false';
  const rankOf = `case when ${marked} then case when ${order} then 0 else 1 end when ${order} then 2 else 3 end`;
  const candidate = `(${prefixTest('o.s', driver, statement)} or ${order}) and ${wordsTest('o.s', question.words, statement)}`;
  return `not exists (select from str o where o.pt = s.pt and o.idh = s.idh and o.p = ${p} and ${candidate}
    and (${rankOf} < ${rank} or ${rankOf} = ${rank} and o.s < s.s))`;
}

/** Every word as typed begins a word of the name as written. */
function markedTest(column: string, words: readonly string[], statement: Statement): string {
  const written = `(' ' || split_part(${column}, ${statement.text(MARKS)}, 2))`;
  const tests = words.map(
    (word) => `${written} like ${statement.text(`% ${word.replace(/[\\%_]/g, '\\$&')}%`)}`,
  );
  return `(${tests.join(' and ')})`;
}

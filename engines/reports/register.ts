/** A book: lines of a view in the columns of a description. Nobody writes a line. */
import type { Pool } from 'pg';
import { foldText } from '../../kernel/text/fold.ts';
import type { Days } from './compute.ts';
import type { RegisterDefinition } from './definition.ts';
import type { Fault, Node } from './expression/node.ts';
import { parsedFor } from './expression/parsed.ts';
import { compileNode, orderSql, textOf } from './query/compile.ts';
import { ANY_PERIOD, contextOf, fromSql, type ReadySource, readySource } from './query/from.ts';
import { besideSql } from './query/functions.ts';
import type { Views } from './query/scope.ts';

export interface Register {
  definition: RegisterDefinition;
  source: ReadySource;
  /** Null: the number of the line. */
  values: readonly (Node | null)[];
  order: readonly Node[];
}

export interface RegisterLine {
  /** Id of the line's resource. */
  resource: string;
  person: string | null;
  cells: Record<string, string>;
  /** What else the cells were made of; empty where it was not asked for. */
  beside: readonly { view: string; resource: string }[];
}

const NUMBER = 'number';
const CODE = /^[a-z][A-Za-z0-9-]*$/;

/** The book ready to be read, and everything that is wrong with its description. */
export function planRegister(
  definition: RegisterDefinition,
  views: Views,
): { register: Register | null; faults: Fault[] } {
  const faults: Fault[] = [];
  const source = readySource(definition.lines, views, 'lines', faults);
  const seen = new Set<string>();
  const columns = definition.columns ?? [];
  for (const [at, { key, under }] of columns.entries()) {
    if (!CODE.test(key ?? '') || seen.has(key))
      faults.push({
        expression: `columns[${at}].key`,
        text: `Cột cần một mã riêng của nó; “${key ?? ''}” không được.`,
        textEn: `a column needs a key of its own; "${key ?? ''}" will not do`,
      });
    seen.add(key);
    if (under !== undefined && !columns.some((other) => other.key === under && !other.under))
      faults.push({
        expression: `columns[${at}].under`,
        text: `Không có cột “${under}” để đứng dưới.`,
        textEn: `there is no column "${under}" to stand beneath`,
      });
  }
  if (source === null) return { register: null, faults };
  const ready = (text: string, place: string, isText: boolean) => {
    const context = contextOf(source, ANY_PERIOD);
    return parsedFor(text, place, faults, (node) =>
      isText ? textOf(node, context) : orderSql(node, context),
    );
  };
  const values = columns.map(({ value }, at) =>
    value === NUMBER ? null : ready(value, `columns[${at}].value`, true),
  );
  const order = (definition.order ?? []).flatMap((text, at) => ready(text, `order[${at}]`, false) ?? []);
  return faults.length > 0
    ? { register: null, faults }
    : { register: { definition, source, values, order }, faults };
}

export interface RegisterAsk {
  days: Days;
  unit: string;
  first: number;
  most: number | null;
  /** Also which resources of other rows each line is made of. */
  beside?: boolean;
}

/** Some lines of a book and how many there are. Lines stand in the book's order, cancelled ones included: a book has no gaps. */
export async function registerLines(
  pool: Pick<Pool, 'query'>,
  register: Register,
  ask: RegisterAsk,
): Promise<{ lines: RegisterLine[]; total: number }> {
  const { sql, values } = linesSql(register, ask);
  const count = contextOf(register.source, ask.days);
  const [lines, total] = await Promise.all([
    pool.query<Row>(sql, values),
    pool.query<{ total: number }>(
      `select count(*)::int as total ${fromSql(register.source, count, [ask.unit])}`,
      count.parameters.values,
    ),
  ]);
  return {
    lines: lines.rows.map((row, at) => lineOf(register, row, ask.first + at + 1)),
    total: total.rows[0]?.total ?? 0,
  };
}

function linesSql({ source, values, order }: Register, ask: RegisterAsk): { sql: string; values: unknown[] } {
  const context = contextOf(source, ask.days);
  const key = `${source.scope.main.alias}.resource_key`;
  const columns = [
    `${key} as resource`,
    `${compileNode(source.person, context).sql} as person`,
    ...values.flatMap((node, at) => (node ? [`${textOf(node, context)} as v${at}`] : [])),
    ...(ask.beside
      ? [...source.scope.joins.values()].map((table, at) => `${besideSql(table, context)} as b${at}`)
      : []),
  ];
  const sorted = [...order.map((node) => orderSql(node, context)), key].join(', ');
  const { parameters } = context;
  const from = fromSql(source, context, [ask.unit]);
  const page = `limit ${parameters.add(ask.most, 'int')} offset ${parameters.add(ask.first, 'int')}`;
  return {
    sql: `select ${columns.join(', ')} ${from} order by ${sorted} ${page}`,
    values: parameters.values,
  };
}

type Row = Record<string, string | string[] | null>;

function lineOf({ definition, source }: Register, row: Row, number: number): RegisterLine {
  const textIn = (name: string) => (row[name] as string | null) ?? null;
  const cells = definition.columns.map(
    ({ key, value }, at) => [key, value === NUMBER ? String(number) : (textIn(`v${at}`) ?? '')] as const,
  );
  const beside = [...source.scope.joins.values()].flatMap(({ view }, at) =>
    ((row[`b${at}`] ?? []) as string[]).map((resource) => ({ view: view.name, resource })),
  );
  return {
    resource: textIn('resource')!,
    person: textIn('person'),
    cells: Object.fromEntries(cells),
    beside,
  };
}

/** Lines that hold all words of a text, folded, in any order; each keeps its number. Pure. */
export function linesWith(lines: readonly RegisterLine[], text: string): RegisterLine[] {
  const words = foldText(text).split(' ').filter(Boolean);
  return lines.filter(({ cells }) => {
    const line = foldText(Object.values(cells).join(' '));
    return words.every((word) => line.includes(word));
  });
}

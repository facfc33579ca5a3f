/** The functions of conditions and values over views. Those over a join with many rows take its name first. */
import { ExpressionFault, type Node } from '../expression/node.ts';
import {
  type Compiled,
  type Context,
  compileNode,
  dayOf,
  dayText,
  type Make,
  numberOf,
  orderSql,
  textOf,
  truthOf,
  typeOf,
} from './compile.ts';
import type { JoinedTable } from './scope.ts';

type Call = Extract<Node, { kind: 'call' }>;

const span = (part: (birth: string, on: string) => string): Make => {
  return (call, context) => {
    const [birth, on] = inputs(call, 2, 2);
    return { sql: part(dayOf(birth!, context), dayOf(on!, context)), type: 'number' };
  };
};

const part =
  (field: 'year' | 'month'): Make =>
  (call, context) => ({
    sql: `extract(${field} from ${dayOf(inputs(call, 1, 1)[0]!, context)})::numeric`,
    type: 'number',
  });

export const FUNCTIONS: ReadonlyMap<string, Make> = new Map<string, Make>([
  /** Completed years, months, days from the first to the second. */
  ['years', span((a, b) => `extract(year from age(${b}, ${a}))::numeric`)],
  [
    'months',
    span(
      (a, b) => `(extract(year from age(${b}, ${a})) * 12 + extract(month from age(${b}, ${a})))::numeric`,
    ),
  ],
  ['days', span((a, b) => `(${b} - ${a})::numeric`)],
  ['year', part('year')],
  ['month', part('month')],
  ['starts', starts],
  ['any', (call, context) => ({ sql: `exists (${manySql(call, 'select', context)})`, type: 'truth' })],
  [
    'number',
    (call, context) => ({
      sql: `(${manySql(call, 'select count(*)::numeric', context)})`,
      type: 'number',
    }),
  ],
  ['sum', sum],
  ['list', list],
  ['latest', latest],
  ['join', joined],
  ['day', (call, context) => ({ sql: dayOfText(call, context), type: 'text' })],
  ['time', time],
  ['if', choose],
  ['pick', pick],
  ['coalesce', coalesce],
]);

function inputs(call: Call, least: number, most = Number.POSITIVE_INFINITY): readonly Node[] {
  if (call.inputs.length >= least && call.inputs.length <= most) return call.inputs;
  const wanted =
    least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `≥ ${least}` : `${least}–${most}`;
  throw new ExpressionFault(
    call.at,
    `Hàm “${call.name}” cần ${wanted} giá trị.`,
    `function "${call.name}" takes ${wanted} inputs`,
  );
}

function starts(call: Call, context: Context): Compiled {
  const [of, ...beginnings] = inputs(call, 2);
  const tests = beginnings.map((one) => `starts_with(${textOf(of!, context)}, ${textOf(one, context)})`);
  return { sql: `(${tests.join(' or ')})`, type: 'truth' };
}

/** The join that the first input names, and what an expression inside it may say. */
function many(call: Call, context: Context): { table: JoinedTable; inner: Context } {
  const first = call.inputs[0];
  const table =
    first?.kind === 'name' && first.path.length === 1 ? context.scope.joins.get(first.path[0]!) : undefined;
  if (table?.join.many !== true)
    throw new ExpressionFault(
      call.at,
      `Hàm “${call.name}” cần tên một phần nối có nhiều dòng (many).`,
      `function "${call.name}" takes the name of a join with many rows first`,
    );
  if (context.within.includes(table.name))
    throw new ExpressionFault(
      call.at,
      `Phần nối “${table.name}” không hỏi lại chính nó.`,
      `the join "${table.name}" cannot be asked within itself`,
    );
  return { table, inner: within(table, context) };
}

const within = (table: JoinedTable, context: Context): Context => ({
  ...context,
  inside: table.name,
  within: [...context.within, table.name],
});

function fromMany({ table, inner }: { table: JoinedTable; inner: Context }, more: readonly string[]): string {
  const by = compileNode({ kind: 'name', path: table.join.by.split('.'), at: 0 }, inner).sql;
  const tests = [`${table.alias}.${table.join.key} = ${by}`, ...joinWhere(table, inner), ...more];
  return `from views.${table.view.name} ${table.alias} where ${tests.join(' and ')}`;
}

/** What the join itself asks of its rows. */
function joinWhere({ where }: JoinedTable, inner: Context): string[] {
  return where ? [truthOf(where, inner)] : [];
}

/** Ids of the resources whose rows a join puts beside a line, as an array of texts. */
export function besideSql(table: JoinedTable, context: Context): string {
  const id = `${table.alias}.resource_key`;
  if (table.join.many !== true) return `array_remove(array[${id}], null)`;
  return `array(select ${id} ${fromMany({ table, inner: within(table, context) }, [])})`;
}

function manySql(call: Call, head: string, context: Context): string {
  const of = many(call, context);
  const [, test] = inputs(call, 1, 2);
  return `${head} ${fromMany(of, test ? [truthOf(test, of.inner)] : [])}`;
}

/** `sum(join, value, where)`: 0 where no row answers, as `number` counts 0. */
function sum(call: Call, context: Context): Compiled {
  const of = many(call, context);
  const [, value, where] = inputs(call, 2, 3);
  const among = where ? [truthOf(where, of.inner)] : [];
  const head = `select coalesce(sum(${numberOf(value!, of.inner)}), 0)::numeric`;
  return { sql: `(${head} ${fromMany(of, among)})`, type: 'number' };
}

/** `list(join, text, separator, first)`: texts in order, those for which `first` is true before the others. */
function list(call: Call, context: Context): Compiled {
  const of = many(call, context);
  const [, text, separator, first] = inputs(call, 3, 4);
  const said = textOf(text!, of.inner);
  const order = [
    ...(first ? [`coalesce(${truthOf(first, of.inner)}, false) desc`] : []),
    textOf(text!, of.inner),
  ];
  const sql = `(select string_agg(${said}, ${textOf(separator!, context)} order by ${order.join(', ')}) ${fromMany(of, [])})`;
  return { sql, type: 'text' };
}

/** `latest(join, value, by, where)`: the value of the row whose `by` is greatest, among those of which the condition is true. */
function latest(call: Call, context: Context): Compiled {
  const of = many(call, context);
  const [, value, by, where] = inputs(call, 3, 4);
  const { sql, type } = compileNode(value!, of.inner);
  const order = orderSql(by!, of.inner);
  const tail = `order by ${order} desc nulls last, ${of.table.alias}.resource_key desc limit 1`;
  const among = where ? [truthOf(where, of.inner)] : [];
  return { sql: `(select ${sql} ${fromMany(of, among)} ${tail})`, type };
}

/** `join(separator, a, b, …)`: what is nothing is left out. */
function joined(call: Call, context: Context): Compiled {
  const texts = inputs(call, 2).map((one) => textOf(one, context));
  return { sql: `nullif(concat_ws(${texts.join(', ')}), '')`, type: 'text' };
}

function dayOfText(call: Call, context: Context): string {
  const [of] = inputs(call, 1, 1);
  const compiled = compileNode(of!, context);
  if (!['day', 'partial', 'instant'].includes(compiled.type))
    throw new ExpressionFault(of!.at, 'Hàm “day” cần một ngày.', 'function "day" takes a day');
  return dayText(compiled);
}

function time(call: Call, context: Context): Compiled {
  const [of] = inputs(call, 1, 1);
  const { sql, type } = compileNode(of!, context);
  if (type !== 'instant')
    throw new ExpressionFault(of!.at, 'Hàm “time” cần một thời điểm.', 'function "time" takes an instant');
  return { sql: `to_char(${sql} at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI')`, type: 'text' };
}

function choose(call: Call, context: Context): Compiled {
  const [test, yes, no] = inputs(call, 2, 3);
  const isNumber = typeOf(yes!, context) === 'number';
  const as = (node: Node) => (isNumber ? numberOf(node, context) : textOf(node, context));
  const sql = `(case when ${truthOf(test!, context)} then ${as(yes!)}${no ? ` else ${as(no)}` : ''} end)`;
  return { sql, type: isNumber ? 'number' : 'text' };
}

/** `pick(x, 'a', 'A', 'b', 'B', other)`: words for codes; a code without a word stays as it is. */
function pick(call: Call, context: Context): Compiled {
  const [of, ...rest] = inputs(call, 3);
  const said = () => textOf(of!, context);
  const pairs = Math.floor(rest.length / 2);
  const whens = Array.from(
    { length: pairs },
    (_, at) => `when ${textOf(rest[2 * at]!, context)} then ${textOf(rest[2 * at + 1]!, context)}`,
  );
  const other = rest.length % 2 === 1 ? textOf(rest.at(-1)!, context) : said();
  return { sql: `(case ${said()} ${whens.join(' ')} else ${other} end)`, type: 'text' };
}

function coalesce(call: Call, context: Context): Compiled {
  const all = inputs(call, 2);
  const types = new Set(all.map((one) => typeOf(one, context)).filter((type) => type !== 'nothing'));
  const isNumber = types.size === 1 && types.has('number');
  const values = all.map((one) => (isNumber ? numberOf(one, context) : textOf(one, context)));
  return { sql: `coalesce(${values.join(', ')})`, type: isNumber ? 'number' : 'text' };
}

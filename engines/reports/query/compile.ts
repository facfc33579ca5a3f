/**
 * A condition or value over a source → SQL with its type. Content never writes SQL: names become columns that the scope knows,
 * every text and number becomes a parameter.
 *
 * Logic has two values: a comparison with nothing is false, `!=` with nothing is true. Points in time are compared by their day in Vietnam.
 */
import { isDay } from '../../../kernel/text/vietnam-time.ts';
import { ExpressionFault, type Node } from '../expression/node.ts';
import { columnAt, type Scope, type ValueType } from './scope.ts';

export interface Compiled {
  sql: string;
  type: ValueType;
}

/** Values of a statement in the order of their `$n`. */
export class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** What a call of a function becomes. */
export type Make = (call: Extract<Node, { kind: 'call' }>, context: Context) => Compiled;

export interface Context {
  functions: ReadonlyMap<string, Make>;
  scope: Scope;
  parameters: Parameters;
  /** The join with many rows whose row is at hand. */
  inside: string | null;
  /** Joins whose rows are being asked for, outermost first: none of them is asked for again within itself. */
  within: readonly string[];
  period: ContextPeriod;
}

/** First and last day of one period; or several periods at once, each of them a row of `p` (`periodsSql`). */
export type ContextPeriod = { start: string; end: string } | 'rows';

const TEMPORAL: readonly ValueType[] = ['day', 'partial', 'instant'];

/** @throws ExpressionFault */
export function compileNode(node: Node, context: Context): Compiled {
  switch (node.kind) {
    case 'number':
      return { sql: context.parameters.add(node.value, 'numeric'), type: 'number' };
    case 'text':
      return { sql: context.parameters.add(node.value, 'text'), type: 'text' };
    case 'truth':
      return { sql: String(node.value), type: 'truth' };
    case 'nothing':
      return { sql: 'null', type: 'nothing' };
    case 'name':
      return nameOf(node, context);
    case 'cell':
      throw new ExpressionFault(
        node.at,
        'Điều kiện của bảng không nói tới ô khác được.',
        'a condition over a view cannot name cells',
      );
    case 'not':
      return { sql: `(not coalesce(${truthOf(node.of, context)}, false))`, type: 'truth' };
    case 'minus':
      return { sql: `(- ${numberOf(node.of, context)})`, type: 'number' };
    case 'binary':
      return binaryOf(node, context);
    case 'in':
      return inOf(node, context);
    case 'isNothing':
      return {
        sql: `(${compileNode(node.of, context).sql} is ${node.not ? 'not ' : ''}null)`,
        type: 'truth',
      };
    case 'call': {
      const make = context.functions.get(node.name);
      if (!make)
        throw new ExpressionFault(
          node.at,
          `Không có hàm “${node.name}”. Các hàm: ${[...context.functions.keys()].join(', ')}.`,
          `there is no function "${node.name}"; there are ${[...context.functions.keys()].join(', ')}`,
        );
      return make(node, context);
    }
  }
}

/** @throws ExpressionFault when it is no condition */
export function truthOf(node: Node, context: Context): string {
  return typed(node, context, 'truth', 'phải là điều kiện đúng/sai', 'must be a condition');
}

/** @throws ExpressionFault when it is no number */
export function numberOf(node: Node, context: Context): string {
  return typed(node, context, 'number', 'phải là số', 'must be a number');
}

/** As text that a person reads: numbers with a comma and without trailing zeros. @throws ExpressionFault */
export function textOf(node: Node, context: Context): string {
  const { sql, type } = compileNode(node, context);
  if (type === 'number') return `replace(trim_scale(${sql}::numeric)::text, '.', ',')`;
  if (type === 'truth')
    throw new ExpressionFault(node.at, 'Điều kiện không in thành chữ được.', 'a condition is no text');
  return type === 'text' || type === 'nothing' ? `${sql}::text` : dayText({ sql, type });
}

/** What rows are put in order by. @throws ExpressionFault for a constant, which orders nothing */
export function orderSql(node: Node, context: Context): string {
  if (node.kind === 'name' || node.kind === 'call' || node.kind === 'binary')
    return compileNode(node, context).sql;
  throw new ExpressionFault(
    node.at,
    'Chỗ này phải là cột để xếp thứ tự.',
    'this must be a column to order by',
  );
}

/** The day of a temporal value. A part of a date counts from its middle: `1985` is 1985-07-01, `1985-02` is 1985-02-15. */
export function dayOf(node: Node, context: Context): string {
  const compiled = compileNode(node, context);
  if (node.kind === 'text') {
    if (!isDay(node.value))
      throw new ExpressionFault(node.at, `“${node.value}” không phải ngày.`, `"${node.value}" is not a day`);
    return context.parameters.add(node.value, 'date');
  }
  if (!TEMPORAL.includes(compiled.type))
    throw new ExpressionFault(node.at, 'Chỗ này phải là ngày.', 'this must be a day');
  return toDay(compiled);
}

/** `07/02/1985`, with the precision that it has. */
export function dayText({ sql, type }: Compiled): string {
  if (type === 'partial')
    return `concat_ws('/', nullif(substr(${sql}, 9, 2), ''), nullif(substr(${sql}, 6, 2), ''), nullif(left(${sql}, 4), ''))`;
  return `to_char(${toDay({ sql, type })}, 'DD/MM/YYYY')`;
}

function toDay({ sql, type }: Compiled): string {
  if (type === 'instant') return `(${sql} at time zone 'Asia/Ho_Chi_Minh')::date`;
  if (type !== 'partial') return sql;
  return `(case length(${sql}) when 4 then ${sql} || '-07-01' when 7 then ${sql} || '-15' else left(${sql}, 10) end)::date`;
}

function typed(node: Node, context: Context, type: 'truth' | 'number', text: string, textEn: string): string {
  const compiled = compileNode(node, context);
  if (compiled.type === type) return compiled.sql;
  // The database does not know of what type nothing is.
  if (compiled.type === 'nothing') return `(${compiled.sql})::${type === 'truth' ? 'boolean' : 'numeric'}`;
  throw new ExpressionFault(node.at, `Chỗ này ${text}.`, `this ${textEn}`);
}

function nameOf({ path, at }: Extract<Node, { kind: 'name' }>, context: Context): Compiled {
  const name = path.join('.');
  if (name === 'periodStart' || name === 'periodEnd')
    return { sql: periodDay(name === 'periodStart' ? 'start' : 'end', context), type: 'day' };
  const column = columnAt(context.scope, path, context.inside);
  if (column) return column;
  const joined = context.scope.joins.get(path[0]!);
  if (joined?.join.many === true && context.inside !== path[0] && joined.columns.has(path[1] ?? ''))
    throw new ExpressionFault(
      at,
      `“${name}” có thể có nhiều dòng: hỏi bằng any, number, sum, list hoặc latest.`,
      `"${name}" may have several rows: ask with any, number, sum, list or latest`,
    );
  throw new ExpressionFault(at, `Không có cột “${name}”.`, `there is no column "${name}"`);
}

function periodDay(side: 'start' | 'end', { period, parameters }: Context): string {
  if (period !== 'rows') return parameters.add(period[side], 'date');
  return side === 'start' ? 'p.first' : 'p.last';
}

function binaryOf(node: Extract<Node, { kind: 'binary' }>, context: Context): Compiled {
  const { operator, left, right } = node;
  switch (operator) {
    case 'and':
    case 'or':
      return { sql: `(${truthOf(left, context)} ${operator} ${truthOf(right, context)})`, type: 'truth' };
    case '+':
    case '-':
    case '*':
      return { sql: `(${numberOf(left, context)} ${operator} ${numberOf(right, context)})`, type: 'number' };
    case '/':
      if (right.kind === 'number' && right.value === 0)
        throw new ExpressionFault(right.at, 'Phép chia có mẫu số bằng 0.', 'the divisor is 0');
      return {
        sql: `(${numberOf(left, context)}::numeric / nullif(${numberOf(right, context)}, 0))`,
        type: 'number',
      };
    default: {
      const [a, b] = alike(left, right, node.at, context);
      const sign = operator === '!=' ? 'is distinct from' : operator;
      return { sql: `(${a} ${sign} ${b})`, type: 'truth' };
    }
  }
}

function inOf({ of, choices, at }: Extract<Node, { kind: 'in' }>, context: Context): Compiled {
  if (choices.length === 0)
    throw new ExpressionFault(at, '“in” cần ít nhất một giá trị.', '"in" needs at least one value');
  const pairs = choices.map((choice) => alike(of, choice, at, context));
  return { sql: `(${pairs.map(([a, b]) => `${a} = ${b}`).join(' or ')})`, type: 'truth' };
}

/** Both sides as values that the database compares. */
function alike(left: Node, right: Node, at: number, context: Context): [string, string] {
  const types = [typeOf(left, context), typeOf(right, context)];
  if (types.some((type) => TEMPORAL.includes(type))) return [dayOf(left, context), dayOf(right, context)];
  if (types[0] !== types[1] && !types.includes('nothing'))
    throw new ExpressionFault(
      at,
      `Không so sánh được ${types[0]} với ${types[1]}.`,
      `${types[0]} cannot be compared with ${types[1]}`,
    );
  return [compileNode(left, context).sql, compileNode(right, context).sql];
}

const types = new WeakMap<Node, ValueType>();

/** The type alone: nothing is added to the statement's own parameters. A node stands over one source, so its type is kept. */
export function typeOf(node: Node, context: Context): ValueType {
  const known = types.get(node);
  if (known !== undefined) return known;
  const { type } = compileNode(node, { ...context, parameters: new Parameters() });
  types.set(node, type);
  return type;
}

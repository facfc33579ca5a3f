/** Formulas and checks over cells. A cell without a number is nothing: sums pass over it, divided by nothing gives nothing. Pure. */
import { ExpressionFault, type Node } from './expression/node.ts';
import { parse } from './expression/parse.ts';

export type Value = number | boolean | null;

/** A cell as a formula names it: `[row.column]`, `[form/row.column]`, `[row.column@-1]`. */
export interface CellName {
  /** Another form; null = this one. */
  form: string | null;
  cell: string;
  /** Periods before (-1, -12); 0 = the same. */
  shift: number;
}

const CELL = /^(?:([a-z0-9][a-z0-9-]*)\/)?([a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)?)(?:@(-\d{1,2}))?$/;

/** @throws ExpressionFault for a text that names no cell */
export function cellName(text: string, at: number): CellName {
  const [, form = null, cell, shift = '0'] = CELL.exec(text) ?? [];
  if (cell !== undefined) return { form, cell, shift: Number(shift) };
  throw new ExpressionFault(at, `“[${text}]” không chỉ một ô nào.`, `"[${text}]" names no cell`);
}

/** All cells that a formula names. @throws ExpressionFault */
export function cellsOf(node: Node): CellName[] {
  switch (node.kind) {
    case 'cell':
      return [cellName(node.text, node.at)];
    case 'not':
    case 'minus':
    case 'isNothing':
      return cellsOf(node.of);
    case 'binary':
      return [...cellsOf(node.left), ...cellsOf(node.right)];
    case 'in':
      return [node.of, ...node.choices].flatMap(cellsOf);
    case 'call':
      return inputsOf(node).flatMap(cellsOf);
    case 'name':
    case 'text':
      throw new ExpressionFault(
        node.at,
        'Công thức chỉ có số và ô trong ngoặc vuông.',
        'a formula has numbers and cells between brackets only',
      );
    default:
      return [];
  }
}

/** Cells that a formula's text names. @throws ExpressionFault */
export const cellsOfFormula = (text: string): CellName[] => cellsOf(kept(text));

/** The value of a formula's text. @throws ExpressionFault */
export const evaluateFormula = (text: string, numberIn: (cell: CellName) => number | null): Value =>
  evaluate(kept(text), numberIn);

const trees = new Map<string, Node>();
const MOST_TREES = 1_000;

/** Formulas of the content are few; their trees are kept. */
function kept(text: string): Node {
  const known = trees.get(text);
  if (known) return known;
  const tree = parse(text);
  if (trees.size < MOST_TREES) trees.set(text, tree);
  return tree;
}

interface FormulaFunction {
  /** Most inputs; each takes at least one. */
  most: number;
  of(values: readonly number[]): Value;
}

const ANY = Number.POSITIVE_INFINITY;
const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map([
  ['sum', { most: ANY, of: (values) => (values.length === 0 ? null : values.reduce((a, b) => a + b, 0)) }],
  ['min', { most: ANY, of: (values) => (values.length === 0 ? null : Math.min(...values)) }],
  ['max', { most: ANY, of: (values) => (values.length === 0 ? null : Math.max(...values)) }],
  ['round', { most: 1, of: ([value]) => (value === undefined ? null : Math.round(value)) }],
  ['abs', { most: 1, of: ([value]) => (value === undefined ? null : Math.abs(value)) }],
]);

/** Inputs of a function that there is, as many as it takes. @throws ExpressionFault */
export function inputsOf({ name, inputs, at }: Extract<Node, { kind: 'call' }>): readonly Node[] {
  const known = FUNCTIONS.get(name);
  if (!known) {
    const said = [...FUNCTIONS.keys()].join(', ');
    throw new ExpressionFault(
      at,
      `Công thức không có hàm “${name}”; có ${said}.`,
      `formulas have no function "${name}"; there are ${said}`,
    );
  }
  if (inputs.length >= 1 && inputs.length <= known.most) return inputs;
  const wanted = known.most === 1 ? '1' : '≥ 1';
  throw new ExpressionFault(
    at,
    `Hàm “${name}” cần ${wanted} giá trị.`,
    `function "${name}" takes ${wanted} inputs`,
  );
}

/** @param numberIn the number of a cell; null = none */
export function evaluate(node: Node, numberIn: (cell: CellName) => number | null): Value {
  switch (node.kind) {
    case 'number':
    case 'truth':
      return node.value;
    case 'cell':
      return numberIn(cellName(node.text, node.at));
    case 'minus': {
      const value = evaluate(node.of, numberIn);
      return typeof value === 'number' ? -value : null;
    }
    case 'not': {
      const value = evaluate(node.of, numberIn);
      return value === null ? null : value !== true;
    }
    case 'isNothing':
      return (evaluate(node.of, numberIn) === null) !== node.not;
    case 'in': {
      const value = evaluate(node.of, numberIn);
      return value === null ? null : node.choices.some((choice) => evaluate(choice, numberIn) === value);
    }
    case 'call': {
      const values = node.inputs.map((one) => evaluate(one, numberIn));
      return FUNCTIONS.get(node.name)?.of(values.filter((one) => typeof one === 'number')) ?? null;
    }
    case 'binary':
      return binary(node, numberIn);
    default:
      return null;
  }
}

function binary(
  { operator, left, right }: Extract<Node, { kind: 'binary' }>,
  numberIn: (cell: CellName) => number | null,
): Value {
  const a = evaluate(left, numberIn);
  const b = evaluate(right, numberIn);
  if (operator === 'and') return a === false || b === false ? false : a === null || b === null ? null : true;
  if (operator === 'or') return a === true || b === true ? true : a === null || b === null ? null : false;
  if (operator === '+' || operator === '-') return added(a, b, operator);
  if (a === null || b === null) return null;
  const [x, y] = [Number(a), Number(b)];
  switch (operator) {
    case '*':
      return x * y;
    case '/':
      return y === 0 ? null : x / y;
    case '=':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
  }
}

/** A column that has one typed number of two still has a total. */
function added(a: Value, b: Value, operator: '+' | '-'): number | null {
  if (a === null && b === null) return null;
  return operator === '+' ? Number(a ?? 0) + Number(b ?? 0) : Number(a ?? 0) - Number(b ?? 0);
}

/** Whether a formula gives a number or is true or false. What could never be carried out, or never say anything, is refused. Pure. */
import { ExpressionFault, type Node } from './expression/node.ts';
import { parse } from './expression/parse.ts';
import { type CellName, cellName, cellsOf, evaluate, inputsOf } from './formula.ts';

export type FormulaKind = 'number' | 'truth';

/** @throws ExpressionFault when the formula is of another kind, names no cell, or cannot be carried out */
export function needKind(node: Node, kind: FormulaKind): void {
  need(node, kind);
  if (cellsOf(node).length === 0)
    throw new ExpressionFault(
      node.at,
      'Công thức phải nhắc tới ít nhất một ô.',
      'a formula names at least one cell',
    );
}

function need(node: Node, kind: FormulaKind): void {
  if (kindOf(node) === kind) return;
  throw kind === 'number'
    ? new ExpressionFault(
        node.at,
        'Chỗ này phải là số, không phải điều kiện.',
        'this must be a number, not a condition',
      )
    : new ExpressionFault(node.at, 'Chỗ này phải là điều kiện đúng/sai.', 'this must be a condition');
}

function kindOf(node: Node): FormulaKind {
  switch (node.kind) {
    case 'number':
      return 'number';
    case 'truth':
      return 'truth';
    case 'cell':
      cellName(node.text, node.at);
      return 'number';
    case 'minus':
      need(node.of, 'number');
      return 'number';
    case 'not':
      need(node.of, 'truth');
      return 'truth';
    case 'isNothing':
      need(node.of, 'number');
      return 'truth';
    case 'in':
      for (const one of [node.of, ...node.choices]) need(one, 'number');
      return 'truth';
    case 'call':
      inputsOf(node);
      for (const one of node.inputs) need(one, 'number');
      return 'number';
    case 'binary':
      return ofBinary(node);
    default:
      throw new ExpressionFault(
        node.at,
        'Công thức chỉ có số và ô trong ngoặc vuông.',
        'a formula has numbers and cells between brackets only',
      );
  }
}

function ofBinary({ operator, left, right }: Extract<Node, { kind: 'binary' }>): FormulaKind {
  const logical = operator === 'and' || operator === 'or';
  for (const side of [left, right]) need(side, logical ? 'truth' : 'number');
  if (operator === '/') refuseNoDivisor(right);
  return ['+', '-', '*', '/'].includes(operator) ? 'number' : 'truth';
}

/** What is divided by a constant that is 0 would have no number in any unit, ever. */
function refuseNoDivisor(node: Node): void {
  if (cellsOf(node).length > 0) return;
  const value = evaluate(node, () => null);
  if (value !== 0 && value !== null) return;
  throw new ExpressionFault(node.at, 'Phép chia có mẫu số bằng 0.', 'the divisor is 0');
}

/** Cells of one side of a ratio: a formula that gives a number. @throws ExpressionFault */
export function cellsOfRatio(text: string): CellName[] {
  const node = parse(text);
  needKind(node, 'number');
  return cellsOf(node);
}

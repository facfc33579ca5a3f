/** What an expression of a report is made of, and what is wrong with one. */

/** A sentence in both languages and the place it is about. */
export interface Fault {
  /** Where in the definition: `rows[1].where`, `cells['a.b'].formula`. */
  expression: string;
  text: string;
  textEn: string;
}

export type Node =
  | { kind: 'number'; value: number; at: number }
  | { kind: 'text'; value: string; at: number }
  | { kind: 'truth'; value: boolean; at: number }
  | { kind: 'nothing'; at: number }
  /** A column (`status`), a column of what is joined (`person.gender`) or a day of the period (`periodStart`). */
  | { kind: 'name'; path: readonly string[]; at: number }
  /** Another cell, as it is written between brackets. */
  | { kind: 'cell'; text: string; at: number }
  | { kind: 'call'; name: string; inputs: readonly Node[]; at: number }
  | { kind: 'not' | 'minus'; of: Node; at: number }
  | { kind: 'binary'; operator: Operator; left: Node; right: Node; at: number }
  | { kind: 'in'; of: Node; choices: readonly Node[]; at: number }
  | { kind: 'isNothing'; of: Node; not: boolean; at: number };

export const OPERATORS = ['or', 'and', '=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/'] as const;
export type Operator = (typeof OPERATORS)[number];

/** Thrown inside the engine only: `at` is the character of the expression, from 0. */
export class ExpressionFault extends Error {
  readonly at: number;
  readonly text: string;

  constructor(at: number, text: string, textEn: string) {
    super(textEn);
    this.at = at;
    this.text = text;
  }
}

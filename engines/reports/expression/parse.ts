/**
 * The language of conditions and formulas: comparison, `and or not`, arithmetic, `in (…)`, `is null`, functions, and cells
 * between brackets. It has no statements, no loops and no way to say a table: SQL and sums are made from its tree.
 */
import { ExpressionFault, type Node, type Operator } from './node.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Brackets within brackets; deeper ones are refused before the program's own stack ends. */
const DEEPEST = 60;
const LEVELS: readonly (readonly Operator[])[] = [
  ['or'],
  ['and'],
  ['=', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
];
const COMPARISON = 2;

/** @throws ExpressionFault with the character at which it is wrong */
export function parse(text: string): Node {
  const parser = new Parser(tokensOf(text));
  return parser.whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Node {
    const node = this.level(0);
    if (this.token.kind !== 'end') throw unexpected(this.token);
    return node;
  }

  private get token(): Token {
    return this.tokens[this.next]!;
  }

  private take(): Token {
    const token = this.token;
    this.next += 1;
    return token;
  }

  private isWord(...words: string[]): boolean {
    return (this.token.kind === 'name' || this.token.kind === 'sign') && words.includes(this.token.text);
  }

  private expect(text: string): void {
    if (!this.isWord(text)) throw unexpected(this.token);
    this.next += 1;
  }

  private level(at: number): Node {
    const operators = LEVELS[at];
    if (!operators) return this.unary();
    if (at === COMPARISON && this.isWord('not')) return this.negation();
    let left = this.level(at + 1);
    while (this.isWord(...operators)) {
      const token = this.take();
      const right = this.level(at + 1);
      left = { kind: 'binary', operator: token.text as Operator, left, right, at: token.at };
    }
    return at === COMPARISON ? this.belonging(left) : left;
  }

  private negation(): Node {
    const { at } = this.take();
    return { kind: 'not', of: this.deeper(() => this.level(COMPARISON)), at };
  }

  /** What may follow a value: `in (…)`, `not in (…)`, `is null`, `is not null`. */
  private belonging(of: Node): Node {
    const { at } = this.token;
    if (this.isWord('is')) {
      this.take();
      const not = this.isWord('not');
      if (not) this.take();
      this.expect('null');
      return { kind: 'isNothing', of, not, at };
    }
    const not = this.isWord('not');
    if (not) this.take();
    if (!this.isWord('in')) {
      if (not) throw unexpected(this.token);
      return of;
    }
    this.take();
    const choices = this.inputs();
    const node: Node = { kind: 'in', of, choices, at };
    return not ? { kind: 'not', of: node, at } : node;
  }

  private unary(): Node {
    if (!this.isWord('-')) return this.primary();
    const { at } = this.take();
    return { kind: 'minus', of: this.deeper(() => this.unary()), at };
  }

  private primary(): Node {
    const token = this.take();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text), at: token.at };
    if (token.kind === 'text') return { kind: 'text', value: token.text, at: token.at };
    if (token.kind === 'cell') return { kind: 'cell', text: token.text, at: token.at };
    if (token.kind === 'name') return this.named(token);
    if (token.kind === 'sign' && token.text === '(') {
      const inner = this.deeper(() => this.level(0));
      this.expect(')');
      return inner;
    }
    throw unexpected(token);
  }

  private named(token: Token): Node {
    const { text, at } = token;
    if (text === 'true' || text === 'false') return { kind: 'truth', value: text === 'true', at };
    if (text === 'null') return { kind: 'nothing', at };
    if (['and', 'or', 'not', 'in', 'is'].includes(text)) throw unexpected(token);
    if (this.isWord('(')) return { kind: 'call', name: text, inputs: this.inputs(), at };
    return { kind: 'name', path: text.split('.'), at };
  }

  private inputs(): Node[] {
    this.expect('(');
    if (this.isWord(')')) {
      this.take();
      return [];
    }
    const inputs = [this.deeper(() => this.level(0))];
    while (this.isWord(',')) {
      this.take();
      inputs.push(this.deeper(() => this.level(0)));
    }
    this.expect(')');
    return inputs;
  }

  private deeper<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > DEEPEST)
      throw new ExpressionFault(
        this.token.at,
        `Biểu thức lồng quá ${DEEPEST} lớp.`,
        `an expression has at most ${DEEPEST} levels`,
      );
    const result = work();
    this.depth -= 1;
    return result;
  }
}

function unexpected(token: Token): ExpressionFault {
  if (token.kind === 'end')
    return new ExpressionFault(token.at, 'Biểu thức thiếu phần cuối.', 'the expression ends too early');
  return new ExpressionFault(
    token.at,
    `Không đặt được “${token.text}” ở vị trí ${token.at + 1}.`,
    `"${token.text}" cannot stand at ${token.at + 1}`,
  );
}

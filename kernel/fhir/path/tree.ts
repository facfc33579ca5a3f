/** A FHIRPath expression as a tree. Pure. FHIRPath 2.0, "Operations" and its grammar. */
import { calendarQuantity, isCalendarUnit, ucumQuantity } from './quantities.ts';
import { isMoment } from './temporal.ts';
import { PathSyntaxError, type Token, tokensOf } from './tokens.ts';

export type PathTree =
  /** `name`, of `base` or of the focus. */
  | { kind: 'member'; base: PathTree | null; name: string }
  | { kind: 'call'; base: PathTree | null; name: string; args: PathTree[] }
  | { kind: 'index'; base: PathTree; index: PathTree }
  | { kind: 'binary'; operator: string; left: PathTree; right: PathTree }
  | { kind: 'minus'; base: PathTree }
  | { kind: 'this' }
  | { kind: 'index-of-item' }
  | { kind: 'total' }
  | { kind: 'empty' }
  | { kind: 'constant'; name: string }
  | {
      kind: 'literal';
      type: `System.${'String' | 'Boolean' | 'Integer' | 'Decimal' | 'Date' | 'DateTime' | 'Time' | 'Quantity'}`;
      value: unknown;
    };

/** Weakest first. */
const OPERATORS: readonly (readonly string[])[] = [
  ['implies'],
  ['or', 'xor'],
  ['and'],
  ['in', 'contains'],
  ['=', '!=', '~', '!~'],
  ['<', '>', '<=', '>='],
  ['|'],
  ['is', 'as'],
  ['+', '-', '&'],
  ['*', '/', 'div', 'mod'],
];

/** Longest expression, and deepest nesting, that are read at all. */
const LONGEST = 4_000;
const DEEPEST = 60;

/** @throws PathSyntaxError */
export function parsePath(text: string): PathTree {
  if (text.length > LONGEST) throw new PathSyntaxError(`it has more than ${LONGEST} characters`);
  const reader = new Reader(tokensOf(text));
  const tree = readBinary(reader, 0);
  const rest = reader.peek();
  if (rest) throw new PathSyntaxError(`character ${rest.at + 1}: "${rest.text}" is not expected here`);
  return tree;
}

class Reader {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  next(): Token {
    const token = this.#tokens[this.#at++];
    if (token) return token;
    throw new PathSyntaxError('it ends too early');
  }

  /** True, and passed, when the symbol stands next. */
  takes(symbol: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'symbol' || token.text !== symbol) return false;
    this.#at += 1;
    return true;
  }

  needs(symbol: string): void {
    if (this.takes(symbol)) return;
    const token = this.peek();
    throw new PathSyntaxError(
      token ? `character ${token.at + 1}: "${symbol}" is expected` : `"${symbol}" is missing at its end`,
    );
  }

  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new PathSyntaxError(`it is nested more than ${DEEPEST} deep`);
    const found = read();
    this.#depth -= 1;
    return found;
  }
}

function readBinary(reader: Reader, level: number): PathTree {
  const operators = OPERATORS[level];
  if (!operators) return readSigned(reader);
  let left = readBinary(reader, level + 1);
  for (;;) {
    const token = reader.peek();
    if (!token || !isOperator(token) || !operators.includes(token.text)) return left;
    reader.next();
    if (token.text === 'is' || token.text === 'as')
      left = { kind: 'call', base: left, name: token.text, args: [readType(reader)] };
    else left = { kind: 'binary', operator: token.text, left, right: readBinary(reader, level + 1) };
  }
}

const isOperator = ({ kind, quoted }: Token) => (kind === 'symbol' || kind === 'name') && !quoted;

/** What stands behind `is` and `as`: `Quantity`, `FHIR.Quantity`. */
function readType(reader: Reader): PathTree {
  let tree: PathTree = { kind: 'member', base: null, name: readIdentifier(reader) };
  while (reader.takes('.')) tree = { kind: 'member', base: tree, name: readIdentifier(reader) };
  return tree;
}

function readIdentifier(reader: Reader): string {
  const token = reader.next();
  if (token.kind === 'name' && !token.text.startsWith('$')) return token.text;
  throw new PathSyntaxError(`character ${token.at + 1}: a name is expected`);
}

function readSigned(reader: Reader): PathTree {
  if (reader.takes('-')) return { kind: 'minus', base: reader.nested(() => readSigned(reader)) };
  if (reader.takes('+')) return reader.nested(() => readSigned(reader));
  return readChain(reader);
}

function readChain(reader: Reader): PathTree {
  let tree = readTerm(reader);
  for (;;) {
    if (reader.takes('.')) {
      tree = readInvocation(reader, tree, readIdentifier(reader));
    } else if (reader.takes('[')) {
      const base = tree;
      tree = { kind: 'index', base, index: reader.nested(() => readBinary(reader, 0)) };
      reader.needs(']');
    } else return tree;
  }
}

function readInvocation(reader: Reader, base: PathTree | null, name: string): PathTree {
  if (!reader.takes('(')) return { kind: 'member', base, name };
  const args: PathTree[] = [];
  if (reader.takes(')')) return { kind: 'call', base, name, args };
  do args.push(reader.nested(() => readBinary(reader, 0)));
  while (reader.takes(','));
  reader.needs(')');
  return { kind: 'call', base, name, args };
}

function readTerm(reader: Reader): PathTree {
  const token = reader.next();
  switch (token.kind) {
    case 'string':
      return { kind: 'literal', type: 'System.String', value: token.text };
    case 'number':
      return readNumber(reader, token);
    case 'temporal':
      return temporal(token.text);
    case 'constant':
      return { kind: 'constant', name: token.text };
    case 'name':
      return readName(reader, token);
    default:
      return readGroup(reader, token);
  }
}

/** `4`, `4.5`, `4 'mg'`, `4 days`. */
function readNumber(reader: Reader, { text }: Token): PathTree {
  const value = Number(text);
  const unit = reader.peek();
  if (unit?.kind === 'string' || (unit?.kind === 'name' && !unit.quoted && isCalendarUnit(unit.text))) {
    reader.next();
    const quantity =
      unit.kind === 'name' ? calendarQuantity(value, unit.text) : ucumQuantity(value, unit.text);
    return { kind: 'literal', type: 'System.Quantity', value: quantity };
  }
  return { kind: 'literal', type: text.includes('.') ? 'System.Decimal' : 'System.Integer', value };
}

function readName(reader: Reader, { text, at, quoted }: Token): PathTree {
  if (quoted) return readInvocation(reader, null, text);
  if (text === 'true' || text === 'false')
    return { kind: 'literal', type: 'System.Boolean', value: text === 'true' };
  if (text === '$this') return { kind: 'this' };
  if (text === '$index') return { kind: 'index-of-item' };
  if (text === '$total') return { kind: 'total' };
  if (text.startsWith('$')) throw new PathSyntaxError(`character ${at + 1}: ${text} is not supported`);
  return readInvocation(reader, null, text);
}

function readGroup(reader: Reader, { text, at }: Token): PathTree {
  if (text === '(') {
    const tree = reader.nested(() => readBinary(reader, 0));
    reader.needs(')');
    return tree;
  }
  if (text === '{') {
    reader.needs('}');
    return { kind: 'empty' };
  }
  throw new PathSyntaxError(`character ${at + 1}: "${text}" is not expected here`);
}

function temporal(text: string): PathTree {
  const type = text.startsWith('T') ? 'System.Time' : text.includes('T') ? 'System.DateTime' : 'System.Date';
  const value = type === 'System.Time' ? text.slice(1) : text.replace(/T$/, '');
  if (isMoment(value)) return { kind: 'literal', type, value };
  throw new PathSyntaxError(`@${text} is no date or time that exists`);
}

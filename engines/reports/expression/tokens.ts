/** Text of an expression to its words. */
import { ExpressionFault } from './node.ts';

export interface Token {
  kind: 'number' | 'text' | 'name' | 'cell' | 'sign' | 'end';
  /** Without quotes or brackets. */
  text: string;
  at: number;
}

const WORDS: readonly [Token['kind'], RegExp][] = [
  ['number', /\d+(?:\.\d+)?/y],
  ['text', /'(?:[^']|'')*'/y],
  ['cell', /\[[^\]\n]*\]/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y],
  ['sign', /!=|<=|>=|[=<>+\-*/(),]/y],
];

/** An expression is read whole before anything of it is believed; longer ones are refused. */
export const LONGEST = 4_000;

/** @throws ExpressionFault */
export function tokensOf(text: string): Token[] {
  if (text.length > LONGEST)
    throw new ExpressionFault(
      0,
      `Biểu thức dài quá ${LONGEST} ký tự.`,
      `an expression has at most ${LONGEST} characters`,
    );
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at += lengthOf(token, text);
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of WORDS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: plainOf(kind, found), at };
  }
  throw new ExpressionFault(
    at,
    `Không hiểu ký tự “${text[at]}” ở vị trí ${at + 1}.`,
    `character "${text[at]}" at ${at + 1} is not understood`,
  );
}

function plainOf(kind: Token['kind'], found: string): string {
  if (kind === 'text') return found.slice(1, -1).replaceAll("''", "'");
  return kind === 'cell' ? found.slice(1, -1).trim() : found;
}

/** The length that the token took in the text, quotes and brackets included. */
function lengthOf(token: Token, text: string): number {
  const pattern = WORDS.find(([kind]) => kind === token.kind)![1];
  pattern.lastIndex = token.at;
  return pattern.exec(text)![0].length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at += 1;
  return at;
}

/**
 * What `_text` and `_content` ask for (R4 search.html#text): words, phrases in quotation marks, AND, OR, NOT and parentheses,
 * as in `(bone OR liver) and metastases`. Words beside one another must all be there. Pure.
 */
import { foldText, foldWords } from '../../text/fold.ts';
import { and, type Condition, or, TRUE } from './condition.ts';
import { invalidValue } from './faults.ts';
import { unescapeValue } from './values.ts';

export type TextAsk =
  /** Some word begins with it. */
  | { op: 'word'; word: string }
  /** Whole words that stand beside one another. */
  | { op: 'phrase'; words: string[] }
  | { op: 'and' | 'or'; of: TextAsk[] }
  | { op: 'not'; of: TextAsk };

const MOST_WORDS = 20;
/** Words, operators and parentheses of one alternative: they are read one within the other. */
const MOST_TOKENS = 200;
/** A phrase, a parenthesis, a comma, or anything else up to the next of those or a blank. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[(),]|(?:\\.|[^\s"(),])+|"/gs;

/** Alternatives, set apart by commas outside of phrases. Fails by name on what asks for nothing, or cannot be read. */
export function parseTexts(name: string, value: string): TextAsk[] {
  const alternatives: string[][] = [[]];
  for (const token of value.match(TOKENS) ?? []) {
    if (token === ',') alternatives.push([]);
    else alternatives.at(-1)!.push(token);
  }
  return alternatives.map((tokens) => new Reader(name, value, tokens).read());
}

class Reader {
  readonly #name: string;
  readonly #value: string;
  readonly #tokens: readonly string[];
  #at = 0;
  #words = 0;

  constructor(name: string, value: string, tokens: readonly string[]) {
    this.#name = name;
    this.#value = value;
    this.#tokens = tokens;
  }

  read(): TextAsk {
    if (this.#tokens.length > MOST_TOKENS) throw this.#malformed();
    const ask = this.#alternatives();
    if (this.#at < this.#tokens.length) throw this.#malformed();
    if (this.#words === 0 || this.#words > MOST_WORDS || !ask)
      throw invalidValue(this.#name, this.#value, `1 đến ${MOST_WORDS} từ`, `1 to ${MOST_WORDS} words`);
    return ask;
  }

  #alternatives(): TextAsk | null {
    const of = [this.#conjunction()];
    while (this.#isOperator('OR')) {
      this.#at += 1;
      of.push(this.#conjunction());
    }
    return joined('or', of);
  }

  #conjunction(): TextAsk | null {
    const of: (TextAsk | null)[] = [];
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== ')' && !this.#isOperator('OR')) {
      if (this.#isOperator('AND')) this.#at += 1;
      of.push(this.#one());
    }
    return joined('and', of);
  }

  #one(): TextAsk | null {
    const isNot = this.#isOperator('NOT');
    const token = this.#tokens[this.#at++]!;
    if (isNot) {
      const of = this.#one();
      return of && { op: 'not', of };
    }
    if (token === '(') {
      const inside = this.#alternatives();
      if (this.#tokens[this.#at++] !== ')') throw this.#malformed();
      return inside;
    }
    if (token === ')' || token === '"') throw this.#malformed();
    const isPhrase = token.startsWith('"');
    const words = foldWords(unescapeValue(token));
    this.#words += words.length;
    if (isPhrase) return words.length === 0 ? null : { op: 'phrase', words };
    return joined(
      'and',
      words.map((word) => ({ op: 'word', word })),
    );
  }

  /** An operator has something to join; elsewhere it is a word like any other. */
  #isOperator(operator: 'AND' | 'OR' | 'NOT'): boolean {
    const token = this.#tokens[this.#at];
    if (token?.toUpperCase() !== operator) return false;
    const next = this.#tokens[this.#at + 1];
    if (next === undefined || next === ')' || /^(and|or)$/i.test(next)) return false;
    const before = this.#tokens[this.#at - 1];
    return operator === 'NOT' || (before !== undefined && before !== '(');
  }

  #malformed() {
    return invalidValue(
      this.#name,
      this.#value,
      'ngoặc và dấu nháy đóng mở đủ đôi, như (xương OR gan) AND "di căn"',
      'parentheses and quotation marks in pairs, such as (bone OR liver) AND "bone marrow"',
    );
  }
}

function joined(op: 'and' | 'or', of: readonly (TextAsk | null)[]): TextAsk | null {
  const some = of.filter((one) => one !== null);
  return some.length > 1 ? { op, of: some } : (some[0] ?? null);
}

/** True when the index, which has words and not their order, does not decide it. */
export function hasPhrase(ask: TextAsk): boolean {
  if (ask.op === 'phrase') return ask.words.length > 0;
  if (ask.op === 'word') return false;
  return ask.op === 'not' ? hasPhrase(ask.of) : ask.of.some(hasPhrase);
}

/** What the rows of a narrative tell of it: where phrases are asked for, the rows that may have them. @param p of the rows */
export function textCondition(ask: TextAsk, p: bigint[]): Condition {
  const row = (s: string): Condition => ({ op: 'str', p, words: [], match: { kind: 'word', s } });
  switch (ask.op) {
    case 'word':
      return row(ask.word);
    case 'phrase':
      return and(ask.words.map(row));
    case 'and':
      return and(ask.of.map((one) => textCondition(one, p)));
    case 'or':
      return or(ask.of.map((one) => textCondition(one, p)));
    case 'not':
      return hasPhrase(ask.of) ? TRUE : { op: 'not', of: textCondition(ask.of, p) };
  }
}

/** A test of texts on what they ask for. @param asks alternatives */
export function textAskTest(asks: readonly TextAsk[]): (text: string) => boolean {
  return (text) => {
    const words = ` ${foldText(text)} `;
    return asks.some((ask) => isIn(ask, words));
  };
}

function isIn(ask: TextAsk, words: string): boolean {
  switch (ask.op) {
    case 'word':
      return words.includes(` ${ask.word}`);
    case 'phrase':
      return words.includes(` ${ask.words.join(' ')} `);
    case 'and':
      return ask.of.every((one) => isIn(one, words));
    case 'or':
      return ask.of.some((one) => isIn(one, words));
    case 'not':
      return !isIn(ask.of, words);
  }
}

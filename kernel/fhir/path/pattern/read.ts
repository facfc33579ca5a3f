/** The text of a pattern as a tree. Pure. What cannot be matched in bounded time, or means other things elsewhere, is refused. */
import { anyCharacter, type CharSet, classOf, emptySet, include, oneOf, propertySet } from './char-set.ts';

export type Node =
  | { kind: 'set'; set: CharSet }
  | { kind: 'all'; parts: Node[] }
  | { kind: 'any'; parts: Node[] }
  | { kind: 'repeat'; part: Node; least: number; most: number; lazy: boolean }
  /** `index` null: a group that is not remembered. */
  | { kind: 'group'; part: Node; index: number | null }
  | { kind: 'ahead'; part: Node; negative: boolean }
  | { kind: 'assert'; place: Place };

export type Place = 'start' | 'end' | 'word' | 'no-word';

export interface ReadPattern {
  tree: Node;
  groups: number;
  names: ReadonlyMap<string, number>;
  anyCase: boolean;
}

/** The text is no pattern of ours. */
export class PatternError extends Error {
  readonly vi: string;

  constructor(vi: string, en: string) {
    super(en);
    this.vi = vi;
  }
}

const DEEPEST = 50;
const MOST_TIMES = 1_000;

const ESCAPES: Record<string, number> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, 0: 0 };
const PLACES: Record<string, Place> = { b: 'word', B: 'no-word', A: 'start', z: 'end', Z: 'end' };

/** @throws PatternError */
export function readPattern(text: string): ReadPattern {
  const anyCase = text.startsWith('(?i)');
  const reader = new Reader(anyCase ? text.slice(4) : text);
  const tree = reader.alternatives(0);
  if (!reader.ended()) throw new PatternError('thừa dấu )', 'a ) closes nothing');
  return { tree, groups: reader.groups, names: reader.names, anyCase };
}

class Reader {
  readonly #letters: string[];
  readonly names = new Map<string, number>();
  groups = 0;
  #at = 0;

  constructor(text: string) {
    this.#letters = [...text];
  }

  ended(): boolean {
    return this.#at >= this.#letters.length;
  }

  alternatives(depth: number): Node {
    if (depth > DEEPEST)
      throw new PatternError('nhóm lồng quá sâu', `groups are nested more than ${DEEPEST} deep`);
    const parts = [this.#sequence(depth)];
    while (this.#takes('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 ? parts[0]! : { kind: 'any', parts };
  }

  #sequence(depth: number): Node {
    const parts: Node[] = [];
    while (!this.ended() && this.#next() !== '|' && this.#next() !== ')')
      parts.push(this.#repeated(this.#atom(depth)));
    return parts.length === 1 ? parts[0]! : { kind: 'all', parts };
  }

  #next(): string | undefined {
    return this.#letters[this.#at];
  }

  #takes(sign: string): boolean {
    const found = this.#letters.slice(this.#at, this.#at + sign.length).join('') === sign;
    if (found) this.#at += sign.length;
    return found;
  }

  #pass(): string {
    const letter = this.#letters[this.#at++];
    if (letter !== undefined) return letter;
    throw new PatternError('kết thúc giữa chừng', 'it ends too early');
  }

  #repeated(part: Node): Node {
    const times = this.#times();
    if (!times) return part;
    const lazy = this.#takes('?');
    if (!lazy && this.#takes('+'))
      throw new PatternError('có lượng từ chiếm hữu', 'possessive quantifiers are not supported');
    if (this.#times())
      throw new PatternError('có hai lượng từ liền nhau', 'a quantifier stands behind a quantifier');
    if (part.kind === 'assert' || part.kind === 'ahead')
      return times.least === 0 ? { kind: 'all', parts: [] } : part;
    return { kind: 'repeat', part, ...times, lazy };
  }

  #times(): { least: number; most: number } | null {
    if (this.#takes('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#takes('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.#takes('?')) return { least: 0, most: 1 };
    const rest = this.#next() === '{' ? this.#letters.slice(this.#at, this.#at + 20).join('') : '';
    const [whole, least, comma, most] = /^\{(\d{1,6})(,?)(\d{0,6})\}/.exec(rest) ?? [];
    if (whole === undefined) return null;
    this.#at += whole.length;
    const from = Number(least);
    const to = comma === '' ? from : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    if (from > MOST_TIMES || (Number.isFinite(to) && (to > MOST_TIMES || to < from)))
      throw new PatternError(
        'có số lần lặp sai hoặc quá lớn',
        `a repetition is the wrong way round or beyond ${MOST_TIMES}`,
      );
    return { least: from, most: to };
  }

  #atom(depth: number): Node {
    const letter = this.#pass();
    switch (letter) {
      case '(':
        return this.#group(depth);
      case '[':
        return { kind: 'set', set: this.#set() };
      case '.':
        return { kind: 'set', set: anyCharacter() };
      case '^':
        return { kind: 'assert', place: 'start' };
      case '$':
        return { kind: 'assert', place: 'end' };
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
        throw new PatternError('có lượng từ không đứng sau gì', 'a quantifier stands behind nothing');
      default:
        return { kind: 'set', set: oneOf(letter.codePointAt(0)!) };
    }
  }

  #group(depth: number): Node {
    let index: number | null = null;
    let ahead: boolean | null = null;
    if (this.#takes('?=')) ahead = false;
    else if (this.#takes('?!')) ahead = true;
    else if (this.#takes('?<=') || this.#takes('?<!') || this.#takes('?>'))
      throw new PatternError('nhìn lui về trước', 'lookbehind and atomic groups are not supported');
    else if (this.#takes('?<') || this.#takes('?P<')) {
      index = ++this.groups;
      this.names.set(this.#name(), index);
    } else if (!this.#takes('?:')) {
      if (this.#next() === '?')
        throw new PatternError('có dạng nhóm lạ', 'this kind of group is not supported');
      index = ++this.groups;
    }
    const part = this.alternatives(depth + 1);
    if (!this.#takes(')')) throw new PatternError('thiếu dấu )', 'a ) is missing');
    return ahead === null ? { kind: 'group', part, index } : { kind: 'ahead', part, negative: ahead };
  }

  #name(): string {
    let name = '';
    while (this.#next() !== '>') name += this.#pass();
    this.#pass();
    return name;
  }

  #escaped(): Node {
    const letter = this.#next() ?? '';
    if (Object.hasOwn(PLACES, letter)) {
      this.#at += 1;
      return { kind: 'assert', place: PLACES[letter]! };
    }
    if (/[1-9k]/.test(letter))
      throw new PatternError('nhắc lại nhóm (\\1)', 'back references are not supported');
    return { kind: 'set', set: this.#escapedSet() };
  }

  /** Behind a backslash, inside and outside of brackets. */
  #escapedSet(): CharSet {
    const letter = this.#pass();
    if (letter === 'p' || letter === 'P') return this.#property(letter === 'P');
    const named = classOf(letter);
    if (named) return named;
    if (letter === 'x' || letter === 'u') return oneOf(this.#hexadecimal(letter === 'x' ? 2 : 4));
    if (Object.hasOwn(ESCAPES, letter)) return oneOf(ESCAPES[letter]!);
    if (/[A-Za-z0-9]/.test(letter))
      throw new PatternError(`\\${letter} không có nghĩa`, `\\${letter} has no meaning`);
    return oneOf(letter.codePointAt(0)!);
  }

  #property(negated: boolean): CharSet {
    let name = '';
    if (this.#takes('{')) {
      while (this.#next() !== '}') name += this.#pass();
      this.#pass();
    } else name = this.#pass();
    const set = propertySet(name.replace(/^Is/, ''), negated);
    if (set) return set;
    throw new PatternError(`\\p{${name}} không có`, `\\p{${name}} is no property of Unicode`);
  }

  #hexadecimal(digits: number): number {
    if (this.#takes('{')) {
      let text = '';
      while (this.#next() !== '}') text += this.#pass();
      this.#pass();
      return codeOf(text);
    }
    return codeOf(Array.from({ length: digits }, () => this.#pass()).join(''));
  }

  #set(): CharSet {
    const set = emptySet();
    set.negated = this.#takes('^');
    for (let first = true; first || this.#next() !== ']'; first = false) {
      const from = this.#member();
      if (this.#next() !== '-' || this.#letters[this.#at + 1] === ']' || !isOne(from)) include(set, from);
      else {
        this.#pass();
        const to = this.#member();
        if (!isOne(to) || to.ranges[0]! < from.ranges[0]!)
          throw new PatternError('có khoảng ký tự sai', 'a range of characters is the wrong way round');
        set.ranges.push(from.ranges[0]!, to.ranges[0]!);
      }
    }
    this.#pass();
    return set;
  }

  #member(): CharSet {
    const letter = this.#pass();
    if (letter === '[' && (this.#next() === ':' || this.#next() === '='))
      throw new PatternError('có lớp ký tự kiểu POSIX', 'classes of POSIX are not supported');
    if (letter !== '\\') return oneOf(letter.codePointAt(0)!);
    if (this.#next() !== 'b') return this.#escapedSet();
    this.#pass();
    return oneOf(8);
  }
}

const isOne = ({ ranges, tests, negated }: CharSet) =>
  !negated && tests.length === 0 && ranges.length === 2 && ranges[0] === ranges[1];

function codeOf(text: string): number {
  const code = /^[0-9a-fA-F]{1,6}$/.test(text) ? Number.parseInt(text, 16) : Number.NaN;
  if (code <= 0x10ffff) return code;
  throw new PatternError('có mã ký tự sai', 'a code of a character is wrong');
}

/**
 * Regular expressions that strangers write, matched in time that is linear in the text: `matches()` and its kin.
 *
 * The syntax is what XML Schema, Java and JavaScript have in common; a dot is any character ("single line"), text is
 * Unicode, case counts unless the pattern begins with `(?i)`. Back references, lookbehind and possessive quantifiers are refused.
 */
import type { Work } from '../work.ts';
import { find, type Matching, matchAt, type Slots } from './match.ts';
import { type Instruction, programOf } from './program.ts';
import { PatternError, readPattern } from './read.ts';

const LONGEST = 1_000;
/** Patterns are kept while there are so few of them, and so few instructions in all. */
const MOST_KNOWN = 500;
const MOST_KEPT = 100_000;
const known = new Map<string, Pattern | Refusal>();
let kept = 0;

/** Why a text is no pattern, to end a sentence. */
export interface Refusal {
  why: string;
  whyEn: string;
}

export class Pattern {
  readonly #program: readonly Instruction[];
  readonly #groups: number;
  readonly #names: ReadonlyMap<string, number>;
  readonly #anyCase: boolean;

  private constructor(text: string) {
    if (text.length > LONGEST)
      throw new PatternError(`dài hơn ${LONGEST} ký tự`, `it has more than ${LONGEST} characters`);
    const { tree, groups, names, anyCase } = readPattern(text);
    this.#program = programOf(tree);
    this.#groups = groups;
    this.#names = names;
    this.#anyCase = anyCase;
  }

  static read(text: string): Pattern | Refusal {
    if (text.length > LONGEST) return Pattern.#readNew(text);
    let found = known.get(text);
    if (!found) {
      found = Pattern.#readNew(text);
      if (known.size >= MOST_KNOWN || kept >= MOST_KEPT) {
        known.clear();
        kept = 0;
      }
      known.set(text, found);
      kept += found instanceof Pattern ? found.#program.length : 0;
    }
    return found;
  }

  static #readNew(text: string): Pattern | Refusal {
    try {
      return new Pattern(text);
    } catch (error) {
      if (error instanceof PatternError) return { why: error.vi, whyEn: error.message };
      throw error;
    }
  }

  /** Somewhere in the text. @throws Failure `too-large`, `too-costly` */
  finds(text: string, work: Work): boolean {
    return find(this.#matching(text, work, false), 0, 0) !== null;
  }

  /** The text from end to end. @throws Failure `too-large`, `too-costly` */
  fits(text: string, work: Work): boolean {
    return matchAt(this.#matching(text, work, true), 0) >= 0;
  }

  /**
   * The text with every match replaced. `$1`, `${name}` stand for groups, `$0` for the match, `$$` for a dollar sign.
   * @throws Failure `too-large`, `too-costly`
   */
  replaced(text: string, by: string, work: Work): string {
    // An empty pattern stands for nothing, not for the place between two letters.
    if (this.#program.length === 1) return text;
    const matching = this.#matching(text, work, false);
    let result = '';
    let from = 0;
    let next = 0;
    while (next <= text.length) {
      const slots = find(matching, next, this.#groups);
      if (!slots) break;
      const [start, end] = [slots[0]!, slots[1]!];
      const piece = this.#substituted(by, text, slots);
      result += text.slice(from, start) + piece;
      work.spend((piece.length >> 3) + 1);
      from = end;
      next = end > start ? end : end + 1;
    }
    return result + text.slice(from);
  }

  #matching(text: string, work: Work, whole: boolean): Matching {
    return { program: this.#program, text, work, anyCase: this.#anyCase, whole };
  }

  #substituted(by: string, text: string, slots: Slots): string {
    return by.replace(
      /\\(.)|\$(?:(\$)|(\d{1,2})|[{<]([^}>]*)[}>])/gs,
      (whole, literal, dollar, number, name) => {
        if (literal !== undefined) return literal;
        if (dollar !== undefined) return '$';
        const group = number !== undefined ? this.#groupOf(number) : this.#names.get(name);
        if (group === undefined) return whole;
        const [start, end] = [slots[group * 2] ?? -1, slots[group * 2 + 1] ?? -1];
        return start < 0 || end < 0 ? '' : text.slice(start, end);
      },
    );
  }

  #groupOf(number: string): number | undefined {
    const group = Number(number);
    return group <= this.#groups ? group : undefined;
  }
}

/** Collects the index entries of one resource while its JSON is walked. */

import type { Interval } from '../../fhir/dates.ts';
import type { IndexRow } from '../index-row.ts';

export type CodeEntry = IndexRow['codes'][number];

/** Characters of a code with its system. */
const LONGEST_WORD = 600;
/** Up to so many entries looking through them is quicker than a set, and most resources have fewer. */
const FEW = 32;

export class Sink {
  /** Without repetition. */
  readonly tok: bigint[] = [];
  readonly ord: IndexRow['ord'] = [];
  readonly str: IndexRow['str'] = [];
  /** Without repetition. */
  readonly codes: CodeEntry[] = [];
  /** Quantities that a composite has kept already (`pairs.ts`); an element's composites come before its properties. */
  readonly paired: unknown[] = [];
  c0: bigint | null = null;
  date: Interval | null = null;
  /** `Patient/x` of the person the row belongs to, null when it belongs to nobody. */
  readonly own: string | null;
  #tokens: Set<bigint> | undefined;
  #words: Set<CodeEntry> | undefined;
  #low = 0;
  #high = 0;

  constructor(own: string | null) {
    this.own = own;
  }

  token(h: bigint): void {
    const { tok } = this;
    if (tok.length >= FEW) {
      this.#tokens ??= new Set(tok);
      if (this.#tokens.has(h)) return;
      this.#tokens.add(h);
    } else {
      for (let i = 0; i < tok.length; i++) if (tok[i] === h) return;
    }
    tok.push(h);
  }

  /**
   * A word of the dictionary. What is longer than a line is none: it is found by its hash, and the index of the dictionary
   * has no room for it.
   * @returns false for such a one
   */
  word(entry: CodeEntry): boolean {
    if (entry.code.length + entry.sys.length > LONGEST_WORD) return false;
    const { codes } = this;
    if (codes.length >= FEW) {
      this.#words ??= new Set(codes);
      if (this.#words.has(entry)) return true;
      this.#words.add(entry);
    } else if (codes.includes(entry)) return true;
    codes.push(entry);
    return true;
  }

  /** A word that is also a token. */
  entry(entry: CodeEntry): void {
    this.token(entry.h);
    this.word(entry);
  }

  present(bit: number): void {
    if (bit < 31) this.#low |= 1 << bit;
    else this.#high |= 1 << (bit - 31);
  }

  /** Several parameters at once: bits 0–30, and those from 31 on. */
  mark(low: number, high: number): void {
    this.#low |= low;
    this.#high |= high;
  }

  /** Bits 0–62 as the column `has`. */
  get has(): bigint {
    return this.#high === 0 ? BigInt(this.#low) : (BigInt(this.#high >>> 0) << 31n) | BigInt(this.#low);
  }
}

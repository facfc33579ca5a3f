/** Collects the index entries of one resource while its JSON is walked. */

import type { Interval } from '../../fhir/dates.ts';
import type { IndexRow } from '../index-row.ts';

export type CodeEntry = IndexRow['codes'][number];

/** Characters of a code with its system. */
const LONGEST_WORD = 600;

export class Sink {
  readonly tok = new Set<bigint>();
  readonly ord: IndexRow['ord'] = [];
  readonly str: IndexRow['str'] = [];
  readonly codes = new Set<CodeEntry>();
  /** Quantities that a composite has kept already (`pairs.ts`); an element's composites come before its properties. */
  readonly paired: unknown[] = [];
  c0: bigint | null = null;
  date: Interval | null = null;
  /** `Patient/x` of the person the row belongs to, null when it belongs to nobody. */
  readonly own: string | null;
  #low = 0;
  #high = 0;

  constructor(own: string | null) {
    this.own = own;
  }

  /**
   * A word of the dictionary. What is longer than a line is none: it is found by its hash, and the index of the dictionary
   * has no room for it.
   * @returns false for such a one
   */
  word(entry: CodeEntry): boolean {
    if (entry.code.length + entry.sys.length > LONGEST_WORD) return false;
    this.codes.add(entry);
    return true;
  }

  present(bit: number): void {
    if (bit < 31) this.#low |= 1 << bit;
    else this.#high |= 1 << (bit - 31);
  }

  /** Bits 0–62 as the column `has`. */
  get has(): bigint {
    return this.#high === 0 ? BigInt(this.#low) : (BigInt(this.#high >>> 0) << 31n) | BigInt(this.#low);
  }
}

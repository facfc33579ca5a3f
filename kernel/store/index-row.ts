/**
 * What the extraction (`kernel/store/search/extract.ts`) tells the store about one resource: the columns and side rows
 * by which it is found. Plain data; hashes are `hash64` (kernel/store/hash.ts) of the texts named here.
 */

/** `extractIndexes(resource): IndexRow`. */
export interface IndexRow {
  /** Token hash of the type's main code (Observation.code, Condition.code …), null when absent. Column `c0`. */
  c0: bigint | null;
  /**
   * The type's clinical date as [low, high), epoch milliseconds; null = the resource has none.
   * An open end is -Infinity or Infinity.
   */
  d0: number | null;
  d1: number | null;
  /** One bit per search parameter present, for `:missing`. */
  has: bigint;
  /** Every token, reference, uri and profile, hashed, without repetition. */
  tok: bigint[];
  /** Quantities, numbers and dates other than the main one, as intervals; dates in epoch seconds. */
  ord: { p: bigint; lo: number; hi: number }[];
  /** Folded strings: names, addresses, titles. */
  str: { p: bigint; s: string }[];
  /** New words of the dictionary of low-cardinality tokens (table `code`); written once, ignored when known. */
  codes: { h: bigint; p: string; sys: string; code: string; display: string }[];
  /** Owning facility as a small number (tenancy, dashboards); null = none. */
  org: number | null;
  /** Confidentiality and sensitivity bits. */
  sec: number;
}

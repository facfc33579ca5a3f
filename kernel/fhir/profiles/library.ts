/** What a profile asks of other definitions while it checks: all of it is in memory by then. */
import type { Issue } from '../../failure.ts';
import type { StructureDefinitionJson } from './definition.ts';
import type { Item } from './items.ts';
import type { Run } from './run.ts';
import type { Node } from './tree.ts';

/** A definition, compiled. */
export interface Profile {
  url: string;
  version: string | undefined;
  /** `Patient`, `Extension`, `Quantity`. */
  type: string;
  root: Node;
  definition: StructureDefinitionJson;
  /** Why it cannot be carried out; such a profile checks nothing. */
  faults(): readonly Issue[];
  check(item: Item, run: Run): void;
}

/** The codes of a value set. */
export interface Codes {
  has(system: string, code: string): boolean;
  /** By the code alone, for elements without a system; null when the members are not listed. */
  hasCode(code: string): boolean | null;
  /** The first codes, for the sentence that says what would be right. */
  sample(): string;
}

export interface Library {
  /** By canonical, with or without `|version`; null when it is not known here. */
  profile(canonical: string): Profile | null;
  /** Null for a set that is not known here, or whose members cannot be told. */
  codes(valueSet: string): Codes | null;
}

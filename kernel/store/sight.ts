/**
 * What of the record one reader may see, as plain data. It is carried into the SQL of every level of a search
 * (`search/sight.ts`): what is not seen matches nothing, leads nowhere and is counted nowhere, as if it were not there. Who
 * sees what is decided above (`kernel/access`); the store only carries it out.
 */
import type { ConsentReader } from './consent/rule.ts';

/** Bits of column `sec` that hide a row. */
export interface Mask {
  /** Wherever the row was written. */
  elsewhere: number;
  /** Rows of the reader's own unit: a part of `elsewhere`. */
  own: number;
}

export interface Sight {
  /** Ids of the only Patients whose rows are seen; undefined = everybody's. Rows of nobody: see `common`. */
  persons?: readonly string[];
  /** Types of which who is confined to persons sees the rows of nobody: places, practitioners, medicines. */
  common?: ReadonlySet<string>;
  /** By type; `mask` is for all others. */
  masks: ReadonlyMap<string, Mask>;
  mask: Mask;
  /** The reader's unit (Organization id): what its own rows are. Null = none are. */
  unit: string | null;
  /** The reader's own rows (Practitioner id). */
  practitioner: string | null;
  /** Types of which only rows of the reader's own unit may decide about others (chains, `_has`, lists). */
  unitOnly?: ReadonlySet<string>;
  /** Patients for whom neither masks nor consent count: broken glass. */
  opened: readonly string[];
  /** Categories of some persons that are hidden from this reader alone: an adolescent's from the guardian. */
  veils?: readonly { persons: readonly string[]; bits: number }[];
  /** For whom persons' rules of consent are asked, and when (epoch milliseconds); undefined = nobody's are. */
  reader?: ConsentReader & { now: number };
}

export function maskOf({ masks, mask }: Sight, type: string): Mask {
  return masks.get(type) ?? mask;
}

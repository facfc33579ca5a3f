/** What a search may use of the store. */
import type { KnownCodes } from '../../fhir/terminology/known-codes.ts';
import type { Codecs } from '../codecs.ts';
import type { Queryable } from '../rows.ts';
import type { SmallPages } from './small-page.ts';

export interface SearchTools {
  db: Queryable;
  codecs: Codecs;
  /** Codes that are known without being stored, beside those of R4 itself. */
  codes?: KnownCodes;
  /** Where pages of one person that wait together are read together; absent inside a transaction and on distributed tables. */
  pages?: SmallPages;
}

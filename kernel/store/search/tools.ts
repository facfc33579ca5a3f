/** What a search may use of the store. */
import type { Codecs } from '../codecs.ts';
import type { Queryable } from '../rows.ts';

export interface SearchTools {
  db: Queryable;
  codecs: Codecs;
}

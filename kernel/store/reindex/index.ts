/** Front door: the definitions rows are written by, and the passes that bring older rows up to them. */
import type { Pool } from 'pg';
import type { Codecs } from '../codecs.ts';
import type { Notices } from '../notices.ts';
import { Catalogue } from './catalogue.ts';
import { Reindexing } from './reindexing.ts';

export type { Catalogue } from './catalogue.ts';
export { searchParameterIssues } from './catalogue.ts';
export type { IndexState, TypeState } from './index-state.ts';
export { doneOf } from './index-state.ts';
export type { Reindexing, Scope } from './reindexing.ts';

/** @param distributed true on Citus: rows of several persons are not written in one statement there */
export async function openIndex(pool: Pool, codecs: Codecs, notices: Notices, distributed: boolean) {
  const catalogue = await Catalogue.open(pool, codecs, notices);
  return { catalogue, reindexing: new Reindexing(pool, codecs, catalogue, distributed) };
}

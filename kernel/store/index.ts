/** Front door of the store. */

import type { Pool } from 'pg';
import { openIndex } from './reindex/index.ts';
import { grantedAmong } from './search/granted.ts';
import {
  extractIndexes,
  holdersOf,
  personRows,
  personsRows,
  runSearch,
  runTogether,
  SmallPages,
  seenAmong,
} from './search/index.ts';
import { type OpenStore, openStoreWith, type StoreOptions } from './store.ts';

export { archiveMonth } from './audit/archive.ts';
export { rotateLogKey } from './audit/keys.ts';
export { addWitness, checkpoint, consistencyProof, inclusionProof, logFace } from './audit/log.ts';
export { isConsistent } from './audit/merkle.ts';
export {
  cosign,
  LOG_KEY,
  openedCheckpoint,
  parseVerifierKey,
  publicBytes,
  verifierKey,
  WITNESS_KEY,
} from './audit/note.ts';
export type { AuditReport, VerifyOptions, VerifyPoint } from './audit/verify.ts';
export type { CommittedNews } from './committed-news.ts';
export type * from './contract.ts';
export type { LoadOptions, LoadProgress, LoadSummary, Refusal } from './load/contract.ts';
export { loadSources } from './load/load.ts';
export { applySchema } from './migrate.ts';
export type { Notices } from './notices.ts';
export { PATIENCE, patientPool } from './patience.ts';
export { openPool } from './pool.ts';
export { comparePositions, type Position, parsePosition, positionText, START } from './position.ts';
export { type EmbeddedServer, makeFolder, startPostgres } from './postgres/index.ts';
export type { BodyKeys } from './sealed-body.ts';
export { settledUntil } from './settled.ts';
export type { OpenStore, StoreOptions } from './store.ts';
export { inTransaction } from './transaction.ts';

/**
 * Opens the record on a pool of the caller's, or on a database named by its URL.
 * @throws Failure `database-unavailable` with a sentence when the database does not answer or is of a newer version
 */
export function openStore(options: StoreOptions): Promise<OpenStore> {
  const finder = {
    extract: extractIndexes,
    search: runSearch,
    searchTogether: runTogether,
    holdersOf,
    personRows,
    personsRows,
    seen: seenAmong,
    granted: grantedAmong,
    openPages: (pool: Pool) => new SmallPages(pool),
    openIndex,
  };
  return openStoreWith(finder, options);
}

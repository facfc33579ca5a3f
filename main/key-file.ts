/** Where the master keys of a database stand, and which columns hold what is sealed. */
import { join } from 'node:path';
import type { SealedColumn } from '../kernel/keys/index.ts';
import type { ProgramSettings } from './settings.ts';

/**
 * @param embedded whether the database is the one of the data folder
 * @returns null when a server of others is used and no file was named: its data keys then stand unwrapped
 */
export function keyFileOf({ keyFile, dataFolder }: ProgramSettings, embedded: boolean): string | null {
  return keyFile ?? (embedded ? join(dataFolder, 'keys', 'master.key') : null);
}

/** Every column of sealed values, sealed anew by `yba keys rotate`. A room that seals adds its own. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'access.signing_key',
    key: 'kid',
    column: 'sealed',
    place: (kid) => `access.signing_key/${kid}|sealed`,
  },
  { table: 'audit_key', key: 'n', column: 'private', place: (n) => `audit_key/${n}|private` },
  {
    table: 'documents_card_key',
    key: 'kid',
    column: 'sealed',
    place: (kid) => `documents_card_key/${kid}|sealed`,
  },
  // What is shown and not confirmed yet takes the place of what is in use: both are sealed for the same place.
  { table: 'access.totp', key: 'account', column: 'secret', place: (id) => `access.totp/${id}|secret` },
  { table: 'access.totp', key: 'account', column: 'next_secret', place: (id) => `access.totp/${id}|secret` },
];

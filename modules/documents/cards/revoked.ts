/**
 * Cards that hold no longer: each states a short name of its own (`vc.rid`, SMART Health Cards 1.2, "Revocation"); the names of
 * those whose paper was cancelled are published. Table `documents_revoked`; its SQL is here and nowhere else.
 */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

/** At most 24 characters of base64url; 64 bits tell all cards of a province apart. */
const RID_CHARACTERS = 11;

/** @param fingerprint of the paper that the card stands on */
export function ridOf(fingerprint: string): string {
  return createHash('sha256').update(`card ${fingerprint}`).digest('base64url').slice(0, RID_CHARACTERS);
}

/** Once and for all; said again it changes nothing. */
export async function revoke(pool: Pool, rid: string): Promise<void> {
  await pool.query('insert into documents_revoked (rid) values ($1) on conflict do nothing', [rid]);
}

/** In the order in which they were revoked. Their number only grows, so it serves as the version of the list. */
export async function revokedCards(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ rid: string }>(
    'select rid from documents_revoked order by revoked_at, rid',
  );
  return rows.map(({ rid }) => rid);
}

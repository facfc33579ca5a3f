/** The key that signs access tokens: made once, kept in `access.signing_key`, so that a restart invalidates no token. */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Pool } from 'pg';

export interface SigningKey {
  kid: string;
  /** Private ES256 key. */
  jwk: JWK;
}

export async function readSigningKey(pool: Pool): Promise<SigningKey> {
  const newest = 'select kid, jwk from access.signing_key order by created_at desc limit 1';
  const found = (await pool.query<SigningKey>(newest)).rows[0];
  if (found) return found;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = crypto.randomUUID();
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
  await pool.query('insert into access.signing_key (kid, jwk) values ($1, $2)', [kid, jwk]);
  return (await pool.query<SigningKey>(newest)).rows[0]!;
}

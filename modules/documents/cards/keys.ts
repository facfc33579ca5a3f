/**
 * The keys that sign cards: table `documents_card_key`, apart from those of tokens, because a card is shown years after its key
 * signed last. The next key is published a week before it signs; public keys stay. Its SQL is here and nowhere else.
 */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Pool } from 'pg';
import type { Keyring } from '../../../kernel/keys/index.ts';

export interface CardKey {
  kid: string;
  /** Private ES256 key. */
  jwk: JWK;
}

export interface CardKeys {
  /** The one that signs now; made when there is none. */
  signing(): Promise<CardKey>;
  /** As the Health Cards ask for: EC P-256, `use: sig`, `alg: ES256`, newest first. */
  published(): Promise<JWK[]>;
  /** Publishes a key that signs after a week. @returns its id */
  rotate(): Promise<string>;
}

interface Row {
  kid: string;
  public: JWK;
  sealed: string;
  signs_from: Date;
}

const DAY_MS = 86_400_000;
/** A key signs for a year. */
const SIGNS_DAYS = 365;
const PUBLISHED_BEFORE_DAYS = 7;

const placeOf = (kid: string) => `documents_card_key/${kid}|sealed`;

export function openCardKeys(pool: Pool, keys: Keyring, now: () => Date): CardKeys {
  const read = async (): Promise<Row[]> =>
    (
      await pool.query<Row>(
        'select kid, public, sealed, signs_from from documents_card_key order by signs_from desc, kid',
      )
    ).rows;
  const make = async (signsFrom: Date): Promise<string> => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    const kid = await calculateJwkThumbprint(jwk);
    const { d: _private, ...rest } = jwk;
    const sealed = await keys.seal(placeOf(kid), JSON.stringify({ ...jwk, kid, alg: 'ES256' }));
    await pool.query(
      'insert into documents_card_key (kid, public, sealed, signs_from) values ($1, $2, $3, $4)',
      [kid, { ...rest, kid, use: 'sig', alg: 'ES256' }, sealed, signsFrom],
    );
    return kid;
  };
  const rotate = () => make(new Date(now().getTime() + PUBLISHED_BEFORE_DAYS * DAY_MS));
  /** Makes the first key, and the next one in time. */
  const tended = async (): Promise<Row[]> => {
    const rows = await read();
    const newest = rows[0]?.signs_from.getTime();
    if (newest !== undefined && now().getTime() - newest < (SIGNS_DAYS - PUBLISHED_BEFORE_DAYS) * DAY_MS)
      return rows;
    await (newest === undefined ? make(now()) : rotate());
    return read();
  };
  return {
    rotate,
    async signing() {
      const rows = await tended();
      const row = rows.find(({ signs_from }) => signs_from <= now()) ?? rows.at(-1)!;
      const jwk = JSON.parse((await keys.open(placeOf(row.kid), row.sealed)).toString('utf8')) as JWK;
      return { kid: row.kid, jwk };
    },
    published: async () => (await tended()).map((row) => row.public),
  };
}

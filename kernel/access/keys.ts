/**
 * The keys that sign tokens: table `access.signing_key`, sealed (kernel/keys), so that a restart invalidates no token. A new key is
 * published before it signs, and an old one stays published until its last token is over. Its SQL is here and nowhere else.
 */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Pool } from 'pg';
import type { Keyring } from '../keys/index.ts';

export interface SigningKey {
  kid: string;
  /** Private ES256 key: of access tokens. */
  jwk: JWK;
}

/** With the private RS256 key of ID tokens and logout tokens: OpenID Connect and SMART App Launch ask every reader to know that. */
export interface SigningKeyPair extends SigningKey {
  rsa: JWK;
}

/** What is sealed together. */
interface Pair {
  jwk: JWK;
  rsa: JWK | null;
}

interface Row extends Pair {
  kid: string;
  signs_from: Date;
}

/** `jwk` and `rsa` hold keys of before, in clear, until they are read the next time. */
interface StoredRow {
  kid: string;
  jwk: JWK | null;
  rsa: JWK | null;
  sealed: string | null;
  signs_from: Date;
}

const placeOf = (kid: string) => `access.signing_key/${kid}|sealed`;

export interface SigningKeys {
  /** What is published, the one that signs first. */
  all(): Promise<readonly SigningKeyPair[]>;
  /** Changes when the keys do. */
  version(): Promise<string>;
  /** Publishes a new key that signs after a while. @returns its id */
  rotate(): Promise<string>;
  /** Rotates when the newest key is old, and forgets keys whose last token is over. */
  tend(): Promise<void>;
  /** Reads the table again at the next question: another process may have rotated. */
  forget(): void;
}

/** Readers of our keys keep them for minutes. */
const PUBLISHED_BEFORE_MS = 10 * 60_000;
const REREAD_MS = 30_000;
/** Longer than any token that a key signs. */
const KEPT_AFTER_MS = 24 * 3_600_000;
const DAY_MS = 86_400_000;

/** What is published now, the one that signs first. Asked for each time, since keys are rotated while the program runs. */
export type PublishedKeys = () => Promise<readonly SigningKey[]>;

/** @param days age at which a key is replaced */
export function openSigningKeys(pool: Pool, keys: Keyring, days: number, now: () => Date): SigningKeys {
  let read: { at: number; rows: Promise<Row[]> } | undefined;
  const rows = (): Promise<Row[]> => {
    const at = now().getTime();
    if (!read || Math.abs(at - read.at) > REREAD_MS) {
      read = { at, rows: readOrMake(pool, keys).then((found) => completed(pool, keys, found)) };
      read.rows.catch(() => {
        read = undefined;
      });
    }
    return read.rows;
  };
  const rotate = async () => {
    const key = await make(pool, keys, new Date(now().getTime() + PUBLISHED_BEFORE_MS));
    read = undefined;
    return key.kid;
  };
  return {
    all: async () => inOrder(await rows(), now()),
    version: async () =>
      inOrder(await rows(), now())
        .map(({ kid }) => kid)
        .join(' '),
    rotate,
    async tend() {
      const known = await rows();
      const newest = Math.max(...known.map(({ signs_from }) => signs_from.getTime()));
      if (now().getTime() - newest > days * DAY_MS) await rotate();
      await pool.query(
        `delete from access.signing_key old where exists (
           select 1 from access.signing_key next where next.signs_from > old.signs_from and next.signs_from < $1)`,
        [new Date(now().getTime() - KEPT_AFTER_MS)],
      );
    },
    forget() {
      read = undefined;
    },
  };
}

/** The newest key that signs already, then the others, newest first. */
function inOrder(rows: readonly Row[], now: Date): SigningKeyPair[] {
  const newestFirst = [...rows].sort((a, b) => b.signs_from.getTime() - a.signs_from.getTime());
  const signs = newestFirst.find(({ signs_from }) => signs_from <= now) ?? newestFirst.at(-1)!;
  return [signs, ...newestFirst.filter((row) => row !== signs)].map(({ kid, jwk, rsa }) => ({
    kid,
    jwk,
    rsa: rsa!,
  }));
}

const SELECT = 'select kid, jwk, rsa, sealed, signs_from from access.signing_key';

async function readOrMake(pool: Pool, keys: Keyring): Promise<Row[]> {
  let { rows } = await pool.query<StoredRow>(SELECT);
  if (rows.length === 0) {
    await make(pool, keys, new Date());
    rows = (await pool.query<StoredRow>(SELECT)).rows;
  }
  return Promise.all(rows.map((row) => opened(pool, keys, row)));
}

/** Keys of before stood there in clear: they are sealed now. */
async function opened(
  pool: Pool,
  keys: Keyring,
  { kid, jwk, rsa, sealed, signs_from }: StoredRow,
): Promise<Row> {
  if (sealed !== null) {
    const pair = JSON.parse((await keys.open(placeOf(kid), sealed)).toString('utf8')) as Pair;
    return { kid, ...pair, signs_from };
  }
  const pair: Pair = { jwk: jwk!, rsa };
  await pool.query(
    'update access.signing_key set sealed = $2, has_rsa = $3, jwk = null, rsa = null where kid = $1 and sealed is null',
    [kid, await keys.seal(placeOf(kid), JSON.stringify(pair)), rsa !== null],
  );
  return { kid, ...pair, signs_from };
}

/** Of two processes that make one at the same time the first is kept. */
async function completed(pool: Pool, keys: Keyring, rows: Row[]): Promise<Row[]> {
  const missing = rows.filter(({ rsa }) => rsa === null);
  for (const { kid, jwk } of missing) {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const rsa: JWK = { ...(await exportJWK(privateKey)), kid: `${kid}-rs`, alg: 'RS256', use: 'sig' };
    const sealed = await keys.seal(placeOf(kid), JSON.stringify({ jwk, rsa } satisfies Pair));
    await pool.query(
      'update access.signing_key set sealed = $2, has_rsa = true where kid = $1 and not has_rsa',
      [kid, sealed],
    );
  }
  return missing.length === 0 ? rows : readOrMake(pool, keys);
}

async function make(pool: Pool, keys: Keyring, signsFrom: Date): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = crypto.randomUUID();
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
  await pool.query('insert into access.signing_key (kid, sealed, signs_from) values ($1, $2, $3)', [
    kid,
    await keys.seal(placeOf(kid), JSON.stringify({ jwk, rsa: null } satisfies Pair)),
    signsFrom,
  ]);
  return { kid, jwk };
}

/** Without its private part. */
export function publicKeyOf({ jwk }: SigningKey): JWK {
  const { d: _private, ...rest } = jwk as JWK & { d?: string };
  return rest;
}

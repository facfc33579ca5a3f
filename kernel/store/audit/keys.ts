/**
 * The log's keys: made once, kept sealed in table `audit_key`, replaced by `rotateLogKey`; the key before signs the new one, so
 * that whoever knows the first knows them all.
 */
import { type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import type { Queryable } from '../rows.ts';
import { inTransaction } from '../transaction.ts';
import { keyId, LOG_KEY, privateKeyOf, publicBytes, publicKeyOf, verifierKey } from './note.ts';

/** Makes small secrets unreadable in the database (kernel/keys). */
export interface Keeper {
  /** @param place what it is and where it stands: elsewhere it does not open @returns `v1.…` */
  seal(place: string, plain: Buffer): Promise<string>;
  open(place: string, sealed: string): Promise<Buffer>;
}

export interface LogKey {
  n: number;
  /** Name of the log, the same for all its keys. */
  origin: string;
  /** 32 bytes. */
  public: Buffer;
  /** Signature of the key before; null for the first. */
  endorsed: Buffer | null;
}

interface KeyRow extends LogKey {
  /** The seed of 32 bytes: sealed, or base64 where nobody keeps secrets. */
  private: string;
}

const placeOf = (n: number) => `audit_key/${n}|private`;
const isSealed = (text: string) => text.startsWith('v1.');
const KEYS = 'select n, origin, public, private, endorsed from audit_key order by n';

/** Public keys, oldest first. */
export async function readLogKeys(db: Queryable): Promise<LogKey[]> {
  return (await db.query<LogKey>('select n, origin, public, endorsed from audit_key order by n')).rows;
}

/** The key that signs now; made when there is none. Within a transaction that holds the lock of the seals. */
export async function signingKey(
  db: Queryable,
  keeper: Keeper | undefined,
): Promise<LogKey & { seed: KeyObject }> {
  const rows = (await db.query<KeyRow>(KEYS)).rows;
  const last = rows.at(-1) ?? (await makeKey(db, keeper, undefined));
  return { ...last, seed: privateKeyOf(await openSeed(db, keeper, last)) };
}

/** A key that lay open from before there was a keeper is sealed at its first use. */
async function openSeed(db: Queryable, keeper: Keeper | undefined, key: KeyRow): Promise<Buffer> {
  if (isSealed(key.private)) {
    if (keeper) return keeper.open(placeOf(key.n), key.private);
    throw new Failure('database-unavailable', 'Khóa ký nhật ký đã được niêm phong; thiếu tệp khóa để mở.', {
      textEn: 'The key of the audit is sealed and the key file that opens it is not here.',
    });
  }
  const seed = Buffer.from(key.private, 'base64');
  if (keeper) {
    const sealed = await keeper.seal(placeOf(key.n), seed);
    await db.query('update audit_key set private = $2 where n = $1', [key.n, sealed]);
  }
  return seed;
}

/** A new key, which the old one vouches for; checkpoints that are signed already stay as they are. */
export function rotateLogKey(pool: Pool, keeper: Keeper | undefined): Promise<LogKey> {
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('yba audit seal'))`);
    const old = await signingKey(client, keeper);
    return makeKey(client, keeper, old);
  });
}

async function makeKey(
  db: Queryable,
  keeper: Keeper | undefined,
  old: (LogKey & { seed: KeyObject }) | undefined,
): Promise<KeyRow> {
  const seed = randomBytes(32);
  const n = (old?.n ?? 0) + 1;
  const origin = old?.origin ?? `yba.vn/nhat-ky/${randomBytes(6).toString('hex')}`;
  const key = { n, origin, public: publicBytes(seed) };
  const endorsed = old === undefined ? null : sign(null, endorsement(key), old.seed);
  const kept = keeper ? await keeper.seal(placeOf(n), seed) : seed.toString('base64');
  await db.query('insert into audit_key (n, origin, public, private, endorsed) values ($1, $2, $3, $4, $5)', [
    n,
    origin,
    key.public,
    kept,
    endorsed,
  ]);
  return { ...key, private: kept, endorsed };
}

const endorsement = (key: Pick<LogKey, 'n' | 'origin' | 'public'>) =>
  Buffer.from(`yba audit key\n${key.origin}\n${key.n}\n${key.public.toString('base64')}\n`);

/** The numbers of keys that no key before vouches for, of another log, or missing in the row. */
export function unvouched(keys: readonly LogKey[]): number[] {
  return keys.flatMap((key, i) => {
    const before = keys[i - 1];
    if (key.n !== i + 1) return [key.n];
    if (!before) return key.endorsed === null ? [] : [key.n];
    const holds =
      key.origin === before.origin &&
      key.endorsed !== null &&
      verify(null, endorsement(key), publicKeyOf(before.public), key.endorsed);
    return holds ? [] : [key.n];
  });
}

/** As it is told to others, C2SP signed-note. */
export const logVerifierKey = (key: LogKey) => verifierKey(key.origin, LOG_KEY, key.public);

/** Eight hex digits to read out over the telephone. */
export const fingerprint = (key: LogKey) => keyId(key.origin, LOG_KEY, key.public).toString('hex');

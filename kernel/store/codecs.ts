/**
 * How bodies are packed: by zstd with a preset dictionary of the type (table `codec`), by deflate while there is none. A
 * dictionary is made once enough bodies of a type have been seen, from the pieces that many of them share, and is never changed
 * afterwards.
 */
import type { Pool } from 'pg';
import { deflate } from './deflater.ts';
import { trainDictionary } from './dictionary.ts';
import { headed, type Inflate, makeInflater } from './inflater.ts';
import { RecentBodies } from './recent-bodies.ts';
import { RESOURCE_TYPES, type StoredType, typeName, typeNumber } from './resource-types.ts';
import { type BodyKeys, keyOfBody, lostKey, openBody, sealBody, sealedCodec } from './sealed-body.ts';
import { makeZstdPacker, makeZstdUnpacker } from './zstd.ts';

export const PLAIN = 0;
export const DEFLATE = 1;

export interface Packed {
  codec: number;
  body: Buffer;
  /** The bytes before packing. */
  plain: Buffer;
}

export interface Codecs {
  readonly recent: RecentBodies;
  /**
   * @param owner the person (or thing) the body is of: a dictionary is made of bodies of different ones
   * @param sealed it is to lie sealed, once there are keys
   */
  pack(type: StoredType, tail: string, owner: string, sealed?: boolean): Packed;
  /**
   * Fails with a rejected promise only when the dictionary cannot be read, or no key opens what is sealed.
   * @param head Latin-1 that is put before the body
   */
  unpack(codec: number, body: Buffer, head?: string): Buffer | Promise<Buffer>;
  /** What is inside a sealed body, packed. */
  open(sealed: Buffer): Buffer | Promise<Buffer>;
  /** From now on bodies are sealed by these keys. */
  sealBy(keys: BodyKeys): void;
  /** Undefined while none are given. */
  readonly keys: BodyKeys | undefined;
}

/** Below this a header costs more than it saves. */
const SMALLEST = 48;
/** Above this (Binary, large documents) packing would hold up everybody else; PostgreSQL keeps them out of line. */
const LARGEST = 256 * 1024;
const LARGEST_SAMPLE = 32_768;
/** After so many of them it is asked whether somebody else has made one. */
const LOOK_EVERY = 8;
/** Bodies of so many persons make a dictionary. */
const SAMPLES = 128;

interface Packer {
  /** Codec of what it packs. */
  n: number;
  pack(plain: Buffer): Buffer;
}

/** Reads the dictionaries there are. */
export async function openCodecs(pool: Pool): Promise<Codecs> {
  const unpackers = new Map([[DEFLATE, makeInflater(undefined)]]);
  const plainly: Packer = { n: DEFLATE, pack: deflate };
  /** By the newest dictionary of the type. */
  const newest = new Map<StoredType, Packer>();
  /** By owner; null = the type has its dictionary. */
  const samples = new Map<StoredType, Map<string, string> | null>(
    RESOURCE_TYPES.map((type) => [type, new Map()]),
  );

  const learn = (row: CodecRow) => {
    unpackers.set(row.n, unpackerOf(row));
    const type = typeName(row.t);
    if (row.method === ZSTD && (newest.get(type)?.n ?? 0) < row.n)
      newest.set(type, { n: row.n, pack: makeZstdPacker(row.dictionary) });
    samples.set(type, null);
  };
  for (const row of (await pool.query<CodecRow>(`select ${COLUMNS} from codec`)).rows) learn(row);

  /** Another program, or a load, may have made one meanwhile. */
  const lookFor = (type: StoredType) => {
    pool.query<CodecRow>(NEWEST, [typeNumber(type)!]).then(
      ({ rows }) => rows.forEach(learn),
      () => undefined,
    );
  };

  /** Keeps the first body of each owner; makes the type's dictionary when there are enough. */
  const sample = (type: StoredType, tail: string, owner: string) => {
    const kept = samples.get(type);
    if (!kept || tail.length > LARGEST_SAMPLE || kept.has(owner)) return;
    kept.set(owner, tail);
    if (kept.size % LOOK_EVERY === 0 && kept.size < SAMPLES) lookFor(type);
    if (kept.size < SAMPLES) return;
    samples.set(type, null);
    const dictionary = trainDictionary([...kept.values()]);
    // A failure only means that bodies stay larger; the next start tries again.
    saveDictionary(pool, typeNumber(type)!, dictionary).then(learn, () => undefined);
  };

  let keys: BodyKeys | undefined;

  const packed = (type: StoredType, tail: string, owner: string): Packed => {
    const plain = Buffer.from(tail);
    if (plain.length < SMALLEST || plain.length > LARGEST) return { codec: PLAIN, body: plain, plain };
    const packer = newest.get(type) ?? plainly;
    if (packer === plainly) sample(type, tail, owner);
    const body = packer.pack(plain);
    if (body.length >= plain.length) return { codec: PLAIN, body: plain, plain };
    return { codec: packer.n, body, plain };
  };

  const unpacked = (codec: number, body: Buffer, head: string): Buffer | Promise<Buffer> => {
    if (codec === PLAIN) return headed(head, body);
    const unpack = unpackers.get(codec);
    if (unpack) return unpack(body, head);
    return readDictionary(pool, codec).then((row) => {
      learn(row);
      return unpackers.get(codec)!(body, head);
    });
  };

  const opened = (body: Buffer): Buffer | Promise<Buffer> => {
    const kid = keyOfBody(body);
    const key = keys?.find(kid);
    if (key) return openBody(key, body);
    return readKey(keys, kid).then((found) => openBody(found, body));
  };

  return {
    recent: new RecentBodies(),
    get keys() {
      return keys;
    },
    open: opened,
    sealBy: (given) => {
      keys = given;
    },
    pack(type, tail, owner, sealed = false) {
      const made = packed(type, tail, owner);
      if (!sealed || keys === undefined) return made;
      const { codec, body, plain } = made;
      return { codec: sealedCodec(codec), body: sealBody(keys.newest(), body, owner), plain };
    },
    unpack(codec, body, head = '') {
      if (codec >= 0) return unpacked(codec, body, head);
      const inside = opened(body);
      if (inside instanceof Promise) return inside.then((bytes) => unpacked(sealedCodec(codec), bytes, head));
      return unpacked(sealedCodec(codec), inside, head);
    },
  };
}

async function readKey(keys: BodyKeys | undefined, kid: string): Promise<Buffer> {
  await keys?.reread();
  const key = keys?.find(kid);
  if (!key) throw lostKey(kid);
  return key;
}

const ZSTD = 2;
const COLUMNS = 'n, t, method, dictionary';
/** `$1` number of the type. */
const NEWEST = `select ${COLUMNS} from codec where t = $1 order by n desc limit 1`;

/** `method`: 1 deflate (none is made any more), 2 zstd (schema/0045-codec-method.sql). */
type CodecRow = { n: number; t: number; method: number; dictionary: Buffer };

const unpackerOf = ({ method, dictionary }: CodecRow): Inflate =>
  method === ZSTD ? makeZstdUnpacker(dictionary) : makeInflater(dictionary);

/** Another program may have made one for the type meanwhile; then that one counts. */
async function saveDictionary(pool: Pool, t: number, dictionary: Buffer): Promise<CodecRow> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('yba codec'))`);
    await client.query(
      `insert into codec (n, t, method, dictionary)
       select coalesce(max(n), $3::int2) + 1, $1::int2, $4::int2, $2 from codec
       having not exists (select from codec where t = $1::int2)`,
      [t, dictionary, DEFLATE, ZSTD],
    );
    const saved = await client.query<CodecRow>(NEWEST, [t]);
    await client.query('commit');
    return saved.rows[0]!;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function readDictionary(pool: Pool, codec: number): Promise<CodecRow> {
  const found = await pool.query<CodecRow>(`select ${COLUMNS} from codec where n = $1`, [codec]);
  if (!found.rows[0])
    throw new Error(`body packed with dictionary ${codec}, which the database does not have`);
  return found.rows[0];
}

/**
 * The data keys of a database: table `data_key`, each wrapped by a master key. The newest seals; all of them open. Processes
 * that meet a key they do not know read the table again.
 */
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { type BodyKeys, inTransaction } from '../store/index.ts';
import { KEY_BYTES, keyOf, SealFault, seal, unseal } from './envelope.ts';
import { KeyFileFault, type MasterKey } from './master.ts';

export interface KeyRow {
  kid: string;
  /** Master key that wraps it; '' = none, the data key stands in the database as it is. */
  master: string;
  wrapped: string;
  made: Date;
}

export interface Keyring {
  /** @param place what it is and where it stands; see envelope.ts. */
  seal(place: string, plain: Buffer | string): Promise<string>;
  /** @throws SealFault */
  open(place: string, sealed: string): Promise<Buffer>;
  /** The keys themselves, for what is sealed in bytes and without waiting (kernel/store/sealed-body.ts). */
  readonly bodies: BodyKeys;
  /** True when the newest key did not seal it. */
  isOld(sealed: string): Promise<boolean>;
  /** Newest first. */
  list(): Promise<Omit<KeyRow, 'wrapped'>[]>;
  /** Makes a new data key that seals from now on. @returns its name */
  rotate(): Promise<string>;
  /** Wraps all data keys by the first of these. Those that the file no longer holds must have unwrapped them before. */
  rewrap(masters: readonly MasterKey[]): Promise<number>;
}

const NEWEST_FIRST = 'select kid, master, wrapped, made from data_key order by made desc, kid';
/** Another process may have made a newer key: it is used at the latest after this long. */
const REREAD_MS = 60_000;

interface Opened {
  newest: { kid: string; key: Buffer };
  keys: Map<string, Buffer>;
  readAt: number;
}

/**
 * @param masters newest first; empty = data keys stand unwrapped in the database (a server of others, no key file)
 * @throws KeyFileFault when the data keys of this database were wrapped by a master key that is not among them
 */
export async function openKeyring(pool: Pool, masters: readonly MasterKey[]): Promise<Keyring> {
  let known = masters;
  let opened = await read();
  let reading: Promise<Opened> | undefined;

  async function read(): Promise<Opened> {
    const rows = await ensured(pool, known);
    const keys = new Map(rows.map((row) => [row.kid, unwrap(row, known)]));
    const [{ kid }] = rows as [KeyRow];
    return { newest: { kid, key: keys.get(kid)! }, keys, readAt: Date.now() };
  }
  async function current(): Promise<Opened> {
    if (Date.now() - opened.readAt > REREAD_MS) opened = await read();
    return opened;
  }

  const bodies: BodyKeys = {
    newest() {
      // Another program's newer key is used from the next body on; what the older one seals until then opens, too.
      if (Date.now() - opened.readAt > REREAD_MS) void bodies.reread().catch(() => undefined);
      return opened.newest;
    },
    find: (kid) => opened.keys.get(kid),
    all: () => [...opened.keys].map(([kid, key]) => ({ kid, key })),
    async reread() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      opened = await reading;
    },
  };

  return {
    bodies,
    async seal(place, plain) {
      const { newest } = await current();
      return seal(newest.kid, newest.key, place, Buffer.from(plain));
    },
    async open(place, sealed) {
      const kid = keyOf(sealed);
      if (kid === null) throw new SealFault(`What is stored at ${place} is no sealed value.`);
      if (!opened.keys.has(kid)) opened = await read();
      const key = opened.keys.get(kid);
      if (!key)
        throw new SealFault(`What is stored at ${place} was sealed by the key ${kid}, which is not here.`);
      return unseal(key, place, sealed);
    },
    isOld: async (sealed) => keyOf(sealed) !== (await current()).newest.kid,
    list: async () =>
      (await pool.query<KeyRow>(NEWEST_FIRST)).rows.map(({ wrapped: _wrapped, ...row }) => row),
    async rotate() {
      const kid = await insert(pool, known, true);
      opened = await read();
      return kid!;
    },
    async rewrap(given) {
      const rows = (await pool.query<KeyRow>(NEWEST_FIRST)).rows.filter(
        ({ master }) => master !== (given[0]?.id ?? ''),
      );
      for (const row of rows) {
        const wrapped = wrap(row.kid, unwrap(row, [...given, ...known]), given[0]);
        await pool.query('update data_key set master = $2, wrapped = $3 where kid = $1', [
          row.kid,
          given[0]?.id ?? '',
          wrapped,
        ]);
      }
      known = given;
      opened = await read();
      return rows.length;
    },
  };
}

/** The rows; the first key is made when there is none, and what stands unwrapped is wrapped as soon as there is a master key. */
async function ensured(pool: Pool, masters: readonly MasterKey[]): Promise<KeyRow[]> {
  const { rows } = await pool.query<KeyRow>(NEWEST_FIRST);
  const [master] = masters;
  if (rows.length === 0) {
    await insert(pool, masters, false);
    return (await pool.query<KeyRow>(NEWEST_FIRST)).rows;
  }
  if (master) {
    for (const row of rows.filter((one) => one.master === '')) {
      row.wrapped = wrap(row.kid, Buffer.from(row.wrapped, 'base64url'), master);
      row.master = master.id;
      await pool.query(`update data_key set master = $2, wrapped = $3 where kid = $1 and master = ''`, [
        row.kid,
        row.master,
        row.wrapped,
      ]);
    }
  }
  return rows;
}

/** @returns null when another process made the first key */
function insert(pool: Pool, [master]: readonly MasterKey[], further: boolean): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('yba data key'))`);
    if (!further && (await client.query('select 1 from data_key limit 1')).rows.length > 0) return null;
    const kid = `d${randomBytes(5).toString('hex')}`;
    await client.query(
      'insert into data_key (kid, master, wrapped, made) values ($1, $2, $3, clock_timestamp())',
      [kid, master?.id ?? '', wrap(kid, randomBytes(KEY_BYTES), master)],
    );
    return kid;
  });
}

function wrap(kid: string, key: Buffer, master: MasterKey | undefined): string {
  return master ? seal(master.id, master.key, placeOf(kid), key) : key.toString('base64url');
}

function unwrap({ kid, master, wrapped }: KeyRow, masters: readonly MasterKey[]): Buffer {
  if (master === '') return Buffer.from(wrapped, 'base64url');
  const found = masters.find(({ id }) => id === master);
  if (found) return unseal(found.key, placeOf(kid), wrapped);
  throw new KeyFileFault(
    `The keys of this database are wrapped by the master key ${master}, which is not in the key file: set YBA_KEY_FILE to the file that holds it.`,
  );
}

const placeOf = (kid: string) => `data_key/${kid}|wrapped`;

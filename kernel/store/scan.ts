/** Every current resource of some types, as of one moment, piece by piece: for what is made anew of the whole record. */
import type { Pool } from 'pg';
import type { Codecs } from './codecs.ts';
import type { StoredVersion } from './contract.ts';
import { type StoredType, typeNumber } from './resource-types.ts';
import { toVersion, type VersionRow, versionColumns } from './rows.ts';
import { int2s } from './wire.ts';

/** Rows fetched at once: while one piece is worked on, the database reads the next. */
const PIECE = 2_000;

/**
 * Reads in the order of the disk, so it costs one pass over the tables, whatever the types. Holds one connection, and one
 * snapshot, until it is read to its end or left.
 */
export async function* scan(
  pool: Pool,
  codecs: Codecs,
  types: readonly StoredType[],
): AsyncGenerator<StoredVersion[]> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const numbers = int2s(types.map((type) => typeNumber(type)!));
    for (const table of ['res', 'shared']) {
      await client.query(
        `declare piece no scroll cursor for select ${versionColumns('r')} from ${table} r
         left join person on person.pt = r.pt where r.t = any($1)`,
        [numbers],
      );
      const fetch = () => client.query<VersionRow>(`fetch ${PIECE} from piece`);
      let next = fetch();
      for (;;) {
        const { rows } = await next;
        if (rows.length === 0) break;
        next = fetch();
        // Awaited in the next round; should the work on this piece fail first, nobody is surprised by its failure.
        next.catch(() => undefined);
        yield await Promise.all(rows.map((row) => toVersion(row, codecs)));
      }
      await client.query('close piece');
    }
    await client.query('commit');
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
}

/** How many there are. */
export async function countOf(pool: Pool, types: readonly StoredType[]): Promise<number> {
  const numbers = int2s(types.map((type) => typeNumber(type)!));
  const { rows } = await pool.query<{ count: string }>(
    'select (select count(*) from res where t = any($1)) + (select count(*) from shared where t = any($1)) as count',
    [numbers],
  );
  return Number(rows[0]!.count);
}

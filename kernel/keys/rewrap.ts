/** After a rotation: what older keys sealed is sealed anew by the newest, batch by batch. What was done is done: it goes on where it stopped. */
import type { Pool } from 'pg';
import { keyOf } from './envelope.ts';
import type { Keyring } from './keyring.ts';

/** A column of sealed values. Names come from code, never from outside. */
export interface SealedColumn {
  /** With its schema. */
  table: string;
  /** Column that names the row, of a type that is compared as text. */
  key: string;
  column: string;
  /** The place that was given to `seal` for the row of this key. */
  place(key: string): string;
}

const BATCH = 200;

/** @returns how many values were sealed anew */
export async function resealAll(
  pool: Pool,
  keys: Keyring,
  columns: readonly SealedColumn[],
): Promise<number> {
  let done = 0;
  for (const column of columns) done += await resealColumn(pool, keys, column);
  return done;
}

async function resealColumn(
  pool: Pool,
  keys: Keyring,
  { table, key, column, place }: SealedColumn,
): Promise<number> {
  const [newest] = await keys.list();
  let done = 0;
  let after = '';
  for (;;) {
    const { rows } = await pool.query<{ key: string; sealed: string }>(
      `select ${key}::text as key, ${column} as sealed from ${table}
       where ${key}::text > $1 and ${column} like 'v1.%' and ${column} not like $2
       order by ${key}::text limit ${BATCH}`,
      [after, `v1.${newest!.kid}.%`],
    );
    if (rows.length === 0) return done;
    for (const row of rows) {
      if (keyOf(row.sealed) === null) continue;
      const anew = await keys.seal(place(row.key), await keys.open(place(row.key), row.sealed));
      // Who changed the value meanwhile sealed it by the newest key.
      await pool.query(`update ${table} set ${column} = $3 where ${key}::text = $1 and ${column} = $2`, [
        row.key,
        row.sealed,
        anew,
      ]);
      done += 1;
    }
    after = rows.at(-1)!.key;
  }
}

/** A transaction on a connection of its own. */
import type { Pool, PoolClient } from 'pg';

/** Waits for the disk, or only for the server's word: for work that a crash undoes as a whole and that is then done again. */
export type Durability = 'on-disk' | 'repeatable';

const BEGIN: Record<Durability, string> = {
  'on-disk': 'begin',
  repeatable: 'begin; set local synchronous_commit = off',
};

/** Commits what `run` did, or undoes it when `run` fails. A connection that cannot even roll back is thrown away. */
export async function inTransaction<T>(
  pool: Pool,
  run: (client: PoolClient) => Promise<T>,
  durability: Durability = 'on-disk',
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(BEGIN[durability]);
    const result = await run(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

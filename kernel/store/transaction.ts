/** A transaction on a connection of its own. */
import type { Pool, PoolClient } from 'pg';

/** Commits what `run` did, or undoes it when `run` fails. A connection that cannot even roll back is thrown away. */
export async function inTransaction<T>(pool: Pool, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('begin');
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

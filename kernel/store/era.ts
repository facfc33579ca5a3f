/**
 * Transaction ids order the feed and the seals, and begin anew when a dump is loaded into another server. The era
 * counts those moves, so that positions keep growing. A physical backup or a standby keeps its ids and its era.
 */
import type { Pool } from 'pg';
import { inTransaction } from './transaction.ts';

/** The era of this server; a new one begins when the database is met on a server it has not been on. */
export function currentEra(pool: Pool): Promise<number> {
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('yba era'))`);
    const made = await client.query<{ n: number }>(
      `insert into era (n, cluster)
       select coalesce((select max(n) from era), 0) + 1, c.system_identifier from pg_control_system() as c
       where c.system_identifier is distinct from (select cluster from era order by n desc limit 1)
       returning n`,
    );
    if (made.rows[0]) return made.rows[0].n;
    return (await client.query<{ n: number }>('select max(n) as n from era')).rows[0]!.n;
  });
}

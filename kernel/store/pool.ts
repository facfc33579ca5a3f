/** Connections to PostgreSQL, the same for the embedded server and for one named by DATABASE_URL. */
import pg from 'pg';

/** As many as do useful work at once on a small server; the others wait in the program, where waiting is cheap. */
const CONNECTIONS = 16;

/**
 * @param url connection string
 * @param max connections at most; idle ones are closed after ten seconds, so that a resting server is small
 */
export function openPool(url: string, max = CONNECTIONS): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // A lock or a transaction that somebody forgot must not stop the house. Short questions: starting parallel workers or
    // the compiler costs more than the answer (docs/adr/0002).
    options:
      '-c lock_timeout=15s -c idle_in_transaction_session_timeout=60s -c timezone=UTC -c max_parallel_workers_per_gather=0 -c jit=off',
  });
  // An idle connection that breaks (the server was restarted) is replaced at the next use.
  pool.on('error', () => undefined);
  // One that breaks while somebody holds it fails their next statement; without a listener it would end the program.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

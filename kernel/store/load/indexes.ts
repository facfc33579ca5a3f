/**
 * A large load into a small store does without the indexes that are no key and builds them at its end: sorted input
 * costs a fraction of so many single entries (docs/adr/0007-load-and-disk.md). What was dropped is written down before, so
 * that an index is never lost: whoever opens the store next builds what a load that was cut off has left out.
 */

import { freemem } from 'node:os';
import type { Pool } from 'pg';
import { inTransaction } from '../transaction.ts';

const TABLES = ['res', 'ord', 'str'];
/** Built side by side. */
const BUILDERS = 2;

/** Drops the indexes and writes down how to build them. */
export async function deferIndexes(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `insert into deferred_index (name, definition)
       select c.relname, pg_get_indexdef(c.oid) from pg_index i
       join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
       where t.relnamespace = 'public'::regnamespace and t.relname = any ($1) and not i.indisunique
       on conflict (name) do nothing returning name`,
      [TABLES],
    );
    for (const { name } of rows) await client.query(`drop index ${name}`);
  });
}

/** True when a load was cut off before its indexes were built. */
export async function hasDeferredIndexes(pool: Pool): Promise<boolean> {
  return (await pool.query('select from deferred_index limit 1')).rowCount !== 0;
}

/** For a program that opens the store: builds what a load that was cut off left out, unless one is under way. */
export async function buildLeftOut(pool: Pool): Promise<void> {
  if (!(await hasDeferredIndexes(pool))) return;
  const client = await pool.connect();
  try {
    const { rows } = await client.query(`select pg_try_advisory_lock(hashtext('yba load')) as mine`);
    if (rows[0].mine) await buildIndexes(pool);
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('yba load'))`).catch(() => undefined);
    client.release(true);
  }
}

/** A share of what is free now, within bounds that help. */
function builderMemoryMB(): number {
  return Math.round(Math.min(1024, Math.max(64, freemem() / 8 / 1_048_576)));
}

/**
 * Builds what is missing, two at a time, each in a transaction of its own.
 * @param onIndex told before each
 */
export async function buildIndexes(
  pool: Pool,
  onIndex: (name: string) => void = () => undefined,
): Promise<void> {
  const { rows } = await pool.query<{ name: string; definition: string }>(
    `select name, definition from deferred_index order by definition like '% gin %' desc, name`,
  );
  const memoryMB = builderMemoryMB();
  const next = rows[Symbol.iterator]();
  const builder = async (): Promise<void> => {
    for (const { name, definition } of next) {
      onIndex(name);
      await buildIndex(pool, name, definition, memoryMB);
    }
  };
  await Promise.all(Array.from({ length: BUILDERS }, builder));
}

function buildIndex(pool: Pool, name: string, definition: string, memoryMB: number): Promise<void> {
  return inTransaction(pool, async (client) => {
    await client.query(
      `set local lock_timeout = 0; set local maintenance_work_mem = '${memoryMB}MB'; set local max_parallel_maintenance_workers = 1`,
    );
    // The index of a table in parts is described without its parts (`ON ONLY`): they get theirs back with it.
    const whole = definition.replace(/ ON ONLY /, ' ON ');
    await client.query(whole.replace(/^CREATE INDEX /, 'CREATE INDEX IF NOT EXISTS '));
    await client.query('delete from deferred_index where name = $1', [name]);
  });
}

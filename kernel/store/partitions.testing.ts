/**
 * The store's tables cut by person into hash partitions, as a distributed database would cut them: what works here without a
 * change of any statement needs no row of another person's. Set `YBA_TEST_PARTITIONS` to run the tests of a folder so.
 */
import { join } from 'node:path';
import type { Pool } from 'pg';
import { applySchema } from './migrate.ts';

/** Tables by the column that says where a row lies. */
export const DISTRIBUTED: Readonly<Record<string, 'pt' | 'idh'>> = {
  res: 'pt',
  hist: 'pt',
  ord: 'pt',
  str: 'pt',
  log: 'pt',
  person: 'pt',
  alias: 'idh',
};

/** Applies the schema to an empty database and puts partitioned tables `<table>_0` … in the place of the plain ones. */
export async function partitionByPerson(pool: Pool, parts: number): Promise<void> {
  await applySchema(pool, 'kernel', join(import.meta.dirname, 'schema'));
  for (const [table, column] of Object.entries(DISTRIBUTED)) {
    await pool.query(`alter table ${table} rename to ${table}_whole`);
    await pool.query(
      `create table ${table} (like ${table}_whole including all) partition by hash (${column})`,
    );
    await pool.query(`drop table ${table}_whole`);
    await pool.query(partsOf(table, table, parts));
  }
  // Lines of every month; within a month as on a distributed database.
  await pool.query('drop table audit_default');
  await pool.query('create table audit_default partition of audit default partition by hash (pt)');
  await pool.query(
    'create trigger audit_no_truncate before truncate on audit_default for each statement execute function audit_refuse()',
  );
  await pool.query(partsOf('audit', 'audit_default', parts));
}

function partsOf(name: string, parent: string, parts: number): string {
  return Array.from(
    { length: parts },
    (_, i) =>
      `create table ${name}_${i} partition of ${parent} for values with (modulus ${parts}, remainder ${i});`,
  ).join('\n');
}

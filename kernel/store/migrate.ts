/**
 * The schema of an area (the kernel, or a module): numbered plain .sql files, read top to bottom, each applied once in
 * a transaction of its own and written down with its checksum.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../failure.ts';
import { faultOf } from './faults.ts';

/**
 * @param area `kernel` or the module's name
 * @param folder absolute path of the folder of `NNNN-what.sql` files
 * @throws Failure `database-unavailable` with a sentence when the database does not answer, is of a newer version or a file was changed
 * after it had been applied
 */
export async function applySchema(pool: Pool, area: string, folder: string): Promise<void> {
  const files = readdirSync(folder)
    .filter((name) => /^\d+-.+\.sql$/.test(name))
    .sort();
  const client = await pool.connect().catch((error: unknown) => {
    throw faultOf(error);
  });
  try {
    await client.query(`select pg_advisory_lock(hashtext('yba schema'))`);
    await client.query(
      'create table if not exists schema_file (area text, name text, checksum text not null, applied timestamptz not null default now(), primary key (area, name))',
    );
    const applied = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from schema_file where area = $1',
      [area],
    );
    const checksums = new Map(applied.rows.map((row) => [row.name, row.checksum]));
    const unknown = [...checksums.keys()].filter((name) => !files.includes(name));
    if (unknown.length > 0) throw newer(area, unknown);
    for (const name of files)
      await applyFile(client, area, name, readFileSync(join(folder, name), 'utf8'), checksums.get(name));
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('yba schema'))`).catch(() => undefined);
    client.release();
  }
}

async function applyFile(
  client: PoolClient,
  area: string,
  name: string,
  sql: string,
  known: string | undefined,
): Promise<void> {
  const checksum = createHash('sha256').update(sql).digest('hex');
  if (known === checksum) return;
  if (known !== undefined) throw changed(area, name);
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into schema_file (area, name, checksum) values ($1, $2, $3)', [
      area,
      name,
      checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function newer(area: string, names: string[]): Failure {
  return new Failure(
    'database-unavailable',
    `Cơ sở dữ liệu do một phiên bản Y Bạ mới hơn tạo (${area}: ${names.join(', ')}). Hãy chạy phiên bản mới đó, hoặc khôi phục bản sao lưu cũ.`,
    {
      textEn: `The database was made by a newer version of Y Bạ (${area}: ${names.join(', ')}). Run that version, or restore an older backup.`,
    },
  );
}

function changed(area: string, name: string): Failure {
  return new Failure(
    'database-unavailable',
    `Tệp lược đồ ${area}/${name} đã bị sửa sau khi áp dụng vào cơ sở dữ liệu này. Hãy dùng đúng bản phát hành Y Bạ, hoặc đặt YBA_DATA tới thư mục mới.`,
    {
      textEn: `The schema file ${area}/${name} was changed after it had been applied to this database. Use the released program, or set YBA_DATA to a new folder.`,
    },
  );
}

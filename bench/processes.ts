/** CPU time of a PostgreSQL server with all its processes, those that have ended too. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Pool } from 'pg';

/** Seconds of CPU the server of this pool has used (proc(5): fields 14 to 17 of stat, in ticks of 10 ms). */
export async function databaseSeconds(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = statOf(rows[0]!.pid)[1]!;
  const children = execFileSync('ps', ['--ppid', String(postmaster), '-o', 'pid='])
    .toString()
    .trim()
    .split(/\s+/);
  const own = statOf(postmaster);
  const ended = (own[13] ?? 0) + (own[14] ?? 0);
  const living = [own, ...children.map(statOf)].reduce(
    (sum, fields) => sum + (fields[11] ?? 0) + (fields[12] ?? 0),
    0,
  );
  return (ended + living) / 100;
}

function statOf(pid: number | string): number[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number);
  } catch {
    return [];
  }
}

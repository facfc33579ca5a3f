/** What the program remembers about its database: table `program.fact`. Its SQL is here and nowhere else. */
import type { Pool } from 'pg';

export interface Facts {
  /** Decided at the first start and kept: whether this database is of the demo province. */
  province: 'demo' | 'real';
  /** The client of YBA_CLIENT was registered. */
  client: { id: string };
  /** The stories of the demo accounts were told. */
  'demo-stories': { on: string };
  /** The newest whole backup. */
  backup: { label: string; ended: string; bytes: number };
  /** The newest drill of a restore (`yba backup drill`). */
  drill: {
    at: string;
    ok: boolean;
    label: string;
    seconds: number;
    lostSeconds: number;
    fault: string | null;
  };
  /** The newest nightly verification of the audit; faults are the first sentences. */
  'audit-check': { at: string; ok: boolean; lines: number; faults: string[] };
  /** This data folder came out of a backup. */
  restored: { label: string; at: string; until: string | null };
}

export async function readFact<K extends keyof Facts>(pool: Pool, name: K): Promise<Facts[K] | null> {
  const { rows } = await pool.query<{ value: Facts[K] }>('select value from program.fact where name = $1', [
    name,
  ]);
  return rows[0]?.value ?? null;
}

export async function writeFact<K extends keyof Facts>(pool: Pool, name: K, value: Facts[K]): Promise<void> {
  await pool.query(
    'insert into program.fact (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value, at = now()',
    [name, JSON.stringify(value)],
  );
}

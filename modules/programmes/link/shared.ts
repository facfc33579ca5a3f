/** Doses that go to another register by themselves, and what became of each. Table `programmes.shared`; its SQL is here and nowhere else. */
import type { Pool, PoolClient } from 'pg';
import { hash64 } from '../../../kernel/store/hash.ts';

export type SharedState = 'waiting' | 'sent' | 'asks' | 'given-up' | 'withdrawn';

export interface Shared {
  immunization: string;
  patient: string;
  unit: string;
  state: SharedState;
  tries: number;
  said: string;
  at: Date;
}

const ptOf = (patient: string) => hash64(`Patient/${patient}`).toString();
const COLUMNS = 'immunization, patient, unit, state, tries, said, at';

/** A dose waits once: told of it again, nothing changes. */
export async function queueDose(
  client: PoolClient,
  { immunization, patient, unit }: Pick<Shared, 'immunization' | 'patient' | 'unit'>,
  now: Date,
): Promise<void> {
  await client.query(
    `insert into programmes.shared (pt, immunization, patient, unit, state, tries, next_at, said, at)
      values ($1, $2, $3, $4, 'waiting', 0, $5, '', $5) on conflict (pt, immunization) do nothing`,
    [ptOf(patient), immunization, patient, unit, now],
  );
}

/** What waits and whose time has come, the first first. */
export async function waitingDoses(pool: Pool, now: Date, most: number): Promise<Shared[]> {
  const { rows } = await pool.query<Shared>(
    `select ${COLUMNS} from programmes.shared where state = 'waiting' and next_at <= $1 order by next_at, immunization limit $2`,
    [now, most],
  );
  return rows;
}

export async function becomeOf(
  pool: Pool,
  { immunization, patient }: Pick<Shared, 'immunization' | 'patient'>,
  became: { state: SharedState; said: string; now: Date; next: Date },
): Promise<void> {
  await pool.query(
    `update programmes.shared set state = $3, said = $4, at = $5, next_at = $6, tries = tries + 1
      where pt = $1 and immunization = $2`,
    [ptOf(patient), immunization, became.state, became.said, became.now, became.next],
  );
}

/** After somebody has looked: what was not taken is asked about again. */
export async function askAgain(pool: Pool, patient: string, now: Date): Promise<void> {
  await pool.query(
    `update programmes.shared set state = 'waiting', tries = 0, next_at = $2 where pt = $1 and state in ('asks', 'given-up', 'waiting')`,
    [ptOf(patient), now],
  );
}

/** Of a person, the newest first. */
export async function sharedOf(pool: Pool, patient: string): Promise<Shared[]> {
  const { rows } = await pool.query<Shared>(
    `select ${COLUMNS} from programmes.shared where pt = $1 order by at desc, immunization`,
    [ptOf(patient)],
  );
  return rows;
}

export async function forgetShared(client: PoolClient, patient: string): Promise<void> {
  await client.query('delete from programmes.shared where pt = $1', [ptOf(patient)]);
}

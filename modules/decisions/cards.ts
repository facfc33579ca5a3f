/** What was shown and what became of it: table `decisions.card`. Its SQL is here and nowhere else. No row names a person. */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { Card } from '../../engines/rules/index.ts';
import type { Actor } from '../../kernel/kernel.ts';

export interface Shown {
  id: string;
  card: Pick<Card, 'rule' | 'version'>;
}

export interface Showing {
  hook: string;
  /** The first role of who sees it; '' = another system. */
  role: string;
  unit: string;
  /** Practitioner id; '' = none. */
  practitioner: string;
  at: Date;
}

/** How a card that somebody sees is counted. */
export const showingTo = (
  { roles, unit, practitioner }: Pick<Actor, 'roles' | 'unit' | 'practitioner'>,
  hook: string,
  at: Date,
): Showing => ({ hook, role: roles[0] ?? '', unit: unit ?? '', practitioner: practitioner ?? '', at });

/** The same words give the same id (RFC 9562, version 8): a card that is shown again in a visit is counted once. */
export function cardId(...words: string[]): string {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export async function keepShown(
  pool: Pool,
  shown: readonly Shown[],
  { hook, role, unit, practitioner, at }: Showing,
): Promise<void> {
  if (shown.length === 0) return;
  await pool.query(
    `insert into decisions.card (id, rule, version, hook, role, unit, shown_at, practitioner)
     select id, rule, version, $4, $5, $6, $7, $8 from unnest($1::uuid[], $2::text[], $3::text[]) as one (id, rule, version)
     on conflict (id) do nothing`,
    [
      shown.map(({ id }) => id),
      shown.map(({ card }) => card.rule),
      shown.map(({ card }) => card.version),
      hook,
      role,
      unit,
      at,
      practitioner,
    ],
  );
}

export interface Outcome {
  id: string;
  outcome: 'accepted' | 'overridden';
  reason: string | null;
  at: Date;
}

/** @returns ids that are known */
export async function keepOutcomes(pool: Pool, outcomes: readonly Outcome[]): Promise<string[]> {
  if (outcomes.length === 0) return [];
  const { rows } = await pool.query<{ id: string }>(
    `update decisions.card as card set outcome = told.outcome, reason = told.reason, outcome_at = told.at
     from (select distinct on (id) * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) as one (id, outcome, reason, at)
       order by id, at desc) as told
     where card.id = told.id returning card.id`,
    [
      outcomes.map(({ id }) => id),
      outcomes.map(({ outcome }) => outcome),
      outcomes.map(({ reason }) => reason),
      outcomes.map(({ at }) => at),
    ],
  );
  return rows.map(({ id }) => id);
}

/** Of some cards those that were accepted or overridden. */
export async function outcomesOf(pool: Pool, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await pool.query<{ id: string }>(
    'select id from decisions.card where id = any($1::uuid[]) and outcome is not null',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Cards older than a year are forgotten. */
export async function forgetCards(pool: Pool, now: Date): Promise<void> {
  await pool.query(`delete from decisions.card where shown_at < $1::timestamptz - interval '1 year'`, [now]);
}

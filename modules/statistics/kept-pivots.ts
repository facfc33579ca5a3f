/** Pivots that somebody kept by name, for themselves or for their unit: `statistics.pivot`. */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Actor } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import type { PivotAsk } from './pivot-ask.ts';

export interface KeptPivot {
  id: string;
  name: string;
  /** Seen by the unit of who kept it. */
  shared: boolean;
  /** Kept by the reader: theirs to change and take away. */
  own: boolean;
  ownerName: string;
  ask: PivotAsk;
  at: string;
}

/** More than this nobody keeps. */
const MOST = 200;

export async function keptPivots(pool: Pool, actor: Actor): Promise<KeptPivot[]> {
  const { rows } = await pool.query<Omit<KeptPivot, 'at'> & { at: Date }>(
    `select id, name, unit is not null as shared, owner = $1 as own, owner_name as "ownerName", ask, at from statistics.pivot
     where owner = $1 or unit = $2 order by name, at limit $3`,
    [actor.id, actor.unit ?? null, MOST * 2],
  );
  return rows.map((row) => ({ ...row, at: vietnamInstant(row.at) }));
}

/**
 * Keeps a pivot; the owner's of the same name is replaced.
 * @throws Failure `business-rule` when one has too many, `invalid-parameter` to share without a unit
 */
export async function keepPivot(
  pool: Pool,
  actor: Actor,
  pivot: { name: string; shared: boolean; ask: PivotAsk; at: Date },
): Promise<string> {
  if (pivot.shared && !actor.unit)
    throw new Failure('invalid-parameter', 'Tài khoản không thuộc đơn vị nào nên không chia sẻ được.', {
      textEn: 'the account belongs to no unit: there is nobody to share with',
      expression: 'shared',
    });
  const { rows: many } = await pool.query<{ n: number }>(
    'select count(*)::int as n from statistics.pivot where owner = $1 and name <> $2',
    [actor.id, pivot.name],
  );
  if (many[0]!.n >= MOST)
    throw new Failure('business-rule', `Đã giữ ${MOST} bảng. Xoá bớt bảng không dùng nữa.`, {
      textEn: `${MOST} pivots are kept already: take some away`,
    });
  const { rows } = await pool.query<{ id: string }>(
    `insert into statistics.pivot (id, owner, owner_name, unit, name, ask, at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (owner, name) do update
     set unit = excluded.unit, ask = excluded.ask, at = excluded.at, owner_name = excluded.owner_name returning id`,
    [
      randomUUID(),
      actor.id,
      actor.name,
      pivot.shared ? actor.unit : null,
      pivot.name,
      JSON.stringify(pivot.ask),
      pivot.at,
    ],
  );
  return rows[0]!.id;
}

/** @throws Failure `not-found`, also for one of somebody else */
export async function dropPivot(pool: Pool, actor: Actor, id: string): Promise<void> {
  const { rowCount } = await pool.query('delete from statistics.pivot where id::text = $1 and owner = $2', [
    id,
    actor.id,
  ]);
  if (rowCount === 0)
    throw new Failure('not-found', 'Không có bảng này, hoặc bảng của người khác.', {
      textEn: 'there is no such pivot, or it is somebody else’s',
    });
}

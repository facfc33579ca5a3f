/** Whose numbers an actor sees and writes. People behind a number are another question, asked of the record. */
import { auditLine } from '../../kernel/access/audit.ts';
import type { Actor, Role } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { madeOf } from './boundaries.ts';

/** Numbers of the own unit. */
export const UNIT_READERS = ['nurse', 'doctor', 'station-head'] as const satisfies Role[];
/** Numbers of every unit of the province. */
export const PROVINCE_READERS = ['surveillance', 'province-operator'] as const satisfies Role[];
export const READERS = [...UNIT_READERS, ...PROVINCE_READERS] as const;

export interface ReportingUnit {
  id: string;
  name: string;
  kind: string;
  /** Code of the administrative unit in which it lies. */
  unitCode: string | null;
}

export const isProvince = (actor: Actor): boolean =>
  PROVINCE_READERS.some((role) => actor.roles.includes(role));

/** Reads the numbers of all units: the province, and a system of the operator, which belongs to no unit. */
export const readsProvince = (actor: Actor): boolean =>
  isProvince(actor) || (actor.roles.includes('system-client') && actor.unit === null);

/** Units that report, of some kinds, as far as the actor sees: all of them, or the own one with those of which it was made. */
export async function unitsSeen(
  { pool, content }: Pick<Kernel, 'pool' | 'content'>,
  actor: Actor,
  kinds: readonly string[],
): Promise<ReportingUnit[]> {
  const own = readsProvince(actor) ? null : madeOf(content, actor.unit ?? '');
  const { rows } = await pool.query<ReportingUnit>(
    `select resource_key as id, coalesce(name, resource_key) as name, kind, unit_code as "unitCode" from views.unit
     where kind = any($1) and ($2::text[] is null or resource_key = any($2)) order by name, id`,
    [kinds, own],
  );
  return rows;
}

/**
 * One unit that the actor sees; a former one that theirs was made of, too. Who asks for another's leaves a line in the log.
 * @throws Failure `not-found`, also for a unit of others: whether it exists is nobody's business
 */
export async function unitSeen(
  kernel: Pick<Kernel, 'pool' | 'content' | 'store'>,
  actor: Actor,
  id: string,
): Promise<ReportingUnit> {
  const { rows } = await kernel.pool.query<ReportingUnit>(
    `select resource_key as id, coalesce(name, resource_key) as name, kind, unit_code as "unitCode" from views.unit where resource_key = $1`,
    [id],
  );
  const unit = rows[0];
  if (unit && (readsProvince(actor) || madeOf(kernel.content, actor.unit ?? '').includes(id))) return unit;
  if (unit) await kernel.store.audit([auditLine(actor, 'read', `numbers of ${id}`, null, 'refused')]);
  throw new Failure('not-found', 'Không có đơn vị này, hoặc tài khoản không xem được số liệu của nó.', {
    textEn: 'There is no such unit, or this account does not see its numbers.',
    expression: 'unit',
  });
}

/** @throws Failure `forbidden` unless the actor works at the unit */
export function requireOwn(actor: Actor, unit: string): void {
  if (actor.unit === unit && UNIT_READERS.some((role) => actor.roles.includes(role))) return;
  throw new Failure('forbidden', 'Chỉ nhân viên của đơn vị ghi được số vào báo cáo của đơn vị đó.', {
    textEn: 'Only staff of the unit write in its reports.',
  });
}

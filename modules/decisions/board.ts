/** What rules showed in the last days and what became of it, from `decisions.card`. */
import type { Pool } from 'pg';
import { approvalOf, type Rule, type RuleState } from '../../engines/rules/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { RoleCount, RuleRow, Share } from './contract.ts';
import type { Decision } from './switches.ts';

/** Days that the board counts. */
export const BOARD_DAYS = 90;
/** From so many cards on, and above this share, a rule is to be reviewed (features CDS-04). */
const REVIEW_FROM = 20;
const REVIEW_ABOVE = 0.9;

export interface CardCount extends RoleCount {
  rule: string;
  version: string;
  accepted: number;
}

export interface ReasonRow {
  rule: string;
  version: string;
  reason: string;
  count: number;
}

export async function countCards(
  pool: Pool,
  now: Date,
): Promise<{ counts: CardCount[]; reasons: ReasonRow[] }> {
  const since = new Date(now.getTime() - BOARD_DAYS * 86_400_000);
  const counts = await pool.query<CardCount>(
    `select rule, version, role, count(*)::int as shown, count(*) filter (where outcome = 'overridden')::int as overridden,
       count(*) filter (where outcome = 'accepted')::int as accepted
     from decisions.card where shown_at >= $1 group by rule, version, role order by rule, version, role`,
    [since],
  );
  const reasons = await pool.query<ReasonRow>(
    `select rule, version, reason, count(*)::int as count from decisions.card
     where shown_at >= $1 and outcome = 'overridden' and reason is not null group by rule, version, reason order by count desc, reason`,
    [since],
  );
  return { counts: counts.rows, reasons: reasons.rows };
}

/** Months that a rule is looked back at. */
const MONTHS = 12;
const MOST_SHARES = 30;

/** Of one rule, whatever its version, the largest first; months in their order. @param unit whose people are named; null: of all units */
export async function sharesOf(
  pool: Pool,
  rule: string,
  now: Date,
  unit: string | null,
): Promise<Record<'byUnit' | 'byPerson' | 'byMonth', Omit<Share, 'title'>[]>> {
  const counted = (name: string, order: string, more = '') => `
    select ${name} as name, count(*)::int as shown, count(*) filter (where outcome = 'overridden')::int as overridden
    from decisions.card where rule = $1 and shown_at >= $2 ${more} group by 1 order by ${order} limit ${MOST_SHARES}`;
  const since = new Date(now.getTime() - BOARD_DAYS * 86_400_000);
  const year = new Date(now.getTime() - MONTHS * 31 * 86_400_000);
  const largest = 'shown desc, name';
  const ask = async (sql: string, values: unknown[]) =>
    (await pool.query<Omit<Share, 'title'>>(sql, values)).rows;
  const [byUnit, byPerson, byMonth] = await Promise.all([
    ask(counted('unit', largest), [rule, since]),
    ask(counted('practitioner', largest, 'and ($3::text is null or unit = $3)'), [rule, since, unit]),
    ask(counted(`to_char(shown_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM')`, 'name'), [rule, year]),
  ]);
  return { byUnit, byPerson, byMonth };
}

/** A row of the board without its last trial. Pure. */
export function rowOf(
  rule: Rule,
  {
    state,
    decision,
    counts,
    reasons,
    content,
    day,
  }: {
    state: RuleState;
    decision: Decision | null;
    counts: readonly CardCount[];
    reasons: readonly ReasonRow[];
    content: Content;
    /** ISO, for approvals. */
    day: string;
  },
): Omit<RuleRow, 'trial' | 'byUnit' | 'byPerson' | 'byMonth'> {
  const isOwn = (one: { rule: string; version: string }) =>
    one.rule === rule.key && one.version === rule.version;
  const own = counts.filter(isOwn);
  const sum = (name: 'shown' | 'overridden' | 'accepted') => own.reduce((total, one) => total + one[name], 0);
  const [shown, overridden, accepted] = [sum('shown'), sum('overridden'), sum('accepted')];
  const names = new Map(content.table('clinic/override-reasons').map((row) => [row.code!, row]));
  return {
    key: rule.key,
    version: rule.version,
    from: rule.from,
    title: rule.title,
    titleEn: rule.titleEn,
    description: rule.description,
    descriptionEn: rule.descriptionEn,
    owner: rule.owner,
    source: rule.actions[0]!.source.label,
    hooks: [...new Set(rule.actions.flatMap(({ triggers }) => triggers))],
    state,
    decided: decision ? { name: decision.name, at: decision.at.toISOString(), note: decision.note } : null,
    hardStop: rule.actions.some(({ behaviour }) => behaviour === 'must')
      ? approvalOf(rule.key, content, day)
      : null,
    shown,
    overridden,
    accepted,
    overrideRate: shown === 0 ? null : Math.round((overridden / shown) * 1000) / 10,
    toReview: shown >= REVIEW_FROM && overridden / shown > REVIEW_ABOVE,
    byRole: own.map(({ role, shown: seen, overridden: passed }) => ({
      role,
      shown: seen,
      overridden: passed,
    })),
    reasons: reasons.filter(isOwn).map(({ reason, count }) => ({
      code: reason,
      name: names.get(reason)?.name_vi ?? reason,
      nameEn: names.get(reason)?.name_en ?? reason,
      count,
    })),
  };
}

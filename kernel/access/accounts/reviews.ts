/** The review of a unit's accounts and rights, signed off by its head: tables `access.review`, `access.review_line`. */
import type { Pool } from 'pg';
import { inTransaction } from '../../store/index.ts';
import type { Limits } from '../limits.ts';
import type { Account } from './account.ts';

export interface Review {
  unit: string;
  reviewedAt: Date;
  reviewer: string;
  name: string;
  kept: number;
  closed: number;
}

export interface Verdict {
  account: string;
  verdict: 'keep' | 'close';
}

export interface Reviews {
  /** The last review of each unit that had one. */
  last(): Promise<Review[]>;
  /** Reviews of a unit, newest first. */
  of(unit: string): Promise<Review[]>;
  /** Keeps who decided what about whom, with the roles that the account had then. */
  record(
    unit: string,
    by: { id: string; name: string },
    at: Date,
    verdicts: readonly Verdict[],
    accounts: readonly Account[],
  ): Promise<void>;
}

const REVIEW = `select r.unit, r.reviewed_at as "reviewedAt", r.reviewer, r.name,
    count(*) filter (where l.verdict = 'keep')::int as kept, count(*) filter (where l.verdict = 'close')::int as closed
  from access.review r left join access.review_line l using (unit, reviewed_at)`;

export function openReviews(pool: Pool): Reviews {
  return {
    last: async () =>
      (
        await pool.query<Review>(
          `select distinct on (unit) * from (${REVIEW} group by r.unit, r.reviewed_at) each order by unit, "reviewedAt" desc`,
        )
      ).rows,
    of: async (unit) =>
      (
        await pool.query<Review>(
          `${REVIEW} where r.unit = $1 group by r.unit, r.reviewed_at order by r.reviewed_at desc limit 50`,
          [unit],
        )
      ).rows,
    record: (unit, by, at, verdicts, accounts) =>
      inTransaction(pool, async (client) => {
        await client.query(
          'insert into access.review (unit, reviewed_at, reviewer, name) values ($1, $2, $3, $4)',
          [unit, at, by.id, by.name],
        );
        for (const { account, verdict } of verdicts) {
          const { roles } = accounts.find(({ id }) => id === account)!;
          await client.query(
            'insert into access.review_line (unit, reviewed_at, account, roles, verdict) values ($1, $2, $3, $4, $5)',
            [unit, at, account, roles, verdict],
          );
        }
      }),
  };
}

/** The day by which a unit has to be reviewed: so many months after the last time, at once when there was none. Pure. */
export function dueOn(last: Date | null, months: number): Date | null {
  if (last === null) return null;
  const due = new Date(last);
  due.setUTCMonth(due.getUTCMonth() + months);
  return due;
}

export interface UnitReview {
  unit: string;
  /** Open accounts. */
  accounts: number;
  last: Review | null;
  due: Date | null;
  overdue: boolean;
}

/** Every unit that has open accounts, those that are due first. Pure. */
export function reviewsOf(
  accounts: readonly Account[],
  last: readonly Review[],
  limits: Limits,
  now: Date,
): UnitReview[] {
  const open = accounts.filter(({ active }) => active);
  const units = [...new Set(open.flatMap(({ unit }) => unit ?? []))];
  const rows = units.map((unit) => {
    const review = last.find((one) => one.unit === unit) ?? null;
    const due = dueOn(review?.reviewedAt ?? null, limits.reviewMonths);
    const count = open.filter((account) => account.unit === unit).length;
    return { unit, accounts: count, last: review, due, overdue: due === null || due <= now };
  });
  return rows.sort((a, b) => Number(b.overdue) - Number(a.overdue) || (a.unit < b.unit ? -1 : 1));
}

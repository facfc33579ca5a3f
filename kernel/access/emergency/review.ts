/** Openings as they are reviewed: found, taken up, concluded. Table `access.opening`. */
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import type { Actor } from '../contract.ts';
import { OPENING_COLUMNS, type Opening } from '../glass.ts';
import type { EmergencyRules } from './rules.ts';

export const STATES = ['new', 'reviewed', 'justified', 'unjustified'] as const;
/** `reviewed`: somebody looks into it. `justified`, `unjustified`: concluded in writing. */
export type ReviewState = (typeof STATES)[number];

export interface ReviewedOpening extends Opening {
  state: ReviewState;
  reviewer: string | null;
  reviewedAt: string | null;
  conclusion: string | null;
  /** Nobody has taken it up in time. */
  late: boolean;
}

/** As the officer reads it. */
export interface NamedOpening extends ReviewedOpening {
  patientName: string | null;
  unitName: string | null;
}

export interface OpeningQuery {
  /** Only those of this unit. */
  unit?: string;
  patient?: string;
  state?: ReviewState;
  /** Words in the account, its name or the reason. */
  text?: string;
  /** `next` of the page before. */
  before?: string;
  /** 1 to 200. */
  count: number;
}

const DAY_MS = 86_400_000;

/** Newest first. */
export async function listOpenings(
  pool: Pool,
  rules: EmergencyRules,
  now: Date,
  query: OpeningQuery,
): Promise<{ rows: ReviewedOpening[]; next?: string; total: number }> {
  const values: unknown[] = [new Date(now.getTime() - rules.reviewDays * DAY_MS)];
  const where: string[] = ['true'];
  const add = (condition: (place: string) => string, value: unknown) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  if (query.unit !== undefined) add((place) => `unit = ${place}`, query.unit);
  if (query.patient !== undefined) add((place) => `patient = ${place}`, query.patient);
  if (query.state !== undefined) add((place) => `state = ${place}`, query.state);
  if (query.text !== undefined && query.text !== '')
    add((place) => `strpos(lower(account || ' ' || name || ' ' || reason), lower(${place})) > 0`, query.text);
  const counted = await pool.query<{ n: number }>(
    `select count(*)::int as n from access.opening where $1::timestamptz is not null and ${where.join(' and ')}`,
    values,
  );
  if (query.before !== undefined) {
    if (!/^\d{1,18}$/.test(query.before)) throw badPage();
    add((place) => `id < ${place}::int8`, query.before);
  }
  const { rows } = await pool.query<ReviewedOpening>(
    `select ${OPENING_COLUMNS}, state, reviewer, conclusion, state = 'new' and opened_at < $1 as late,
       to_char(reviewed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "reviewedAt"
     from access.opening where ${where.join(' and ')} order by id desc limit ${query.count + 1}`,
    values,
  );
  const page = rows.slice(0, query.count);
  return {
    rows: page,
    total: counted.rows[0]!.n,
    ...(rows.length > query.count ? { next: page.at(-1)!.id } : {}),
  };
}

/**
 * Takes an opening up, or concludes it. Who opened it does not review it.
 * Fails with `not-found`, `forbidden`, and `invalid-parameter` for a conclusion of fewer than ten characters.
 */
export async function reviewOpening(
  pool: Pool,
  now: Date,
  actor: Actor,
  id: string,
  asked: { state: string; conclusion: string },
): Promise<{ patient: string }> {
  const { state } = asked;
  const conclusion = asked.conclusion.trim();
  if (state !== 'reviewed' && state !== 'justified' && state !== 'unjustified') throw badState();
  if (state !== 'reviewed' && (conclusion.length < 10 || conclusion.length > 2000)) throw badConclusion();
  const found = /^\d{1,18}$/.test(id)
    ? await pool.query<{ account: string; patient: string; state: ReviewState }>(
        'select account, patient, state from access.opening where id = $1',
        [id],
      )
    : null;
  const opening = found?.rows[0];
  if (!opening) {
    throw new Failure('not-found', `Không có lần mở khẩn cấp số ${id.slice(0, 20)}.`, {
      textEn: `No opening ${id.slice(0, 20)}.`,
    });
  }
  if (opening.account === actor.id) {
    throw new Failure('forbidden', 'Người đã mở hồ sơ không tự rà soát lần mở đó.', {
      textEn: 'Who opened the record does not review the opening.',
    });
  }
  if (state === 'reviewed' && opening.state !== 'new') {
    throw new Failure('conflict', 'Lần mở này đã được rà soát.', {
      textEn: 'The opening is under review or concluded already.',
    });
  }
  await pool.query(
    'update access.opening set state = $2, reviewer = $3, reviewed_at = $4, conclusion = $5 where id = $1',
    [id, state, actor.id, now, conclusion === '' ? null : conclusion],
  );
  return { patient: opening.patient };
}

function badPage(): Failure {
  return new Failure('invalid-parameter', 'Dấu trang không hợp lệ.', {
    textEn: 'The page mark is not valid.',
    expression: 'cursor',
  });
}

function badState(): Failure {
  return new Failure('invalid-parameter', 'Kết luận phải là đang rà soát, có lý do hoặc không có lý do.', {
    textEn: 'state is reviewed, justified or unjustified.',
    expression: 'state',
  });
}

function badConclusion(): Failure {
  return new Failure('invalid-parameter', 'Hãy ghi kết luận (từ 10 đến 2000 ký tự).', {
    textEn: 'Write the conclusion (10 to 2000 characters).',
    expression: 'conclusion',
  });
}

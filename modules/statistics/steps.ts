/** Handing in, returning, approving and reopening a report; who did it, when and why. */
import type { Pool, PoolClient } from 'pg';
import type { Actor } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import type { SheetKey } from './entries.ts';
import { formOf } from './forms.ts';
import { daysOfPeriod, hasBegun } from './period.ts';
import { answerQuestions, type Question } from './questions.ts';
import { headOf, readSheet } from './sheets.ts';
import { type Act, stateAfter } from './states.ts';
import { wordsOf } from './words.ts';

export interface Step {
  n: number;
  act: Act;
  reason: string | null;
  byName: string;
  at: Date;
}

export async function stepsOf(db: Pick<Pool, 'query'>, key: SheetKey): Promise<Step[]> {
  const { rows } = await db.query<Step>(
    `select n, act, reason, by_name as "byName", at from statistics.step
     where form = $1 and unit = $2 and period = $3 order by n`,
    [key.form, key.unit, key.period],
  );
  return rows;
}

/** Who takes a step, with a reason, and with words for numbers that are asked about when the report is handed in. */
export interface StepBy {
  actor: Actor;
  reason: string;
  answers: ReadonlyMap<string, string>;
}

/**
 * Takes one step.
 * @throws Failure those of `stateAfter`; `business-rule` when at handing in a compulsory check does not hold, another check does not hold
 * and no reason is given, or a number that is unlike others has no words
 */
export async function takeStep(kernel: Kernel, key: SheetKey, act: Act, by: StepBy): Promise<void> {
  const { pool, content } = kernel;
  const { actor } = by;
  const reason = wordsOf(by.reason, 'reason');
  const may = { roles: actor.roles, own: actor.unit === key.unit, reason };
  // Numbers are counted outside the transaction; a count takes as long as it takes.
  stateAfter((await headOf(pool, key)).state, act, may);
  const now = kernel.settings.now();
  if (act === 'submit') refuseNotBegun(key, vietnamDay(now));
  const whole = act === 'submit' ? await readSheet(pool, content, key) : null;
  if (whole) {
    refuseFaults(whole.faults);
    const questions = await answerQuestions(pool, content, key, by.answers, { actor, at: now });
    refuseOpen(whole.faults, questions, reason);
  }
  const { version } = formOf(content, key.form, key.period);
  const numbers = whole ? JSON.stringify(Object.fromEntries(whole.sheet)) : null;
  await inSheet(pool, key, version, async (client) => {
    const to = stateAfter((await headOf(client, key, true)).state, act, may);
    await client.query(
      `update statistics.sheet set state = $4, handed = case when $5 then coalesce(handed, $6) else handed end,
         numbers = case when $4 = 'open' then null when $5 then $7::jsonb else numbers end, version = $8::date
       where form = $1 and unit = $2 and period = $3`,
      [key.form, key.unit, key.period, to, act === 'submit', now, numbers, version],
    );
    await client.query(
      `insert into statistics.step (form, unit, period, n, act, reason, by, by_name, at, numbers)
       select $1, $2, $3, coalesce(max(n), 0) + 1, $4, $5, $6, $7, $8, $9::jsonb
       from statistics.step where form = $1 and unit = $2 and period = $3`,
      [key.form, key.unit, key.period, act, reason.trim() || null, actor.id, actor.name, now, numbers],
    );
  });
}

/** A period that goes on may be handed in: some are closed before their last day. */
function refuseNotBegun({ period }: SheetKey, today: string): void {
  if (hasBegun(period, today)) return;
  const { start } = daysOfPeriod(period);
  throw new Failure('business-rule', `Kỳ báo cáo bắt đầu ngày ${dayFirst(start)}: chưa nộp được.`, {
    textEn: `The period begins on ${start}: its report cannot be handed in yet.`,
    expression: 'period',
  });
}

const dayFirst = (day: string): string => day.split('-').toReversed().join('/');

type Faults = readonly { code: string; level: string; text: string; textEn: string }[];

/** What may be right and is unlike what is usual is handed in with words, never without. */
function refuseOpen(faults: Faults, questions: readonly Question[], reason: string): void {
  const odd = reason.trim() === '' ? faults.filter(({ level }) => level === 'warning') : [];
  const open = questions.filter(({ answer }) => answer === null);
  if (odd.length === 0 && open.length === 0) return;
  const [vi, en] = [
    [
      open.length > 0 ? `${open.length} số khác thường cần lời giải thích` : '',
      odd.length > 0 ? `${odd.length} kiểm tra chưa đạt cần lý do` : '',
    ],
    [
      open.length > 0 ? `${open.length} unusual numbers need words` : '',
      odd.length > 0 ? `${odd.length} checks that do not hold need a reason` : '',
    ],
  ].map((parts) => parts.filter((part) => part !== '').join('; '));
  throw new Failure('business-rule', `Báo cáo chưa nộp được: ${vi}.`, {
    textEn: `The report cannot be handed in: ${en}.`,
    issues: [
      ...odd.map(({ code, text, textEn }) => issueOf(`checks.${code}`, text, textEn)),
      ...open.map(({ cell, value, usual }) =>
        issueOf(
          `answers.${cell}`,
          `Ô ${cell}: ghi ${value}, thường khoảng ${Math.round(usual)}. Vì sao số này đúng?`,
          `cell ${cell}: ${value}, usually about ${Math.round(usual)}. Why is it right?`,
        ),
      ),
    ],
  });
}

const issueOf = (expression: string, text: string, textEn: string) => ({
  severity: 'error' as const,
  code: 'business-rule' as const,
  text,
  textEn,
  expression,
});

function refuseFaults(faults: Faults): void {
  const wrong = faults.filter(({ level }) => level === 'compulsory');
  if (wrong.length === 0) return;
  throw new Failure('business-rule', 'Báo cáo chưa nộp được: còn kiểm tra bắt buộc chưa đạt.', {
    textEn: 'The report cannot be handed in: compulsory checks do not hold.',
    issues: wrong.map(({ code, text, textEn }) => issueOf(`checks.${code}`, text, textEn)),
  });
}

/** Work on a sheet that nobody else works on meanwhile. The sheet exists from its first writing on. */
export function inSheet<T>(
  pool: Pool,
  key: SheetKey,
  version: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    await lockSheet(client, key, version);
    return work(client);
  });
}

export async function lockSheet(client: PoolClient, key: SheetKey, version: string): Promise<void> {
  await client.query(
    `insert into statistics.sheet (form, unit, period, version) values ($1, $2, $3, $4) on conflict do nothing`,
    [key.form, key.unit, key.period, version],
  );
}

export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

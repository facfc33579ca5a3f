/**
 * Counts by sex and age that take long: a period at a time, behind, one question after another. Who asks gets what is counted so far and
 * asks again; what nobody asks for any more is stopped, in the database, too. They are counted from the record as it is, so that nothing
 * is kept longer than somebody looks at it.
 */
import type { Pool } from 'pg';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { patientPool, PATIENCE as TIME } from '../../kernel/store/index.ts';
import { type GroupAsk, type GroupedNumbers, groupedNumbers } from './groups.ts';
import { within } from './turns.ts';

export interface GroupTimes {
  /** So long an answer that may be unfinished is waited for, ms. */
  patience: number;
  /** A count is stopped when nobody asked for it so long, ms. Screens ask again every 4 s. */
  abandoned: number;
  /** What was counted is given again so long after it was begun, ms. */
  remembered: number;
}

const TIMES: GroupTimes = { patience: 3_000, abandoned: 12_000, remembered: 60_000 };

export interface GroupsSoFar {
  numbers: GroupedNumbers;
  /** Periods that are not counted yet. */
  waiting: Set<string>;
  /** When the count was begun. */
  made: Date;
}

interface Count {
  ask: GroupAsk;
  done: Map<string, GroupedNumbers>;
  made: Date;
  /** When somebody last asked, ms of `performance.now()`. */
  asked: number;
  /** When it came to its end or was stopped. */
  ended: number;
  /** How many wait for the whole of it. */
  waiters: number;
  /** Null when nobody works on it. */
  work: Promise<void> | null;
  /** Why it could not be counted: told to who asks next. */
  problem: Error | null;
}

export class GroupCounts {
  private readonly pool: Pool;
  private readonly content: Content;
  private readonly times: GroupTimes;
  private readonly counts = new Map<string, Count>();
  private last: Promise<void> = Promise.resolve();

  constructor(pool: Pool, content: Content, times: GroupTimes = TIMES) {
    this.pool = pool;
    this.content = content;
    this.times = times;
  }

  /** Everything that is asked for, however long it takes. */
  async whole(ask: GroupAsk): Promise<GroupsSoFar> {
    const count = this.countOf(ask);
    count.waiters += 1;
    try {
      while (isLacking(count)) {
        await this.working(count);
        tell(count);
      }
    } finally {
      count.waiters -= 1;
    }
    return soFar(count);
  }

  /** What is counted within a moment, and before. */
  async soon(ask: GroupAsk): Promise<GroupsSoFar> {
    const count = this.countOf(ask);
    tell(count);
    if (isLacking(count)) await within(this.working(count), this.times.patience);
    tell(count);
    return soFar(count);
  }

  private countOf(ask: GroupAsk): Count {
    const now = performance.now();
    for (const [key, { work, ended }] of this.counts)
      if (work === null && now - ended > this.times.remembered) this.counts.delete(key);
    const key = keyOf(ask);
    const count: Count = this.counts.get(key) ?? {
      ask,
      done: new Map(),
      made: new Date(),
      asked: now,
      ended: now,
      waiters: 0,
      work: null,
      problem: null,
    };
    count.asked = now;
    this.counts.set(key, count);
    return count;
  }

  /** Until the count ends or is stopped. One question is counted after another: the day's work goes on beside them. */
  private working(count: Count): Promise<void> {
    if (count.work !== null) return count.work;
    const work = this.last.then(() => this.carryOut(count));
    count.work = work;
    this.last = work;
    return work;
  }

  private async carryOut(count: Count): Promise<void> {
    try {
      await this.countPeriods(count);
    } catch (error) {
      // What was stopped because nobody asked is begun again when somebody does.
      if (!(error instanceof Failure && error.code === 'interrupted')) count.problem = error as Error;
    } finally {
      count.work = null;
      count.ended = performance.now();
    }
  }

  /** Newest first: they are looked at first. */
  private async countPeriods(count: Count): Promise<void> {
    const { ask, done } = count;
    const isGone = () => count.waiters === 0 && performance.now() - count.asked > this.times.abandoned;
    for (const period of ask.periods.toReversed()) {
      if (done.has(period)) continue;
      if (isGone()) return;
      const pool = patientPool(this.pool, { unhurried: true, isGone }, TIME);
      done.set(period, await groupedNumbers(pool, this.content, { ...ask, periods: [period] }));
    }
  }
}

const isLacking = ({ ask, done }: Count): boolean => ask.periods.some((period) => !done.has(period));

function tell(count: Count): void {
  const { problem } = count;
  if (problem === null) return;
  count.problem = null;
  throw problem;
}

const keyOf = ({ form, cells, groups, units, periods }: GroupAsk): string =>
  JSON.stringify([form, cells, groups.map(({ key }) => key), units, periods]);

function soFar({ ask, done, made }: Count): GroupsSoFar {
  const numbers = new Map(done);
  return {
    made,
    waiting: new Set(ask.periods.filter((period) => !numbers.has(period))),
    numbers: {
      number: (group, unit, period, cell) => numbers.get(period)?.number(group, unit, period, cell) ?? null,
      sheet: (group, unit, period) => numbers.get(period)?.sheet(group, unit, period) ?? new Map(),
      untold: new Set([...numbers.values()].flatMap(({ untold }) => [...untold])),
    },
  };
}

const known = new WeakMap<Pool, GroupCounts>();

/** One for each database that the program works on. */
export function groupCountsOf(pool: Pool, content: Content): GroupCounts {
  const counts = known.get(pool) ?? new GroupCounts(pool, content);
  known.set(pool, counts);
  return counts;
}

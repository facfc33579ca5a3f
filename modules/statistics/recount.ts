/** Counts behind: numbers that somebody was shown and that the record has left behind. One form at a time, each unit and period once. */
import type { Pool } from 'pg';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Counted, countNow } from './figures.ts';
import type { Form } from './forms.ts';

/** Requests that come so close together are counted together, ms. */
const REST = 200;

/** A form is counted again no sooner than so many times as long as its last count took: the day's work goes on beside it. */
const PAUSE = 5;
/** How often it is looked whether another form is asked for, ms. */
const LOOK = 500;

interface Wanted {
  form: Form;
  units: Set<string>;
  periods: Set<string>;
}

export class Recounter {
  private readonly pool: Pool;
  private readonly wanted = new Map<string, Wanted>();
  /** When a form may be counted again, ms of `performance.now()`. */
  private readonly free = new Map<string, number>();
  private working: Promise<void> | null = null;
  /** Why the last count behind did not come to its end; null when it did. */
  problem: string | null = null;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  /** Asks for stale numbers to be counted again soon. */
  ask(form: Form, places: Iterable<{ unit: string; period: string }>): void {
    const key = `${form.key} ${form.version}`;
    const wanted = this.wanted.get(key) ?? { form, units: new Set(), periods: new Set() };
    for (const { unit, period } of places) {
      wanted.units.add(unit);
      wanted.periods.add(period);
    }
    if (wanted.units.size === 0) return;
    this.wanted.set(key, wanted);
    this.working ??= this.work();
  }

  /** Waits until nothing is asked for any more. */
  async settled(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  private async work(): Promise<void> {
    await rest(REST);
    try {
      for (let next = await this.take(); next !== null; next = await this.take()) {
        const [key, { form, units, periods }] = next;
        const began = performance.now();
        await countNow(this.pool, form, [...units], [...periods]);
        const ended = performance.now();
        this.free.set(key, ended + (ended - began) * PAUSE);
      }
      this.problem = null;
    } catch (error) {
      // The numbers stay marked as stale: their readers are told, and the next one asks again.
      this.wanted.clear();
      this.problem = (error as Error).message;
    } finally {
      this.working = null;
    }
  }

  /** When the first of the wanted forms may be counted; 0 when none is wanted. */
  private soonest(): number {
    const times = [...this.wanted.keys()].map((key) => this.free.get(key) ?? 0);
    return times.length === 0 ? 0 : Math.min(...times);
  }

  /** The wanted form that may be counted first, when it may. One that is asked for meanwhile need not wait for another's pause. */
  private async take(): Promise<[string, Wanted] | null> {
    for (let left = this.soonest() - performance.now(); left > 0; left = this.soonest() - performance.now())
      await rest(Math.min(left, LOOK));
    const [first] = [...this.wanted].sort(([a], [b]) => (this.free.get(a) ?? 0) - (this.free.get(b) ?? 0));
    if (!first) return null;
    this.wanted.delete(first[0]);
    return first;
  }
}

async function rest(milliseconds: number): Promise<void> {
  await new Promise((rested) => setTimeout(rested, milliseconds).unref());
}

const recounters = new WeakMap<Pool, Recounter>();

/** One for each database that the program works on. */
export function recounterOf(pool: Pool): Recounter {
  const recounter = recounters.get(pool) ?? new Recounter(pool);
  recounters.set(pool, recounter);
  return recounter;
}

/** How fresh the numbers of an answer are: what the screen says beneath them. */
export interface CountedAnswer {
  /** When the oldest was counted; null when nothing is counted. */
  made: string | null;
  /** How many the record has left behind; they are being counted again. */
  stale: number;
  /** How many nobody counted yet: they have no number, and are being counted. */
  missing: number;
  /** Why they could not be. */
  problem: string | null;
}

export function countedAnswer(pool: Pool, { oldest, stale, missing }: Counted): CountedAnswer {
  return {
    made: oldest === null ? null : vietnamInstant(oldest),
    stale,
    missing,
    problem: recounterOf(pool).problem,
  };
}

/** Counts behind: numbers that somebody was shown and that the record has left behind. One form at a time, each unit and period once. */
import type { Pool } from 'pg';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Counted, countNow } from './figures.ts';
import type { Form } from './forms.ts';

/** Requests that come so close together are counted together, ms. */
const REST = 200;

interface Wanted {
  form: Form;
  units: Set<string>;
  periods: Set<string>;
}

export class Recounter {
  private readonly pool: Pool;
  private readonly wanted = new Map<string, Wanted>();
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
    await new Promise((rested) => setTimeout(rested, REST).unref());
    try {
      for (let next = this.take(); next !== null; next = this.take())
        await countNow(this.pool, next.form, [...next.units], [...next.periods]);
      this.problem = null;
    } catch (error) {
      // The numbers stay marked as stale: their readers are told, and the next one asks again.
      this.wanted.clear();
      this.problem = (error as Error).message;
    } finally {
      this.working = null;
    }
  }

  private take(): Wanted | null {
    const [first] = this.wanted;
    if (!first) return null;
    this.wanted.delete(first[0]);
    return first[1];
  }
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
  /** Why they could not be. */
  problem: string | null;
}

export function countedAnswer(pool: Pool, { oldest, stale }: Counted): CountedAnswer {
  return {
    made: oldest === null ? null : vietnamInstant(oldest),
    stale,
    problem: recounterOf(pool).problem,
  };
}

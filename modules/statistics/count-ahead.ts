/** Counts ahead what units will be asked for: hardly anybody waits for a first count. */
import type { Pool } from 'pg';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { countNow, figuresOf } from './figures.ts';
import { type Form, formIn, formsOn } from './forms.ts';
import { daysOfPeriod, periodOf, shiftPeriod } from './period.ts';
import { recounterOf } from './recount.ts';
import { inTurn } from './turns.ts';

/** Months, quarters and years before the one at hand that are counted ahead. */
const BACK = 13;
/** The program has other things to do when it starts, ms. */
const FIRST = 60_000;
const EVERY = 3_600_000;
/** After a count the database rests so many times as long: the day's work goes on beside it. */
const PAUSE = 2;

/** Counts, an hour after another, what units will be asked for and nobody counted: the periods of the year before that are over. */
export function followCalendar(kernel: Kernel): void {
  const work = () =>
    void countAhead(kernel).catch((error: Error) => {
      recounterOf(kernel.pool).problem = error.message;
    });
  setTimeout(work, FIRST).unref();
  setInterval(work, EVERY).unref();
}

/** @returns how many numbers of forms, units and periods were counted */
export async function countAhead({ pool, content, settings }: Kernel): Promise<number> {
  const today = vietnamDay(settings.now());
  let many = 0;
  for (const { key, plan } of formsOn(content, today)) {
    const { period, units: kinds } = plan.definition;
    const now = periodOf(period, today);
    const periods = Array.from({ length: BACK }, (_, at) => shiftPeriod(now, -1 - at));
    const units = await pool.query<{ id: string }>(
      'select resource_key as id from views.unit where kind = any($1) order by id',
      [kinds],
    );
    const ids = units.rows.map(({ id }) => id);
    // Newest first: they are looked at first.
    for (const one of periods) {
      const form = formIn(content, key, one);
      if (form === null || daysOfPeriod(one).end >= today || ids.length === 0) continue;
      const began = performance.now();
      const counted = await inTurn(pool, form, () => countMissing(pool, form, ids, one));
      many += counted;
      if (counted > 0) await rest((performance.now() - began) * PAUSE);
    }
  }
  return many;
}

async function countMissing(
  pool: Pool,
  form: Form,
  units: readonly string[],
  period: string,
): Promise<number> {
  const figures = await figuresOf(pool, form, units, [period], 'there');
  const missing = units.filter((unit) => !figures.has(`${unit} ${period}`));
  if (missing.length > 0) await countNow(pool, form, missing, [period]);
  return missing.length;
}

async function rest(milliseconds: number): Promise<void> {
  await new Promise((rested) => setTimeout(rested, milliseconds).unref());
}

/** Which numbers a change of the record touches: those of the units and periods in which its persons stood before or stand now. */
import type { PoolClient } from 'pg';
import { placesOfPersons } from '../../engines/reports/index.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { afterTables, beforeTables } from '../record/index.ts';
import { everyForm } from './forms.ts';

/** From so many persons in a batch on, everything is counted anew: the record is being loaded. */
const MANY = 200;

/** Marks numbers as stale inside the transaction that moves the tables. */
export function followRecord(kernel: Kernel): void {
  const mark = (changes: readonly Change[], client: PoolClient) => markTouched(kernel, changes, client);
  beforeTables(kernel, mark);
  afterTables(kernel, async (changes, _resources, client) => {
    await mark(changes, client);
  });
}

async function markTouched(kernel: Kernel, changes: readonly Change[], client: PoolClient): Promise<void> {
  const kept = await client.query('select 1 from statistics.figure limit 1');
  if (changes.length === 0 || kept.rows.length === 0) return;
  const persons = [...new Set(changes.flatMap(({ patient }) => (patient === null ? [] : [patient])))];
  const shared = changes.some(({ patient }) => patient === null);
  if (shared || persons.length > MANY) {
    await client.query('update statistics.figure set stale = true, turn = turn + 1');
    return;
  }
  for (const form of everyForm(kernel.content)) {
    const places = await placesOfPersons(client, form.plan, persons);
    if (places.length === 0) continue;
    await client.query(
      `update statistics.figure f set stale = true, turn = turn + 1
       from unnest($2::text[], $3::date[]) as p (unit, day)
       where f.form = $1 and f.unit = p.unit and (p.day is null or f.period in (
         to_char(p.day, 'YYYY-MM'), to_char(p.day, 'YYYY-"Q"Q'), to_char(p.day, 'YYYY')))`,
      [form.key, places.map(({ unit }) => unit), places.map(({ day }) => day)],
    );
  }
}

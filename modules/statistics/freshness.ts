/** Which numbers a change of the record touches: those of the units and periods in which its persons stood before or stand now. */
import type { PoolClient } from 'pg';
import { placesOfPersons, type TouchedPlace, type Way, waysOf } from '../../engines/reports/index.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { afterTables, beforeTables } from '../record/index.ts';
import { everyForm, type Form } from './forms.ts';

/** From so many persons in a batch on, everything is counted anew: the record is being loaded. */
const MANY = 600;

/** Marks numbers as stale inside the transaction that moves the tables. */
export function followRecord(kernel: Kernel): void {
  const mark = (changes: readonly Change[], client: PoolClient) =>
    markTouched(everyForm(kernel.content), changes, client);
  beforeTables(kernel, mark);
  afterTables(kernel, async (changes, _resources, client) => {
    await mark(changes, client);
  });
}

/** @param forms those whose numbers may be kept */
export async function markTouched(
  forms: readonly Form[],
  changes: readonly Pick<Change, 'type' | 'patient'>[],
  client: Pick<PoolClient, 'query'>,
): Promise<void> {
  const touched = touchedWays(forms, changes);
  if (touched.length === 0) return;
  const kept = await client.query('select 1 from statistics.figure limit 1');
  if (kept.rows.length === 0) return;
  const persons = [...new Set(changes.flatMap(({ patient }) => (patient === null ? [] : [patient])))];
  for (const { way, forms: keys, shared } of touched) {
    if (shared || persons.length > MANY) {
      await client.query('update statistics.figure set stale = true, turn = turn + 1 where form = any($1)', [
        keys,
      ]);
      continue;
    }
    const places = await placesOfPersons(client, way, persons);
    if (places.length > 0) await markPlaces(client, keys, places);
  }
}

interface TouchedWay {
  way: Way;
  forms: string[];
  /** A resource of no person changed: a unit or a room. */
  shared: boolean;
}

/** Ways that lead over a type that changed; one that several forms go stands there once. */
function touchedWays(
  forms: readonly Form[],
  changes: readonly Pick<Change, 'type' | 'patient'>[],
): TouchedWay[] {
  const ofPersons = new Set<string>();
  const ofNobody = new Set<string>();
  for (const { type, patient } of changes) (patient === null ? ofNobody : ofPersons).add(type);
  const found = new Map<string, TouchedWay>();
  for (const form of forms) {
    for (const way of waysOf(form.plan)) {
      const shared = [...way.types].some((type) => ofNobody.has(type));
      if (!shared && ![...way.types].some((type) => ofPersons.has(type))) continue;
      const known = found.get(way.key) ?? { way, forms: [], shared };
      if (!known.forms.includes(form.key)) known.forms.push(form.key);
      found.set(way.key, known);
    }
  }
  return [...found.values()];
}

async function markPlaces(
  client: Pick<PoolClient, 'query'>,
  forms: readonly string[],
  places: readonly TouchedPlace[],
): Promise<void> {
  await client.query(
    `update statistics.figure f set stale = true, turn = turn + 1
     from unnest($2::text[], $3::date[]) as p (unit, day)
     where f.form = any($1) and f.unit = p.unit and (p.day is null or f.period in (
       to_char(p.day, 'YYYY-MM'), to_char(p.day, 'YYYY-"Q"Q'), to_char(p.day, 'YYYY')))`,
    [forms, places.map(({ unit }) => unit), places.map(({ day }) => day)],
  );
}

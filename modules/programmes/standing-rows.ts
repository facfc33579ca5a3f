/** A person's standing written into `programmes.member`, `task` and `dose`, when it differs from what stands there. */
import type { PoolClient } from 'pg';
import { hash64 } from '../../kernel/store/hash.ts';
import type { StandingRows } from './projection.ts';

/** @returns false when it stands there already */
export async function writeRows(
  client: PoolClient,
  { member, tasks, doses, notGiven }: StandingRows,
): Promise<boolean> {
  const pt = hash64(`Patient/${member.patient}`).toString();
  const known = await client.query<{ content: string; unit: string }>(
    'select content from programmes.member where pt = $1 and programme = $2 for update',
    [pt, member.programme],
  );
  if (known.rows[0]?.content === member.content) {
    await client.query(
      'update programmes.member set look_again = $3 where pt = $1 and programme = $2 and look_again is distinct from $3',
      [pt, member.programme, member.look_again],
    );
    return false;
  }
  const row = { pt, ...member };
  const names = Object.keys(row);
  await client.query(
    `insert into programmes.member (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})
      on conflict (pt, programme) do update set ${names
        .slice(1)
        .map((name) => `${name} = excluded.${name}`)
        .join(', ')}`,
    Object.values(row),
  );
  await client.query('delete from programmes.task where pt = $1 and programme = $2', [pt, member.programme]);
  await client.query('delete from programmes.dose where pt = $1 and programme = $2', [pt, member.programme]);
  await client.query('delete from programmes.not_given where pt = $1 and programme = $2', [
    pt,
    member.programme,
  ]);
  if (tasks.length > 0)
    await client.query(INSERT_TASKS, [
      pt,
      member.programme,
      member.patient,
      member.unit,
      member.village,
      JSON.stringify(tasks),
    ]);
  if (doses.length > 0)
    await client.query(INSERT_DOSES, [pt, member.programme, member.patient, JSON.stringify(doses)]);
  if (notGiven.length > 0)
    await client.query(INSERT_NOT_GIVEN, [pt, member.programme, member.patient, JSON.stringify(notGiven)]);
  return true;
}

const INSERT_NOT_GIVEN = `
  insert into programmes.not_given (pt, programme, patient, immunization, product, reason, day, unit)
  select $1, $2, $3, n.immunization, n.product, n.reason, n.day, n.unit
  from jsonb_to_recordset($4::jsonb) as n(immunization text, product text, reason text, day date, unit text)`;

const INSERT_DOSES = `
  insert into programmes.dose (pt, programme, patient, series, immunization, label, ordinal, day, verdict, unit)
  select $1, $2, $3, d.series, d.immunization, d.label, d.ordinal, d.day, d.verdict, d.unit
  from jsonb_to_recordset($4::jsonb) as d(series text, immunization text, label text, ordinal int, day date, verdict text, unit text)`;

const INSERT_TASKS = `
  insert into programmes.task (pt, programme, key, patient, unit, village, title, product, about, priority, reason, earliest, due, overdue, latest, next_call)
  select $1, $2, t.key, $3, $4, $5, t.title, t.product, t.about, t.priority, t.reason, t.earliest, t.due, t.overdue, t.latest, t.next_call
  from jsonb_to_recordset($6::jsonb) as t(key text, title text, product text, about text[], priority text, reason text,
    earliest date, due date, overdue date, latest date, next_call date)`;

/** Takes away what stands of a person in programmes other than `keys`. @returns their units */
export async function removeOthers(
  client: PoolClient,
  patient: string,
  keys: readonly string[],
): Promise<string[]> {
  const pt = hash64(`Patient/${patient}`).toString();
  const gone = await client.query<{ unit: string }>(
    'delete from programmes.member where pt = $1 and not programme = any($2) returning unit',
    [pt, keys],
  );
  if (gone.rows.length > 0)
    for (const table of ['task', 'dose', 'not_given'])
      await client.query(`delete from programmes.${table} where pt = $1 and not programme = any($2)`, [
        pt,
        keys,
      ]);
  return gone.rows.map(({ unit }) => unit);
}

/** A campaign of a unit: what came of each of its target, and what each day brought. */
import type { Pool } from 'pg';
import { foldWords } from '../../../kernel/text/fold.ts';
import { foldedOf } from '../lists.ts';
import type { Reason } from '../not-given.ts';
import type { CampaignDay, CampaignRow, Outcome } from './outcomes.ts';

export interface CampaignOf {
  unit: string;
  programme: string;
  reasons: readonly Reason[];
}

/** `outcomeOf` in SQL. */
const OUTCOME = `case
    when exists (select from programmes.dose d where d.pt = m.pt and d.programme = m.programme and d.verdict = 'valid') then 'given'
    when m.silence <> '' then m.silence
    when n.reason is null then 'left'
    else coalesce((select r.kind from jsonb_to_recordset($3::jsonb) as r(code text, kind text) where r.code = n.reason), 'postponed')
  end`;

const TARGET = `
  select m.pt, m.programme, m.patient, m.village, m.birth, m.last_called, ${OUTCOME} as outcome, n.reason
  from programmes.member m
  left join lateral (
    select n.reason from programmes.not_given n where n.pt = m.pt and n.programme = m.programme
    order by n.day desc, n.immunization desc limit 1
  ) n on true
  where m.unit = $1 and m.programme = $2 and m.state = 'enrolled'`;

const valuesOf = ({ unit, programme, reasons }: CampaignOf) => [unit, programme, JSON.stringify(reasons)];

/** How many of the target came to what, village by village. */
export async function outcomesOf(
  pool: Pool,
  of: CampaignOf,
): Promise<{ village: string; outcome: Outcome; people: number }[]> {
  const { rows } = await pool.query<{ village: string; outcome: Outcome; people: number }>(
    `select village, outcome, count(*)::int as people from (${TARGET}) t group by 1, 2 order by 1, 2`,
    valuesOf(of),
  );
  return rows;
}

/** What the unit itself did, day by day. */
export async function daysOf(
  pool: Pool,
  { unit, programme, from }: { unit: string; programme: string; from: string },
): Promise<CampaignDay[]> {
  const [given, not] = await Promise.all([
    pool.query<{ day: string; given: number; others: number }>(
      `select d.day::text as day, count(distinct d.pt) filter (where m.unit = $1)::int as given,
          count(distinct d.pt) filter (where m.unit is distinct from $1)::int as others
        from programmes.dose d left join programmes.member m on m.pt = d.pt and m.programme = d.programme
        where d.unit = $1 and d.programme = $2 and d.day >= $3 group by 1`,
      [unit, programme, from],
    ),
    pool.query<{ day: string; reason: string; people: number }>(
      `select day::text as day, reason, count(distinct pt)::int as people from programmes.not_given
        where unit = $1 and programme = $2 and day >= $3 group by 1, 2`,
      [unit, programme, from],
    ),
  ]);
  const days = [...new Set([...given.rows, ...not.rows].map(({ day }) => day))].sort();
  return days.map((day) => ({
    day,
    given: 0,
    others: 0,
    ...given.rows.find((one) => one.day === day),
    reasons: Object.fromEntries(
      not.rows.filter((one) => one.day === day).map(({ reason, people }) => [reason, people]),
    ),
  }));
}

export async function campaignPeople(
  pool: Pool,
  of: CampaignOf,
  asked: { outcome: Outcome | ''; village: string; text: string; first: number; count: number },
): Promise<{ rows: CampaignRow[]; total: number }> {
  const where = `from (${TARGET}) t join views.patient p on p.resource_key = t.patient
    where ($4 = '' or t.outcome = $4) and ($5 = '' or t.village = $5)
      and (cardinality($6::text[]) = 0 or ${foldedOf('t')} like all($6::text[]))`;
  const words = foldWords(asked.text).map((word) => `%${word}%`);
  const values = [...valuesOf(of), asked.outcome, asked.village, words];
  const [page, all] = await Promise.all([
    pool.query<CampaignRow>(
      `select t.patient, coalesce(p.full_name, '') as "fullName", p.gender, p.birth_date as "birthDate", t.village, t.outcome,
          coalesce(t.reason, '') as reason,
          (select coalesce(jsonb_agg(jsonb_build_object('series', d.series, 'immunization', d.immunization, 'label', d.label,
            'ordinal', d.ordinal, 'day', d.day, 'verdict', d.verdict, 'unit', d.unit) order by d.day, d.series, d.ordinal), '[]')
            from programmes.dose d where d.pt = t.pt and d.programme = t.programme) as doses
        ${where} order by t.village, p.full_name, t.patient limit $7 offset $8`,
      [...values, asked.count, asked.first],
    ),
    pool.query<{ total: number }>(`select count(*)::int as total ${where}`, values),
  ]);
  return { rows: page.rows, total: all.rows[0]!.total };
}

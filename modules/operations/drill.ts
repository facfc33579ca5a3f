/** The records behind a figure of the wall: visits without names, each opened further only by those who may. */
import type { Pool } from 'pg';
import { vietnamDayBounds } from '../../kernel/text/vietnam-time.ts';
import { markInstant, type PageMark, writePageMark } from '../record/index.ts';

export interface DrillQuery {
  day: string;
  unit?: string;
  /** ICD-10 code of one of the visit's diagnoses. */
  code?: string;
  /** Status of the visit; `arrived` = all who wait, as the wall counts them. */
  status?: string;
  /** Where the page before ended; null = the first page. */
  after: PageMark | null;
  count: number;
}

export interface DrillRow {
  encounter: string;
  started: string;
  unit: string;
  unitName: string;
  status: string;
  sex: string | null;
  birthYear: string | null;
  commune: string | null;
  diagnoses: string | null;
}

/** One page, newest first, and the key of the next one. No name, number or exact birth date leaves here. */
export async function drill(pool: Pool, query: DrillQuery): Promise<{ rows: DrillRow[]; next?: string }> {
  const { from, to } = vietnamDayBounds(query.day);
  const answer = await pool.query<DrillRow>(DRILL, [
    from,
    to,
    query.unit ?? null,
    query.code ?? null,
    query.status ?? null,
    query.after?.instant ?? null,
    query.after?.key ?? null,
    query.count + 1,
  ]);
  const rows = answer.rows.slice(0, query.count);
  const last = rows.at(-1);
  return answer.rows.length > query.count && last
    ? { rows, next: writePageMark({ instant: last.started, key: last.encounter }) }
    : { rows };
}

const DRILL = `
  select v.resource_key as encounter,
    ${markInstant('v.started')} as started,
    v.unit, coalesce(u.name, v.unit) as "unitName", v.status, p.gender as sex, left(p.birth_date, 4) as "birthYear", p.commune,
    (select string_agg(d.code || ' ' || coalesce(d.display, ''), '; ' order by d.resource_key = v.main_condition desc, d.code)
       from views.diagnosis d where d.encounter = v.resource_key) as diagnoses
  from views.visit v
  left join views.unit u on u.resource_key = v.unit
  left join views.patient p on p.resource_key = v.person
  where v.started >= $1 and v.started < $2 and v.status <> 'cancelled'
    and ($3::text is null or v.unit = $3)
    and ($4::text is null or exists (select 1 from views.diagnosis d where d.encounter = v.resource_key and d.code = $4))
    and ($5::text is null or v.status = $5 or ($5 = 'arrived' and v.status = 'triaged'))
    and ($6::timestamptz is null or (v.started, v.resource_key) < ($6::timestamptz, $7::text))
  order by v.started desc, v.resource_key desc
  limit $8`;

/** Cases of notifiable diseases: a list over the record, nothing typed twice. */
import type { Pool } from 'pg';
import type { Content } from '../../kernel/content/content.ts';
import { vietnamDayBounds } from '../../kernel/text/vietnam-time.ts';
import { DIAGNOSED_BETWEEN } from '../record/index.ts';
import { notifiableOf, reportDeadline } from './notifiable.ts';

export interface CaseQuery {
  /** First and last day of diagnosis, both inclusive. */
  from: string;
  to: string;
  /** Organization id; null = the whole province. */
  unit: string | null;
}

export interface Case {
  condition: string;
  patient: string;
  encounter: string;
  disease: string;
  group: string;
  code: string;
  display: string;
  diagnosed: string;
  deadline: string | null;
  unit: string;
  unitName: string;
  fullName: string | null;
  gender: string | null;
  birthDate: string | null;
  address: string | null;
}

/** Cases newest first. The list in force on the day of each diagnosis decides what is notifiable. */
export async function casesOf(pool: Pool, content: Content, query: CaseQuery): Promise<Case[]> {
  const { from } = vietnamDayBounds(query.from);
  const { to } = vietnamDayBounds(query.to);
  const answer = await pool.query<Omit<Case, 'disease' | 'group' | 'deadline'>>(CASES, [
    from,
    to,
    query.unit,
  ]);
  return answer.rows.flatMap((row) => {
    const notifiable = notifiableOf(
      content.inForce('surveillance/notifiable', row.diagnosed.slice(0, 10)),
      row.code,
    );
    if (!notifiable) return [];
    const deadline = reportDeadline(row.diagnosed, notifiable);
    return [{ ...row, disease: notifiable.name, group: notifiable.group, deadline }];
  });
}

const CASES = `
  select d.resource_key as condition, d.person as patient, d.encounter, d.code, coalesce(d.display, '') as display,
    to_char(d.diagnosed at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS"+07:00"') as diagnosed,
    v.unit, coalesce(u.name, v.unit) as "unitName",
    p.full_name as "fullName", p.gender, p.birth_date as "birthDate", p.address_text as address
  from ${DIAGNOSED_BETWEEN} d
  join view_visit v on v.resource_key = d.encounter
  left join view_unit u on u.resource_key = v.unit
  left join view_patient p on p.resource_key = d.person
  where ($3::text is null or v.unit = $3)
    and d.verification is distinct from 'refuted' and d.verification is distinct from 'entered-in-error'
  order by d.diagnosed desc, d.resource_key`;

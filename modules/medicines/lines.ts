/** Lines of prescriptions with what was handed out by them, out of the plain tables of the record. */
import type { Pool } from 'pg';
import { isOfProtocol, type Protocols } from './rules.ts';
import type { Line } from './supply.ts';

/** A line of somebody, with the name for the list. */
export interface PersonLine extends Line {
  fullName: string;
  gender: string | null;
  birthDate: string | null;
}

/** A person's line that belongs to the protocol of a programme in which the unit follows the person. */
export interface FollowedLine extends PersonLine {
  programmes: string[];
}

const LINE = `p.resource_key as request, p.person, coalesce(p.number, '') as number, coalesce(p.encounter, '') as encounter,
  coalesce(p.medicine_code, '') as medicine, coalesce(p.medicine, '') as name, coalesce(p.atc, '') as atc,
  coalesce(p.unit_name, '') as unit, coalesce(p.quantity, 0)::float8 as quantity, coalesce(p.days, 0)::float8 as days,
  (p.authored at time zone 'Asia/Ho_Chi_Minh')::date::text as authored,
  h.handed, h.first as "firstHanded", h.last as "lastHanded",
  coalesce(c.full_name, '') as "fullName", c.gender, c.birth_date as "birthDate"`;

const HANDED = `left join lateral (
    select coalesce(sum(d.quantity), 0)::float8 as handed, min((d.handed at time zone 'Asia/Ho_Chi_Minh')::date)::text as first,
      max((d.handed at time zone 'Asia/Ho_Chi_Minh')::date)::text as last
    from views.dispense d where d.request = p.resource_key and d.status = 'completed'
  ) h on true`;

const SIGNED = `p.status in ('active', 'completed') and p.medicine_code is not null and p.authored is not null`;

/** Prescriptions that were signed at a unit since an instant and of which nothing was handed out yet, the oldest first. */
export async function waitingLines(pool: Pool, unit: string, since: Date): Promise<PersonLine[]> {
  const { rows } = await pool.query<PersonLine>(
    `select ${LINE} from views.visit v join views.prescription p on p.encounter = v.resource_key
      join views.patient c on c.resource_key = p.person ${HANDED}
      where v.unit = $1 and v.started >= $2::timestamptz - interval '1 day' and p.authored >= $2 and ${SIGNED}
      order by p.authored, p.resource_key`,
    [unit, since],
  );
  return rows;
}

/**
 * Of everybody whom the unit follows and who lives: the lines of the last prescription by which medicines of the programme's
 * protocol were given, wherever it was written.
 * @param since prescriptions before it are none that anybody still follows
 */
export async function followedLines(
  pool: Pool,
  unit: string,
  protocols: Protocols,
  since: Date,
): Promise<FollowedLine[]> {
  const { rows } = await pool.query<FollowedLine>(
    `with followed as (
        select person, array_agg(distinct programme) as programmes from views.enrolment
        where unit = $1 and status = 'active' and programme = any($2) group by person)
      select ${LINE}, f.programmes from followed f
      join views.patient c on c.resource_key = f.person and c.deceased is null
      join views.prescription p on p.person = f.person and p.authored >= $3 and ${SIGNED} ${HANDED}
      order by p.person, p.authored desc, p.resource_key`,
    [unit, [...protocols.keys()], since],
  );
  return lastOfProtocol(rows, protocols);
}

/** Of each person and programme the lines of the last prescription. Pure. @param rows of each person the newest first */
export function lastOfProtocol(rows: readonly FollowedLine[], protocols: Protocols): FollowedLine[] {
  const last = new Map<string, string>();
  return rows.flatMap((row) => {
    const programmes = row.programmes.filter((programme) => {
      if (!isOfProtocol(row.atc, protocols.get(programme) ?? [])) return false;
      const key = `${row.person} ${programme}`;
      const prescription = row.number || row.encounter || row.request;
      if (!last.has(key)) last.set(key, prescription);
      return last.get(key) === prescription;
    });
    return programmes.length === 0 ? [] : [{ ...row, programmes }];
  });
}

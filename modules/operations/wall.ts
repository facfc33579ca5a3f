/** The province's wall: figures counted from the view tables, each of which opens down to its visits. */
import type { Pool } from 'pg';
import type { Content, Row } from '../../kernel/content/content.ts';
import { addDays, vietnamDayBounds } from '../../kernel/text/vietnam-time.ts';
import { DIAGNOSED_BETWEEN } from '../record/index.ts';
import { categoriesOf, notifiableOf, reportDeadline } from '../surveillance/index.ts';

export interface UnitFigures {
  unit: string;
  name: string;
  /** Commune code of the unit's address, to find it on the map. */
  unitCode: string | null;
  /** tram-y-te, benh-vien or ttyt. */
  kind: string;
  visits: number;
  waiting: number;
  inProgress: number;
  finished: number;
}

export interface Alert {
  /** The Condition behind it; the person is not named here. */
  condition: string;
  disease: string;
  group: string;
  code: string;
  unit: string;
  unitName: string;
  /** Commune of the person's address. */
  commune: string | null;
  at: string;
  deadline: string;
}

export interface Wall {
  day: string;
  /** Instant at which the figures were counted. */
  asOf: string;
  totals: { visits: number; waiting: number; inProgress: number; finished: number };
  units: UnitFigures[];
  /** Visits a day of the last 30 days, oldest first, days without visits included. */
  trend: { day: string; visits: number }[];
  /** Visits an hour of the day, 0–23. */
  hours: number[];
  /** Main and secondary diagnoses of the day's visits, most frequent first, with the mean of the 7 days before. */
  diagnoses: { code: string; display: string; visits: number; usual: number }[];
  alerts: Alert[];
}

const TREND_DAYS = 30;
const ALERT_DAYS = 7;
const TOP = 12;

/** Counts the wall of a day; four statements side by side. */
export async function countWall(pool: Pool, content: Content, day: string, now: Date): Promise<Wall> {
  const { from, to } = vietnamDayBounds(day);
  const list = content.inForce('surveillance/notifiable', day);
  const [units, trend, hours, diagnoses, cases] = await Promise.all([
    pool.query<UnitFigures>(UNITS, [from, to]),
    pool.query<{ day: string; visits: number }>(TREND, [addDays(day, 1 - TREND_DAYS), day]),
    pool.query<{ hour: number; visits: number }>(HOURS, [from, to]),
    pool.query<{ code: string; display: string; visits: number; usual: number }>(DIAGNOSES, [from, to, TOP]),
    pool.query<CaseRow>(CASES, [vietnamDayBounds(addDays(day, 1 - ALERT_DAYS)).from, to, categoriesOf(list)]),
  ]);
  const byHour = new Map(hours.rows.map((row) => [row.hour, row.visits]));
  const sum = (key: 'visits' | 'waiting' | 'inProgress' | 'finished') =>
    units.rows.reduce((total, row) => total + row[key], 0);
  return {
    day,
    asOf: now.toISOString(),
    totals: {
      visits: sum('visits'),
      waiting: sum('waiting'),
      inProgress: sum('inProgress'),
      finished: sum('finished'),
    },
    units: units.rows,
    trend: trend.rows,
    hours: Array.from({ length: 24 }, (_, hour) => byHour.get(hour) ?? 0),
    diagnoses: diagnoses.rows,
    alerts: alertsOf(cases.rows, list),
  };
}

export interface CaseRow {
  condition: string;
  code: string;
  at: string;
  unit: string;
  unitName: string;
  commune: string | null;
}

/** Cases whose disease must be reported within hours, newest first. Pure. @param list notifiable diseases in force */
export function alertsOf(cases: CaseRow[], list: readonly Row[]): Alert[] {
  return cases.flatMap((row) => {
    const notifiable = notifiableOf(list, row.code);
    const deadline = notifiable && reportDeadline(row.at, notifiable);
    if (!notifiable || !deadline) return [];
    return [{ ...row, disease: notifiable.name, group: notifiable.group, deadline }];
  });
}

const STATES = `
  count(*)::int as visits,
  (count(*) filter (where v.status in ('arrived', 'triaged')))::int as waiting,
  (count(*) filter (where v.status = 'in-progress'))::int as "inProgress",
  (count(*) filter (where v.status = 'finished'))::int as finished`;

/** Every unit that sees patients is on the wall, also one without a visit today: silence is news. One that is no more is silent for good. */
const UNITS = `
  select u.resource_key as unit, u.name, u.unit_code as "unitCode", u.kind,
    coalesce(c.visits, 0) as visits, coalesce(c.waiting, 0) as waiting,
    coalesce(c."inProgress", 0) as "inProgress", coalesce(c.finished, 0) as finished
  from views.unit u
  left join (
    select v.unit, ${STATES} from views.visit v
    where v.started >= $1 and v.started < $2 and v.status <> 'cancelled' group by v.unit
  ) c on c.unit = u.resource_key
  where u.kind in ('tram-y-te', 'benh-vien', 'ttyt') and (u.active is distinct from false or c.visits > 0)
  order by visits desc, u.name`;

const TREND = `
  select to_char(d, 'YYYY-MM-DD') as day, coalesce(c.visits, 0)::int as visits
  from generate_series($1::date, $2::date, interval '1 day') d
  left join (
    select (started at time zone 'Asia/Ho_Chi_Minh')::date as day, count(*) as visits from views.visit
    where started >= ($1::text || 'T00:00:00+07:00')::timestamptz
      and started < (($2::date + 1)::text || 'T00:00:00+07:00')::timestamptz
      and status <> 'cancelled'
    group by 1
  ) c on c.day = d::date
  order by d`;

const HOURS = `
  select extract(hour from started at time zone 'Asia/Ho_Chi_Minh')::int as hour, count(*)::int as visits
  from views.visit where started >= $1 and started < $2 and status <> 'cancelled' group by 1`;

const DIAGNOSES = `
  with today as (
    select d.code, max(d.display) as display, count(distinct d.encounter)::int as visits
    from views.diagnosis d join views.visit v on v.resource_key = d.encounter
    where v.started >= $1 and v.started < $2 and v.status <> 'cancelled'
    group by d.code order by visits desc, d.code limit $3
  )
  select t.*, coalesce((
    select round(count(distinct d.encounter) / 7.0, 1)::float8
    from views.diagnosis d join views.visit v on v.resource_key = d.encounter
    where d.code = t.code and v.started >= $1::timestamptz - interval '7 days' and v.started < $1
  ), 0) as usual
  from today t order by t.visits desc, t.code`;

const CASES = `
  select d.resource_key as condition, d.code, to_char(d.diagnosed at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
    v.unit, coalesce(u.name, v.unit) as "unitName", p.commune
  from ${DIAGNOSED_BETWEEN} d
  join views.visit v on v.resource_key = d.encounter
  left join views.unit u on u.resource_key = v.unit
  left join views.patient p on p.resource_key = d.person
  where left(d.code, 3) = any($3::text[])
    and v.status <> 'cancelled' and d.verification is distinct from 'refuted' and d.verification is distinct from 'entered-in-error'
  order by d.diagnosed desc`;

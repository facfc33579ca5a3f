/** Lists of a station out of `programmes.member` and `programmes.task`: counts, worklists, the plan of a session. */
import type { Pool } from 'pg';
import { foldWords } from '../../kernel/text/fold.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';

export const LISTS = ['due', 'week', 'overdue', 'calls', 'later', 'invite', 'all', 'silent'] as const;
export type ListName = (typeof LISTS)[number];

export interface Counts {
  programme: string;
  enrolled: number;
  due: number;
  week: number;
  overdue: number;
  /** Whom to ask again, because the day that was agreed in a call has come; and who is asked later. */
  calls: number;
  later: number;
  invite: number;
  silent: number;
  /** Of those who are followed, for whom each target is met, is not, cannot be told. */
  targets: { key: string; text: string; met: number; unmet: number; unknown: number }[];
}

export async function countsOf(pool: Pool, unit: string, day: string): Promise<Counts[]> {
  const [members, targets] = await Promise.all([
    pool.query<Omit<Counts, 'targets'>>(COUNTS, [unit, day, addDays(day, 7)]),
    pool.query<{ programme: string; key: string; text: string; met: number; unmet: number; unknown: number }>(
      TARGETS,
      [unit],
    ),
  ]);
  return members.rows.map((row) => ({
    ...row,
    targets: targets.rows
      .filter(({ programme }) => programme === row.programme)
      .map(({ programme: _, ...one }) => one),
  }));
}

const COUNTS = `
  select m.programme,
    count(*) filter (where m.state = 'enrolled' and m.silence = '')::int as enrolled,
    count(*) filter (where t.due)::int as due,
    count(*) filter (where t.week)::int as week,
    count(*) filter (where t.late)::int as overdue,
    count(*) filter (where t.again)::int as calls,
    count(*) filter (where t.later)::int as later,
    count(*) filter (where m.state = 'proposed')::int as invite,
    count(*) filter (where m.state = 'enrolled' and m.silence <> '')::int as silent
  from programmes.member m
  left join lateral (
    select bool_or(open and due <= $2 and overdue >= $2) as due, bool_or(open and due > $2 and due < $3) as week,
      bool_or(open and overdue < $2) as late, bool_or(next_call <= $2) as again, bool_or(next_call > $2) as later
    from (
      select t.due, t.overdue, t.next_call, t.next_call is null or t.next_call <= $2 as open from programmes.task t
      where t.pt = m.pt and t.programme = m.programme and (t.due < $3 or t.next_call is not null)
    ) t
  ) t on true
  where m.unit = $1
  group by m.programme`;

const TARGETS = `
  select m.programme, t->>'key' as key, min(t->>'text') as text,
    count(*) filter (where t->'met' = 'true')::int as met,
    count(*) filter (where t->'met' = 'false')::int as unmet,
    count(*) filter (where t->'met' = 'null')::int as unknown
  from programmes.member m, jsonb_array_elements(m.targets) t
  where m.unit = $1 and m.state = 'enrolled' and m.silence = ''
  group by m.programme, t->>'key' order by 1, 2`;

export interface WorklistQuery {
  unit: string;
  programme: string;
  list: ListName;
  day: string;
  /** '' = all. */
  village: string;
  /** Words of the name or the address, folded, in any order. */
  text: string;
  first: number;
  count: number;
}

export interface WorkRow {
  patient: string;
  fullName: string;
  gender: string | null;
  birthDate: string | null;
  village: string;
  state: string;
  silence: string;
  silentSince: string | null;
  since: string | null;
  lastCall: string;
  lastCalled: string | null;
  nextCall: string | null;
  targets: { key: string; text: string; met: boolean | null }[];
  advice: { key: string; title: string; priority: string }[];
  tasks: {
    key: string;
    title: string;
    priority: string;
    reason: string;
    due: string;
    overdue: string;
    latest: string | null;
    nextCall: string | null;
    /** Key of the form that is filled in for it. */
    form?: string;
  }[];
}

/** Whoever is asked again later is in no list of who is due. */
const OPEN = '(t.next_call is null or t.next_call <= $3)';

/** Which members stand in a list; `t` are the tasks of the member that the list is about. */
const OF_LIST: Record<ListName, { member: string; task: string }> = {
  due: {
    member: `m.state = 'enrolled' and m.silence = ''`,
    task: `t.due <= $3 and t.overdue >= $3 and ${OPEN}`,
  },
  week: {
    member: `m.state = 'enrolled' and m.silence = ''`,
    task: `t.due > $3 and t.due < $3 + 7 and ${OPEN}`,
  },
  overdue: { member: `m.state = 'enrolled' and m.silence = ''`, task: `t.overdue < $3 and ${OPEN}` },
  calls: { member: `m.state = 'enrolled' and m.silence = ''`, task: 't.next_call <= $3' },
  later: { member: `m.state = 'enrolled' and m.silence = ''`, task: 't.next_call > $3' },
  invite: { member: `m.state = 'proposed'`, task: '' },
  all: { member: `m.state = 'enrolled'`, task: '' },
  silent: { member: `m.state = 'enrolled' and m.silence <> ''`, task: '' },
};

/** Whether a list is about what is to be done, and not about who is in. */
export function isOfTasks(list: ListName): boolean {
  return OF_LIST[list].task !== '';
}

export async function worklistOf(
  pool: Pool,
  query: WorklistQuery,
): Promise<{ rows: WorkRow[]; total: number }> {
  const { member, task } = OF_LIST[query.list];
  const from = `
    from programmes.member m join views.patient p on p.resource_key = m.patient
    left join lateral (
      select min(t.due) as due, min(t.overdue) as overdue,
        jsonb_agg(jsonb_build_object('key', t.key, 'title', t.title, 'priority', t.priority, 'reason', t.reason,
          'due', t.due, 'overdue', t.overdue, 'latest', t.latest, 'nextCall', t.next_call) order by t.due, t.key) as tasks
      from programmes.task t where t.pt = m.pt and t.programme = m.programme and ${task || 'true'}
    ) t on true
    where m.unit = $1 and m.programme = $2 and ${member} and $3::date is not null ${task === '' ? '' : 'and t.tasks is not null'}
      and ($4 = '' or m.village = $4)
      and (cardinality($5::text[]) = 0 or ${foldedOf('m')} like all($5::text[]))`;
  const values = [
    query.unit,
    query.programme,
    query.day,
    query.village,
    foldWords(query.text).map((word) => `%${word}%`),
  ];
  const [page, counted] = await Promise.all([
    pool.query<WorkRow>(
      `select m.patient, coalesce(p.full_name, '') as "fullName", p.gender, p.birth_date as "birthDate", m.village, m.state, m.silence,
          m.silent_since::text as "silentSince", m.since::text as since, m.last_call as "lastCall",
          m.last_called::text as "lastCalled", m.next_call::text as "nextCall", m.targets, m.advice, coalesce(t.tasks, '[]') as tasks
        ${from} order by t.due nulls last, p.full_name, m.patient limit $6 offset $7`,
      [...values, query.count, query.first],
    ),
    pool.query<{ total: number }>(`select count(*)::int as total ${from}`, values),
  ]);
  return { rows: page.rows, total: counted.rows[0]!.total };
}

/** `foldText` in SQL, of the person `p` and the village of another table. */
export const foldedOf = (member: string) =>
  `lower(regexp_replace(normalize(translate(concat_ws(' ', p.full_name, p.address_text, ${member}.village), 'đĐ', 'dd'), NFD), '[\\u0300-\\u036f]', '', 'g'))`;

export async function villagesOf(
  pool: Pool,
  unit: string,
  programme: string,
): Promise<{ village: string; people: number }[]> {
  const { rows } = await pool.query<{ village: string; people: number }>(
    `select village, count(*)::int as people from programmes.member where unit = $1 and programme = $2 and state in ('enrolled', 'proposed')
      group by village order by village`,
    [unit, programme],
  );
  return rows;
}

export interface SessionRow {
  patient: string;
  /** Of the task. */
  key: string;
  fullName: string;
  birthDate: string | null;
  village: string;
  product: string;
  title: string;
  due: string;
  isLate: boolean;
}

/** What may be done on a day with who is due until then: doses, one row a person and product, and other things if asked for. */
export async function sessionRows(
  pool: Pool,
  {
    unit,
    programme,
    day,
    village,
    withActs,
  }: { unit: string; programme: string; day: string; village: string; withActs: boolean },
): Promise<SessionRow[]> {
  const { rows } = await pool.query<SessionRow>(
    `select t.patient, t.key, coalesce(p.full_name, '') as "fullName", p.birth_date as "birthDate", t.village, t.product, t.title, t.due::text as due, t.overdue < $3 as "isLate"
      from programmes.task t join programmes.member m on m.pt = t.pt and m.programme = t.programme
      join views.patient p on p.resource_key = t.patient
      where t.unit = $1 and t.programme = $2 and (t.product <> '' or $5) and t.due <= $3 and t.earliest <= $3 and (t.latest is null or t.latest >= $3)
        and (t.next_call is null or t.next_call <= $3) and m.silence = '' and ($4 = '' or t.village = $4)
      order by t.village, p.full_name, t.patient, t.product
      limit ${MOST_OF_SESSION}`,
    [unit, programme, day, village, withActs],
  );
  return rows;
}

const MOST_OF_SESSION = 5_000;

/** Coverage out of `programmes.member` and `programmes.dose`: numbers, and the people behind each. */
import type { Pool } from 'pg';
import type { CoverageMeasure, DropOut, MissedList, Span, Taken } from '../../../engines/programmes/index.ts';
import { foldWords } from '../../../kernel/text/fold.ts';
import { foldedOf } from '../lists.ts';

export const GROUPINGS = ['none', 'village', 'month'] as const;
/** `unit-month`: `<unit>|<month>`. */
export type Grouping = (typeof GROUPINGS)[number] | 'unit' | 'unit-month';

/** Of which numbers: children of a unit who reached the age of the measure within the days. */
export interface Cohort {
  /** Null = all units. */
  unit: string | null;
  programme: string;
  /** ISO days, both inclusive. */
  from: string;
  to: string;
}

export interface CoverageNumbers {
  code: string;
  /** Village, month or unit; '' = all. */
  group: string;
  target: number;
  given: number;
  valid: number;
  timely: number;
}

const UNITS = { d: 'days', wk: 'weeks', mo: 'months', a: 'years' } as const;
const intervalOf = ({ value, unit }: Span) => `${value} ${UNITS[unit]}`;

const askedOf = (measures: readonly CoverageMeasure[]) =>
  JSON.stringify(
    measures.map(({ by, onTime, code, series, dose, ordinal }) => ({
      code,
      series,
      dose,
      ordinal,
      by: intervalOf(by),
      in_time: intervalOf(onTime),
    })),
  );

const OF_UNIT = '($1::text is null or m.unit = $1)';
/** Who died or moved away is no longer of the target. */
const OF_TARGET = `${OF_UNIT} and m.programme = $2 and m.state = 'enrolled' and m.silence not in ('died', 'moved') and m.birth is not null`;
const IS_GIVEN = '(d.ordinal >= k.ordinal or d.label = k.dose)';
const IS_VALID = `(d.label = k.dose and d.verdict = 'valid')`;
const MEASURES =
  '($3::jsonb) as k(code text, series text, dose text, ordinal int, by interval, in_time interval)';

/** The cohort of each measure with what each child reached; `r` = given, valid, timely. */
const COHORT = `
  from programmes.member m cross join jsonb_to_recordset${MEASURES}
  left join lateral (
    select coalesce(bool_or(${IS_GIVEN}), false) as given, coalesce(bool_or(${IS_VALID}), false) as valid,
      coalesce(bool_or(${IS_VALID} and d.day <= (m.birth + k.in_time)::date), false) as timely
    from programmes.dose d
    where d.pt = m.pt and d.programme = m.programme and d.series = k.series and d.day <= (m.birth + k.by)::date
  ) r on true
  where ${OF_TARGET} and (m.birth + k.by)::date between $4 and $5`;

const GROUP: Record<Grouping, string> = {
  none: `''`,
  village: 'm.village',
  month: `to_char((m.birth + k.by)::date, 'YYYY-MM')`,
  unit: 'm.unit',
  'unit-month': `m.unit || '|' || to_char((m.birth + k.by)::date, 'YYYY-MM')`,
};

export async function coverageOf(
  pool: Pool,
  { unit, programme, from, to }: Cohort,
  measures: readonly CoverageMeasure[],
  grouping: Grouping,
): Promise<CoverageNumbers[]> {
  const { rows } = await pool.query<CoverageNumbers>(
    `select k.code, ${GROUP[grouping]} as "group", count(*)::int as target, count(*) filter (where r.given)::int as given,
        count(*) filter (where r.valid)::int as valid, count(*) filter (where r.timely)::int as timely
      ${COHORT} group by 1, 2 order by 1, 2`,
    [unit, programme, askedOf(measures), from, to],
  );
  return rows;
}

/** Whether the first measure was had and the second not, both before the age of the second. */
const LOST = `
  from programmes.member m cross join jsonb_to_recordset($3::jsonb)
    as k(code text, series text, dose text, ordinal int, series_from text, dose_from text, ordinal_from int, by interval)
  join lateral (
    select coalesce(bool_or(d.series = k.series and ${IS_GIVEN}), false) as kept,
      coalesce(bool_or(d.series = k.series_from and (d.ordinal >= k.ordinal_from or d.label = k.dose_from)), false) as began
    from programmes.dose d where d.pt = m.pt and d.programme = m.programme and d.day <= (m.birth + k.by)::date
  ) r on r.began
  where ${OF_TARGET} and (m.birth + k.by)::date between $4 and $5`;

export interface DropOutNumbers {
  code: string;
  group: string;
  /** Had the first dose; and of these, lack the other. */
  began: number;
  lost: number;
}

export async function dropOutsOf(
  pool: Pool,
  { unit, programme, from, to }: Cohort,
  dropOuts: readonly DropOut[],
  measures: readonly CoverageMeasure[],
  grouping: Grouping = 'none',
): Promise<DropOutNumbers[]> {
  const { rows } = await pool.query<DropOutNumbers>(
    `select k.code, ${GROUP[grouping]} as "group", count(*)::int as began, count(*) filter (where not r.kept)::int as lost
      ${LOST} group by 1, 2 order by 1, 2`,
    [unit, programme, JSON.stringify(dropOuts.map((one) => pairOf(one, measures))), from, to],
  );
  return rows;
}

function pairOf({ code, from, to }: DropOut, measures: readonly CoverageMeasure[]) {
  const [first, last] = [from, to].map((name) => measures.find((one) => one.code === name)!);
  return {
    code,
    series: last!.series,
    dose: last!.dose,
    ordinal: last!.ordinal,
    series_from: first!.series,
    dose_from: first!.dose,
    ordinal_from: first!.ordinal,
    by: intervalOf(last!.by),
  };
}

const WAS_HAD = `exists (select from programmes.dose d
  where d.pt = m.pt and d.programme = m.programme and d.series = k.series and ${IS_GIVEN})`;

/** Who is of the age on `$4` and has or lacks what the list says. */
const MISSED = `
  from programmes.member m cross join (select $5::interval as age_from, $6::interval as age_to) a
  where ${OF_TARGET} and (m.birth + a.age_from)::date <= $4 and (m.birth + a.age_to)::date > $4
    and not exists (select from jsonb_to_recordset${MEASURES} where k.by is null and not ${WAS_HAD})
    and exists (select from jsonb_to_recordset${MEASURES} where k.by is not null and not ${WAS_HAD})`;

/** Doses that must be there stand without an age, those of which one must be missing with theirs. */
const missedValues = (
  { unit, programme }: Pick<Cohort, 'unit' | 'programme'>,
  list: MissedList,
  day: string,
) => [
  unit,
  programme,
  JSON.stringify([
    ...list.has.map(({ code, series, dose, ordinal }) => ({ code, series, dose, ordinal })),
    ...list.lacks.map(({ code, series, dose, ordinal, by }) => ({
      code,
      series,
      dose,
      ordinal,
      by: intervalOf(by),
    })),
  ]),
  day,
  intervalOf(list.ageFrom),
  intervalOf(list.ageTo),
];

/** @returns people of a list by unit; a unit without any is not there */
export async function missedCounts(
  pool: Pool,
  of: Pick<Cohort, 'unit' | 'programme'>,
  list: MissedList,
  day: string,
): Promise<{ unit: string; people: number }[]> {
  const { rows } = await pool.query<{ unit: string; people: number }>(
    `select m.unit, count(*)::int as people ${MISSED} group by 1 order by 1`,
    missedValues(of, list, day),
  );
  return rows;
}

export const PARTS = ['target', 'given', 'valid', 'timely', 'missing'] as const;
export type Part = (typeof PARTS)[number];

export interface CoverageRow {
  patient: string;
  fullName: string;
  gender: string | null;
  /** As the record has it, and as an ISO day. */
  birthDate: string | null;
  birth: string;
  village: string;
  lastCall: string;
  lastCalled: string | null;
  nextCall: string | null;
  /** Doses of the series that the number is about. */
  doses: Taken[];
}

/** Which people: of a number, a drop-out, or a list. */
export type Behind =
  | { kind: 'measure'; measure: CoverageMeasure; part: Part; grouping: Grouping; group: string }
  | { kind: 'drop-out'; dropOut: DropOut; measures: readonly CoverageMeasure[]; part: 'began' | 'lost' }
  | { kind: 'list'; list: MissedList; day: string };

const OF_PART: Record<Part, string> = {
  target: 'true',
  given: 'r.given',
  valid: 'r.valid',
  timely: 'r.timely',
  missing: 'not r.given',
};

export interface PageOf {
  text: string;
  first: number;
  count: number;
}

export async function peopleBehind(
  pool: Pool,
  cohort: Cohort,
  behind: Behind,
  { text, first, count }: PageOf,
): Promise<{ rows: CoverageRow[]; total: number }> {
  const { where, values, series } = whereOf(cohort, behind);
  const at = values.length;
  const found = `select m.pt, m.programme, m.patient, m.village, m.birth, m.last_call, m.last_called, m.next_call ${where}`;
  const named = `with found as (${found}) %s from found f join views.patient p on p.resource_key = f.patient
    where cardinality($${at + 1}::text[]) = 0 or ${foldedOf('f')} like all($${at + 1}::text[])`;
  const words = foldWords(text).map((word) => `%${word}%`);
  const [page, all] = await Promise.all([
    pool.query<CoverageRow>(
      `${named.replace(
        '%s',
        `select f.patient, coalesce(p.full_name, '') as "fullName", p.gender, p.birth_date as "birthDate", f.birth::text as birth, f.village,
          f.last_call as "lastCall", f.last_called::text as "lastCalled", f.next_call::text as "nextCall",
          (select coalesce(jsonb_agg(jsonb_build_object('series', d.series, 'immunization', d.immunization, 'label', d.label,
            'ordinal', d.ordinal, 'day', d.day, 'verdict', d.verdict, 'unit', d.unit) order by d.day, d.series, d.ordinal), '[]')
            from programmes.dose d where d.pt = f.pt and d.programme = f.programme and d.series = any($${at + 2})) as doses`,
      )} order by f.village, p.full_name, f.patient limit $${at + 3} offset $${at + 4}`,
      [...values, words, series, count, first],
    ),
    pool.query<{ total: number }>(named.replace('%s', 'select count(*)::int as total'), [...values, words]),
  ]);
  return { rows: page.rows, total: all.rows[0]!.total };
}

function whereOf(cohort: Cohort, behind: Behind): { where: string; values: unknown[]; series: string[] } {
  const { unit, programme, from, to } = cohort;
  if (behind.kind === 'list')
    return {
      where: MISSED,
      values: missedValues(cohort, behind.list, behind.day),
      series: [...behind.list.has, ...behind.list.lacks].map(({ series }) => series),
    };
  if (behind.kind === 'drop-out') {
    const pair = pairOf(behind.dropOut, behind.measures);
    return {
      where: `${LOST} ${behind.part === 'lost' ? 'and not r.kept' : ''}`,
      values: [unit, programme, JSON.stringify([pair]), from, to],
      series: [pair.series_from, pair.series],
    };
  }
  const { measure, part, grouping, group } = behind;
  return {
    where: `${COHORT} and ${OF_PART[part]} and ${GROUP[grouping]} = $6`,
    values: [unit, programme, askedOf([measure]), from, to, group],
    series: [measure.series],
  };
}

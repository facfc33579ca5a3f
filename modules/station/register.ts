/** The station's register of visits: columns are content (`content/registers/`), cells come from the view tables. */
import type { Pool } from 'pg';
import type { Content } from '../../kernel/content/content.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { vietnamDayBounds } from '../../kernel/text/vietnam-time.ts';

export interface RegisterColumn {
  key: string;
  title: string;
  titleEn: string;
  /** Which value of a visit stands in the column; a name of `cellsOf`. */
  value: string;
  /** On a screen, which is narrower than the paper: the column it stands beneath. */
  under?: string;
}

export interface RegisterForm {
  name: string;
  code: string;
  title: string;
  titleEn: string;
  validFrom: string;
  validTo: string;
  source: string;
  status: string;
  columns: RegisterColumn[];
}

export interface RegisterRow {
  encounter: string;
  patient: string;
  /** Encounter.status. */
  status: string;
  cells: Record<string, string>;
}

/** A visit with everything that any register may print about it, as SQL gave it. */
export interface RegisterVisit {
  encounter: string;
  patient: string;
  startedTime: string;
  status: string;
  reason: string | null;
  doctorName: string | null;
  fullName: string | null;
  gender: string | null;
  birthDate: string | null;
  citizenNumber: string | null;
  insuranceNumber: string | null;
  address: string | null;
  ethnicity: string | null;
  occupation: string | null;
  diagnoses: string | null;
  treatment: string | null;
}

/** The form in force on a day; undefined when none is. */
export function registerForm(content: Content, name: string, day: string): RegisterForm | undefined {
  return content
    .json<RegisterForm[]>(`registers/${name}`)
    .find((form) => form.validFrom <= day && (form.validTo === '' || day <= form.validTo));
}

const STATUS_TEXT: Record<string, string> = {
  arrived: 'Chờ khám',
  'in-progress': 'Đang khám',
  triaged: 'Chờ khám',
  onleave: 'Tạm vắng',
  finished: '',
  cancelled: 'Đã huỷ',
};

/** Values of one visit by name; `number` is its line of the day, in order of arrival. */
export function cellsOf(visit: RegisterVisit, number: number): Record<string, string> {
  const birth = dayFirst(visit.birthDate ?? '');
  return {
    number: String(number),
    startedTime: visit.startedTime,
    fullName: visit.fullName ?? '',
    birthIfMale: visit.gender === 'male' ? birth : '',
    birthIfFemale: visit.gender === 'female' ? birth : '',
    citizenNumber: visit.citizenNumber ?? '',
    insuranceNumber: visit.insuranceNumber ?? '',
    address: visit.address ?? '',
    ethnicity: visit.ethnicity ?? '',
    occupation: visit.occupation ?? '',
    reason: visit.reason ?? '',
    diagnoses: visit.diagnoses ?? '',
    treatment: visit.treatment ?? '',
    doctorName: visit.doctorName ?? '',
    statusText: STATUS_TEXT[visit.status] ?? visit.status,
  };
}

/** `1985-02-07` → `07/02/1985`, `1985-02` → `02/1985`, `1985` stays. */
export function dayFirst(date: string): string {
  return date.split('-').reverse().join('/');
}

/**
 * Lines of a form over a day's visits; a search text (folded, any word order) keeps the lines that hold all words.
 * @param before how many visits of the day stand before the first of these
 */
export function registerRows(
  form: RegisterForm,
  visits: RegisterVisit[],
  text = '',
  before = 0,
): RegisterRow[] {
  const words = foldText(text).split(' ').filter(Boolean);
  const rows = visits.map((visit, index) => {
    const values = cellsOf(visit, before + index + 1);
    const cells = Object.fromEntries(form.columns.map((column) => [column.key, values[column.value] ?? '']));
    return { encounter: visit.encounter, patient: visit.patient, status: visit.status, cells };
  });
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const line = foldText(Object.values(row.cells).join(' '));
    return words.every((word) => line.includes(word));
  });
}

/** Some of a day's visits, and how many there are. */
export interface RegisterPage {
  visits: RegisterVisit[];
  total: number;
}

/**
 * Visits of a unit on a day in order of arrival, cancelled ones included: a register has no gaps.
 * @param page which of them are read; all when absent
 */
export async function visitsOfDay(
  pool: Pool,
  unit: string,
  day: string,
  page?: { first: number; most: number },
): Promise<RegisterPage> {
  const { from, to } = vietnamDayBounds(day);
  const some = [unit, from, to, day, page?.most ?? null, page?.first ?? 0];
  const [visits, count] = await Promise.all([
    pool.query<RegisterVisit>(VISITS, some),
    pool.query<{ total: number }>(COUNT, [unit, from, to]),
  ]);
  return { visits: visits.rows, total: count.rows[0]?.total ?? 0 };
}

const COUNT = `select count(*)::int as total from views.visit where unit = $1 and started >= $2 and started < $3`;

const VISITS = `
  select v.resource_key as encounter, v.person as patient,
    to_char(v.started at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') as "startedTime",
    v.status, v.reason, v.doctor_name as "doctorName",
    p.full_name as "fullName", p.gender, p.birth_date as "birthDate", p.citizen_number as "citizenNumber",
    p.address_text as address, p.ethnicity, p.occupation,
    (select c.card_number from views.coverage c
      where c.person = v.person and (c.valid_from is null or c.valid_from <= $4) and (c.valid_to is null or c.valid_to >= $4)
      order by c.valid_from desc nulls last limit 1) as "insuranceNumber",
    (select string_agg(d.code || ' ' || coalesce(d.display, ''), '; ' order by d.resource_key = v.main_condition desc, d.code)
      from views.diagnosis d where d.encounter = v.resource_key) as diagnoses,
    (select string_agg(r.medicine || coalesce(' × ' || trim_scale(r.quantity) || ' ' || r.unit_name, ''), '; ' order by r.medicine)
      from views.prescription r
      where r.encounter = v.resource_key and r.status not in ('cancelled', 'entered-in-error', 'draft')) as treatment
  from views.visit v
  left join views.patient p on p.resource_key = v.person
  where v.unit = $1 and v.started >= $2 and v.started < $3
  order by v.started, v.ticket, v.resource_key
  limit $5 offset $6`;

/** Cases of notifiable diseases: a list over the record, page by page out of the database; nothing typed twice. */
import type { Pool } from 'pg';
import type { Content, Row } from '../../kernel/content/content.ts';
import { foldText, foldWords } from '../../kernel/text/fold.ts';
import { vietnamDayBounds } from '../../kernel/text/vietnam-time.ts';
import { DIAGNOSED_BETWEEN, markInstant, type PageMark, writePageMark } from '../record/index.ts';
import { categoriesOf, reportDeadline, toNotifiable } from './notifiable.ts';

export interface CaseQuery {
  /** First and last day of diagnosis, both inclusive. */
  from: string;
  to: string;
  /** Organization id; null = the whole province. */
  unit: string | null;
  /** Words of the disease, diagnosis, name, address or unit, folded, in any order; '' = all. */
  text: string;
  /** Where the page before ended; null = the first page. */
  after: PageMark | null;
  count: number;
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

export interface CasePage {
  rows: Case[];
  /** On the first page only: all there are. */
  total?: number;
  next?: string;
}

type CaseRow = Omit<Case, 'disease' | 'group' | 'deadline'> & { listed: number; place: string };

/** A page of cases, newest first. The list in force on the day of each diagnosis decides what is notifiable. */
export async function casesOf(pool: Pool, content: Content, query: CaseQuery): Promise<CasePage> {
  const list = listBetween(content, query.from, query.to);
  const values = valuesOf(list, query);
  const { instant = null, key = null } = query.after ?? {};
  const [page, counted] = await Promise.all([
    pool.query<CaseRow>(PAGE, [...values, instant, key, query.count + 1]),
    query.after === null ? pool.query<{ total: number }>(COUNT, values) : undefined,
  ]);
  const rows = page.rows.slice(0, query.count);
  const last = page.rows.length > query.count ? rows.at(-1) : undefined;
  return {
    rows: rows.map((row) => caseOf(row, list)),
    ...(counted ? { total: counted.rows[0]!.total } : {}),
    ...(last ? { next: writePageMark({ instant: last.place, key: last.condition }) } : {}),
  };
}

function caseOf({ listed, place: _, ...row }: CaseRow, list: readonly Row[]): Case {
  const notifiable = toNotifiable(list[listed]!);
  const deadline = reportDeadline(row.diagnosed, notifiable);
  return { ...row, disease: notifiable.name, group: notifiable.group, deadline };
}

/** Rows of the list that are in force on some day of the span. */
function listBetween(content: Content, from: string, to: string): Row[] {
  return content
    .table('surveillance/notifiable')
    .filter(
      (row) =>
        row.icd_from && (row.valid_from ?? '') <= to && (row.valid_to === '' || (row.valid_to ?? '') >= from),
    );
}

function valuesOf(list: readonly Row[], { from, to, unit, text }: CaseQuery): unknown[] {
  const column = (name: string) => list.map((row) => row[name] ?? '');
  return [
    vietnamDayBounds(from).from,
    vietnamDayBounds(to).to,
    unit,
    categoriesOf(list),
    column('icd_from'),
    column('icd_to'),
    column('valid_from'),
    column('valid_to'),
    list.map((row) => foldText(row.name ?? '')),
    foldWords(text).map((word) => `%${word}%`),
  ];
}

/** `foldText` of an expression in SQL, its separators left as they are. `đ` goes first: `lower` may know ASCII only. */
const folded = (text: string) =>
  `lower(regexp_replace(normalize(translate(${text}, 'đĐ', 'dd'), NFD), '[\\u0300-\\u036f]', '', 'g'))`;

const DAY = `to_char(d.diagnosed at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD')`;

/**
 * The categories ($4) leave out most diagnoses cheaply; of the rows of the list ($5–$9) that hold a code on its day the
 * narrowest decides, as in `notifiableOf`.
 */
const CASES = `
  from ${DIAGNOSED_BETWEEN} d
  join views.visit v on v.resource_key = d.encounter
  left join views.unit u on u.resource_key = v.unit
  left join views.patient p on p.resource_key = d.person
  cross join lateral (
    select r.n::int - 1 as listed, r.name
    from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
      with ordinality as r(icd_from, icd_to, valid_from, valid_to, name, n)
    where left(d.code, length(r.icd_from)) collate "C" >= r.icd_from
      and left(d.code, length(r.icd_to)) collate "C" <= r.icd_to
      and r.valid_from <= ${DAY} and (r.valid_to = '' or r.valid_to >= ${DAY})
    order by r.icd_from <> r.icd_to, length(r.icd_from) desc, r.n
    limit 1
  ) l
  where left(d.code, 3) = any($4::text[])
    and ($3::text is null or v.unit = $3)
    and d.verification is distinct from 'refuted' and d.verification is distinct from 'entered-in-error'
    and (cardinality($10::text[]) = 0 or ${folded(
      `concat_ws(' ', l.name, d.code, d.display, p.full_name, p.address_text, u.name)`,
    )} like all($10::text[]))`;

const COUNT = `select count(*)::int as total ${CASES}`;

const PAGE = `
  select d.resource_key as condition, d.person as patient, d.encounter, d.code, coalesce(d.display, '') as display,
    to_char(d.diagnosed at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS"+07:00"') as diagnosed,
    ${markInstant('d.diagnosed')} as place,
    v.unit, coalesce(u.name, v.unit) as "unitName",
    p.full_name as "fullName", p.gender, p.birth_date as "birthDate", p.address_text as address, l.listed
  ${CASES}
    and ($11::timestamptz is null or (d.diagnosed, d.resource_key) < ($11::timestamptz, $12::text))
  order by d.diagnosed desc, d.resource_key desc
  limit $13`;

/** Who is behind a number. Names only through the record, in the reader's own name: policy, consent and audit decide of each row. */
import type { FastifyRequest } from 'fastify';
import { type PersonRow, peopleBehind } from '../../engines/reports/index.ts';
import type { Actor } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Patient, ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { boundaryOf } from './boundaries.ts';
import type { SheetKey } from './entries.ts';
import { formOf } from './forms.ts';
import { daysOfPeriod } from './period.ts';

const PAGE = 50;

export interface PersonLine {
  resource: string;
  day: string | null;
  sex: string | null;
  birthYear: string | null;
  /** Shown by right only. */
  person?: string;
  name?: string;
  birth?: string;
  cells?: (string | null)[];
}

export interface PeopleAnswer {
  rows: PersonLine[];
  titles: { title: string; titleEn?: string }[];
  next?: string;
  /** Rows of this page whose person the reader may not see: they are counted, and shown without name. */
  withheld: number;
}

/** @throws Failure `invalid-parameter` for a cell that was not counted from the record */
export async function peopleOf(
  kernel: Kernel,
  request: FastifyRequest,
  actor: Actor,
  key: SheetKey & { cell: string },
  after: string,
): Promise<PeopleAnswer> {
  const { plan } = formOf(kernel.content, key.form, key.period);
  const cell = plan.cells.get(key.cell);
  if (cell?.kind !== 'counted')
    throw new Failure('invalid-parameter', 'Ô này không đếm từ hồ sơ nên không có danh sách phía sau.', {
      textEn: 'This cell was not counted from the record: there is no list behind it.',
      expression: 'cell',
    });
  const boundary = boundaryOf(kernel.content, key.unit, daysOfPeriod(key.period).end);
  if (boundary?.kind === 'begins')
    throw new Failure(
      'business-rule',
      `Đơn vị này có từ ngày ${boundary.day}: mở báo cáo của các đơn vị cũ để xem người phía sau.`,
      {
        textEn: `the unit begins on ${boundary.day}: open the reports of the units of which it was made`,
        expression: 'unit',
      },
    );
  const page = await peopleBehind(kernel.pool, plan, cell, {
    days: daysOfPeriod(key.period),
    units: [key.unit],
    after,
    count: PAGE,
  });
  const shown = actor.unit === key.unit ? await visible(kernel, request, page.rows) : NOBODY;
  const session = kernel.gate.session(request);
  const what = `people behind ${key.form} ${key.cell} ${key.unit} ${key.period}`;
  await Promise.all(
    shown.size === 0
      ? [session.note('search', what, null)]
      : [...shown.keys()].map((person) => session.note('read', what, person)),
  );
  const bare = await bareFacts(kernel, page.rows);
  const rows = page.rows.map((row): PersonLine => {
    const patient = row.person === null ? undefined : shown.get(row.person);
    const facts = { resource: row.resource, day: row.day, ...bare(row) };
    if (!patient) return facts;
    return {
      ...facts,
      person: row.person!,
      name: patient.name?.[0]?.text ?? '',
      birth: patient.birthDate ?? '',
      cells: row.cells,
    };
  });
  const withheld = rows.filter(({ person }) => person === undefined).length;
  return { rows, titles: page.titles, withheld, ...(page.next ? { next: page.next } : {}) };
}

const NOBODY: ReadonlyMap<string, Patient> = new Map();

/** Persons of the rows whose resource and whose Patient the reader's own search finds. */
async function visible(
  kernel: Kernel,
  request: FastifyRequest,
  rows: readonly PersonRow[],
): Promise<ReadonlyMap<string, Patient>> {
  const session = kernel.gate.session(request);
  const type = rows[0]?.type as ResourceType | undefined;
  if (!type) return NOBODY;
  const search = async <T extends ResourceType>(of: T, ids: string[]) => {
    if (ids.length === 0 || session.reach('search', of) === 'none') return [];
    return (
      await session.search(of, [
        ['_id', ids.join(',')],
        ['_count', String(ids.length)],
      ])
    ).matches;
  };
  const found = new Set(
    (
      await search(
        type,
        rows.map(({ resource }) => resource),
      )
    ).map(({ id }) => id),
  );
  const persons = rows.flatMap(({ resource, person }) =>
    found.has(resource) && person !== null ? [person] : [],
  );
  const patients = await search('Patient', [...new Set(persons)]);
  return new Map(patients.map((patient) => [patient.id!, patient]));
}

/** Sex and year of birth: what a number may say of somebody without naming them. */
async function bareFacts(
  { pool }: Kernel,
  rows: readonly PersonRow[],
): Promise<(row: PersonRow) => Pick<PersonLine, 'sex' | 'birthYear'>> {
  const answer = await pool.query<{ id: string; sex: string | null; birthYear: string | null }>(
    `select resource_key as id, gender as sex, left(birth_date, 4) as "birthYear" from views.patient where resource_key = any($1)`,
    [rows.flatMap(({ person }) => person ?? [])],
  );
  const facts = new Map(answer.rows.map(({ id, ...one }) => [id, one]));
  return ({ person }) => facts.get(person ?? '') ?? { sex: null, birthYear: null };
}

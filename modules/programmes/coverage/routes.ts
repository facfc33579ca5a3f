/** Coverage of the own station, /api/programmes/<key>/coverage…: numbers of a period, and the people behind each of them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type Coverage,
  coverageOn,
  dayOf,
  isMissed,
  type OpenProgramme,
  reachedBy,
  type Taken,
} from '../../../engines/programmes/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import {
  type Ask,
  dayIn,
  fhirSession,
  LONGEST_TEXT,
  memberOfUnit,
  noteShown,
  pageOf,
  programmeOf,
  refusal,
  todayOf,
} from '../asking.ts';
import { dosesThroughEyes } from '../eyes.ts';
import {
  type Behind,
  type CoverageRow,
  coverageOf,
  dropOutsOf,
  GROUPINGS,
  missedCounts,
  PARTS,
  peopleBehind,
} from './queries.ts';

const PAGE = 50;

export function coverageRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/:key/coverage', async (request) => {
    const { cohort, coverage } = await askedOf(kernel, request);
    const by = groupingOf(request.query.by);
    const [all, grouped, lost, lists] = await Promise.all([
      coverageOf(kernel.pool, cohort, coverage.measures, 'none'),
      by === 'none' ? [] : coverageOf(kernel.pool, cohort, coverage.measures, by),
      dropOutsOf(kernel.pool, cohort, coverage.dropOuts, coverage.measures),
      Promise.all(coverage.lists.map((list) => missedCounts(kernel.pool, cohort, list, todayOf(kernel)))),
    ]);
    await kernel.gate.session(request).note('read', `coverage of ${cohort.programme}`, null);
    const none = { target: 0, given: 0, valid: 0, timely: 0 };
    return {
      title: coverage.title,
      titleEn: coverage.titleEn,
      source: coverage.source,
      measures: coverage.measures.map(({ code, title, titleEn }) => ({
        ...none,
        ...all.find((one) => one.code === code),
        code,
        title,
        titleEn,
      })),
      groups: grouped,
      dropOuts: coverage.dropOuts.map(({ code, title, titleEn }) => ({
        began: 0,
        lost: 0,
        ...lost.find((one) => one.code === code),
        code,
        title,
        titleEn,
      })),
      lists: coverage.lists.map(({ code, title, titleEn }, at) => ({
        code,
        title,
        titleEn,
        people: lists[at]!.reduce((all, { people }) => all + people, 0),
      })),
    };
  });

  app.get<Ask>('/api/programmes/:key/coverage/people', async (request) => {
    const { cohort, coverage, open } = await askedOf(kernel, request);
    const behind = behindOf(request.query, coverage, todayOf(kernel));
    const page = pageOf(request.query.cursor);
    const text = (request.query.q ?? '').slice(0, LONGEST_TEXT).trim();
    const found = await peopleBehind(kernel.pool, cohort, behind, { text, first: page * PAGE, count: PAGE });
    const rows = await dosesThroughEyes(
      { kernel, session: fhirSession(kernel, request), open, unit: cohort.unit },
      found.rows,
      (row, { member, doses }) => member.state === 'enrolled' && fits(behind, row, doses),
    );
    await noteShown(kernel, request, rows, `coverage of ${cohort.programme}`);
    return {
      rows,
      // How many there are of one name would say of somebody who is not shown that he is in.
      ...(text === '' ? { total: found.total } : {}),
      ...(found.total > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
    };
  });
}

/** Whether a person whom the reader sees in part still stands behind the number, by what the reader sees. */
function fits(behind: Behind, { birth }: CoverageRow, doses: readonly Taken[]): boolean {
  if (behind.kind === 'list') return isMissed(behind.list, doses);
  const day = dayOf(birth)!;
  if (behind.kind === 'drop-out') {
    const of = (code: string) => behind.measures.find((one) => one.code === code)!;
    const last = of(behind.dropOut.to);
    const began = reachedBy({ ...of(behind.dropOut.from), by: last.by }, day, doses).given;
    return began && (behind.part === 'began' || !reachedBy(last, day, doses).given);
  }
  const { part, measure } = behind;
  const reached = reachedBy(measure, day, doses);
  return part === 'target' || (part === 'missing' ? !reached.given : reached[part]);
}

async function askedOf(kernel: Kernel, request: FastifyRequest<Ask>) {
  const { unit } = memberOfUnit(kernel, request);
  const { open, coverage, cohort } = await periodOf(kernel, request);
  return { open, coverage, cohort: { ...cohort, unit } };
}

/** Programme, what is counted of it, and the days that were asked for; of all units. */
export async function periodOf(kernel: Kernel, request: FastifyRequest<Ask>) {
  const open: OpenProgramme = await programmeOf(kernel, request.params.key);
  const today = todayOf(kernel);
  const { from: first = `${today.slice(0, 4)}-01-01`, to: last = today } = request.query;
  const [from, to] = [dayIn(first, 'from'), dayIn(last, 'to')];
  if (from > to) throw refusal('to', 'Ngày cuối phải sau ngày đầu.', 'to must not be before from.');
  const coverage = coverageOn(kernel.content, open.programme, today);
  if (coverage === null)
    throw new Failure('not-found', `Chưa có cách tính bao phủ của ${open.programme.title}.`, {
      textEn: `The content counts no coverage of ${open.programme.key}.`,
    });
  // Who comes of age later has time left.
  const until = to < today ? to : today;
  return { open, coverage, cohort: { unit: null, programme: open.programme.key, from, to: until } };
}

const groupingOf = (text = 'none') => oneOf(GROUPINGS, text, 'by');

function behindOf(query: Ask['Querystring'], coverage: Coverage, day: string): Behind {
  const { of = '', part = 'target', group = '', by } = query;
  const list = coverage.lists.find(({ code }) => code === of);
  if (list) return { kind: 'list', list, day };
  const dropOut = coverage.dropOuts.find(({ code }) => code === of);
  if (dropOut)
    return {
      kind: 'drop-out',
      dropOut,
      measures: coverage.measures,
      part: oneOf(['began', 'lost'] as const, part, 'part'),
    };
  const measure = coverage.measures.find(({ code }) => code === of);
  if (!measure)
    throw new Failure('invalid-parameter', 'Con số này không có. Hãy mở lại từ trang bao phủ.', {
      textEn: `of is no number of the coverage: "${of}".`,
      expression: 'of',
    });
  const grouping = groupingOf(by);
  return { kind: 'measure', measure, part: oneOf(PARTS, part, 'part'), grouping, group };
}

export function oneOf<T extends string>(choices: readonly T[], text: string, name: string): T {
  const found = choices.find((one) => one === text);
  if (found) return found;
  throw new Failure('invalid-parameter', 'Địa chỉ này không đúng. Hãy mở lại từ trang bao phủ.', {
    textEn: `${name} is one of ${choices.join(', ')}.`,
    expression: name,
  });
}

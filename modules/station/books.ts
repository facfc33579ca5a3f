/** `/api/station/books`: every book of the content, by key and days. Lines are shown by the reader's own right: policy, consent and audit decide of each. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openDocuments } from '../../engines/documents/index.ts';
import {
  type Grid,
  htmlTable,
  linesWith,
  type Register,
  type RegisterColumn,
  type RegisterDefinition,
  type RegisterLine,
  registerGrid,
  registerLines,
  xlsx,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Actor, Kernel } from '../../kernel/kernel.ts';
import { addDays, isDay, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { registerOn } from './register.ts';
import { doubtfulAmong, numberOnly, seenLines } from './seen.ts';

const READERS = ['nurse', 'doctor', 'station-head'] as const;
/** The desk reads the books of the day. */
const DESK = 'reception';
const PAGE = 100;
const MOST_DAYS = 366;
/** Where a book of people under management begins; nothing in a record is older. */
const FIRST_DAY = '1900-01-01';
/** Lines of a file, and of a search by words. */
const MOST_LINES = 5_000;
const LONGEST_TEXT = 200;

/** A book that can be opened today. */
export interface BookRow {
  key: string;
  code: string;
  title: string;
  titleEn: string;
  source: string;
  status: string;
}

export interface BookPage {
  book: Pick<RegisterDefinition, 'code' | 'title' | 'titleEn' | 'source' | 'status'>;
  columns: readonly RegisterColumn[];
  /** Null: from the first line of a standing book. */
  from: string | null;
  to: string;
  /** A line that the reader may not see keeps its number and is empty. */
  /** A line about no person that is an answered form opens it. */
  ofForms: boolean;
  rows: { resource: string; person: string | null; withheld: boolean; cells: Record<string, string> }[];
  total: number;
  next?: string;
}

interface Ask {
  Params: { key: string };
  Querystring: { from?: string; to?: string; q?: string; cursor?: string };
}

export function bookRoutes(app: FastifyInstance, kernel: Kernel): void {
  const today = () => vietnamDay(kernel.settings.now());

  app.get('/api/station/books', async (request): Promise<{ rows: BookRow[] }> => {
    const actor = ownUnit(kernel, request);
    return { rows: booksOn(kernel.content, today(), actor) };
  });

  app.get<Ask>('/api/station/books/:key', async (request): Promise<BookPage> => {
    const book = openBook(kernel, request, today());
    const page = pageOf(request.query.cursor);
    const { rows, total } = await rowsOf(kernel, request, book, page);
    const { code, title, titleEn, source, status, columns } = book.register.definition;
    return {
      book: { code, title, titleEn, source, status },
      columns,
      from: book.from === FIRST_DAY ? null : book.from,
      to: book.to,
      ofForms: book.register.source.scope.main.view.resource === 'QuestionnaireResponse',
      rows,
      total,
      ...(total > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
    };
  });

  fileRoutes(app, kernel, today);
}

/** The book as it leaves the house, in its printed layout. */
function fileRoutes(app: FastifyInstance, kernel: Kernel, today: () => string): void {
  const documents = openDocuments(kernel.content);
  app.addHook('onClose', async () => documents.close());
  const kinds: Record<string, { type: string; make(grid: Grid, code: string): Promise<Buffer | string> }> = {
    xlsx: {
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      make: async (grid, code) => xlsx(grid, code),
    },
    html: { type: 'text/html; charset=utf-8', make: async (grid) => htmlTable(grid) },
    pdf: {
      type: 'application/pdf',
      make: async (grid) =>
        documents.renderPaper(
          'report',
          today(),
          { grid, demo: kernel.settings.demo, date: today().split('-').map(Number) },
          { createdAt: kernel.settings.now().toISOString() },
        ),
    },
  };
  for (const [ending, { type, make }] of Object.entries(kinds)) {
    app.get<Ask>(`/api/station/books/:key/file.${ending}`, async (request, reply) => {
      const book = openBook(kernel, request, today());
      const { rows } = await rowsOf(kernel, request, book, null);
      const { definition } = book.register;
      const unit = await unitName(kernel, book.unit);
      const grid = registerGrid(definition, rows, {
        left: ['SỞ Y TẾ', unit.toUpperCase()],
        unit: `Đơn vị: ${unit}`,
        period: periodText(book),
      });
      const name = `${request.params.key}-${book.from}-${book.to}.${ending}`;
      reply
        .type(type)
        .header('content-disposition', `${ending === 'pdf' ? 'inline' : 'attachment'}; filename="${name}"`);
      return make(grid, definition.code);
    });
  }
}

interface OpenBook {
  key: string;
  register: Register;
  unit: string;
  from: string;
  to: string;
  words: string;
}

function booksOn(content: Content, day: string, actor: Actor): BookRow[] {
  return datedFiles<RegisterDefinition>(content, 'registers')
    .filter(({ from, to, value }) => from <= day && (to === null || day <= to) && reads(actor, value))
    .map(({ key, value: { code, title, titleEn, source, status } }) => ({
      key,
      code,
      title,
      titleEn,
      source,
      status,
    }))
    .sort((a, b) => a.title.localeCompare(b.title, 'vi'));
}

const reads = ({ roles }: Actor, { daily }: RegisterDefinition): boolean =>
  READERS.some((role) => roles.includes(role)) || (daily === true && roles.includes(DESK));

function ownUnit(kernel: Kernel, request: FastifyRequest): Actor & { unit: string } {
  const actor = kernel.gate.require(request, ...READERS, DESK);
  if (actor.unit) return actor as Actor & { unit: string };
  throw new Failure('forbidden', 'Tài khoản này không thuộc trạm nào nên không có sổ để xem.', {
    textEn: 'This account belongs to no station, so there is no book to show.',
  });
}

/** @throws Failure `invalid-parameter` for days that are none, are the wrong way round or (unless the book is a standing one) are too many; `not-found` for a book that is not in force, `forbidden` for a book that the desk does not read */
function openBook(kernel: Kernel, request: FastifyRequest<Ask>, today: string): OpenBook {
  const actor = ownUnit(kernel, request);
  const { unit } = actor;
  const { key } = request.params;
  const to = dayOf(request.query.to ?? '', 'to') ?? today;
  const register = registerOn(kernel.content, key, to);
  if (register === null)
    throw new Failure(
      'not-found',
      `Không có mẫu sổ “${key}” có hiệu lực ngày ${dayText(to)}. Hãy báo quản trị nội dung.`,
      {
        textEn: `No book "${key}" is in force on ${to}. Tell the administrator of the content.`,
      },
    );
  if (!reads(actor, register.definition))
    throw new Failure('forbidden', 'Tài khoản này chỉ đọc sổ trong ngày; hãy nhờ người phụ trách sổ.', {
      textEn: 'This account reads the books of the day only: ask who keeps the book.',
    });
  const isStanding = register.definition.standing === true;
  const from = dayOf(request.query.from ?? '', 'from') ?? firstDayOf(register.definition, to);
  if (from > to || (!isStanding && addDays(from, MOST_DAYS) < to))
    throw new Failure(
      'invalid-parameter',
      `Từ ngày ${dayText(from)} đến ngày ${dayText(to)} không mở được: sổ mở theo thứ tự ngày, nhiều nhất ${MOST_DAYS} ngày.`,
      { textEn: `from must not be after to, and at most ${MOST_DAYS} days before it`, expression: 'from' },
    );
  return { key, register, unit, from, to, words: (request.query.q ?? '').slice(0, LONGEST_TEXT).trim() };
}

/** Where a book opens when no day is said. */
function firstDayOf({ standing, daily }: RegisterDefinition, to: string): string {
  if (standing === true) return FIRST_DAY;
  return daily === true ? to : `${to.slice(0, 8)}01`;
}

function dayOf(text: string, name: string): string | null {
  if (text === '') return null;
  if (isDay(text)) return text;
  throw new Failure('invalid-parameter', `Ngày "${text}" không có thật. Hãy chọn lại ngày của sổ.`, {
    textEn: `"${text}" is not a day`,
    expression: name,
  });
}

type BookLine = BookPage['rows'][number];

/**
 * The database pages a book. A search looks at every line, because any column may hold the words, and finds among those alone
 * that the reader may see: how many there are would tell what stands in the others.
 * @param page from 0; null = all lines, to leave the house
 */
async function rowsOf(
  kernel: Kernel,
  request: FastifyRequest,
  book: OpenBook,
  page: number | null,
): Promise<{ rows: BookLine[]; total: number }> {
  const { register, unit, from, to, words } = book;
  const ask = { days: { start: from, end: to }, unit, beside: true };
  const first = (page ?? 0) * PAGE;
  const paged = page !== null && words === '';
  const { lines, total } = paged
    ? await registerLines(kernel.pool, register, { ...ask, first, most: PAGE })
    : await registerLines(kernel.pool, register, { ...ask, first: 0, most: MOST_LINES });
  if (!paged && total > MOST_LINES) throw tooManyLines(total);
  const session = kernel.gate.session(request);
  const asked = words === '' ? lines : linesWith(lines, words);
  const doubtful = await doubtfulAmong(kernel, session, asked);
  const seen = await seenLines(kernel, session, register, asked, doubtful);
  const found = words === '' ? lines : lines.filter((line) => seen.has(line));
  const given = paged || page === null ? found : found.slice(first, first + PAGE);
  await note(
    kernel,
    request,
    book,
    given.filter((line) => seen.has(line)),
    page === null ? 'export' : 'read',
  );
  const rows = given.map((line) =>
    seen.has(line)
      ? { resource: line.resource, person: line.person, withheld: false, cells: line.cells }
      : { resource: line.resource, person: null, withheld: true, cells: numberOnly(register, line) },
  );
  return { rows, total: words === '' ? total : found.length };
}

/** A file or a search that left lines out would look whole. */
function tooManyLines(total: number): Failure {
  const [most, all] = [MOST_LINES, total].map((many) => many.toLocaleString('vi-VN'));
  return new Failure(
    'invalid-parameter',
    `Những ngày này có ${all} dòng; tìm theo từ và tải tệp chỉ làm được với nhiều nhất ${most} dòng. Hãy chọn ít ngày hơn.`,
    {
      textEn: `${total} lines; a search or a file takes at most ${MOST_LINES}. Choose fewer days`,
      expression: 'from',
    },
  );
}

/** A line of the audit for each person of whom something was shown. */
async function note(
  kernel: Kernel,
  request: FastifyRequest,
  { register: { definition }, from, to }: OpenBook,
  lines: readonly RegisterLine[],
  action: 'read' | 'export',
): Promise<void> {
  const session = kernel.gate.session(request);
  const what = `register ${definition.title} ${definition.code} ${from === to ? to : `${from}..${to}`}`;
  const people = [...new Set(lines.flatMap(({ person }) => person ?? []))];
  await Promise.all(
    people.length === 0
      ? [session.note('search', what, null)]
      : people.map((one) => session.note(action, what, one)),
  );
}

async function unitName({ pool }: Kernel, unit: string): Promise<string> {
  const { rows } = await pool.query<{ name: string }>('select name from views.unit where resource_key = $1', [
    unit,
  ]);
  return rows[0]?.name ?? unit;
}

function pageOf(text = '0'): number {
  const page = Number(text);
  if (/^\d{1,6}$/.test(text) && Number.isSafeInteger(page)) return page;
  throw new Failure('invalid-parameter', 'Số trang không hợp lệ. Hãy mở lại sổ từ trang đầu.', {
    textEn: 'This page does not exist. Open the book again.',
    expression: 'cursor',
  });
}

const periodText = ({ from, to }: OpenBook) =>
  from === FIRST_DAY ? `Đến ${dayText(to)}` : `Từ ${dayText(from)} đến ${dayText(to)}`;

/** `2026-10-05` → `05/10/2026` */
const dayText = (day: string) => day.split('-').reverse().join('/');

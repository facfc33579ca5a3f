/** Commune station: its register books. */
import {
  linesWith,
  type Register,
  type RegisterDefinition,
  type RegisterLine,
  registerLines,
} from '../../engines/reports/index.ts';
import type { Actor } from '../../kernel/access/contract.ts';
import { formatCsv } from '../../kernel/content/csv.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import { isDay, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { afterTables } from '../record/index.ts';
import { bookRoutes } from './books.ts';
import { registerOn } from './register.ts';
import { doubtfulAmong, numberOnly, seenLines } from './seen.ts';

const BOOK = 'so-kham-benh';
const PAGE = 100;
const READERS = ['reception', 'nurse', 'doctor', 'station-head'] as const;
const TOPIC = 'station/register';

interface RegisterQuery {
  date?: string;
  q?: string;
  cursor?: string;
}

export const station: Module = {
  name: 'station',
  start(kernel) {
    kernel.events.allowTopic(
      TOPIC,
      (actor, topic) => actor.unit !== null && topic === `${TOPIC}/${actor.unit}`,
    );
    afterTables(kernel, pushToUnits(kernel));
  },
  routes(app, kernel) {
    bookRoutes(app, kernel);

    app.get<{ Querystring: RegisterQuery }>('/api/station/register', async (request) => {
      const actor = kernel.gate.require(request, ...READERS);
      const page = pageOf(request.query.cursor);
      const { form, day, rows, total } = await readBook(kernel, actor, request.query, page);
      await noteReading(kernel, actor, rows, `register ${form.code} ${day}`, 'read');
      const more = total > (page + 1) * PAGE;
      return { form, day, total, rows, ...(more ? { next: String(page + 1) } : {}) };
    });

    app.get<{ Querystring: RegisterQuery }>('/api/station/register.csv', async (request, reply) => {
      const actor = kernel.gate.require(request, ...READERS);
      const { form, day, rows } = await readBook(kernel, actor, request.query, null);
      await noteReading(kernel, actor, rows, `register ${form.code} ${day}`, 'export');
      const titles = form.columns.map((column) => column.title);
      const lines = rows.map((row) =>
        Object.fromEntries(
          form.columns.map((column) => [column.title, safeCell(row.cells[column.key] ?? '')]),
        ),
      );
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${BOOK}-${day}.csv"`);
      // The byte-order mark makes spreadsheet programs read the file as UTF-8.
      return `\uFEFF${formatCsv(titles, lines)}`;
    });
  },
};

/** A spreadsheet must not take a cell for a formula. */
function safeCell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** A line of the book of visits. */
export interface BookLine {
  encounter: string;
  patient: string;
  cells: Record<string, string>;
}

const bookLine = ({ resource, person, cells }: RegisterLine): BookLine => ({
  encounter: resource,
  patient: person ?? '',
  cells,
});

interface Book {
  form: RegisterDefinition;
  day: string;
  rows: BookLine[];
  /** Lines of all pages. */
  total: number;
}

/** @param page the page that is read, from 0; null = the whole day */
async function readBook(
  kernel: Kernel,
  actor: Actor,
  query: RegisterQuery,
  page: number | null,
): Promise<Book> {
  if (!actor.unit)
    throw new Failure('forbidden', 'Tài khoản này không thuộc trạm nào nên không có sổ khám bệnh để xem.', {
      textEn: 'This account belongs to no station, so there is no register to show.',
    });
  const day = query.date || vietnamDay(kernel.settings.now());
  if (!isDay(day)) {
    throw new Failure('invalid-parameter', `Ngày "${day}" không có thật. Hãy chọn lại ngày của sổ.`, {
      textEn: `"${day}" is not a day. Choose the day of the register again.`,
      expression: 'date',
    });
  }
  const register = registerOn(kernel.content, BOOK, day);
  if (!register) {
    throw new Failure(
      'not-found',
      `Chưa có mẫu sổ khám bệnh nào có hiệu lực ngày ${day}. Hãy báo quản trị nội dung.`,
      { textEn: `No form of the register is in force on ${day}. Tell the administrator of the content.` },
    );
  }
  const ask = { actor, unit: actor.unit, day, text: query.q ?? '', page };
  return { form: register.definition, day, ...(await linesOf(kernel, register, ask)) };
}

/** The database pages a day as it is; a search looks at every line of the day, because any column may hold the words. */
async function linesOf(
  kernel: Kernel,
  register: Register,
  ask: { actor: Actor; unit: string; day: string; text: string; page: number | null },
): Promise<Pick<Book, 'rows' | 'total'>> {
  const { actor, unit, page, text } = ask;
  const days = { start: ask.day, end: ask.day };
  const first = (page ?? 0) * PAGE;
  const shown = (lines: readonly RegisterLine[]) => shownTo(kernel, actor, register, lines);
  if (page !== null && text.trim() === '') {
    const one = await registerLines(kernel.pool, register, { days, unit, first, most: PAGE, beside: true });
    return { rows: (await shown(one.lines)).map(bookLine), total: one.total };
  }
  const all = await registerLines(kernel.pool, register, { days, unit, first: 0, most: null, beside: true });
  const found = linesWith(await shown(all.lines), text).map(bookLine);
  return { rows: page === null ? found : found.slice(first, first + PAGE), total: found.length };
}

/** Lines of the unit's own visits; of persons from whom something may be hidden, those that the reader sees whole, else the number alone. */
async function shownTo(
  kernel: Kernel,
  actor: Actor,
  register: Register,
  lines: readonly RegisterLine[],
): Promise<RegisterLine[]> {
  const session = kernel.gate.as(actor);
  const doubtful = await doubtfulAmong(kernel, session, lines, 'own visits');
  const asked = lines.filter(({ person }) => person !== null && doubtful.has(person));
  const seen = asked.length === 0 ? new Set() : await seenLines(kernel, session, register, asked, doubtful);
  return lines.map((line) =>
    !asked.includes(line) || seen.has(line)
      ? line
      : { ...line, person: null, cells: numberOnly(register, line) },
  );
}

/** Every person whose line was shown gets an audit line; they share one round trip. */
async function noteReading(
  kernel: Kernel,
  actor: Actor,
  rows: BookLine[],
  what: string,
  action: string,
): Promise<void> {
  const session = kernel.gate.as(actor);
  await Promise.all(
    [...new Set(rows.map((row) => row.patient))]
      .filter(Boolean)
      .map((patient) => session.note(action, what, patient)),
  );
}

function pageOf(text: string | undefined): number {
  const page = Number(text ?? '0');
  if (Number.isSafeInteger(page) && page >= 0) return page;
  throw new Failure('invalid-parameter', 'Số trang không hợp lệ. Hãy mở lại sổ từ trang đầu.', {
    textEn: 'This page does not exist. Open the register again.',
    expression: 'page',
  });
}

/** Tells the open books of the units whose visits a batch touched to read again. */
function pushToUnits(kernel: Kernel): Parameters<typeof afterTables>[1] {
  return async (changes, _resources, client) => {
    const people = [
      ...new Set(changes.map((change) => change.patient).filter((patient) => patient !== null)),
    ];
    if (people.length === 0 || people.length > PAGE) return undefined;
    const units = await client.query<{ unit: string }>(
      `select distinct unit from views.visit where person = any($1) and started > now() - interval '2 days'`,
      [people],
    );
    return () => {
      for (const { unit } of units.rows) kernel.events.publish(`${TOPIC}/${unit}`, { changed: true });
    };
  };
}

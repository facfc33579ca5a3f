/** Code lists for screens: any signed-in person may look codes up; nothing of a person's data is touched. */
import { Failure } from '../../failure.ts';
import type { Module } from '../../kernel.ts';
import { isDay, vietnamDay } from '../../text/vietnam-time.ts';
import type { Concept } from './concept-table.ts';
import { openTerminology, type Terminology } from './terminology.ts';

const MOST = 200;

/** One line of an answer: what a pick list shows, and the list's own columns. */
export interface ConceptLine {
  code: string;
  display: string;
  displayEn?: string;
  note?: string;
  properties: Record<string, string>;
}

/**
 * `GET /api/terminology/lists`; `GET /api/terminology/<list>/search?q=&date=&limit=`;
 * `GET /api/terminology/<list>/concepts/<code>?date=`. `date` defaults to today in Viet Nam.
 */
export const terminologyModule: Module = {
  name: 'terminology',
  routes(app, kernel) {
    const terminology = openTerminology(kernel.content);
    const today = () => vietnamDay(kernel.settings.now());

    app.get('/api/terminology/lists', async (request) => {
      kernel.gate.actorOf(request);
      return terminology.lists();
    });
    app.get<{ Params: { list: string }; Querystring: Record<string, unknown> }>(
      '/api/terminology/:list/search',
      async (request) => {
        kernel.gate.actorOf(request);
        return searchLines(terminology, request.params.list, request.query, today());
      },
    );
    app.get<{ Params: { list: string; code: string }; Querystring: Record<string, unknown> }>(
      '/api/terminology/:list/concepts/:code',
      async (request) => {
        kernel.gate.actorOf(request);
        const { list, code } = request.params;
        const date = dayOf(request.query.date, today());
        const concept = terminology.lookup(list, code, date);
        if (concept) return concept;
        throw new Failure('not-found', `Danh mục "${list}" không có mã "${code}" vào ngày ${date}.`, {
          textEn: `List "${list}" has no code "${code}" on ${date}.`,
        });
      },
    );
  },
};

/** Parses the query of a search; fails with `invalid-parameter`. */
export function searchLines(
  terminology: Terminology,
  list: string,
  query: Record<string, unknown>,
  today: string,
): ConceptLine[] {
  const limit = query.limit === undefined ? 20 : Number(query.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new Failure('invalid-parameter', `Số dòng phải là số nguyên từ 1 đến ${MOST}.`, {
      textEn: `limit must be a whole number from 1 to ${MOST}.`,
      expression: 'limit',
    });
  }
  const text = typeof query.q === 'string' ? query.q.slice(0, 200) : '';
  const concepts = terminology.search(list, text, { limit, date: dayOf(query.date, today) });
  return concepts.map(lineOf);
}

function lineOf({ code, display, displayEn, note, properties }: Concept): ConceptLine {
  return { code, display, ...(displayEn ? { displayEn } : {}), ...(note ? { note } : {}), properties };
}

function dayOf(value: unknown, today: string): string {
  if (value === undefined || value === '') return today;
  if (typeof value === 'string' && isDay(value)) return value;
  throw new Failure('invalid-parameter', 'Ngày phải có dạng năm-tháng-ngày, ví dụ 2026-11-22.', {
    textEn: 'date must be a day such as 2026-11-22.',
    expression: 'date',
  });
}

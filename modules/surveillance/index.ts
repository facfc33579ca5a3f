/** Disease surveillance: the notifiable list, and its cases as a view of the diagnoses. */
import { Failure } from '../../kernel/failure.ts';
import type { Module } from '../../kernel/kernel.ts';
import { addDays, isDay, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { readPageMark } from '../record/index.ts';
import { casesOf } from './cases.ts';

export { categoriesOf, type Notifiable, notifiableOf, reportDeadline } from './notifiable.ts';

const PAGE = 100;
const DEFAULT_DAYS = 7;
/** Characters of a search; no name is longer. */
const LONGEST_TEXT = 200;

export const surveillance: Module = {
  name: 'surveillance',
  routes(app, kernel) {
    app.get<{ Querystring: Record<string, string | undefined> }>(
      '/api/surveillance/cases',
      async (request) => {
        const actor = kernel.gate.require(request, 'surveillance', 'station-head');
        const province = actor.roles.includes('surveillance');
        if (!province && !actor.unit)
          throw new Failure('forbidden', 'Tài khoản này không thuộc đơn vị nào.', {
            textEn: 'This account belongs to no unit.',
          });
        const today = vietnamDay(kernel.settings.now());
        const to = dayOf(request.query.to, today, 'to');
        const from = dayOf(request.query.from, addDays(to, 1 - DEFAULT_DAYS), 'from');
        refuseRange(from, to);
        const page = await casesOf(kernel.pool, kernel.content, {
          from,
          to,
          unit: province ? null : actor.unit,
          text: (request.query.q ?? '').slice(0, LONGEST_TEXT),
          after: readPageMark(request.query.cursor),
          count: PAGE,
        });
        const session = kernel.gate.session(request);
        const people = [...new Set(page.rows.map((entry) => entry.patient))];
        await Promise.all(
          people.map((patient) => session.note('read', `notifiable cases ${from}..${to}`, patient)),
        );
        return { from, to, ...page };
      },
    );
  },
};

/** A year of a province is some thousands of cases; who wants more asks year by year. */
const LONGEST_DAYS = 366;

function refuseRange(from: string, to: string): void {
  if (from > to) {
    throw new Failure('invalid-parameter', 'Ngày đầu phải trước ngày cuối. Hãy chọn lại ngày.', {
      textEn: 'from must not be after to.',
      expression: 'from',
    });
  }
  if (from < addDays(to, 1 - LONGEST_DAYS)) {
    throw new Failure(
      'invalid-parameter',
      `Chỉ xem được tối đa ${LONGEST_DAYS} ngày một lần. Hãy chọn khoảng ngắn hơn.`,
      {
        textEn: `At most ${LONGEST_DAYS} days at once.`,
        expression: 'from',
      },
    );
  }
}

function dayOf(text: string | undefined, fallback: string, name: string): string {
  if (text === undefined || text === '') return fallback;
  if (isDay(text)) return text;
  throw new Failure('invalid-parameter', `Ngày "${text}" không có thật. Hãy chọn lại ngày.`, {
    textEn: `"${text}" is not a day. Choose the day again.`,
    expression: name,
  });
}

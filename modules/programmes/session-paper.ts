/** The list of a session as it is printed: who is asked to come, village by village, with room to mark who came. Pure. */
import type { Grid, GridCell } from '../../engines/reports/index.ts';
import type { Row } from '../../kernel/content/content.ts';
import type { SessionPlan } from './session-plan.ts';

export interface SessionHeading {
  /** Words of the content, `messages/session-list` of the day. */
  words: readonly Row[];
  programme: string;
  unit: string;
  /** ISO day. */
  day: string;
  hasDoses: boolean;
}

const dayWords = (day: string | null) => (day === null ? '' : day.split('-').reverse().join('/'));

const cell = (text: string, kind: GridCell['kind'] = 'text', across = 1): GridCell => ({
  text,
  kind,
  across,
  down: 1,
});

const COLUMNS = ['number', 'name', 'birth', 'task', 'due', 'came', 'note'] as const;
const WIDTHS = [0.5, 2.4, 1.1, 4, 1.4, 0.8, 1.6];

export function sessionGrid(plan: SessionPlan, heading: SessionHeading): Grid {
  const texts = new Map(heading.words.map(({ key, text }) => [key, text ?? '']));
  const word = (key: string) => texts.get(key ?? '') ?? '';
  let number = 0;
  const body = plan.villages.flatMap(({ village, people }) => [
    [cell(`${village || word('village-unknown')} (${people.length})`, 'row-title', COLUMNS.length)],
    ...people.map(({ fullName, birthDate, doses }) => {
      number += 1;
      return [
        cell(String(number), 'none'),
        cell(fullName, 'row-title'),
        cell(dayWords(birthDate)),
        cell(doses.map(({ title }) => title).join('; ')),
        cell(doses.map(({ due, isLate }) => dayWords(due) + (isLate ? ` (${word('late')})` : '')).join('; ')),
        cell(''),
        cell(''),
      ];
    }),
  ]);
  const needed = plan.products.map(
    ({ name, doses, vials }) => `${name}: ${doses} ${word('doses')}, ${vials} ${word('vials')}`,
  );
  return {
    left: ['SỞ Y TẾ', heading.unit.toUpperCase()],
    right: [],
    title: word(heading.hasDoses ? 'title' : 'title-other'),
    subtitle: [heading.programme, `${word('day')} ${dayWords(heading.day)}`],
    widths: WIDTHS,
    head: [COLUMNS.map((key) => cell(word(key), 'title'))],
    body,
    notes: needed.length === 0 ? [] : [`${word('prepare')}: ${needed.join('; ')}.`],
    signatures: [word('signature'), word('signature-head')],
  };
}

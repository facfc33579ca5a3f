/** What is wrong with a description before anybody works with it: at publication and in `yba content check`. Pure. */
import {
  day,
  flag,
  later,
  listOf,
  members,
  namedBy,
  number,
  oneOf,
  type Shape,
  whole,
} from '../../kernel/content/shape.ts';
import type { RegisterDefinition, ReportDefinition } from './definition.ts';
import type { Fault } from './expression/node.ts';
import { planReport } from './plan.ts';
import type { Views } from './query/scope.ts';
import { planRegister } from './register.ts';
import { byCell, faultsOf, positive, someOf, words } from './shape.ts';

const MOST_DIGITS = 6;
const MOST_DAYS = 366;

const source = members(
  { view: words, unit: words },
  {
    at: words,
    person: words,
    joins: namedBy(members({ view: words, key: words, by: words }, { many: flag, where: words })),
    where: words,
    list: listOf(members({ title: words, value: words }, { titleEn: words })),
  },
);

const book = members(
  {
    code: words,
    title: words,
    titleEn: words,
    source: words,
    status: words,
    lines: source,
    order: listOf(words),
    columns: someOf(
      members(
        { key: words, title: words, titleEn: words, value: words },
        { under: words, group: words, width: positive, screen: flag },
      ),
    ),
  },
  { validTo: day, standing: flag, daily: flag },
);

const count = oneOf('rows', 'persons');

const column: Shape = members(
  { code: words, title: words },
  {
    titleEn: words,
    columns: someOf(later(() => column)),
    where: words,
    formula: words,
    width: positive,
    decimals: whole(0, MOST_DIGITS),
  },
);

const row: Shape = members(
  { code: words, title: words },
  {
    titleEn: words,
    number: words,
    rows: listOf(later(() => row)),
    heading: flag,
    source: words,
    count,
    sum: words,
    average: words,
    where: words,
    formula: words,
  },
);

const cell = members(
  {},
  {
    formula: words,
    source: words,
    count,
    where: words,
    typed: flag,
    none: flag,
    min: number,
    max: number,
  },
);

const check = members({
  code: words,
  rule: words,
  level: oneOf('compulsory', 'warning'),
  text: words,
  textEn: words,
});

const form = members(
  {
    code: words,
    title: words,
    titleEn: words,
    source: words,
    status: words,
    period: oneOf('month', 'quarter', 'year'),
    dueDays: whole(0, MOST_DAYS),
    units: someOf(words),
    rowTitle: words,
    sources: namedBy(source),
    columns: someOf(column),
    rows: someOf(row),
  },
  { validTo: day, rowTitleEn: words, cells: byCell(cell), checks: listOf(check), notes: listOf(words) },
);

/**
 * Parts that are missing or that nobody knows, unknown views and columns, wrong expressions, cells that loop, missing codes; each with its
 * place. Empty = sound. @param definition whatever a file holds
 */
export function checkReport(definition: ReportDefinition, views: Views): Fault[] {
  const faults = faultsOf(form, definition);
  return faults.length > 0 ? faults : planReport(definition, views).faults;
}

/** As `checkReport`, of a book. */
export function checkRegister(definition: RegisterDefinition, views: Views): Fault[] {
  const faults = faultsOf(book, definition);
  return faults.length > 0 ? faults : planRegister(definition, views).faults;
}

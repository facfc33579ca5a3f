/** What is wrong with a description before anybody works with it: at publication and in `yba content check`. Pure. */
import type { RegisterDefinition, ReportDefinition } from './definition.ts';
import type { Fault } from './expression/node.ts';
import { planReport } from './plan.ts';
import type { Views } from './query/scope.ts';
import { planRegister } from './register.ts';

const PERIODS = ['month', 'quarter', 'year'];
const LEVELS = ['compulsory', 'warning'];

/** Unknown views and columns, wrong expressions, cells that loop, missing codes; each with its place. Empty = sound. */
export function checkReport(definition: ReportDefinition, views: Views): Fault[] {
  const shape = [
    ...texts(definition, ['code', 'title', 'titleEn', 'source', 'status', 'rowTitle']),
    ...(PERIODS.includes(definition.period) ? [] : [oneOf('period', PERIODS)]),
    ...(Number.isInteger(definition.dueDays) && definition.dueDays >= 0 ? [] : [missing('dueDays')]),
    ...lists(definition, ['units', 'columns', 'rows']),
    ...(definition.checks ?? []).flatMap((check, at) => [
      ...texts(check, ['code', 'rule', 'text', 'textEn'], `checks[${at}].`),
      ...(LEVELS.includes(check.level) ? [] : [oneOf(`checks[${at}].level`, LEVELS)]),
    ]),
  ];
  return shape.length > 0 ? shape : planReport(definition, views).faults;
}

/** As `checkReport`, of a book. */
export function checkRegister(definition: RegisterDefinition, views: Views): Fault[] {
  const shape = [
    ...texts(definition, ['code', 'title', 'titleEn', 'source', 'status']),
    ...lists(definition, ['columns']),
    ...(typeof definition.lines === 'object' && definition.lines !== null ? [] : [missing('lines')]),
    ...(definition.columns ?? []).flatMap((column, at) =>
      texts(column, ['key', 'title', 'titleEn', 'value'], `columns[${at}].`),
    ),
  ];
  return shape.length > 0 ? shape : planRegister(definition, views).faults;
}

function texts(of: object, names: readonly string[], before = ''): Fault[] {
  return names
    .filter((name) => {
      const value = (of as Record<string, unknown>)[name];
      return typeof value !== 'string' || value.trim() === '';
    })
    .map((name) => missing(`${before}${name}`));
}

function lists(of: object, names: readonly string[]): Fault[] {
  return names
    .filter((name) => {
      const value = (of as Record<string, unknown>)[name];
      return !Array.isArray(value) || value.length === 0;
    })
    .map(missing);
}

function missing(expression: string): Fault {
  return { expression, text: `Thiếu “${expression}”.`, textEn: `"${expression}" is missing` };
}

function oneOf(expression: string, choices: readonly string[]): Fault {
  const said = choices.join(', ');
  return {
    expression,
    text: `“${expression}” phải là một trong: ${said}.`,
    textEn: `"${expression}" must be one of ${said}`,
  };
}

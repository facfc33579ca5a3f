/** A statutory report as a FHIR R4 MeasureReport: a group for each row, a population for each cell, a stratum for each unit. Pure. */
import type { Days, Sheet } from '../../engines/reports/index.ts';
import type { MeasureReport } from '../../kernel/fhir/types.ts';
import type { Form } from './forms.ts';
import type { ReportingUnit } from './reach.ts';

type Group = NonNullable<MeasureReport['group']>[number];
type Population = NonNullable<Group['population']>[number];

export interface Reported {
  form: Form;
  days: Days;
  /** Instant at which the numbers were counted. */
  made: string;
  /** True when nothing is to be written any more: handed in, or approved. */
  done: boolean;
  /** One unit, or all of them with their lines. */
  sheet: Sheet;
  reporter: { reference?: string; display: string };
  lines?: readonly { unit: ReportingUnit; sheet: Sheet }[];
}

const ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';

export function measureReport({ form, days, made, done, sheet, reporter, lines }: Reported): MeasureReport {
  const { rows, columns } = form.plan;
  const groups = rows.flatMap((row): Group[] => {
    const cells = columns.filter(({ code }) => {
      const kind = form.plan.cells.get(`${row.code}.${code}`)?.kind;
      return kind !== undefined && kind !== 'none';
    });
    if (cells.length === 0) return [];
    const whole = cells.filter(({ code }) => isCount(sheet, `${row.code}.${code}`));
    const populations = (of: Sheet) =>
      whole.map(({ code, title }) => population(form, of, `${row.code}.${code}`, title));
    const counts: Group = {
      code: conceptOf(form, row.code, row.title),
      population: populations(sheet),
      ...(lines && whole.length > 0
        ? {
            stratifier: [
              {
                code: [{ text: 'Đơn vị' }],
                stratum: lines.map(({ unit, sheet: own }) => ({
                  value: { coding: [{ code: unit.id, display: unit.name }], text: unit.name },
                  population: populations(own),
                })),
              },
            ],
          }
        : {}),
    };
    const rates = cells
      .filter((cell) => !whole.includes(cell))
      .map(({ code, title }): Group => {
        const name = `${row.code}.${code}`;
        return {
          code: conceptOf(form, name, `${row.title} · ${title}`),
          measureScore: { value: sheet.get(name)!.value! },
        };
      });
    return [...(whole.length > 0 ? [counts] : []), ...rates];
  });
  return {
    resourceType: 'MeasureReport',
    status: done ? 'complete' : 'pending',
    type: 'summary',
    measure: `http://yba.vn/fhir/Measure/${form.key}|${form.version}`,
    date: made,
    reporter,
    period: { start: days.start, end: days.end },
    group: groups,
  };
}

/** A count of MeasureReport is a whole number; a rate or an average is the score of a group of its own. */
function isCount(sheet: Sheet, cell: string): boolean {
  const value = sheet.get(cell)?.value ?? null;
  return value === null || Number.isInteger(value);
}

function population(form: Form, sheet: Sheet, cell: string, title: string): Population {
  const value = sheet.get(cell)?.value ?? null;
  const code = conceptOf(form, cell, title);
  if (value !== null && Number.isInteger(value)) return { code, count: value };
  // Nobody has written the number: that it is not known is said, never 0.
  return { code, _count: { extension: [{ url: ABSENT, valueCode: 'unknown' }] } } as Population;
}

export const conceptOf = ({ key }: Form, code: string, text: string) => ({
  coding: [{ system: `http://yba.vn/fhir/cs/bao-cao/${key}`, code, display: text }],
  text,
});

/** Indicators: numerator and denominator by unit and period, rates made of their sums. `content/indicators/<key>/<valid-from>.json`. */
import type { Pool } from 'pg';
import {
  type CellName,
  cellsOfFormula,
  evaluateFormula,
  type Ratio,
  rateOf,
  type Sheet,
  together,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedFiles, datedOn } from '../../kernel/content/dated.ts';
import { Failure } from '../../kernel/failure.ts';
import { allCounted, type Counted } from './figures.ts';
import { formOf } from './forms.ts';
import { daysOfPeriod } from './period.ts';
import { type PopulationAsk, peopleOn } from './population.ts';
import type { ReportingUnit } from './reach.ts';
import { manySheets } from './sheets.ts';

export interface IndicatorDefinition {
  code: string;
  title: string;
  titleEn: string;
  definition: string;
  definitionEn: string;
  source: string;
  status: string;
  validTo?: string;
  /** A formula over cells of monthly forms: `[form/row.column]`. */
  numerator: string;
  /** The same, or people of the unit's commune; `share` of them when the wanted age is part of a band. */
  denominator: string | { population: PopulationAsk; share?: number };
  factor: number;
  decimals: number;
  /** Events of months are brought to a year: the denominator of a month is a twelfth. */
  yearly?: boolean;
  /** A stand at the end of a month: months are not added, the last one holds. */
  stock?: boolean;
}

export interface IndicatorValue extends Ratio {
  unit: string;
  period: string;
  value: number | null;
  /** Why there is no value. */
  why?: 'no-population' | 'no-number' | 'zero';
}

/** Definitions in force on a day, by code. */
export function indicatorsOn(content: Content, day: string): Dated<IndicatorDefinition>[] {
  return datedFiles<IndicatorDefinition>(content, 'indicators')
    .filter(({ from, to }) => from <= day && (to === null || day <= to))
    .sort((a, b) => (a.value.code < b.value.code ? -1 : 1));
}

/** @throws Failure `not-found` */
export function indicatorOn(content: Content, key: string, day: string): Dated<IndicatorDefinition> {
  const found = datedOn<IndicatorDefinition>(content, 'indicators', key, day);
  if (found) return found;
  throw new Failure('not-found', `Không có chỉ số “${key}” có hiệu lực ngày ${day}.`, {
    textEn: `no indicator "${key}" is in force on ${day}`,
  });
}

export interface IndicatorValues {
  values: IndicatorValue[];
  counted: Counted;
}

/** Values of every unit and month, and of all units together under `''`. */
export async function indicatorValues(
  pool: Pool,
  content: Content,
  definition: IndicatorDefinition,
  units: readonly ReportingUnit[],
  months: readonly string[],
): Promise<IndicatorValues> {
  const sides = [
    definition.numerator,
    ...(typeof definition.denominator === 'string' ? [definition.denominator] : []),
  ];
  const forms = new Set(sides.flatMap((side) => cellsOfFormula(side).map(({ form }) => form)));
  const { sheetOf, counted } = await sheetsOf(pool, content, forms, units, months);
  const values: IndicatorValue[] = [];
  for (const period of months) {
    const ratios = units.map((unit) => ratioOf(content, definition, unit, period, sheetOf));
    for (const [at, unit] of units.entries()) values.push(valued(definition, unit.id, period, ratios[at]!));
    if (units.length > 1) values.push(valued(definition, '', period, together(ratios)));
  }
  return { values, counted };
}

type SheetOf = (form: string | null, unit: string, period: string) => Sheet | undefined;

/** A form's months are read in one go for each of its versions. */
async function sheetsOf(
  pool: Pool,
  content: Content,
  forms: ReadonlySet<string | null>,
  units: readonly ReportingUnit[],
  months: readonly string[],
): Promise<{ sheetOf: SheetOf; counted: Counted }> {
  const known = new Map<string, Sheet>();
  const counts: Counted[] = [];
  const ids = units.map(({ id }) => id);
  for (const key of forms) {
    if (key === null) continue;
    const versions = Map.groupBy(
      months.map((period) => ({ period, form: formOf(content, key, period) })),
      ({ form }) => form.version,
    );
    for (const ofVersion of versions.values()) {
      const periods = ofVersion.map(({ period }) => period);
      const { sheets, counted } = await manySheets(pool, ofVersion[0]!.form, ids, periods);
      for (const [place, sheet] of sheets) known.set(`${key} ${place}`, sheet);
      counts.push(counted);
    }
  }
  const sheetOf: SheetOf = (form, unit, period) => known.get(`${form} ${unit} ${period}`);
  return { sheetOf, counted: allCounted(counts) };
}

function ratioOf(
  content: Content,
  { numerator, denominator, yearly }: IndicatorDefinition,
  unit: ReportingUnit,
  period: string,
  sheets: SheetOf,
): Ratio {
  const number = ({ form, cell }: CellName) => sheets(form, unit.id, period)?.get(cell)?.value ?? null;
  const side = (text: string) => {
    const value = evaluateFormula(text, number);
    return typeof value === 'number' ? value : null;
  };
  const upper = side(numerator);
  if (typeof denominator === 'string') return { numerator: upper, denominator: side(denominator) };
  const people = peopleOn(content, unit.unitCode, period.slice(0, 4), denominator.population);
  const whole = people === null ? null : people * (denominator.share ?? 1);
  return { numerator: upper, denominator: whole === null || !yearly ? whole : whole / 12 };
}

function valued(definition: IndicatorDefinition, unit: string, period: string, ratio: Ratio): IndicatorValue {
  const value = rateOf(ratio, definition.factor);
  if (value !== null) return { unit, period, ...ratio, value };
  const byPeople = typeof definition.denominator !== 'string';
  const why =
    ratio.denominator === null && byPeople ? 'no-population' : ratio.denominator === 0 ? 'zero' : 'no-number';
  return { unit, period, ...ratio, value, why };
}

/** Months between two, in order, at most so many. @throws Failure `invalid-parameter` */
export function monthsBetween(from: string, to: string, most = 36): string[] {
  const at = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const many = at(to) - at(from) + 1;
  if (!(many >= 1 && many <= most))
    throw new Failure('invalid-parameter', `Chọn từ 1 đến ${most} tháng, tháng đầu trước tháng cuối.`, {
      textEn: `ask for 1 to ${most} months, the first before the last`,
      expression: 'from',
    });
  return Array.from({ length: many }, (_, step) => {
    const month = at(from) + step;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}

/** Last day of the last month: the version of the definition that holds. */
export const lastDay = (months: readonly string[]): string => daysOfPeriod(months.at(-1)!).end;

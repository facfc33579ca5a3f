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
import { boundariesOf, formerUnits, isInPlace, numbersOfNow, sheetsOfNow } from './boundaries.ts';
import { allCounted, type Counted } from './figures.ts';
import { formIn } from './forms.ts';
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

/**
 * The definition to draw months by: in force on their last day; months before it came into force are drawn as it says today.
 * `day` is one on which the forms that it names are there, too. @throws Failure `not-found`
 */
export function indicatorShown(
  content: Content,
  key: string,
  months: readonly string[],
  today: string,
): { definition: Dated<IndicatorDefinition>; day: string } {
  const last = lastDay(months);
  const definition = datedOn<IndicatorDefinition>(content, 'indicators', key, last);
  return definition
    ? { definition, day: last }
    : { definition: indicatorOn(content, key, today), day: today };
}

export interface IndicatorValues {
  /** Of units that are there on the last day, months before a change of boundaries carried over; `''` is all of them together. */
  values: IndicatorValue[];
  /** Units that are no more, with their own values of before. */
  former: { unit: ReportingUnit; until: string; values: IndicatorValue[] }[];
  counted: Counted;
}

/** Values of every unit and month; `soon`: a long first count is not waited for (`counted.missing`). Rates are made of sums, also where units were merged or divided meanwhile. */
export async function indicatorValues(
  pool: Pool,
  content: Content,
  definition: IndicatorDefinition,
  units: readonly ReportingUnit[],
  months: readonly string[],
  freshness: 'kept' | 'soon' = 'soon',
): Promise<IndicatorValues> {
  const until = lastDay(months);
  const gone = formerUnits(content, until);
  const current = units.filter(({ id }) => isInPlace(content, id, until));
  const series = await sheetsOf(pool, content, formsOf(definition), units, months, freshness);
  const values: IndicatorValue[] = [];
  const former = units
    .filter(({ id }) => gone.has(id))
    .map((unit) => ({ unit, until: endOf(content, unit.id), values: [] as IndicatorValue[] }));
  for (const period of months) {
    const { start } = daysOfPeriod(period);
    const people = peopleOf(content, definition, units, period);
    const now: Sides = {
      sheetOf: series.carried,
      people: numbersOfNow(content, { begun: start, until }, people),
    };
    const ratios = current.map((unit) => ratioOf(definition, unit.id, period, now));
    for (const [at, unit] of current.entries()) values.push(valued(definition, unit.id, period, ratios[at]!));
    if (current.length > 1) values.push(valued(definition, '', period, together(ratios)));
    const then: Sides = { sheetOf: series.plain, people };
    for (const { unit, until: ended, values: own } of former)
      if (start < ended)
        own.push(valued(definition, unit.id, period, ratioOf(definition, unit.id, period, then)));
  }
  return { values, former, counted: series.counted };
}

/** First day on which a former unit was no more. */
const endOf = (content: Content, unit: string): string =>
  boundariesOf(content)
    .filter(({ from, to }) => from === unit && to !== unit)
    .map(({ day }) => day)
    .sort()[0]!;

/** Keys of the forms that the sides name. */
function formsOf({ numerator, denominator }: IndicatorDefinition): Set<string> {
  const sides = typeof denominator === 'string' ? [numerator, denominator] : [numerator];
  return new Set(sides.flatMap((side) => cellsOfFormula(side).flatMap(({ form }) => form ?? [])));
}

type SheetOf = (form: string | null, unit: string, period: string) => Sheet | undefined;

interface Series {
  /** As each unit reported, and as the units of now. */
  plain: SheetOf;
  carried: SheetOf;
  counted: Counted;
}

/** A form's months are read in one go for each of its versions. */
async function sheetsOf(
  pool: Pool,
  content: Content,
  forms: ReadonlySet<string>,
  units: readonly ReportingUnit[],
  months: readonly string[],
  freshness: 'kept' | 'soon',
): Promise<Series> {
  const plain = new Map<string, Sheet>();
  const carried = new Map<string, Sheet>();
  const counts: Counted[] = [];
  const until = lastDay(months);
  const ids = units.map(({ id }) => id);
  for (const key of forms) {
    const versions = Map.groupBy(
      months.flatMap((period) => {
        const form = formIn(content, key, period);
        return form === null ? [] : [{ period, form }];
      }),
      ({ form }) => form.version,
    );
    for (const ofVersion of versions.values()) {
      const { form } = ofVersion[0]!;
      const periods = ofVersion.map(({ period }) => period);
      const { sheets, counted } = await manySheets(pool, form, ids, periods, freshness);
      counts.push(counted);
      for (const period of periods) {
        const own = new Map(ids.map((id) => [id, sheets.get(`${id} ${period}`)!]));
        const now = sheetsOfNow(content, form.plan, { begun: daysOfPeriod(period).start, until }, own);
        for (const [id, sheet] of own) plain.set(`${key} ${id} ${period}`, sheet);
        for (const [id, sheet] of now) carried.set(`${key} ${id} ${period}`, sheet);
      }
    }
  }
  const reader =
    (of: ReadonlyMap<string, Sheet>): SheetOf =>
    (form, unit, period) =>
      of.get(`${form} ${unit} ${period}`);
  return { plain: reader(plain), carried: reader(carried), counted: allCounted(counts) };
}

/** What both sides of a ratio are read from: sheets, and people who are a denominator. */
interface Sides {
  sheetOf: SheetOf;
  people: ReadonlyMap<string, number | null>;
}

/** People of each unit's commune who are the denominator; none when cells are. */
function peopleOf(
  content: Content,
  { denominator, yearly }: IndicatorDefinition,
  units: readonly ReportingUnit[],
  period: string,
): Map<string, number | null> {
  if (typeof denominator === 'string') return new Map();
  const { population, share = 1 } = denominator;
  return new Map(
    units.map(({ id, unitCode }) => {
      const people = peopleOn(content, unitCode, period.slice(0, 4), population);
      return [id, people === null ? null : (people * share) / (yearly ? 12 : 1)];
    }),
  );
}

function ratioOf(
  { numerator, denominator }: IndicatorDefinition,
  unit: string,
  period: string,
  { sheetOf, people }: Sides,
): Ratio {
  const number = ({ form, cell }: CellName) => sheetOf(form, unit, period)?.get(cell)?.value ?? null;
  const side = (text: string) => {
    const value = evaluateFormula(text, number);
    return typeof value === 'number' ? value : null;
  };
  return {
    numerator: side(numerator),
    denominator: typeof denominator === 'string' ? side(denominator) : (people.get(unit) ?? null),
  };
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

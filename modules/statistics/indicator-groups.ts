/** An indicator of a year by age, sex and unit: sums of its months (a stand: its last month), rates made of the sums. */
import type { Pool } from 'pg';
import {
  cellsOfFormula,
  evaluateFormula,
  type Ratio,
  rateOf,
  together,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { isInPlace, numbersOfNow } from './boundaries.ts';
import { groupCountsOf } from './group-count.ts';
import { type GroupAsk, type GroupedNumbers, peopleGroups, type Sex } from './groups.ts';
import { type IndicatorDefinition, lastDay } from './indicators.ts';
import { daysOfPeriod } from './period.ts';
import { type PeopleSource, type PopulationAsk, peopleOn, sourceOfPeople } from './population.ts';
import type { ReportingUnit } from './reach.ts';

export interface GroupValue extends Ratio {
  /** '' is all units together. */
  unit: string;
  /** '' is all. */
  sex: Sex | '';
  /** `5-14`, `80+`, `unknown`; '' is all. */
  age: string;
  value: number | null;
  /** Why there is no value; `untold`: what is counted leads to no person, or was typed. */
  why?: 'no-population' | 'no-number' | 'zero' | 'untold';
}

export interface GroupValues {
  values: GroupValue[];
  /** Where the people come from who are the denominator; empty when cells are. */
  population: PeopleSource[];
  /** Months that are still being counted: until they are, there are no values, for a part of a year is no year. */
  waiting: string[];
}

type Group = ReturnType<typeof peopleGroups>[number];

/** @param months of one year, in order @param freshness `soon`: a long count is not waited for */
export async function indicatorGroups(
  pool: Pool,
  content: Content,
  definition: IndicatorDefinition,
  units: readonly ReportingUnit[],
  months: readonly string[],
  freshness: 'soon' | 'kept' = 'kept',
): Promise<GroupValues> {
  const periods = definition.stock ? months.slice(-1) : months;
  const groups = peopleGroups(content);
  const asked = { units: units.map(({ id }) => id), periods, groups };
  const { numbers, waiting } = await numbersOfForms(pool, content, definition, asked, freshness);
  if (waiting.length > 0) return { values: [], population: [], waiting };
  const until = lastDay(months);
  const current = units.filter(({ id }) => isInPlace(content, id, until));
  const values = groups.flatMap((group) => {
    const sides = { numbers, group, definition, units, content, until };
    const monthly = periods.map((period) => ratiosOf(sides, period));
    const ratios = current.map(({ id }) => together(monthly.map((ofMonth) => ofMonth(id))));
    const untold = namedCells(definition).some(({ form, cell }) => numbers.get(form)?.untold.has(cell));
    const lines = current.map(({ id }, at) => valued(definition, group, id, ratios[at]!, untold));
    return current.length > 1 ? [valued(definition, group, '', together(ratios), untold), ...lines] : lines;
  });
  const byPeople = typeof definition.denominator !== 'string';
  const codes = current.map(({ unitCode }) => unitCode);
  const population = byPeople ? sourceOfPeople(content, codes, months[0]!.slice(0, 4)) : [];
  return { values, population, waiting };
}

/** Cells of both sides; a formula of an indicator always names its form. */
function namedCells({ numerator, denominator }: IndicatorDefinition): { form: string; cell: string }[] {
  const sides = typeof denominator === 'string' ? [numerator, denominator] : [numerator];
  return sides.flatMap((side) => cellsOfFormula(side).map(({ form, cell }) => ({ form: form ?? '', cell })));
}

async function numbersOfForms(
  pool: Pool,
  content: Content,
  definition: IndicatorDefinition,
  asked: Omit<GroupAsk, 'form' | 'cells'>,
  freshness: 'soon' | 'kept',
): Promise<{ numbers: Map<string, GroupedNumbers>; waiting: string[] }> {
  const counts = groupCountsOf(pool, content);
  const numbers = new Map<string, GroupedNumbers>();
  const waiting = new Set<string>();
  for (const [form, named] of Map.groupBy(namedCells(definition), (one) => one.form)) {
    const ask = { ...asked, form, cells: [...new Set(named.map(({ cell }) => cell))] };
    const soFar = await (freshness === 'soon' ? counts.soon(ask) : counts.whole(ask));
    numbers.set(form, soFar.numbers);
    for (const period of soFar.waiting) waiting.add(period);
  }
  return { numbers, waiting: asked.periods.filter((period) => waiting.has(period)) };
}

interface Sides {
  numbers: ReadonlyMap<string, GroupedNumbers>;
  group: Group;
  definition: IndicatorDefinition;
  units: readonly ReportingUnit[];
  content: Content;
  /** Last day that is asked for: its units have the numbers. */
  until: string;
}

/** Both sides of a month, by unit of now. */
function ratiosOf(sides: Sides, period: string): (unit: string) => Ratio {
  const { definition, units, content, group, numbers, until } = sides;
  const carried = { begun: daysOfPeriod(period).start, until };
  const side = (text: string) =>
    new Map(
      units.map(({ id }) => {
        const value = evaluateFormula(
          text,
          ({ form, cell }) => numbers.get(form ?? '')?.number(group, id, period, cell) ?? null,
        );
        return [id, typeof value === 'number' ? value : null];
      }),
    );
  const { denominator, yearly } = definition;
  const people = (ask: PopulationAsk, share: number) =>
    new Map(
      units.map(({ id, unitCode }) => {
        const wanted = within(ask, group);
        const many = wanted && peopleOn(content, unitCode, period.slice(0, 4), wanted);
        return [id, many ? (many * share) / (yearly ? 12 : 1) : null];
      }),
    );
  const over = numbersOfNow(content, carried, side(definition.numerator));
  const under = numbersOfNow(
    content,
    carried,
    typeof denominator === 'string'
      ? side(denominator)
      : people(denominator.population, denominator.share ?? 1),
  );
  return (unit) => ({ numerator: over.get(unit) ?? null, denominator: under.get(unit) ?? null });
}

/** The people of an indicator that are also of the group; null when nobody can be both, or nobody knows their age or sex. */
function within(ask: PopulationAsk, { sex, age }: Group): PopulationAsk | null {
  if (age === 'unknown' || sex === 'other' || (ask.sex && sex && ask.sex !== sex)) return null;
  const ageFrom = Math.max(ask.ageFrom ?? 0, age?.from ?? 0);
  const ageTo = Math.min(ask.ageTo ?? Number.POSITIVE_INFINITY, age?.to ?? Number.POSITIVE_INFINITY);
  if (ageFrom > ageTo) return null;
  const both = ask.sex ?? sex;
  return {
    ageFrom,
    ...(Number.isFinite(ageTo) ? { ageTo } : {}),
    ...(both ? { sex: both } : {}),
  };
}

function valued(
  definition: IndicatorDefinition,
  { sexKey: sex, ageKey: age }: Group,
  unit: string,
  ratio: Ratio,
  untold: boolean,
): GroupValue {
  const value = untold ? null : rateOf(ratio, definition.factor);
  const line = { unit, sex, age, ...ratio, value };
  if (value !== null) return line;
  if (untold) return { ...line, why: 'untold' };
  if (ratio.denominator === null && typeof definition.denominator !== 'string')
    return { ...line, why: 'no-population' };
  return { ...line, why: ratio.denominator === 0 ? 'zero' : 'no-number' };
}

/**
 * Indicators in FHIR R4: each as a Measure whose subjects are units (`/fhir/Measure/chi-so-<key>`), and their values as a MeasureReport.
 * A denominator of people is a part of them (a twelfth of a year): its count is rounded, the score is made of what it is. Pure.
 */
import { type Ratio, rateOf, together } from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { Rendered } from '../../kernel/fhir/terminology/index.ts';
import type { Measure, MeasureReport } from '../../kernel/fhir/types.ts';
import { formulaWords } from './cell-words.ts';
import type { IndicatorDefinition, IndicatorValue } from './indicators.ts';
import { indicatorsOn } from './indicators.ts';
import { measureAddress } from './measures.ts';
import { daysOfPeriod } from './period.ts';
import type { ReportingUnit } from './reach.ts';

type Group = NonNullable<MeasureReport['group']>[number];
type Population = NonNullable<Group['population']>[number];
type Asked = NonNullable<NonNullable<Measure['group']>[number]['population']>[number];

export const INDICATOR = 'chi-so-';
const POPULATIONS = 'http://terminology.hl7.org/CodeSystem/measure-population';
const SCORING = 'http://terminology.hl7.org/CodeSystem/measure-scoring';
const ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const SIDES = { numerator: 'Tử số', denominator: 'Mẫu số' } as const;
type Side = keyof typeof SIDES;

/** The indicators in force on a day. */
export function indicatorMeasures(content: Content, today: string): Rendered[] {
  return indicatorsOn(content, today).map(({ key, from, value }) => {
    const id = `${INDICATOR}${key}`;
    return {
      type: 'Measure',
      id,
      url: measureAddress(id),
      name: nameOf(id),
      title: value.title,
      version: from,
      make: () => ({ ...measureOf(content, { key, from, value }, today), id }),
    };
  });
}

const nameOf = (id: string): string =>
  id
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

const conceptOf = (side: Side) => ({
  coding: [{ system: POPULATIONS, code: side, display: side === 'numerator' ? 'Numerator' : 'Denominator' }],
  text: SIDES[side],
});

function measureOf(
  content: Content,
  { key, from, value }: { key: string; from: string; value: IndicatorDefinition },
  day: string,
): Measure {
  const id = `${INDICATOR}${key}`;
  const { numerator, denominator } = value;
  const population = (side: Side, expression: string): Asked => ({
    code: conceptOf(side),
    criteria: {
      // The binding is extensible by media types; the generated type names the three that it lists.
      language: 'text/plain' as Asked['criteria']['language'],
      description: formulaWords(content, day, expression, 'vi'),
      expression,
    },
  });
  const people = typeof denominator === 'string' ? denominator : `people ${JSON.stringify(denominator)}`;
  return {
    resourceType: 'Measure',
    language: 'vi',
    url: measureAddress(id),
    version: from,
    name: nameOf(id),
    title: value.title,
    subtitle: value.code,
    status: 'active',
    subjectCodeableConcept: {
      coding: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Organization' }],
    },
    date: from,
    publisher: 'Y Bạ',
    description: `${value.definition} Hệ số ${value.factor}. Căn cứ: ${value.source}. Trạng thái: ${value.status}.`,
    relatedArtifact: [{ type: 'citation', citation: value.source }],
    scoring: { coding: [{ system: SCORING, code: 'ratio' }] },
    group: [{ population: [population('numerator', numerator), population('denominator', people)] }],
  };
}

/** R4's kinds of a report, of units: one of them, a list of them, or all together. */
export type UnitReport = 'individual' | 'subject-list' | 'summary';

export interface IndicatorReported {
  key: string;
  version: string;
  definition: IndicatorDefinition;
  type: UnitReport;
  /** In order, of which the values are. */
  months: readonly string[];
  units: readonly ReportingUnit[];
  values: readonly IndicatorValue[];
  /** Instant at which the numbers were counted. */
  made: string;
  reporter: { reference?: string; display: string };
}

export function indicatorReport(asked: IndicatorReported): MeasureReport {
  const { key, version, definition, type, months, units, made, reporter } = asked;
  const last = months.at(-1)!;
  const held = definition.stock ? [last] : months;
  const ratios = units.map(({ id }) => together(held.map((month) => ratioIn(asked.values, id, month))));
  const whole = together(ratios);
  const group: Group = { ...groupOf(whole, definition), ...strataOf(asked, ratios) };
  const lists = type === 'subject-list' ? listsOf(units, ratios) : null;
  if (lists) for (const one of group.population!) one.subjectResults = { reference: `#${sideOf(one)}` };
  return {
    resourceType: 'MeasureReport',
    ...(lists ? { contained: lists } : {}),
    status: 'complete',
    type,
    measure: `${measureAddress(`${INDICATOR}${key}`)}|${version}`,
    ...(type === 'individual'
      ? { subject: { reference: `Organization/${units[0]!.id}`, display: units[0]!.name } }
      : {}),
    date: made,
    reporter,
    period: { start: daysOfPeriod(held[0]!).start, end: daysOfPeriod(last).end },
    group: [group],
  };
}

const NONE: Ratio = { numerator: null, denominator: null };

function ratioIn(values: readonly IndicatorValue[], unit: string, period: string): Ratio {
  const found = values.find((one) => one.unit === unit && one.period === period);
  return found ? { numerator: found.numerator, denominator: found.denominator } : NONE;
}

const sideOf = ({ code }: Population): string => code!.coding![0]!.code!;

function groupOf(ratio: Ratio, { factor }: IndicatorDefinition): Group {
  return {
    population: (['numerator', 'denominator'] as const).map((side) => population(side, ratio[side])),
    ...scoreOf(ratio, factor),
  };
}

function population(side: Side, value: number | null): Population {
  if (value !== null) return { code: conceptOf(side), count: Math.round(value) };
  return {
    code: conceptOf(side),
    _count: { extension: [{ url: ABSENT, valueCode: 'unknown' }] },
  } as Population;
}

/** Divided by nothing it is no number; a side that is not known leaves it unknown. */
function scoreOf(ratio: Ratio, factor: number): Pick<Group, 'measureScore'> {
  const value = rateOf(ratio, factor);
  // A decimal of FHIR has no more digits than are known: 14, never 14.000000000000002.
  if (value !== null) return { measureScore: { value: Number(value.toPrecision(12)) } };
  const why = ratio.denominator === 0 ? 'not-a-number' : 'unknown';
  return { measureScore: { extension: [{ url: ABSENT, valueCode: why }] } };
}

/** A stratum for each unit, where there are several. */
function strataOf(
  { units, type, definition }: IndicatorReported,
  ratios: readonly Ratio[],
): Pick<Group, 'stratifier'> {
  if (type !== 'summary' || units.length < 2) return {};
  const stratum = units.map(({ id, name }, at) => ({
    value: { coding: [{ code: id, display: name }], text: name },
    ...groupOf(ratios[at]!, definition),
  }));
  return { stratifier: [{ code: [{ text: 'Đơn vị' }], stratum }] };
}

/** Units that have something of a side. */
function listsOf(
  units: readonly ReportingUnit[],
  ratios: readonly Ratio[],
): NonNullable<MeasureReport['contained']> {
  return (['numerator', 'denominator'] as const).map((side) => ({
    resourceType: 'List' as const,
    id: side,
    status: 'current' as const,
    mode: 'snapshot' as const,
    entry: units.flatMap(({ id, name }, at) =>
      (ratios[at]![side] ?? 0) > 0 ? [{ item: { reference: `Organization/${id}`, display: name } }] : [],
    ),
  }));
}

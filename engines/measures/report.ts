/** The MeasureReport of what was counted. Pure. R4 measurereport.html. */
import type {
  List,
  Measure,
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupStratifier,
  MeasureReportGroupStratifierStratum,
  Observation,
  Quantity,
  Reference,
  Resource,
} from '../../kernel/fhir/types.ts';
import type { MeasurePlan, PlannedGroup, PlannedStratifier } from './plan.ts';
import type { GroupTally, Score, Stratum, Tally } from './tally.ts';

export interface ReportParts {
  measure: Measure;
  /** Canonical address of the measure with its version, or where it lies. */
  canonical: string;
  plan: MeasurePlan;
  type: 'individual' | 'subject-list' | 'summary';
  /** `Patient/x` or `Group/x`. */
  subject?: string;
  /** As told: days, or instants when instants were given. */
  period: { start: string; end: string };
  /** ISO instant with offset. */
  date: string;
  /** `Organization/x`: whose people were counted. */
  reporter?: string;
  groups: readonly GroupTally[];
  supplemental: readonly Observation[];
  /** `Type/id` of what was evaluated, in a report of one person. */
  evaluated: readonly string[];
}

export function reportOf(parts: ReportParts): MeasureReport {
  const contained: Resource[] = [];
  const group = parts.plan.groups.map((one, at) =>
    groupOf(one, parts.groups[at]!, `group-${at + 1}`, contained),
  );
  contained.push(...parts.supplemental);
  const evaluated = [...parts.evaluated, ...parts.supplemental.map(({ id }) => `#${id}`)].map(
    (reference): Reference => ({ reference }),
  );
  const { improvementNotation } = parts.measure;
  return {
    resourceType: 'MeasureReport',
    ...(contained.length === 0 ? {} : { contained }),
    status: 'complete',
    type: parts.type,
    measure: parts.canonical,
    ...(parts.subject === undefined ? {} : { subject: { reference: parts.subject } }),
    date: parts.date,
    ...(parts.reporter === undefined ? {} : { reporter: { reference: parts.reporter } }),
    period: parts.period,
    ...(improvementNotation === undefined ? {} : { improvementNotation }),
    group,
    ...(evaluated.length === 0 ? {} : { evaluatedResource: evaluated }),
  } as MeasureReport;
}

function groupOf(
  group: PlannedGroup,
  tally: GroupTally,
  name: string,
  contained: Resource[],
): MeasureReportGroup {
  const { id, concept, stratifiers } = group;
  const strata = stratifiers.map((one, at) =>
    stratifierOf(one, group, tally.strata[at]!, `${name}-stratifier-${at + 1}`, contained),
  );
  return {
    ...(id === undefined ? {} : { id }),
    ...(concept === undefined ? {} : { code: concept }),
    ...countsOf(group, tally.total, name, contained),
    ...(strata.length === 0 ? {} : { stratifier: strata }),
  };
}

function stratifierOf(
  stratifier: PlannedStratifier,
  group: PlannedGroup,
  strata: ReadonlyMap<string, Stratum>,
  name: string,
  contained: Resource[],
): MeasureReportGroupStratifier {
  const sorted = [...strata].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const stratum = sorted.map(
    ({ values, tally }, at): MeasureReportGroupStratifierStratum => ({
      ...(stratifier.hasComponents
        ? {
            component: stratifier.parts.map(({ concept }, part) => ({ code: concept, value: values[part]! })),
          }
        : { value: values[0]! }),
      ...countsOf(group, tally, `${name}-${at + 1}`, contained),
    }),
  );
  const codes = stratifier.concept
    ? [stratifier.concept]
    : stratifier.hasComponents
      ? stratifier.parts.map(({ concept }) => concept)
      : [];
  return {
    ...(stratifier.id === undefined ? {} : { id: stratifier.id }),
    ...(codes.length === 0 ? {} : { code: codes }),
    ...(stratum.length === 0 ? {} : { stratum }),
  };
}

/** Populations and score, of a group or of a stratum. */
function countsOf(
  { populations }: PlannedGroup,
  tally: Tally,
  name: string,
  contained: Resource[],
): Pick<MeasureReportGroup, 'population' | 'measureScore'> {
  const population = populations.map(({ id, concept }, at) => {
    const list = tally.persons && listOf(`${name}-population-${at + 1}`, concept, tally.persons[at]!);
    if (list) contained.push(list);
    return {
      ...(id === undefined ? {} : { id }),
      code: concept,
      count: tally.counts[at]!,
      ...(list ? { subjectResults: { reference: `#${list.id}` } } : {}),
    };
  });
  const score = tally.score();
  return { population, ...(score === null ? {} : { measureScore: quantityOf(score) }) };
}

/** The people behind a number. */
function listOf(id: string, code: List['code'], persons: ReadonlySet<string>): List {
  const entry = [...persons].map((person) => ({ item: { reference: `Patient/${person}` } }));
  return {
    resourceType: 'List',
    id,
    status: 'current',
    mode: 'snapshot',
    ...(code === undefined ? {} : { code }),
    ...(entry.length === 0 ? {} : { entry }),
  };
}

const ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';

/** A score that is divided by nothing is no number, and says so. */
function quantityOf({ value, unit }: Score): Quantity {
  if (value === null) return { extension: [{ url: ABSENT, valueCode: 'not-a-number' }] };
  return { value, ...(unit === '' ? {} : { unit }) };
}

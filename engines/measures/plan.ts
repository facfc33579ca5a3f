/**
 * A Measure checked whole and compiled before the first person is read: groups, populations, stratifiers, supplemental data.
 * R4 measure.html; extensions of the Quality Measure IG (CQFM) where R4 has no element.
 */

import { isResourceName } from '../../kernel/fhir/definitions/index.ts';
import { refusedAt } from '../../kernel/fhir/person/index.ts';
import type {
  CodeableConcept,
  Extension,
  Measure,
  MeasureGroup,
  MeasureGroupPopulation,
  MeasureGroupStratifier,
  ResourceType,
} from '../../kernel/fhir/types.ts';
import { type Criterion, compileCriterion } from './criterion.ts';
import type { Part } from './membership.ts';
import type { Setting } from './period.ts';
import {
  AGGREGATES,
  type Aggregate,
  POPULATION_CODES,
  POPULATIONS_OF,
  type PopulationCode,
  type Scoring,
} from './scoring.ts';

export interface PlannedPopulation extends Part {
  id?: string;
  /** As the measure says it. */
  concept: CodeableConcept;
  criterion: Criterion;
  /** Of an observation: what is made of its values. */
  aggregate: Aggregate;
  place: string;
}

export interface PlannedStratifier {
  id?: string;
  concept?: CodeableConcept;
  /** One, of the stratifier itself, or its components. */
  parts: { concept: CodeableConcept; criterion: Criterion }[];
  hasComponents: boolean;
  place: string;
}

export interface PlannedGroup {
  id?: string;
  concept?: CodeableConcept;
  scoring: Scoring;
  /** What is counted: persons (boolean), or their resources of a type. */
  basis: 'boolean' | ResourceType;
  populations: PlannedPopulation[];
  stratifiers: PlannedStratifier[];
}

export interface PlannedData {
  concept: CodeableConcept;
  criterion: Criterion;
  place: string;
}

export interface MeasurePlan {
  groups: PlannedGroup[];
  supplemental: PlannedData[];
  /** Every criterion, for what has to be read. */
  criteria: Criterion[];
}

/** The same extensions under the addresses of the Quality Measure IG (US, then universal) and of R5. */
const CQFM = 'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-';
const CQM = 'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-';
const CORE = 'http://hl7.org/fhir/StructureDefinition/cqf-';
const SCORING = 'http://terminology.hl7.org/CodeSystem/measure-scoring';
const POPULATION = 'http://terminology.hl7.org/CodeSystem/measure-population';
const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';
/** Criteria of one measure. */
const MOST_CRITERIA = 200;

/** @throws Failure `business-rule` that names the place of what cannot be carried out */
export function planMeasure(measure: Measure, setting: Setting): MeasurePlan {
  refuseOtherSubject(measure);
  if (measure.compositeScoring)
    throw refusedAt(
      'Measure.compositeScoring',
      'chỉ số tổng hợp chưa tính được',
      'is not carried out: composite measures are made of the reports of their parts',
    );
  const { group: groups = [], supplementalData = [] } = measure;
  if (groups.length === 0)
    throw refusedAt('Measure.group', 'phải có ít nhất một nhóm', 'needs at least one group');
  const planned = groups.map((group, at) => planGroup(measure, group, `Measure.group[${at}]`, setting));
  const supplemental = supplementalData.map((one, at): PlannedData => {
    const place = `Measure.supplementalData[${at}]`;
    return {
      concept: one.code ?? { text: one.description ?? one.id ?? `supplementalData[${at}]` },
      criterion: compileCriterion(one.criteria, `${place}.criteria`, setting),
      place,
    };
  });
  const criteria = [
    ...planned.flatMap(({ populations, stratifiers }) => [
      ...populations.map(({ criterion }) => criterion),
      ...stratifiers.flatMap(({ parts }) => parts.map(({ criterion }) => criterion)),
    ]),
    ...supplemental.map(({ criterion }) => criterion),
  ];
  if (criteria.length > MOST_CRITERIA)
    throw refusedAt(
      'Measure.group',
      `có quá ${MOST_CRITERIA} tiêu chí`,
      `has more than ${MOST_CRITERIA} criteria`,
    );
  return { groups: planned, supplemental, criteria };
}

function refuseOtherSubject({ subjectCodeableConcept, subjectReference }: Measure): void {
  const codes = (subjectCodeableConcept?.coding ?? [])
    .filter(({ system }) => system === undefined || system === RESOURCE_TYPES)
    .map(({ code }) => code);
  if (subjectReference === undefined && (subjectCodeableConcept === undefined || codes.includes('Patient')))
    return;
  throw refusedAt(
    'Measure.subject',
    'chỉ tính được chỉ số về người bệnh (Patient); nhóm người thì cho ở tham số subject',
    'must be Patient, or absent: a group of persons is given in the parameter subject',
  );
}

/** An observation is made on what is counted; every other criterion is asked of the person. */
function focusOf(code: PopulationCode, basis: PlannedGroup['basis']): ResourceType {
  return code === 'measure-observation' && basis !== 'boolean' ? basis : 'Patient';
}

function planGroup(measure: Measure, group: MeasureGroup, place: string, setting: Setting): PlannedGroup {
  const scoring = scoringOf(measure, group, place);
  const basis = basisOf(measure, group, place);
  const populations = planPopulations(group.population ?? [], { scoring, basis }, place, setting);
  const stratifiers = (group.stratifier ?? []).map((one, at) =>
    planStratifier(one, `${place}.stratifier[${at}]`, setting),
  );
  return {
    ...(group.id === undefined ? {} : { id: group.id }),
    ...(group.code === undefined ? {} : { concept: group.code }),
    scoring,
    basis,
    populations,
    stratifiers,
  };
}

function scoringOf(measure: Measure, group: MeasureGroup, place: string): Scoring {
  const own = extensionOf(group.extension, 'scoring')?.valueCodeableConcept;
  const at = own ? `${place}.extension(cqfm-scoring)` : 'Measure.scoring';
  const concept = own ?? measure.scoring;
  const code = codeIn(concept, SCORING);
  if (code !== undefined && Object.hasOwn(POPULATIONS_OF, code)) return code as Scoring;
  const known = Object.keys(POPULATIONS_OF).join(', ');
  throw refusedAt(
    at,
    code === undefined
      ? `thiếu cách tính điểm (một trong ${known})`
      : `không tính được cách "${code}" (có: ${known})`,
    code === undefined ? `is missing: one of ${known}` : `"${code}" is not carried out: one of ${known}`,
  );
}

function basisOf(measure: Measure, group: MeasureGroup, place: string): 'boolean' | ResourceType {
  const own = extensionOf(group.extension, 'populationBasis')?.valueCode;
  const basis = own ?? extensionOf(measure.extension, 'populationBasis')?.valueCode ?? 'boolean';
  if (basis === 'boolean' || isResourceName(basis)) return basis as 'boolean' | ResourceType;
  throw refusedAt(
    `${own === undefined ? 'Measure' : place}.extension(cqfm-populationBasis)`,
    `phải là boolean hoặc tên một loại tài nguyên R4, không phải "${basis}"`,
    `must be boolean or a resource type of R4, not "${basis}"`,
  );
}

function planPopulations(
  given: readonly MeasureGroupPopulation[],
  { scoring, basis }: Pick<PlannedGroup, 'scoring' | 'basis'>,
  group: string,
  setting: Setting,
): PlannedPopulation[] {
  const codes = given.map((one, at) => populationCode(one, scoring, `${group}.population[${at}]`));
  refuseNumbers(codes, scoring, group);
  return given.map((one, at): PlannedPopulation => {
    const place = `${group}.population[${at}]`;
    return {
      ...(one.id === undefined ? {} : { id: one.id }),
      code: codes[at]!,
      of: referenceOf(one, codes, given, place),
      concept: one.code!,
      criterion: compileCriterion(one.criteria, `${place}.criteria`, setting, focusOf(codes[at]!, basis)),
      aggregate: aggregateOf(one, scoring, place),
      place,
    };
  });
}

function populationCode(
  { code: concept }: MeasureGroupPopulation,
  scoring: Scoring,
  place: string,
): PopulationCode {
  const code = codeIn(concept, POPULATION);
  const known = POPULATION_CODES.find((one) => one === code);
  if (known === undefined)
    throw refusedAt(
      `${place}.code`,
      code === undefined ? 'thiếu mã quần thể' : `không có quần thể "${code}"`,
      code === undefined ? 'is missing' : `"${code}" is no population of ${POPULATION}`,
    );
  if (POPULATIONS_OF[scoring][known] === undefined)
    throw refusedAt(
      `${place}.code`,
      `chỉ số kiểu ${scoring} không có quần thể "${known}"`,
      `"${known}" has no place in a ${scoring} measure`,
    );
  return known;
}

function refuseNumbers(codes: readonly PopulationCode[], scoring: Scoring, group: string): void {
  for (const [code, [least, most]] of Object.entries(POPULATIONS_OF[scoring])) {
    const count = codes.filter((one) => one === code).length;
    if (count < least)
      throw refusedAt(
        `${group}.population`,
        `chỉ số kiểu ${scoring} phải có quần thể "${code}"`,
        `has no "${code}", which a ${scoring} measure needs`,
      );
    if (count > most)
      throw refusedAt(
        `${group}.population`,
        `có ${count} quần thể "${code}", nhiều nhất là ${most}`,
        `has ${count} times "${code}", at most ${most} are possible`,
      );
  }
}

/** The population that a numerator or denominator is drawn from, or that an observation is made on. */
function referenceOf(
  population: MeasureGroupPopulation,
  codes: readonly PopulationCode[],
  all: readonly MeasureGroupPopulation[],
  place: string,
): number | null {
  const own = codes[all.indexOf(population)]!;
  const wanted: readonly PopulationCode[] =
    own === 'measure-observation'
      ? ['numerator', 'denominator', 'measure-population']
      : ['initial-population'];
  const needsReference =
    own === 'numerator' || own === 'denominator'
      ? codes.filter((code) => code === 'initial-population').length > 1
      : own === 'measure-observation' && !codes.includes('measure-population');
  const { valueString: id } = extensionOf(population.extension, 'criteriaReference') ?? {};
  if (id === undefined && !needsReference) return null;
  const found = all.findIndex((one, at) => id !== undefined && one.id === id && wanted.includes(codes[at]!));
  if (found >= 0) return found;
  throw refusedAt(
    `${place}.extension(cqfm-criteriaReference)`,
    `phải nêu id của một quần thể ${wanted.join(', ')} trong nhóm`,
    `must name the id of a population ${wanted.join(' or ')} of the group`,
  );
}

function aggregateOf({ extension }: MeasureGroupPopulation, scoring: Scoring, place: string): Aggregate {
  const found = extensionOf(extension, 'aggregateMethod');
  const method = (found?.valueCode ?? found?.valueString)?.toLowerCase();
  if (method === undefined) return scoring === 'ratio' ? 'sum' : 'average';
  const known = AGGREGATES.find((one) => one === method);
  if (known) return known;
  throw refusedAt(
    `${place}.extension(cqfm-aggregateMethod)`,
    `không có phép gộp "${method}" (có: ${AGGREGATES.join(', ')})`,
    `"${method}" is none of ${AGGREGATES.join(', ')}`,
  );
}

function planStratifier(one: MeasureGroupStratifier, place: string, setting: Setting): PlannedStratifier {
  const { component = [], criteria } = one;
  if ((criteria === undefined) === (component.length === 0))
    throw refusedAt(
      place,
      'phải có hoặc criteria, hoặc component (mea-1)',
      'needs either criteria or components (mea-1)',
    );
  const parts = criteria
    ? [{ concept: one.code ?? {}, criterion: compileCriterion(criteria, `${place}.criteria`, setting) }]
    : component.map((part, at) => ({
        concept: part.code ?? { text: part.description ?? part.id ?? `component[${at}]` },
        criterion: compileCriterion(part.criteria, `${place}.component[${at}].criteria`, setting),
      }));
  return {
    ...(one.id === undefined ? {} : { id: one.id }),
    ...(one.code === undefined ? {} : { concept: one.code }),
    parts,
    hasComponents: criteria === undefined,
    place,
  };
}

function extensionOf(extensions: readonly Extension[] | undefined, name: string): Extension | undefined {
  return extensions?.find(({ url }) => [CQFM, CQM, CORE].some((base) => url === `${base}${name}`));
}

/** The code of a system; one without a system is taken for it. */
function codeIn(concept: CodeableConcept | undefined, system: string): string | undefined {
  const coding = concept?.coding ?? [];
  return (coding.find((one) => one.system === system) ?? coding.find((one) => one.system === undefined))
    ?.code;
}

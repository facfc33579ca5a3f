/** Measures as tests write them. */
import type { Expression, Measure, MeasureGroup, MeasureGroupPopulation } from '../../kernel/fhir/types.ts';
import type { PopulationCode, Scoring } from './scoring.ts';

const CQFM = 'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-';

export const fhirPath = (expression: string): Expression => ({ language: 'text/fhirpath', expression });
export const query = (expression: string): Expression => ({
  language: 'application/x-fhir-query',
  expression,
});

export function population(
  code: PopulationCode,
  criteria: string | Expression,
  more: { id?: string; of?: string; aggregate?: string } = {},
): MeasureGroupPopulation {
  const extension = [
    ...(more.of === undefined ? [] : [{ url: `${CQFM}criteriaReference`, valueString: more.of }]),
    ...(more.aggregate === undefined ? [] : [{ url: `${CQFM}aggregateMethod`, valueCode: more.aggregate }]),
  ];
  return {
    ...(more.id === undefined ? {} : { id: more.id }),
    ...(extension.length === 0 ? {} : { extension }),
    code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code }] },
    criteria: typeof criteria === 'string' ? fhirPath(criteria) : criteria,
  };
}

export function measure(
  scoring: Scoring | string,
  group: MeasureGroup[],
  more: Partial<Measure> = {},
): Measure {
  return {
    resourceType: 'Measure',
    status: 'active',
    scoring: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-scoring', code: scoring }] },
    group,
    ...more,
  };
}

/** Extension that says what is counted. */
export const basis = (type: string) => ({ extension: [{ url: `${CQFM}populationBasis`, valueCode: type }] });

/** Populations by code, from a group or a stratum of a report: `{ numerator: 3 }`. */
export function countsIn(
  one: { population?: { code?: { coding?: { code?: string }[] }; count?: number }[] } | undefined,
): Record<string, number> {
  return Object.fromEntries(
    (one?.population ?? []).map(({ code, count }) => [code!.coding![0]!.code!, count!]),
  );
}

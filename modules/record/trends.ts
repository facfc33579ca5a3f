/** Repeated numbers of a person as series: the same test in the same unit, oldest first. Pure. */

import { cs } from '../../kernel/fhir/systems.ts';
import type { CodeableConcept, Observation, Quantity } from '../../kernel/fhir/types.ts';
import { unitText } from '../../kernel/text/unit.ts';

export interface TrendPoint {
  at: string;
  value: number;
  flag: string | null;
  source: string;
}

export interface Trend {
  /** LOINC code, or the text when there is none. */
  code: string;
  name: string;
  unit: string;
  low: number | null;
  high: number | null;
  points: TrendPoint[];
}

/**
 * Series with at least two points, the most recently measured first. Components (systolic, diastolic) are series of
 * their own; a change of unit starts another series, for numbers in different units are never joined by a line.
 */
export function trendsOf(observations: Observation[]): Trend[] {
  const series = new Map<string, Trend>();
  for (const observation of observations) {
    if (observation.status === 'entered-in-error' || observation.status === 'cancelled') continue;
    const at = observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.issued;
    if (!at) continue;
    const flag = observation.interpretation?.[0]?.coding?.[0]?.code ?? null;
    const source = `Observation/${observation.id}/_history/${observation.meta?.versionId ?? '1'}`;
    addPoint(series, observation.code, observation.valueQuantity, observation.referenceRange, {
      at,
      flag,
      source,
    });
    for (const part of observation.component ?? []) {
      addPoint(series, part.code, part.valueQuantity, part.referenceRange, { at, flag, source });
    }
  }
  const trends = [...series.values()].filter((trend) => trend.points.length > 1);
  for (const trend of trends) trend.points.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return trends.sort((a, b) => last(b).localeCompare(last(a)) || a.name.localeCompare(b.name, 'vi'));
}

const last = (trend: Trend): string => trend.points.at(-1)?.at ?? '';

function addPoint(
  series: Map<string, Trend>,
  code: CodeableConcept,
  quantity: Quantity | undefined,
  range: Observation['referenceRange'],
  point: Omit<TrendPoint, 'value'>,
): void {
  if (quantity?.value === undefined) return;
  const coding = code.coding?.find((entry) => entry.system === cs.loinc) ?? code.coding?.[0];
  const key = coding?.code ?? code.text ?? '';
  const unit = unitText(quantity.unit ?? quantity.code ?? '');
  const id = `${key}|${quantity.code ?? unit}`;
  const trend = series.get(id) ?? {
    code: key,
    name: code.text ?? coding?.display ?? key,
    unit,
    low: null,
    high: null,
    points: [],
  };
  trend.low = range?.[0]?.low?.value ?? trend.low;
  trend.high = range?.[0]?.high?.value ?? trend.high;
  trend.points.push({ ...point, value: quantity.value });
  series.set(id, trend);
}

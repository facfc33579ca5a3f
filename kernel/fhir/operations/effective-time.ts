/** When an observation was made, as one point for comparing. Pure. */
import { intervalOf, intervalOfPeriod, intervalOfTiming } from '../dates.ts';
import type { Observation } from '../types.ts';

/**
 * Epoch milliseconds of the beginning of `effective[x]` (of its end, when the beginning is open), else of `issued`; null when
 * neither is there.
 */
export function effectiveTime(observation: Observation): number | null {
  const { effectiveDateTime, effectiveInstant, effectivePeriod, effectiveTiming, issued } = observation;
  const at = effectiveDateTime ?? effectiveInstant;
  const interval = at
    ? intervalOf(at)
    : effectivePeriod
      ? intervalOfPeriod(effectivePeriod)
      : effectiveTiming
        ? intervalOfTiming(effectiveTiming)
        : null;
  if (interval) return Number.isFinite(interval.low) ? interval.low : interval.high;
  return issued ? (intervalOf(issued)?.low ?? null) : null;
}

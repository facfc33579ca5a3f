/** What a vital sign means for the age of the person. Pure; the limits come from the visit. */
import type { VitalLimits } from '../../contract.ts';

export type Verdict = 'normal' | 'low' | 'high' | 'critical-low' | 'critical-high';

/** @returns null without a value, or where no normal range is stated */
export function judge(value: number | null, limits: VitalLimits): Verdict | null {
  if (value === null) return null;
  const [criticalLow, criticalHigh] = limits.critical;
  if (criticalLow !== null && value < criticalLow) return 'critical-low';
  if (criticalHigh !== null && value > criticalHigh) return 'critical-high';
  const [low, high] = limits.normal;
  if (low === null && high === null) return null;
  if (low !== null && value < low) return 'low';
  return high !== null && value > high ? 'high' : 'normal';
}

/** False for a slip of the hand: the field itself says so. */
export function isPossible(value: number | null, limits: VitalLimits): boolean {
  if (value === null) return true;
  const [low, high] = limits.plausible;
  return (low === null || value >= low) && (high === null || value <= high);
}

/**
 * Quantities that are kept once: under the composite that says their code as well (`code-value-quantity`), not a second time
 * under their own parameter. A question for any code asks the dictionary for all pairs with the unit. Where a value has
 * no code beside it, it lies under its own parameter, as it does in rows of older programs: both are asked.
 */
import type { Word } from './condition.ts';
import { PART } from './keys.ts';

/** Quantity → composite that holds the same values. */
const PAIRS: Readonly<Record<string, string>> = {
  'Observation.value-quantity': 'Observation.code-value-quantity',
  'Observation.component-value-quantity': 'Observation.component-code-value-quantity',
};
const COMPOSITES: ReadonlySet<string> = new Set(Object.values(PAIRS));

/** The composite under which values of a parameter lie that have a code; undefined = none. */
export function pairOf(q: string): string | undefined {
  return PAIRS[q];
}

/** True for a composite whose values lie nowhere else. */
export function isPair(q: string): boolean {
  return COMPOSITES.has(q);
}

/** The second part of a composite's word. */
export function secondOf({ sys, code, display }: Word): Word {
  return { sys: sys.split(PART)[1] ?? '', code: code.split(PART)[1] ?? '', display };
}

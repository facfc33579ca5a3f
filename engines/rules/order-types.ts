/** Which orders a rule looks at. Pure. */
import type { Rule } from './definition/rule.ts';

/** What `draftOrders` of CDS Hooks may hold. */
export const ORDER_TYPES = [
  'MedicationRequest',
  'ServiceRequest',
  'NutritionOrder',
  'DeviceRequest',
  'VisionPrescription',
  'CommunicationRequest',
] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

/**
 * Types of the orders by which a rule can be moved to speak: those of its calculators, and those that it names where it looks at
 * `%draftOrders`. All of them when it names none: then it speaks whatever is ordered.
 */
export function orderTypesOf({ variables, definition }: Pick<Rule, 'variables' | 'definition'>): OrderType[] {
  const isOfMedicines = [...variables.values()].some(
    (one) => one.kind === 'calculator' && one.calculator.reads.includes('MedicationRequest'),
  );
  const asked = expressionsIn(definition).filter((text) => text.includes('%draftOrders'));
  const isUntyped = asked.some((text) => !ORDER_TYPES.some((type) => text.includes(type)));
  const named = ORDER_TYPES.filter(
    (type) => (isOfMedicines && type === 'MedicationRequest') || asked.some((text) => text.includes(type)),
  );
  return isUntyped || named.length === 0 ? [...ORDER_TYPES] : named;
}

/** Texts of all Expressions (FHIR Expression.expression), however deep. */
function expressionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'expression' && typeof inner === 'string' ? [inner] : expressionsIn(inner),
  );
}

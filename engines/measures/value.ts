/** Values that criteria give, as numbers, concepts and keys. Pure. */
import type { CodeableConcept, Coding, Quantity } from '../../kernel/fhir/types.ts';

export interface Measured {
  value: number;
  /** Unit of a Quantity: its code, else its text; '' for a bare number. */
  unit: string;
}

/** A number or a Quantity with a number; null for anything else. */
export function measuredOf(value: unknown): Measured | null {
  if (typeof value === 'number' && Number.isFinite(value)) return { value, unit: '' };
  if (!isQuantity(value)) return null;
  return { value: value.value!, unit: value.code ?? value.unit ?? '' };
}

/** Where a value is missing: a stratum of its own, so that strata add up to the whole. */
export const UNKNOWN: CodeableConcept = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
      code: 'unknown',
      display: 'Unknown',
    },
  ],
  text: 'unknown',
};

/** Null for what has no name of its own: a resource, a period, an address. */
export function conceptOf(value: unknown): CodeableConcept | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { text: String(value) };
  if (!isObject(value) || 'resourceType' in value) return null;
  if (typeof value.value === 'number')
    return { text: [value.value, value.unit ?? value.code].filter((one) => one !== undefined).join(' ') };
  if (Array.isArray(value.coding)) return value as CodeableConcept;
  if (typeof value.code === 'string') return { coding: [value as Coding] };
  if (typeof value.text === 'string') return { text: value.text };
  if (typeof value.reference === 'string') return { text: value.reference };
  return null;
}

/** Concepts of the same codes are one, whatever their texts. */
export function keyOf({ coding = [], text }: CodeableConcept): string {
  const codes = coding
    .filter(({ code }) => code !== undefined)
    .map(({ system = '', code }) => `${system}|${code}`);
  return codes.length > 0 ? codes.sort().join(' ') : `"${text ?? ''}"`;
}

function isQuantity(value: unknown): value is Quantity {
  return isObject(value) && typeof value.value === 'number';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Code systems that HL7 publishes with R4 (v2 and v3 too), and every value set of R4 that can be told code by code. */
import { baseCodeSystem, baseValueSetCodes, requiredCodes } from '../definitions/index.ts';
import type { ValueSetJson } from './code-set.ts';
import { storedSystem } from './stored-system.ts';
import type { CodeSystemView } from './system.ts';

const VALUE_SETS = 'http://hl7.org/fhir/ValueSet/';
/** Of R4's own code systems and value sets. */
export const BASE_VERSION = '4.0.1';
const views = new Map<string, CodeSystemView>();

/** A code system that HL7 publishes with R4. */
export function baseSystem(url: string): CodeSystemView | undefined {
  const known = views.get(url);
  if (known) return known;
  const concepts = baseCodeSystem(url);
  if (!concepts) return undefined;
  const view = storedSystem({
    url,
    version: BASE_VERSION,
    language: 'en',
    content: 'complete',
    concept: concepts.map(({ code, display, parent }) => ({
      code,
      display,
      ...(parent === undefined ? {} : { property: [{ code: 'parent', valueCode: parent }] }),
    })),
  })!;
  views.set(url, view);
  return view;
}

/** `http://hl7.org/fhir/ValueSet/administrative-gender`. */
export function baseValueSet(url: string): (ValueSetJson & { resourceType: 'ValueSet' }) | undefined {
  const required = url.startsWith(VALUE_SETS) ? requiredCodes(url.slice(VALUE_SETS.length)) : undefined;
  const systems = required ?? baseValueSetCodes(url);
  if (!systems) return undefined;
  const include = [...systems].map(([system, codes]) => ({
    system,
    concept: [...codes].map((code) => ({ code })),
  }));
  return { resourceType: 'ValueSet', url, version: BASE_VERSION, compose: { include } };
}

/** Codes of elements whose value set is required. http://hl7.org/fhir/R4/terminologies.html#required */
import { requiredCodes } from '../definitions/index.ts';
import type { Context, Json } from './context.ts';

const CURRENCY = /^[A-Z]{3}$/;
const MIME_TYPE = /^[\w!#$&^.+-]+(?:\/[\w!#$&^.+*-]+)?(?:\s*;\s*\S.*)?$/;

/** Sets that R4 does not enumerate, by the form of their codes. */
const FORMS: Record<string, RegExp> = { currencies: CURRENCY, mimetypes: MIME_TYPE };

/** Test of a `code` element; undefined when any code will do. */
export function codeTest(set: string): ((code: string) => boolean) | undefined {
  const form = FORMS[set];
  if (form) return (code) => form.test(code);
  const systems = requiredCodes(set);
  if (!systems) return undefined;
  const all = new Set([...systems.values()].flatMap((codes) => [...codes]));
  return (code) => all.has(code);
}

/** The first codes of a set, for the sentence that says what would be right. */
export function sampleOf(set: string): string {
  const codes = [...(requiredCodes(set)?.values() ?? [])].flatMap((codes) => [...codes]);
  return codes.length > 12 ? `${codes.slice(0, 12).join(', ')}, …` : codes.join(', ');
}

/** Check of a Coding, CodeableConcept or Quantity; undefined when the set is not enumerated. */
export function boundCheck(type: string, set: string): ((value: Json, context: Context) => void) | undefined {
  const systems = requiredCodes(set);
  if (!systems) return undefined;
  const fits = (coding: unknown): boolean => {
    const { system, code } = (coding ?? {}) as Json;
    return typeof code === 'string' && systems.get(String(system))?.has(code) === true;
  };
  const isBound = (value: Json): boolean =>
    type === 'CodeableConcept' ? Array.isArray(value.coding) && value.coding.some(fits) : fits(value);
  return (value, context) => {
    if (isBound(value)) return;
    const system = [...systems.keys()].join(', ');
    context.report(
      'code-invalid',
      `Cần một mã của ${system}: ${sampleOf(set)}.`,
      `A code of ${system} is required: ${sampleOf(set)}.`,
      type === 'CodeableConcept' ? 'coding' : 'code',
    );
  };
}

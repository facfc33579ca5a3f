import type { Fault } from './form/types.ts';

/** FHIR issue types by what is wrong. */
const ISSUE: Readonly<Record<string, string>> = {
  'duplicate-link': 'duplicate',
  'duplicate-name': 'duplicate',
  required: 'required',
  'no-expression': 'required',
  'no-name': 'required',
  'no-code': 'required',
  'unknown-set': 'not-found',
  'unknown-questionnaire': 'not-found',
  'unknown-unit': 'code-invalid',
  'not-an-option': 'code-invalid',
  type: 'value',
  range: 'value',
  constraint: 'invariant',
  language: 'not-supported',
  loop: 'business-rule',
};

/**
 * A fault: place, and what is wrong as the rest of a sentence that begins with the place.
 * @param kind what is wrong, for `ISSUE`; others are `invalid`
 */
export function fault(
  expression: string,
  kind: string,
  vi: string,
  en: string,
  severity: Fault['severity'] = 'error',
): Fault {
  return {
    severity,
    code: ISSUE[kind] ?? 'invalid',
    text: `${expression} ${vi}.`,
    textEn: `${expression} ${en}.`,
    expression,
  };
}

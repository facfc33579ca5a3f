import type { Issue } from '../../failure.ts';

/** A place of a Consent that cannot be carried out. */
export function fault(expression: string, text: string, textEn: string): Issue {
  return { severity: 'error', code: 'not-supported', text, textEn, expression };
}

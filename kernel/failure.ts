/**
 * The one error type of the house. Below the edge a failure is this value with a stable code; at the edge it becomes
 * an OperationOutcome (FHIR) or `{error}` (screens). Anything else that is thrown is a defect and answers 500.
 */

/** Stable codes, their HTTP status and their FHIR issue type (http://hl7.org/fhir/R4/valueset-issue-type.html). */
export const FAILURES = {
  'malformed-json': { status: 400, issue: 'structure' },
  'invalid-resource': { status: 422, issue: 'invalid' },
  'invalid-request': { status: 400, issue: 'invalid' },
  'unknown-parameter': { status: 400, issue: 'not-supported' },
  'invalid-parameter': { status: 400, issue: 'value' },
  'unknown-code': { status: 422, issue: 'code-invalid' },
  'business-rule': { status: 422, issue: 'business-rule' },
  'sign-in-required': { status: 401, issue: 'login' },
  forbidden: { status: 403, issue: 'forbidden' },
  'not-found': { status: 404, issue: 'not-found' },
  gone: { status: 410, issue: 'deleted' },
  'not-supported': { status: 404, issue: 'not-supported' },
  'method-not-allowed': { status: 405, issue: 'not-supported' },
  conflict: { status: 409, issue: 'conflict' },
  'version-conflict': { status: 412, issue: 'conflict' },
  'version-required': { status: 428, issue: 'required' },
  'multiple-matches': { status: 412, issue: 'multiple-matches' },
  /** Search criteria that must name one resource match none. */
  'no-match': { status: 412, issue: 'not-found' },
  /** A service lacks what its caller was to send (CDS Hooks: prefetch). */
  'precondition-failed': { status: 412, issue: 'required' },
  /** An answer that would hold the program for too long, such as a value set of very many codes. */
  'too-costly': { status: 422, issue: 'too-costly' },
  'too-large': { status: 413, issue: 'too-long' },
  'not-acceptable': { status: 406, issue: 'not-supported' },
  'unsupported-media-type': { status: 415, issue: 'not-supported' },
  'range-not-satisfiable': { status: 416, issue: 'value' },
  'too-many-requests': { status: 429, issue: 'throttled' },
  /** A defect of the program; its text never leaves it. */
  internal: { status: 500, issue: 'exception' },
  overloaded: { status: 503, issue: 'throttled' },
  /** The program ended before it was done with a request that it had taken. */
  interrupted: { status: 503, issue: 'transient' },
  'database-unavailable': { status: 503, issue: 'transient' },
  /** Rows of an older program are being indexed anew; see kernel/store/reindex. */
  'index-incomplete': { status: 503, issue: 'incomplete' },
  'disk-full': { status: 507, issue: 'no-store' },
} as const;

export type FailureCode = keyof typeof FAILURES;

/** One fault with its place. `expression` is a FHIRPath location such as `Patient.birthDate` or a form field's name. */
export interface Issue {
  severity: 'error' | 'warning' | 'information';
  code: string;
  /** A sentence in Vietnamese that says what happened and what to do. */
  text: string;
  /** The same in English, for integrators. */
  textEn?: string;
  expression?: string;
}

export class Failure extends Error {
  readonly code: FailureCode;
  readonly issues: Issue[];
  /** Machine-readable extra for screens, for example both versions of a conflicting record. */
  readonly details: unknown;

  /**
   * @param code stable code from `FAILURES`
   * @param text what happened and what to do, in Vietnamese
   * @param more English text, the place, further issues, details for the screen
   */
  constructor(
    code: FailureCode,
    text: string,
    more: { textEn?: string; expression?: string; issues?: Issue[]; details?: unknown; cause?: unknown } = {},
  ) {
    super(more.textEn ?? text, { cause: more.cause });
    this.name = 'Failure';
    this.code = code;
    this.details = more.details;
    this.issues = more.issues ?? [
      {
        severity: 'error',
        code: FAILURES[code].issue,
        text,
        ...(more.textEn ? { textEn: more.textEn } : {}),
        ...(more.expression ? { expression: more.expression } : {}),
      },
    ];
  }

  get status(): number {
    return FAILURES[this.code].status;
  }
}

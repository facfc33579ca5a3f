/** What a validation carries along: where it is, what it found. */
import type { Issue } from '../../failure.ts';

export type Json = Record<string, unknown>;

/** Enough to repair a resource; a file of nonsense need not be answered in full. */
const MOST_ISSUES = 100;
/** Deeper than any resource of R4 has reason to be; guards the stack. */
export const DEEPEST = 120;

export class Context {
  readonly issues: Issue[] = [];
  readonly path: (string | number)[] = [];
  /** Issues that are no invariants: where there is one, rules could read a wrong shape. */
  shapeFaults = 0;
  /** The outermost resource, for references to contained ones. */
  root: Json = {};
  /** The resource that is being checked (`%resource`): a contained one is itself. */
  resource: Json = {};
  /** True inside `contained`. */
  contained = false;
  /** True inside a Bundle, where references may be `urn:uuid:` or a search. */
  bundled = false;
  /** Checks a resource that stands inside another. */
  readonly checkResource: (value: Json, context: Context) => void;

  constructor(checkResource: (value: Json, context: Context) => void) {
    this.checkResource = checkResource;
  }

  get full(): boolean {
    return this.issues.length >= MOST_ISSUES;
  }

  /** @param key the property at fault below the present place; none = the place itself */
  report(
    code: string,
    text: string,
    textEn: string,
    key?: string,
    severity: Issue['severity'] = 'error',
  ): void {
    if (code !== 'invariant' && severity === 'error') this.shapeFaults++;
    if (this.full) return;
    this.issues.push({ severity, code, text, textEn, expression: this.expression(key) });
  }

  /** `Patient.name[0].family` */
  expression(key?: string): string {
    let text = '';
    for (const step of key === undefined ? this.path : [...this.path, key]) {
      text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    }
    return text;
  }
}

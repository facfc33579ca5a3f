/** What one evaluation may cost, and what it may ask its caller. */
import { Failure } from '../../failure.ts';

/** What an expression may ask beyond the nodes that it is given. What is left out is not known to it. */
export interface Environment {
  /** `%resource`: the resource that the nodes lie in; left out: the context itself, when it is a resource. */
  resource?: object;
  /** `%rootResource`: the resource that contains `resource`; left out: `resource`. */
  rootResource?: object;
  /** Whose entries `resolve()` looks through; left out: the root resource, when it is a Bundle. */
  bundle?: object;
  /** `now()`, `today()`, `timeOfDay()`; left out: when the evaluation first asks. */
  now?: Date;
  /** What a reference or canonical leads to that is neither contained nor in the Bundle; nothing when it is not at hand. */
  resolve?(reference: string): object | null | undefined;
  /**
   * Is a code (string), Coding or CodeableConcept in the value set? Null when nobody knows.
   * @param type FHIR type of the value
   */
  memberOf?(value: unknown, type: string | null, valueSet: string): boolean | null;
  /** Does the first Coding subsume the second? Null when nobody knows. */
  subsumes?(general: unknown, special: unknown): boolean | null;
  /** Does a resource keep the profile of this canonical? Null when nobody knows the profile. */
  conformsTo?(resource: unknown, profile: string): boolean | null;
  /** The score of a Coding (SDC `weight()`); null when it has none. */
  weight?(value: unknown): number | null;
  /** The values of a variable that the caller declared. */
  variable?(name: string): readonly unknown[];
  trace?(name: string, values: readonly unknown[]): void;
}

/** What the evaluation of one resource may still cost, in values looked at; and the state of that evaluation. */
export class Work {
  #left: number;
  #now: Date | null = null;
  /** May change between evaluations that share one bound. */
  environment: Environment;
  /** `%context`: the nodes that the whole expression was asked of. */
  context: readonly unknown[] = [];
  /** `$index` of the item at hand. */
  index: number | null = null;
  /** `$total` of the innermost `aggregate()`. */
  total: readonly unknown[] = [];

  constructor(most = 1_000_000, environment: Environment = {}) {
    this.#left = most;
    this.environment = environment;
  }

  /** The same instant for the whole evaluation. */
  get now(): Date {
    this.#now ??= this.environment.now ?? new Date();
    return this.#now;
  }

  /** @throws Failure `too-large` when the resource has cost too much */
  spend(values: number): void {
    this.#left -= values;
    if (this.#left < 0) {
      throw new Failure(
        'too-large',
        'Biểu thức FHIRPath không dừng hoặc tốn quá nhiều việc với một tài nguyên. Hãy viết gọn hơn.',
        {
          textEn:
            'A FHIRPath expression does not end, or costs too much for one resource: write it narrower.',
        },
      );
    }
  }
}

/** FHIRPath within an extraction: it sees the response, the Questionnaire, and names that were given to new resources. */
import { Failure, type Issue } from '../../../kernel/failure.ts';
import { Box, compilePath, type Path, Work } from '../../../kernel/fhir/path/index.ts';
import type { Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import type { Value } from '../form/types.ts';

/** What an expression stands on: nodes with the type that is known of them. */
export interface Focus {
  nodes: readonly unknown[];
  type: string | null;
}

export class Expressions {
  /** What could not be evaluated, to be told beside the result. */
  readonly issues: Issue[] = [];
  readonly #response: QuestionnaireResponse;
  readonly #questionnaire: Questionnaire;
  readonly #known = new Map<string, Path | null>();

  constructor(response: QuestionnaireResponse, questionnaire: Questionnaire) {
    this.#response = response;
    this.#questionnaire = questionnaire;
  }

  /** @param names variables with their values. An expression that fails gives nothing, and is told in `issues` */
  ask(text: string, focus: Focus, names: ReadonlyMap<string, readonly unknown[]>, place: string): Focus {
    try {
      const path = this.#compiled(text, focus, names);
      const work = new Work(undefined, {
        resource: this.#response,
        rootResource: this.#response,
        variable: (name) => (name === 'questionnaire' ? [this.#questionnaire] : (names.get(name) ?? [])),
      });
      return { nodes: path.nodes(focus.nodes, work), type: path.type };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const [issue] = error.issues;
      this.issues.push({ ...issue!, severity: 'warning', expression: place });
      return { nodes: [], type: null };
    }
  }

  #compiled(text: string, focus: Focus, names: ReadonlyMap<string, readonly unknown[]>): Path {
    const variables = new Map<string, string | null>([['questionnaire', 'Questionnaire']]);
    for (const name of names.keys()) variables.set(name, null);
    const key = `${focus.type} ${[...variables.keys()].join(' ')} ${text}`;
    const known = this.#known.get(key);
    if (known) return known;
    const offers = (name: string) => !['resolve', 'subsumes', 'conformsTo', 'memberOf'].includes(name);
    const path = compilePath(text, {
      type: focus.type,
      constants: new Map(),
      variables,
      offers,
      lenient: true,
    });
    this.#known.set(key, path);
    return path;
  }
}

/** The plain values of what an expression gave, each with the type that is known. */
export function plainOf({ nodes, type }: Focus): { value: Value; type: string }[] {
  return nodes.flatMap((node) => {
    const value = node instanceof Box ? node.value : node;
    if (value === undefined || value === null) return [];
    const known = node instanceof Box ? fhirNamed(node.type) : type;
    return [{ value, type: known ?? guessed(value) }];
  });
}

const fhirNamed = (type: string) =>
  type.startsWith('System.') ? type.charAt(7).toLowerCase() + type.slice(8) : type;

function guessed(value: Value): string {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal';
  if (typeof value === 'string') return 'string';
  const { reference, value: amount, code, coding } = value as Record<string, unknown>;
  if (coding !== undefined) return 'CodeableConcept';
  if (reference !== undefined) return 'Reference';
  return amount !== undefined ? 'Quantity' : code !== undefined ? 'Coding' : 'string';
}

export const singleText = (focus: Focus): string | undefined => {
  const [one] = plainOf(focus);
  return one === undefined ? undefined : String(one.value);
};

/** What the parts of the compiler of FHIRPath share: steps, their types, and refusals. */
import { Failure } from '../../failure.ts';
import type { PathTree } from './tree.ts';
import type { Work } from './values.ts';

/** From nodes to nodes. @throws Failure that names the expression, for data that it cannot be asked of */
export type Step = (nodes: readonly unknown[], work: Work) => readonly unknown[];

export interface Compiled {
  step: Step;
  /** FHIR type of what comes out: `Encounter.location`, `Coding`, `date`; null when only the data know it. */
  type: string | null;
}

export interface Constant {
  type: string;
  value: unknown;
}

/** What a path is compiled in. */
export interface Scope {
  /** Structure of `$this`. */
  type: string | null;
  constants: ReadonlyMap<string, Constant>;
  /** The whole text, for messages. */
  text: string;
  /** Compiles a part of the expression. */
  compile(tree: PathTree, scope: Scope): Compiled;
}

/** What a path is compiled in, as its user gives it. */
export type Within = Pick<Scope, 'type' | 'constants'>;

/** The expression is sound, but not in the compiled part. */
export class NotCompiled extends Error {}

/** "The expression … " with the reason. */
export function refusedPath(text: string, why: string, whyEn: string): Failure {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new Failure('invalid-resource', `Biểu thức "${shown}" ${why}.`, {
    textEn: `The expression "${shown}" ${whyEn}.`,
    expression: shown,
  });
}

export const same: Step = (nodes) => nodes;

/** What a base gives, or the focus. */
export function compileBase(base: PathTree | null, scope: Scope): Compiled {
  return base === null ? { step: same, type: scope.type } : scope.compile(base, scope);
}

export function then(first: Step, second: Step): Step {
  return first === same ? second : (nodes, work) => second(first(nodes, work), work);
}

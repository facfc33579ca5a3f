/** What the parts of the compiler of FHIRPath share: steps, their types, and refusals. */
import { Failure } from '../../failure.ts';
import type { PathTree } from './tree.ts';
import type { Work } from './work.ts';

/** From nodes to nodes. @throws Failure that names the expression, for data that it cannot be asked of */
export type Step = (nodes: readonly unknown[], work: Work) => readonly unknown[];

export interface Compiled {
  step: Step;
  /** The same as plain values, without those that have none, where that is quicker: for who looks at nothing beside them. */
  values?: Step;
  /** Type of what comes out: `Encounter.location`, `Coding`, `date`, `System.String`; null when only the data know it. */
  type: string | null;
  /** An end of a period, or a moment that is computed from one. */
  isEnd?: true;
}

export interface Constant {
  /** FHIR type. */
  type: string;
  /** JSON; a list is several values. */
  value: unknown;
  /**
   * An instant that is an end of a period: with `<` and its like, what is written without a time counts by the instant at
   * which it begins in Vietnam, so that no day of the period is left open.
   */
  isEnd?: true;
}

/** What a path is compiled in, as its user gives it. */
export interface Within {
  /** Structure of the nodes that the path will be asked of; null when only the data know it. */
  type: string | null;
  constants: ReadonlyMap<string, Constant>;
  /** Variables whose values are asked of the evaluation, with their types; the name of a type also means the variable of that name. */
  variables?: ReadonlyMap<string, string | null>;
  /** Which functions and variables (`matches`, `%resource`, `$total`) the path may use; left out: all. */
  offers?: (name: string) => boolean;
  /** Elements and types that R4 does not have give nothing, instead of being refused. */
  lenient?: boolean;
}

/** What a part of the expression is compiled in. */
export interface Scope extends Within {
  /** The whole text, for messages. */
  text: string;
  /** Structure of `%context`. */
  root: string | null;
  /** Compiles a part of the expression. */
  compile(tree: PathTree, scope: Scope): Compiled;
}

export type Call = PathTree & { kind: 'call' };
export type Functions = Record<string, (call: Call, scope: Scope) => Compiled>;

/** "The expression … " with the reason. */
export function refusedPath(text: string, why: string, whyEn: string): Failure {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new Failure('invalid-resource', `Biểu thức "${shown}" ${why}.`, {
    textEn: `The expression "${shown}" ${whyEn}.`,
    expression: shown,
  });
}

/** The expression is sound, but not of these data. */
export function failedPath(text: string, why: string, whyEn: string): Failure {
  return new Failure('business-rule', `Không tính được biểu thức "${text}": ${why}.`, {
    textEn: `The expression "${text}" cannot be evaluated: ${whyEn}.`,
    expression: text,
  });
}

export const same: Step = (nodes) => nodes;
export const NOTHING: readonly unknown[] = [];
const TRUE = [true];
const FALSE = [false];
/** A truth as nodes. */
export const answer = (value: boolean | null): readonly unknown[] =>
  value === null ? NOTHING : value ? TRUE : FALSE;

export const truth = (step: Step): Compiled => ({ type: 'System.Boolean', step });

/** What a base gives, or the focus. */
export function compileBase(base: PathTree | null, scope: Scope): Compiled {
  return base === null ? { step: same, type: scope.type } : scope.compile(base, scope);
}

/** A variable that the caller declared; null for what is none. */
export function variableStep(name: string, { variables }: Scope): Compiled | null {
  const type = variables?.get(name);
  if (type === undefined) return null;
  return { type, step: (_, work) => work.environment.variable?.(name) ?? NOTHING };
}

export function then(first: Step, second: Step): Step {
  return first === same ? second : (nodes, work) => second(first(nodes, work), work);
}

export function argument({ name, args }: Call, scope: Scope, at = 0): PathTree {
  const found = args[at];
  if (found) return found;
  throw refusedPath(scope.text, `gọi ${name}() thiếu tham số`, `calls ${name}() without its argument`);
}

/** An argument that is looked at once, from where the whole call stands. */
export function compileArgument(call: Call, scope: Scope, at = 0): Compiled {
  return scope.compile(argument(call, scope, at), scope);
}

/** An argument that is looked at for each item of the base. */
export function compileEach(call: Call, base: Compiled, scope: Scope, at = 0): Compiled {
  return scope.compile(argument(call, scope, at), { ...scope, type: base.type });
}

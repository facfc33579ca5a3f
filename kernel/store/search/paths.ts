/**
 * The FHIRPath of search parameters, resolved against the element tables into plain JSON paths. The grammar is what the
 * R4 parameters use: members, `ofType(T)`, `where(resolve() is T)`, `where(name='value')` and unions; and `extension('url')`.
 */
import { baseTypeOf, elementsOf, hasStructure, propertyName } from '../../fhir/definitions/index.ts';

/** A condition on a value that a path goes through. */
export type PathFilter = { kind: 'target'; type: string } | { kind: 'equals'; name: string; value: string };

export interface PathStep {
  /** JSON property. */
  readonly key: string;
  /** True when its value is an array. */
  readonly repeats: boolean;
  readonly filter?: PathFilter;
}

/** One way through the JSON to a value of a known data type. */
export interface JsonPath {
  readonly steps: readonly PathStep[];
  /** Data type of the value: `CodeableConcept`, `dateTime` … */
  readonly type: string;
  /** Value set of a required binding, when the element has one. */
  readonly codes?: string;
  /** Allowed targets when the value is a Reference; undefined = any. */
  readonly targets?: readonly string[];
  /** True when no element on the way repeats. */
  readonly single: boolean;
  /** Values of this type by an engine, for expressions that are no plain path (`fhir-path.ts`); `steps` is empty then. */
  readonly evaluate?: (resource: unknown) => unknown[];
}

type Step =
  | { kind: 'member'; name: string }
  | { kind: 'ofType'; type: string }
  | { kind: 'where'; filter: PathFilter };

/**
 * JSON paths of an expression below a structure. The first name may be the structure itself (`Observation.code` in
 * `Observation`). Fails on an expression outside the grammar: a defect of the caller, who keeps the list of exceptions.
 */
export function resolvePaths(structure: string, expression: string): JsonPath[] {
  return splitUnion(expression).flatMap((part) => resolveOne(structure, parsePath(part)));
}

/** The values an expression's path leads to, in document order. `value` is the parsed JSON of the structure. */
export function valuesAt(value: unknown, path: JsonPath): unknown[] {
  if (path.evaluate) return path.evaluate(value);
  let current: unknown[] = [value];
  for (const step of path.steps) {
    const next: unknown[] = [];
    for (const node of current) {
      const inner = (node as Record<string, unknown>)[step.key];
      for (const item of Array.isArray(inner) ? inner : [inner]) {
        if (item !== undefined && item !== null && passes(item, step.filter)) next.push(item);
      }
    }
    current = next;
  }
  return current;
}

const LITERAL = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;
const REFERENCE_TYPE = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Target type a Reference states, by its literal reference or its `type`; undefined when it states none. */
export function targetTypeOf(reference: { reference?: unknown; type?: unknown }): string | undefined {
  const said = typeof reference.reference === 'string' ? typeIn(reference.reference) : undefined;
  if (said !== undefined) return said;
  return typeof reference.type === 'string' ? reference.type : undefined;
}

/** Nearly all are `Type/id`, and a test makes no garbage. */
function typeIn(reference: string): string | undefined {
  if (LITERAL.test(reference)) return reference.slice(0, reference.indexOf('/'));
  return REFERENCE_TYPE.exec(reference)?.[1];
}

export function passes(value: unknown, filter: PathFilter | undefined): boolean {
  if (!filter) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (filter.kind === 'equals') return (value as Record<string, unknown>)[filter.name] === filter.value;
  return targetTypeOf(value as { reference?: unknown; type?: unknown }) === filter.type;
}

function splitUnion(expression: string): string[] {
  return expression.split(' | ').map((part) => part.trim());
}

const STEP =
  /^(?:ofType\((\w+)\)|where\(\s*resolve\(\) is (\w+)\s*\)|where\(\s*(\w+)\s*=\s*'([^'\\]*)'\s*\)|(\w+))$/;

const EXTENSION = /\bextension\(\s*'([^'\\]*)'\s*\)/g;

function parsePath(text: string): Step[] {
  const plain = withoutParentheses(text).replace(EXTENSION, "extension.where(url='$1')");
  return splitDots(plain).map((part) => {
    const match = STEP.exec(part);
    if (!match) throw new Error(`search expression outside the grammar: ${text}`);
    const [, ofType, target, name, value, member] = match;
    if (ofType) return { kind: 'ofType', type: ofType === 'DateTime' ? 'dateTime' : ofType };
    if (target) return { kind: 'where', filter: { kind: 'target', type: target } };
    if (name) return { kind: 'where', filter: { kind: 'equals', name, value: value ?? '' } };
    return { kind: 'member', name: member! };
  });
}

/** `(Observation.value.ofType(CodeableConcept)).text` → the same without the parentheses around its head. */
function withoutParentheses(text: string): string {
  if (!text.startsWith('(')) return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return text.slice(1, i) + text.slice(i + 1);
  }
  return text;
}

/** Splits at dots outside parentheses. */
function splitDots(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (text[i] === '.' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function resolveOne(structure: string, steps: Step[]): JsonPath[] {
  const first = steps[0];
  const root = first?.kind === 'member' && (first.name === structure || first.name === 'Resource');
  let paths: JsonPath[] = [{ steps: [], type: structure, single: true }];
  for (const step of root ? steps.slice(1) : steps) paths = paths.flatMap((path) => advance(path, step));
  if (paths.length === 0)
    throw new Error(`search expression leads nowhere: ${structure} ${JSON.stringify(steps)}`);
  return paths;
}

function advance(path: JsonPath, step: Step): JsonPath[] {
  if (step.kind === 'ofType') return baseTypeOf(path.type) === step.type ? [path] : [];
  if (step.kind === 'where') return [withFilter(path, step.filter)];
  if (!hasStructure(path.type)) return [];
  const element = elementsOf(path.type).find((e) => e.name === step.name);
  if (!element) return [];
  return element.types.map((type) => ({
    steps: [...path.steps, { key: propertyName(element, type), repeats: element.max > 1 }],
    type: type.code,
    ...(element.codes ? { codes: element.codes } : {}),
    ...(type.targets ? { targets: type.targets } : {}),
    single: path.single && element.max === 1,
  }));
}

function withFilter(path: JsonPath, filter: PathFilter): JsonPath {
  const last = path.steps.at(-1);
  if (!last || last.filter) throw new Error('search expression with two conditions on one value');
  return { ...path, steps: [...path.steps.slice(0, -1), { ...last, filter }] };
}

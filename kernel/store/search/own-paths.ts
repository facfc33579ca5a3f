/** The paths of search parameters that this province adds (SearchParameter resources): any FHIRPath, within the types of its kind. */
import { hasStructure, isResourceName } from '../../fhir/definitions/index.ts';
import { compileFhirPath, shapeOf } from './fhir-path.ts';
import { type JsonPath, resolvePaths } from './paths.ts';

/** Data types whose values a kind of parameter can index. */
const FITTING: Record<string, readonly string[]> = {
  token: [
    'CodeableConcept',
    'Coding',
    'Identifier',
    'ContactPoint',
    'code',
    'boolean',
    'string',
    'id',
    'uri',
  ],
  string: ['string', 'markdown', 'HumanName', 'Address'],
  reference: ['Reference', 'canonical', 'uri'],
  date: ['dateTime', 'date', 'instant', 'Period', 'Timing'],
  number: ['decimal', 'integer', 'positiveInt', 'unsignedInt', 'Range'],
  quantity: [
    'Quantity',
    'SimpleQuantity',
    'MoneyQuantity',
    'Age',
    'Duration',
    'Count',
    'Distance',
    'Money',
    'Range',
    'SampledData',
  ],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid'],
};

/** Types that the engine's values are told apart by (`shapeOf`). */
const SHAPES: Record<string, readonly string[]> = {
  token: ['CodeableConcept', 'Coding', 'Identifier', 'ContactPoint', 'code', 'boolean'],
  string: ['string', 'HumanName', 'Address'],
  reference: ['Reference', 'canonical'],
  date: ['dateTime', 'Period', 'Timing'],
  number: ['decimal', 'Range'],
  quantity: ['Quantity', 'Range', 'SampledData'],
  uri: ['uri'],
};

/** Why an expression cannot be a parameter of its kind. */
export class ExpressionError extends Error {}

/**
 * Paths of an expression within one type: those of the grammar when it is in it, else one for each data type the engine
 * may give. What does not fit the kind (the other types of an extension's value) is left out.
 * @throws ExpressionError when nothing fits, or when it is no FHIRPath
 */
export function ownPaths(type: string, kind: string, expression: string): JsonPath[] {
  const written = withoutAs(expression);
  let paths: JsonPath[];
  try {
    paths = resolvePaths(type, written);
  } catch (error) {
    if (kind === 'composite' || (error as Error).message.includes('leads nowhere'))
      throw nowhere(type, expression);
    return enginePaths(type, kind, expression);
  }
  if (kind === 'composite' && paths.every((path) => hasStructure(path.type))) return paths;
  const fitting = paths.filter((path) => FITTING[kind]?.includes(path.type) || holdsAddress(kind, path));
  if (fitting.length > 0) return fitting;
  const found = [...new Set(paths.map((path) => path.type))].slice(0, 5).join(', ');
  throw new ExpressionError(`${expression} leads to ${found}, which a ${kind} parameter cannot hold`);
}

/** `Extension.url` is a string in R4's definitions of FHIRPath, and an address for everybody else. */
function holdsAddress(kind: string, { type, steps }: JsonPath): boolean {
  return kind === 'uri' && type === 'string' && steps.at(-1)?.key === 'url';
}

function nowhere(type: string, expression: string): ExpressionError {
  return new ExpressionError(`${expression} leads to no element of ${type}`);
}

function enginePaths(type: string, kind: string, expression: string): JsonPath[] {
  let evaluate: (resource: unknown) => unknown[];
  try {
    evaluate = compileFhirPath(expression, type);
  } catch (error) {
    throw new ExpressionError(`${expression} is no FHIRPath: ${(error as Error).message.slice(0, 200)}`);
  }
  return (SHAPES[kind] ?? []).map((shape) => ({
    steps: [],
    type: shape,
    single: false,
    evaluate: (resource) => evaluate(resource).filter((value) => shapeOf(kind, value) === shape),
  }));
}

/** Alternatives of an expression that can stand for the type: those that begin with it, with Resource, or with an element. */
export function expressionFor(type: string, expression: string): string {
  return alternatives(expression)
    .filter((part) => {
      const head = /^\(*\s*([A-Z]\w*)\s*(?=[.)]|$)/.exec(part)?.[1];
      return (
        head === undefined ||
        head === type ||
        head === 'Resource' ||
        head === 'DomainResource' ||
        !isResourceName(head)
      );
    })
    .join(' | ');
}

/** Splits at `|` outside parentheses and strings. */
function alternatives(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < expression.length; i++) {
    const c = expression[i]!;
    if (c === "'" && expression[i - 1] !== '\\') quoted = !quoted;
    if (quoted) continue;
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) {
      parts.push(expression.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...parts, expression.slice(start).trim()].filter((part) => part !== '');
}

/** `(Observation.value as Quantity)` and `value.as(Quantity)` → `ofType`, which the grammar knows. */
export function withoutAs(expression: string): string {
  return expression
    .replace(/\.as\((\w+)\)/g, '.ofType($1)')
    .replace(/\(\s*((?:[^()|]|\([^()]*\))+?)\s+as\s+(\w+)\s*\)/g, '$1.ofType($2)')
    .replace(/(^|\|\s*)((?:[^()|\s]|\([^()]*\))+)\s+as\s+(\w+)(?=\s*(\||$))/g, '$1$2.ofType($3)');
}

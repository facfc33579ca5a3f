/** SearchParameters and the patient compartment → one table per resource type. */
import { NOT_R4_PARAMETERS, R4_EXPRESSIONS, R4_TARGETS } from './corrections.ts';
import type { DefinitionSource } from './generate-source.ts';

/** Type → parameter → [type, expression, targets…] or, for composites, [composite, expression, "code=expression"…]. */
export type SearchTable = Record<string, Record<string, string[]>>;

/** Answered by the store itself, not by an index of their own. */
const SPECIAL = new Set(['_text', '_content', '_query', '_id', '_lastUpdated']);

export function buildSearchParameters(parameters: DefinitionSource[], resources: string[]): SearchTable {
  const table: SearchTable = {};
  for (const type of resources) table[type] = {};
  const codes = new Map(parameters.map((p) => [p.url, p.code ?? '']));
  for (const parameter of parameters) {
    const code = parameter.code ?? '';
    if (SPECIAL.has(code)) continue;
    for (const type of basesOf(parameter, resources)) {
      const row = rowOf(parameter, type, codes, resources);
      if (row && !NOT_R4_PARAMETERS.has(`${type}.${code}`)) table[type]![code] = row;
    }
  }
  const late = (type: string, code: string) => (`${type}.${code}` in R4_EXPRESSIONS ? '~' : '') + code;
  for (const type of resources)
    table[type] = Object.fromEntries(
      Object.entries(table[type]!).sort(([a], [b]) => (late(type, a) < late(type, b) ? -1 : 1)),
    );
  return table;
}

/** The other compartments: centre → type → parameters. `{def}` means the centre itself, which needs no parameter. */
export function buildCompartments(
  definitions: { code: string; resource: { code: string; param?: string[] }[] }[],
): Record<string, Record<string, string[]>> {
  return Object.fromEntries(
    definitions.map(({ code, resource }) => {
      const own = { [code]: [] as string[] };
      const listed = Object.entries(buildCompartment(resource)).map(
        ([type, params]) => [type, params.filter((one) => one !== '{def}')] as const,
      );
      return [code, { ...own, ...Object.fromEntries(listed) }];
    }),
  );
}

/** Patient compartment: type → parameters that place a resource in it. */
export function buildCompartment(members: { code: string; param?: string[] }[]): Record<string, string[]> {
  return Object.fromEntries(members.filter((m) => m.param?.length).map((m) => [m.code, m.param!]));
}

function basesOf(parameter: DefinitionSource, resources: string[]): string[] {
  const base = parameter.base ?? [];
  return base.includes('Resource') ? resources : base.filter((b) => resources.includes(b));
}

function rowOf(
  parameter: DefinitionSource,
  type: string,
  codes: Map<string, string>,
  resources: string[],
): string[] | null {
  const written = R4_EXPRESSIONS[`${parameter.base?.[0]}.${parameter.code}`] ?? parameter.expression ?? '';
  const expression = alternatives(written)
    .map(unwrap)
    .filter((part) => rootOf(part) === type || rootOf(part) === 'Resource')
    .join(' | ');
  if (expression === '') return null;
  if (parameter.type !== 'composite')
    return [parameter.type ?? '', expression, ...targetsOf(parameter, resources)];
  const components = (parameter.component ?? []).map((c) => `${codes.get(c.definition)}=${c.expression}`);
  return ['composite', expression, ...components];
}

/** Targets in order; none when every resource type is allowed. */
function targetsOf(parameter: DefinitionSource, resources: string[]): string[] {
  const targets = (R4_TARGETS[`${parameter.base?.[0]}.${parameter.code}`] ?? parameter.target ?? [])
    .filter((t) => resources.includes(t))
    .sort();
  return targets.length >= resources.length - 1 ? [] : targets;
}

/** Splits at ` | ` outside parentheses. */
export function alternatives(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < expression.length; i++) {
    const c = expression[i];
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) {
      parts.push(expression.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(expression.slice(start).trim());
  return parts.filter((p) => p !== '');
}

/** `(Observation.value.ofType(string))` → without the outer parentheses. */
function unwrap(part: string): string {
  return /^\([^()]*(\([^()]*\)[^()]*)*\)$/.test(part) ? part.slice(1, -1) : part;
}

function rootOf(part: string): string {
  return /^\(*([A-Za-z]+)/.exec(part)?.[1] ?? '';
}

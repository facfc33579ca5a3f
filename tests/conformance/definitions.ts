/**
 * The search parameters of R4 as HL7 published them (`Bundle-searchParams.json` of the examples), by resource type: not the
 * table that the store searches with.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Definition {
  /** Resource type it is for. */
  type: string;
  code: string;
  kind: string;
  /** FHIRPath, limited to the alternatives of this type; '' for what has none (`_text`). */
  expression: string;
  /** Types that a reference may lead to; none = any. */
  targets: readonly string[];
  /** Parts of a composite, below the elements of `expression`. */
  components: readonly { kind: string; code: string; expression: string }[];
}

interface Published {
  url: string;
  code: string;
  type: string;
  base: string[];
  expression?: string;
  target?: string[];
  component?: { definition: string; expression: string }[];
}

const FILE = join(import.meta.dirname, '../../node_modules/hl7.fhir.r4.examples/Bundle-searchParams.json');

/** As published they begin at no type (InsurancePlan-name: `name | alias`). */
const ROOTLESS: Record<string, string> = {
  'InsurancePlan.name': 'InsurancePlan.name | InsurancePlan.alias',
};

/** Asked for by other means than a value: `_query` names an operation, of which R4 defines none. */
const NO_VALUES = new Set(['_query']);

/** @param types all resource types; parameters of Resource and DomainResource are given for each */
export function readDefinitions(types: readonly string[]): Map<string, Definition[]> {
  const { entry } = JSON.parse(readFileSync(FILE, 'utf8')) as { entry: { resource: Published }[] };
  const published = entry.map(({ resource }) => resource);
  const byUrl = new Map(published.map((one) => [one.url, one]));
  const found = new Map<string, Definition[]>(types.map((type) => [type, []]));
  for (const one of published) {
    if (NO_VALUES.has(one.code)) continue;
    const all = one.base.some((base) => base === 'Resource' || base === 'DomainResource');
    for (const type of all ? types : one.base) found.get(type)!.push(describe(one, type, byUrl));
  }
  return found;
}

function describe(one: Published, type: string, byUrl: Map<string, Published>): Definition {
  const written = ROOTLESS[`${type}.${one.code}`] ?? one.expression ?? '';
  const components = (one.component ?? []).map(({ definition, expression }) => {
    const part = byUrl.get(definition)!;
    return { kind: part.type, code: part.code, expression };
  });
  return {
    type,
    code: one.code,
    kind: one.type,
    expression: limited(written, type),
    targets: one.target ?? [],
    components,
  };
}

/**
 * The alternatives that begin at the type; those of `Resource` stay. `as` is meant for each of many values, as later
 * releases write it (FHIRPath allows `as` for one value only).
 */
function limited(expression: string, type: string): string {
  return alternatives(expression)
    .map((part) =>
      part.replace(/\(([\w.]+) as (\w+)\)/g, '$1.ofType($2)').replace(/\.as\((\w+)\)/g, '.ofType($1)'),
    )
    .filter((part) => ['Resource', 'DomainResource', type].includes(/^\(*([A-Za-z]+)/.exec(part)?.[1] ?? ''))
    .join(' | ');
}

function alternatives(expression: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of expression) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

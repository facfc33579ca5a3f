/**
 * A serialiser written out from the R4 definitions, property by property: what the store would use if it were faster than
 * `JSON.stringify`. `write-path.ts` keeps the comparison alive (docs/adr/0011-generated-code.md).
 */
import { isPrimitive, type Property, propertiesOf } from '../kernel/fhir/definitions/index.ts';
import type { Resource } from '../kernel/fhir/types.ts';

export type Serialise = (resource: Resource) => string;

const UNQUOTED = new Set(['boolean', 'integer', 'decimal', 'unsignedInt', 'positiveInt']);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/;

function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** One serialiser for these types; properties in the order of the definitions. */
export function serialiserOf(types: readonly string[]): Serialise {
  const functions = new Map<string, string>();
  for (const type of types) write(type, functions);
  const table = types.map((type) => `${type}: ${nameOf(type)}`).join(', ');
  const made = new Function('quoted', `${[...functions.values()].join('\n')}\nreturn { ${table} };`);
  const serialisers = made(quoted) as Record<string, Serialise>;
  return (resource) => {
    const body = serialisers[resource.resourceType]!(resource).slice(1);
    return `{"resourceType":"${resource.resourceType}",${body}`;
  };
}

const nameOf = (structure: string) => `write_${structure.replace(/\W/g, '_')}`;

function write(structure: string, functions: Map<string, string>): void {
  if (functions.has(structure)) return;
  functions.set(structure, '');
  const lines = [...propertiesOf(structure)].flatMap(([key, property]) => linesOf(key, property, functions));
  // Decimals that remember how they were written write themselves (kernel/fhir/json/decimals.ts).
  const head = `function ${nameOf(structure)}(o) { if (o.toJSON !== undefined) return JSON.stringify(o); let s = '', v;`;
  functions.set(structure, `${head}\n${lines.join('\n')}\n  return '{' + s + '}'; }`);
}

function linesOf(key: string, { element, type }: Property, functions: Map<string, string>): string[] {
  const primitive = isPrimitive(type.code);
  if (!primitive && type.code !== 'Resource') write(type.code, functions);
  const one = (value: string) => {
    if (type.code === 'Resource') return `JSON.stringify(${value})`;
    if (!primitive) return `${nameOf(type.code)}(${value})`;
    return UNQUOTED.has(type.code) ? value : `quoted(${value})`;
  };
  const put = (name: string, text: string) => `s += (s === '' ? '' : ',') + '"${name}":' + ${text};`;
  const item = primitive ? `(x === null ? 'null' : ${one('x')})` : one('x');
  const list = `{ let a = ''; for (const x of v) a += (a === '' ? '' : ',') + ${item}; ${put(key, `'[' + a + ']'`)} }`;
  return [
    `  v = o.${key}; if (v !== undefined) ${element.max > 1 ? list : put(key, one('v'))}`,
    ...(primitive ? [`  v = o._${key}; if (v !== undefined) ${put(`_${key}`, 'JSON.stringify(v)')}`] : []),
  ];
}

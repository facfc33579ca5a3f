/**
 * Writes `generated/<Type>.gen.ts`, the extractor of each R4 resource type, from the type's search parameters:
 * `node kernel/store/search/generate-extractors.ts`. `generate-extractors.test.ts` compares the result with the files.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import { emissionOf } from './emission.ts';
import { baseParametersOf, type IndexedParameter } from './parameters.ts';
import { type PathFilter, resolvePaths } from './paths.ts';
import { type Found, type Node, treeOf } from './tree.ts';
import { WITHOUT_ENTRIES } from './walk.ts';

/** What is written of one type. */
interface Writer {
  /** Names that its code calls. */
  calls: Set<string>;
  /** Parameters that its code names, by the name it gives them. */
  sites: Set<string>;
  lines: string[];
}

/** A value as the code names it, and what is read of it. */
interface Place {
  /** Expression of the value. */
  at: string;
  /** Names that are taken. */
  names: readonly string[];
  indent: string;
}

/** Text of a type's extractor. */
export function extractorSource(type: string): string {
  const parameters = [...baseParametersOf(type).values()];
  const writer: Writer = { calls: new Set(['sitesOf']), sites: new Set(), lines: [] };
  for (const parameter of parameters) writeWhole(writer, parameter);
  writeValue(writer, [treeOf(type, parameters)], {
    at: 'resource',
    names: ['resource', 'sink'],
    indent: '  ',
  });
  const stretches = parameters.filter(({ storage }) => storage === 'stretch').map(({ code }) => code);
  return [
    '// Written by generate-extractors.ts from the search parameters of R4; not edited.',
    `import { ${[...writer.calls].sort().join(', ')}, type Json, type Sink } from '../generated.ts';`,
    '',
    `const site = sitesOf('${type}');`,
    ...[...writer.sites].map((code) => `const ${constant(code)} = site('${code}');`),
    ...stretches.map((code) => `const ${constant(code)} = stretchEmitter('${type}', '${code}');`),
    '',
    'export function extract(resource: Json, sink: Sink): void {',
    ...writer.lines,
    '}',
    '',
  ].join('\n');
}

/** Parameters that read the resource as a whole. */
function writeWhole(
  { calls, lines, sites }: Writer,
  { q, code, bit, storage, targets }: IndexedParameter,
): void {
  if (q === 'Patient.deceased') {
    calls.add('emitDeceased');
    sites.add(code);
    lines.push(`  emitDeceased(${constant(code)}, resource, sink, ${bit});`);
  } else if (storage === 'carried') {
    calls.add('emitCarried');
    lines.push(`  emitCarried('${q}', resource, sink, ${bit}, ${literal(targets)});`);
  } else if (storage === 'stretch') {
    calls.add('stretchEmitter');
    lines.push(`  ${constant(code)}(resource, sink);`);
  }
}

/** What is found at a value, and what lies below it. The nodes differ in what they ask of the value. */
function writeValue(writer: Writer, nodes: readonly Node[], place: Place): void {
  for (const node of nodes) {
    const test = conditionOf(writer, node.filter, place.at);
    if (test === null) writeNode(writer, node, place);
    else {
      const inside: string[] = [];
      writeNode({ ...writer, lines: inside }, node, { ...place, indent: `${place.indent}  ` });
      writeBlock(writer, place.indent, `if (${test})`, inside);
    }
  }
}

function writeNode(writer: Writer, node: Node, place: Place): void {
  const found = node.found.filter(isIndexed);
  if (found.length > 0) writer.lines.push(place.indent + markOf(found));
  for (const one of found)
    for (const line of callsOf(writer, one, place.at)) writer.lines.push(place.indent + line);
  const below = node.children.filter(leadsAnywhere);
  for (const nodes of Map.groupBy(below, ({ key }) => key).values()) writeProperty(writer, nodes, place);
}

/** One property of a value, with all that is read of it. */
function writeProperty(writer: Writer, nodes: readonly Node[], { at, names, indent }: Place): void {
  const { key, repeats } = nodes[0]!;
  const name = variable(key, names);
  const inside: string[] = [];
  const place = { at: name, names: [...names, name], indent: `${indent}  ` };
  writeValue({ ...writer, lines: inside }, nodes, place);
  if (repeats) {
    writer.calls.add('itemsOf');
    writeBlock(writer, indent, `for (const ${name} of itemsOf(${at}.${key})) if (${name} != null)`, inside);
    return;
  }
  writer.lines.push(`${indent}const ${name} = ${at}.${key};`);
  writeBlock(writer, indent, `if (${name} != null)`, inside);
}

/** Short ones on one line: two thousand parameters are read more easily so. */
function writeBlock({ lines }: Writer, indent: string, head: string, inside: readonly string[]): void {
  const short = `${indent}${head} { ${inside.map((line) => line.trim()).join(' ')} }`;
  if (inside.length <= 2 && !inside.some((line) => line.includes('//') || line.endsWith('}')))
    lines.push(short);
  else lines.push(`${indent}${head} {`, ...inside, `${indent}}`);
}

function isIndexed({ parameter, type, isMainCode }: Found): boolean {
  const { storage } = parameter;
  if (storage === 'composite' || WITHOUT_ENTRIES.has(storage)) return true;
  return emissionOf(parameter, type, isMainCode) !== undefined;
}

function leadsAnywhere({ found, children }: Node): boolean {
  return found.some(isIndexed) || children.some(leadsAnywhere);
}

/** The bits that say the parameters are present; those that no call names stand behind it. */
function markOf(found: readonly Found[]): string {
  const bits = [...new Set(found.map(({ parameter }) => parameter.bit))];
  const sum = (some: number[]) => some.reduce((all, bit) => all | (1 << bit), 0);
  const [low, high] = [
    sum(bits.filter((bit) => bit < 31)),
    sum(bits.filter((bit) => bit >= 31).map((bit) => bit - 31)),
  ];
  const only = found.filter(({ parameter }) => WITHOUT_ENTRIES.has(parameter.storage));
  const names = [...new Set(only.map(({ parameter }) => parameter.code))].join(', ');
  return `sink.mark(${low}, ${high});${names && ` // ${names}`}`;
}

/** Calls of the emitters for a value. */
function callsOf({ calls, sites }: Writer, { parameter, type, isMainCode }: Found, at: string): string[] {
  const site = constant(parameter.code);
  const call = (emitter: string, text: string) => {
    calls.add(emitter);
    sites.add(parameter.code);
    return text;
  };
  if (parameter.storage === 'composite') {
    return pairsOf(type, parameter).map(({ first, second, types }) => {
      const values = `'${types[0]}', ${at}.${first}, '${types[1]}', ${at}.${second}`;
      return call('emitPair', `if (${at}.${second} != null) emitPair(${site}, ${values}, sink);`);
    });
  }
  const emission = emissionOf(parameter, type, isMainCode);
  if (!emission) return [];
  const { emitter, option } = emission;
  return [
    call(emitter, `${emitter}(${site}, ${at}, sink${option === undefined ? '' : `, ${literal(option)}`});`),
  ];
}

/** Properties of one object that make a composite. */
function pairsOf(structure: string, { components, q }: IndexedParameter) {
  const [first = [], second = []] = components.map(({ expression }) => resolvePaths(structure, expression));
  return first.flatMap((one) =>
    second.map((other) => {
      if ([one, other].some(({ steps, single }) => steps.length !== 1 || !single || steps[0]!.filter))
        throw new Error(`the parts of ${q} are no plain properties`);
      return { first: one.steps[0]!.key, second: other.steps[0]!.key, types: [one.type, other.type] };
    }),
  );
}

/** What is asked of a value; null = nothing. */
function conditionOf({ calls }: Writer, filter: PathFilter | undefined, at: string): string | null {
  if (!filter) return null;
  if (filter.kind === 'equals') return `${at}.${filter.name} === ${literal(filter.value)}`;
  calls.add('targetTypeOf');
  return `targetTypeOf(${at}) === '${filter.type}'`;
}

function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', "'");
}

/** Words of the language that are names of elements, and the file's own names. */
const RESERVED = new Set(
  'case class const default do else enum export extract for function if import in interface new package return site static super switch this try type var void while with yield'.split(
    ' ',
  ),
);

function variable(key: string, names: readonly string[]): string {
  let name = RESERVED.has(key) ? `${key}_` : key;
  while (names.includes(name)) name = `${name}_`;
  return name;
}

/** `context-type-value` → `CONTEXT_TYPE_VALUE` */
function constant(code: string): string {
  return code.replaceAll('-', '_').toUpperCase();
}

if (process.argv[1] === import.meta.filename) {
  const folder = join(import.meta.dirname, 'generated');
  mkdirSync(folder, { recursive: true });
  let size = 0;
  for (const type of resourceTypeNames) {
    const source = extractorSource(type);
    size += source.length;
    writeFileSync(join(folder, `${type}.gen.ts`), source);
  }
  process.stdout.write(`${resourceTypeNames.length} files, ${size} bytes\n`);
}

/**
 * What routes answer, as JSON Schema, read from the types that their handlers state (`async (request): Promise<PaperPage> =>`), or
 * that the function states whose answer they hand on: `node main/generate-answers.ts` writes `interface-answers.gen.json`. Of what
 * is stated nowhere nothing is told.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from '@swc/core';

export type Schema = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: a syntax tree of many kinds of nodes, of which few members are looked at
type Node = any;

interface Source {
  /** Types by name. */
  types: Map<string, Node>;
  /** Answers that functions state, by the functions' names. */
  functions: Map<string, Node>;
  /** Where an imported or passed on name comes from: `file#name`. */
  elsewhere: Map<string, { file: string; name: string }>;
  /** Addresses that are kept under a name, with the place in the file: several functions may use one name. */
  texts: { name: string; at: number; text: string }[];
  tree: Node;
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);
/** Types in types; deeper ones are told as anything. */
const DEEPEST = 6;

/** By `GET /api/…`. @param root folder of the repository */
export function answerSchemas(root: string): Record<string, Schema> {
  const sources = new Map<string, Source>();
  const sourceOf = (file: string): Source => {
    const known = sources.get(file) ?? readSource(file);
    sources.set(file, known);
    return known;
  };
  const found: [string, Schema][] = [];
  for (const path of globSync('{modules,kernel,engines,main}/**/*.ts', { cwd: root }).sort()) {
    if (/\.(test|testing|d)\.ts$/.test(path)) continue;
    const file = join(root, path);
    if (!/\bapp\s*\.(get|post|put|patch|delete)\b/.test(readFileSync(file, 'utf8'))) continue;
    const source = sourceOf(file);
    walk(source.tree, (node) => {
      const route = routeOf(node, source);
      const answer = route && answerOf(route.handler, file, sourceOf);
      if (answer && Object.keys(answer).length > 0) found.push([route.name, answer]);
    });
  }
  return Object.fromEntries(found.sort(([a], [b]) => a.localeCompare(b)));
}

function readSource(file: string): Source {
  const tree = parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript' });
  const source: Source = {
    types: new Map(),
    functions: new Map(),
    elsewhere: new Map(),
    texts: [],
    tree,
  };
  walk(tree, (node) => {
    if (node.type === 'TsTypeAliasDeclaration' && !node.typeParams)
      source.types.set(node.id.value, node.typeAnnotation);
    if (node.type === 'TsInterfaceDeclaration' && !node.typeParams) source.types.set(node.id.value, node);
    if (node.type === 'FunctionDeclaration' && node.returnType)
      source.functions.set(node.identifier.value, node.returnType.typeAnnotation);
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
      const text = textOf(node.init, source);
      if (text !== null) source.texts.push({ name: node.id.value, at: node.span.start, text });
    }
    const from = node.source?.value;
    if (typeof from !== 'string' || !from.startsWith('.')) return;
    for (const one of node.specifiers ?? []) {
      const here = one.exported?.value ?? one.local?.value ?? one.orig?.value;
      const there = one.imported?.value ?? one.orig?.value ?? one.local?.value;
      if (here && there) source.elsewhere.set(here, { file: join(dirname(file), from), name: there });
    }
  });
  return source;
}

function walk(node: Node, visit: (node: Node) => void): void {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const one of node) walk(one, visit);
    return;
  }
  if (typeof node.type === 'string') visit(node);
  for (const [name, inner] of Object.entries(node)) if (name !== 'span') walk(inner, visit);
}

/** A string, or a template of strings that are kept under names. */
function textOf(node: Node, { texts }: Source): string | null {
  if (node?.type === 'StringLiteral') return node.value;
  if (node?.type === 'Identifier')
    return texts.findLast(({ name, at }) => name === node.value && at < node.span.start)?.text ?? null;
  if (node?.type !== 'TemplateLiteral') return null;
  let text = '';
  for (const [at, part] of node.quasis.entries()) {
    text += part.cooked ?? part.raw;
    const inner = at < node.expressions.length ? textOf(node.expressions[at], { texts } as Source) : '';
    if (inner === null) return null;
    text += inner;
  }
  return text;
}

/** `app.get('/api/…', async (…): Promise<Answer> => …)`. */
function routeOf(node: Node, source: Source): { name: string; handler: Node } | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { object, property } = node.callee;
  if (object.value !== 'app' || !METHODS.has(property.value)) return null;
  const path = textOf(node.arguments[0]?.expression, source);
  const handler = node.arguments.at(-1)?.expression;
  if (!path?.startsWith('/') || handler?.type !== 'ArrowFunctionExpression') return null;
  return { name: `${property.value.toUpperCase()} ${path}`, handler };
}

type SourceOf = (file: string) => Source;

function answerOf(handler: Node, file: string, sourceOf: SourceOf): Schema {
  const stated = handler.returnType?.typeAnnotation;
  if (stated) return schemaOf(settled(stated), file, sourceOf, 0);
  if (handler.body.type !== 'BlockStatement') return givenBy(handler.body, file, sourceOf);
  const returned: Node[] = [];
  returnsOf(handler.body, returned);
  // Several ways out: the one that is stated nowhere leaves open what comes.
  return returned.length === 1 ? givenBy(returned[0].argument, file, sourceOf) : {};
}

const settled = (node: Node): Node =>
  node?.typeName?.value === 'Promise' ? node.typeParams?.params[0] : node;

/** Those of the function itself, not of functions in it. */
function returnsOf(node: Node, found: Node[]): void {
  if (node === null || typeof node !== 'object') return;
  if (/^(Arrow)?Function/.test(node.type ?? '')) return;
  if (node.type === 'ReturnStatement') found.push(node);
  for (const inner of Object.values(node)) returnsOf(inner, found);
}

/** What an expression gives: the stated answer of a function that is called, an object with what its members give. */
function givenBy(node: Node, file: string, sourceOf: SourceOf): Schema {
  const inner = (one: Node) => givenBy(one, file, sourceOf);
  switch (node?.type) {
    case 'AwaitExpression':
      return inner(node.argument);
    case 'ParenthesisExpression':
      return inner(node.expression);
    case 'TsSatisfiesExpression':
      return schemaOf(node.typeAnnotation, file, sourceOf, 0);
    case 'CallExpression':
      return node.callee.type === 'Identifier' ? calledOf(node.callee.value, file, sourceOf) : {};
    case 'ObjectExpression': {
      const known = node.properties.filter((one: Node) => one.key?.value ?? one.type === 'Identifier');
      return {
        type: 'object',
        properties: Object.fromEntries(
          known.map((one: Node) => [one.key?.value ?? one.value, one.key ? inner(one.value) : {}]),
        ),
      };
    }
    default:
      return {};
  }
}

function calledOf(name: string, file: string, sourceOf: SourceOf): Schema {
  const { functions, elsewhere } = sourceOf(file);
  const stated = functions.get(name);
  if (stated) return schemaOf(settled(stated), file, sourceOf, 0);
  const there = elsewhere.get(name);
  return there ? calledOf(there.name, there.file, sourceOf) : {};
}

const WORDS: Record<string, Schema> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  null: { type: 'null' },
};

function schemaOf(node: Node, file: string, sourceOf: SourceOf, depth: number): Schema {
  if (!node || depth > DEEPEST) return {};
  const inner = (one: Node) => schemaOf(one, file, sourceOf, depth + 1);
  switch (node.type) {
    case 'TsKeywordType':
      return WORDS[node.kind] ?? {};
    case 'TsLiteralType':
      return node.literal.value === undefined ? { type: 'string' } : { const: node.literal.value };
    case 'TsParenthesizedType':
      return schemaOf(node.typeAnnotation, file, sourceOf, depth);
    case 'TsTypeOperator':
      return node.op === 'readonly' ? schemaOf(node.typeAnnotation, file, sourceOf, depth) : {};
    case 'TsArrayType':
      return { type: 'array', items: inner(node.elemType) };
    case 'TsUnionType':
      return unionOf(node.types.map(inner));
    case 'TsIntersectionType':
      return { allOf: node.types.map(inner) };
    case 'TsTypeLiteral':
      return objectOf(node.members, inner);
    case 'TsInterfaceDeclaration': {
      const own = objectOf(node.body.body, inner);
      const above = (node.extends ?? []).map((one: Node) =>
        named(one.expression?.value, [], file, sourceOf, depth),
      );
      return above.length === 0 ? own : { allOf: [...above, own] };
    }
    case 'TsTypeReference':
      return named(node.typeName?.value, node.typeParams?.params ?? [], file, sourceOf, depth);
    default:
      return {};
  }
}

function unionOf(parts: Schema[]): Schema {
  const constants = parts.flatMap((one) => ('const' in one ? [one.const] : []));
  if (constants.length === parts.length) return { enum: constants };
  return parts.some((one) => Object.keys(one).length === 0) ? {} : { anyOf: parts };
}

function objectOf(members: readonly Node[], inner: (node: Node) => Schema): Schema {
  const known = members.filter(({ type, key }) => type === 'TsPropertySignature' && key?.value !== undefined);
  const required = known.filter(({ optional }) => !optional).map(({ key }) => key.value);
  return {
    type: 'object',
    properties: Object.fromEntries(
      known.map(({ key, typeAnnotation }) => [key.value, inner(typeAnnotation?.typeAnnotation)]),
    ),
    ...(required.length > 0 && { required }),
  };
}

/** A type by its name: here, where it was imported from, or one that the language brings along. */
function named(
  name: string | undefined,
  params: readonly Node[],
  file: string,
  sourceOf: SourceOf,
  depth: number,
): Schema {
  if (name === undefined) return {};
  const inner = (node: Node) => schemaOf(node, file, sourceOf, depth + 1);
  if (name === 'Array' || name === 'ReadonlyArray') return { type: 'array', items: inner(params[0]) };
  if (name === 'Record') return { type: 'object', additionalProperties: inner(params[1]) };
  const source = sourceOf(file);
  const here = source.types.get(name);
  if (here) return schemaOf(here, file, sourceOf, depth + 1);
  const there = source.elsewhere.get(name);
  if (!there) return {};
  // Resources are described by the document of the FHIR interface.
  if (there.file.endsWith('kernel/fhir/types.ts')) return { type: 'object' };
  return named(there.name, params, there.file, sourceOf, depth);
}

/** A line for each route. */
export function textOfSchemas(schemas: Record<string, Schema>): string {
  const lines = Object.entries(schemas).map(
    ([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (import.meta.main) {
  const schemas = answerSchemas(join(import.meta.dirname, '..'));
  const place = join(import.meta.dirname, 'interface-answers.gen.json');
  writeFileSync(place, textOfSchemas(schemas));
  console.log(`${Object.keys(schemas).length} answers`);
}

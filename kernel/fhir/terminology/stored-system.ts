/** A CodeSystem as its resource says it: codes, what lies below what, properties. Pure. */
import {
  type CodeSystemView,
  type ConceptProperty,
  climbs,
  type Designation,
  type SystemConcept,
  textOf,
} from './system.ts';
import { openTextSearch } from './text-search.ts';

export interface CodeSystemJson {
  url?: unknown;
  version?: unknown;
  name?: unknown;
  title?: unknown;
  language?: unknown;
  content?: unknown;
  caseSensitive?: unknown;
  valueSet?: unknown;
  property?: unknown;
  filter?: unknown;
  concept?: unknown;
}

interface ConceptJson {
  code?: unknown;
  display?: unknown;
  definition?: unknown;
  designation?: unknown;
  property?: unknown;
  concept?: unknown;
}

interface Node extends SystemConcept {
  parents: Set<string>;
  children: Set<string>;
}

/** Properties that name a parent or a child (R4 codesystem.html#defined-props). */
const PARENT = new Set(['parent', 'subsumedBy']);
const CHILD = new Set(['child', 'subsumes']);
const NOTHING: readonly string[] = [];
const DEEPEST = 100;

/** Undefined when the resource lists no concepts: its codes are then known by their system alone. */
export function storedSystem(json: CodeSystemJson): CodeSystemView | undefined {
  if (!Array.isArray(json.concept)) return undefined;
  const nodes = nodesOf(json.concept);
  const spelled =
    json.caseSensitive === false
      ? new Map([...nodes.keys()].map((code) => [code.toLowerCase(), code]))
      : undefined;
  const node = (code: string) => nodes.get(spelled?.get(code.toLowerCase()) ?? code);
  const parents = (code: string) => [...(node(code)?.parents ?? NOTHING)];
  const url = textIn(json.url) ?? '';
  let find: ((text: string) => number[]) | undefined;
  const list = [...nodes.keys()];
  return {
    url,
    ...defined('version', textIn(json.version)),
    name: textIn(json.title) ?? textIn(json.name) ?? url,
    ...defined('language', textIn(json.language)),
    ...defined('valueSet', textIn(json.valueSet)),
    content: json.content === 'complete' ? 'complete' : 'fragment',
    knowsProperty: lazySet(() => propertyCodes(json, nodes.values())),
    size: nodes.size,
    codes: () => list,
    concept: node,
    has: (code) => node(code) !== undefined,
    parents,
    children: (code) => [...(node(code)?.children ?? NOTHING)],
    isBelow: (inner, outer) => climbs(parents, node(inner)?.code ?? inner, node(outer)?.code ?? outer),
    search: (text) => {
      find ??= openTextSearch(
        [...nodes.values()].map(({ code, display, designations }) => ({
          code,
          display,
          others: designations.map(({ value }) => value),
        })),
      );
      return find(text).map((at) => list[at]!);
    },
  };
}

/** Those of every system (R4 codesystem.html#defined-props), those that it declares, and those that its concepts have. */
function propertyCodes({ property, filter }: CodeSystemJson, nodes: Iterable<SystemConcept>): Set<string> {
  const declared = [property, filter].flatMap((list) =>
    (Array.isArray(list) ? (list as Record<string, unknown>[]) : []).map((one) => String(one?.code)),
  );
  const found = new Set([...OF_EVERY, ...declared]);
  for (const { properties } of nodes) for (const { code } of properties) found.add(code);
  return found;
}

const OF_EVERY = [
  'code',
  'concept',
  'display',
  'parent',
  'child',
  'inactive',
  'notSelectable',
  'status',
  'definition',
];

function lazySet(make: () => Set<string>): (one: string) => boolean {
  let made: Set<string> | undefined;
  return (one) => {
    made ??= make();
    return made.has(one);
  };
}

/** Concepts by code; nesting and the properties parent and child are the same hierarchy. */
function nodesOf(list: unknown[]): Map<string, Node> {
  const nodes = new Map<string, Node>();
  gather(list, undefined, nodes, 0);
  for (const one of nodes.values()) {
    for (const property of one.properties) {
      if (PARENT.has(property.code)) join(nodes, textOf(property), one.code);
      if (CHILD.has(property.code)) join(nodes, one.code, textOf(property));
    }
  }
  return nodes;
}

function gather(list: unknown, parent: string | undefined, nodes: Map<string, Node>, depth: number): void {
  if (!Array.isArray(list) || depth > DEEPEST) return;
  for (const json of list as ConceptJson[]) {
    if (typeof json?.code !== 'string') continue;
    const known = nodes.get(json.code);
    nodes.set(json.code, {
      ...conceptOf(json.code, json),
      parents: known?.parents ?? new Set(),
      children: known?.children ?? new Set(),
    });
    if (parent !== undefined) join(nodes, parent, json.code);
    gather(json.concept, json.code, nodes, depth + 1);
  }
}

function join(nodes: Map<string, Node>, parent: string, child: string): void {
  nodes.get(parent)?.children.add(child);
  nodes.get(child)?.parents.add(parent);
}

function conceptOf(code: string, json: ConceptJson): SystemConcept {
  const properties = propertiesOf(json.property);
  const says = (name: string, ...values: string[]) =>
    properties.some((one) => one.code === name && values.includes(textOf(one)));
  return {
    code,
    display: textIn(json.display) ?? '',
    ...defined('definition', textIn(json.definition)),
    designations: designationsOf(json.designation),
    inactive: says('inactive', 'true') || says('status', 'retired', 'inactive'),
    abstract: says('notSelectable', 'true') || says('abstract', 'true'),
    properties,
  };
}

/** `designation` of a concept, of a value set's concept or of an expansion. */
export function designationsOf(list: unknown): Designation[] {
  return (Array.isArray(list) ? (list as Record<string, unknown>[]) : []).flatMap((one) =>
    typeof one?.value === 'string' ? [one as unknown as Designation] : [],
  );
}

function propertiesOf(list: unknown): ConceptProperty[] {
  return (Array.isArray(list) ? (list as Record<string, unknown>[]) : []).flatMap((one) => {
    const kind = Object.keys(one ?? {}).find((key) => key.startsWith('value'));
    return typeof one?.code === 'string' && kind !== undefined
      ? [{ code: one.code, kind, value: one[kind] }]
      : [];
  });
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function defined<K extends string>(name: K, value: string | undefined): { [key in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: string });
}

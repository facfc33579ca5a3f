/** `_summary` and `_elements`: a part of a resource, tagged SUBSETTED. Pure. R4 search.html#summary, #elements. */
import { readFileSync } from 'node:fs';
import { propertiesOf } from '../definitions/index.ts';
import { copyKeepingDecimals } from '../json/decimals.ts';
import type { SummaryElements } from './generate-summary.ts';

export type Subset =
  | { kind: 'summary' }
  | { kind: 'text' }
  | { kind: 'data' }
  | { kind: 'elements' /** top-level names, or `Type.name` */; names: readonly string[] };

type Tree = Record<string, unknown>;

const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};

const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'];

let table: Record<string, SummaryElements> | undefined;

function elementsOf(type: string): SummaryElements {
  table ??= JSON.parse(readFileSync(new URL('summary.gen.json', import.meta.url), 'utf8')) as Record<
    string,
    SummaryElements
  >;
  return table[type] ?? { summary: [], mandatory: [] };
}

/** The part of a resource that was asked for; mandatory elements and modifiers stay, so that it remains a valid one. */
export function subsetOf(resource: object, subset: Subset): object {
  const tree = resource as Tree;
  const type = String(tree.resourceType);
  const { summary, mandatory } = elementsOf(type);
  switch (subset.kind) {
    case 'data':
      return tagged(pick(tree, (name) => name !== 'text'));
    case 'text':
      return tagged(pick(tree, keeps(['text', ...ALWAYS, ...mandatory])));
    case 'elements': {
      const own = subset.names.map((name) =>
        withoutChoice(name.startsWith(`${type}.`) ? name.slice(type.length + 1) : name),
      );
      return tagged(pick(tree, keeps([...own, ...chosen(type, own), ...ALWAYS, ...mandatory])));
    }
    case 'summary':
      return tagged(pickPaths(tree, new Set([...ALWAYS, ...mandatory, ...summary]), ''));
  }
}

/** R4 search.html#elements: the list is not about what comes along, but for names that say its type. */
export function ofIncluded(type: string, subset: Subset | null): Subset | null {
  if (subset?.kind !== 'elements') return subset;
  const names = subset.names.filter((name) => name.startsWith(`${type}.`));
  return names.length === 0 ? null : { kind: 'elements', names };
}

function keeps(names: readonly string[]): (name: string) => boolean {
  const set = new Set(names);
  return (name) => set.has(plain(name));
}

/** `value` of `value[x]`: the definition's name of a choice. */
export function withoutChoice(name: string): string {
  return name.endsWith('[x]') ? name.slice(0, -3) : name;
}

/** What elements with a choice of types are called in JSON: `valueQuantity`, `valueString` … of `value`. */
function chosen(type: string, names: readonly string[]): string[] {
  const properties = [...propertiesOf(type)];
  return properties.flatMap(([property, { element }]) =>
    element.choice && names.includes(element.name) ? [property] : [],
  );
}

/** `_birthDate` carries the extensions of `birthDate`. */
function plain(name: string): string {
  return name.startsWith('_') ? name.slice(1) : name;
}

function pick(tree: Tree, keep: (name: string) => boolean): Tree {
  const part = copyKeepingDecimals(tree);
  for (const name in part) if (!keep(name)) delete part[name];
  return part;
}

/** Where the table names parts of an element (`component.code`), only those parts are kept. */
function pickPaths(tree: Tree, paths: ReadonlySet<string>, prefix: string): Tree {
  const part = pick(tree, (name) => paths.has(prefix + plain(name)));
  for (const name in part) {
    const inner = `${prefix}${plain(name)}.`;
    if (name.startsWith('_') || ![...paths].some((path) => path.startsWith(inner))) continue;
    const keepInner = new Set([...paths, `${inner}id`, `${inner}extension`]);
    part[name] = mapObjects(part[name], (item) => pickPaths(item, keepInner, inner));
  }
  return part;
}

function mapObjects(value: unknown, change: (item: Tree) => Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  return typeof value === 'object' && value !== null ? change(value as Tree) : value;
}

function tagged(tree: Tree): Tree {
  const meta = (tree.meta ?? {}) as { tag?: unknown[] };
  return { ...tree, meta: { ...meta, tag: [...(meta.tag ?? []), SUBSETTED] } };
}

/**
 * A profile as a tree: elements below elements, slices beside the list that they slice. A differential is laid over the tree
 * of its base; a snapshot stands alone. Elements are found by their id, or by path and sliceName in their order. Pure.
 */
import type { Issue } from '../../failure.ts';
import {
  baseTypeOf,
  type Element,
  type ElementType,
  elementsOf,
  hasStructure,
  isPrimitive,
  propertiesOf,
} from '../definitions/index.ts';
import { type ElementJson, fault, type StructureDefinitionJson } from './definition.ts';
import { type Facets, facetsOf } from './facets.ts';

export interface Node {
  /** `value[x]`, `identifier`; of the root the type. */
  readonly name: string;
  /** As the definitions write it: `Observation.component.value[x]`. */
  readonly path: string;
  /** Full name of the slice (`a/b` for one of slice a), null for the whole list. */
  readonly slice: string | null;
  /** What R4 says of it; null for the root. */
  readonly base: Element | null;
  /** Types of R4 before the profile narrows them. */
  readonly types: readonly ElementType[];
  facets: Facets;
  children: Map<string, Node>;
  slices: Node[];
}

const MOST_ELEMENTS = 10_000;
/** Enough to repair a definition. */
const MOST_ISSUES = 100;
const MOST_SLICES = 1_000;
const DEEPEST = 40;
const NO_FACETS: Facets = { constraints: [] };

export function rootOf(type: string): Node {
  return {
    name: type,
    path: type,
    slice: null,
    base: null,
    types: [{ code: type }],
    facets: NO_FACETS,
    children: new Map(),
    slices: [],
  };
}

/** A tree that may be changed without changing the first one. */
export function copyTree(node: Node): Node {
  return {
    ...node,
    children: new Map([...node.children].map(([name, child]) => [name, copyTree(child)])),
    slices: node.slices.map(copyTree),
  };
}

/** Structures of R4 that a value may have at a node: `Patient.contact`, `Quantity`, `dateTime`. */
export function structuresOf(node: Node): string[] {
  const own = node.facets.types;
  if (own === undefined || node.types.some(({ code }) => code.includes('.')))
    return node.types.map(({ code }) => code);
  return own.map(({ code }) => (code === 'SimpleQuantity' ? 'Quantity' : code)).filter((code) => code !== '');
}

/**
 * Lays the elements of a definition over a tree; what cannot be placed is told.
 * @param part whose elements they are
 */
export function layOver(
  root: Node,
  definition: StructureDefinitionJson,
  part: 'snapshot' | 'differential',
  issues: Issue[],
): void {
  const elements = definition[part]?.element;
  if (!Array.isArray(elements)) return;
  if (elements.length > MOST_ELEMENTS) {
    issues.push(
      fault(
        `StructureDefinition.${part}`,
        `Có ${elements.length} phần tử; tối đa ${MOST_ELEMENTS}.`,
        `There are ${elements.length} elements; at most ${MOST_ELEMENTS} are taken.`,
        'too-long',
      ),
    );
    return;
  }
  const open = new Map<string, string>();
  for (const [at, element] of elements.entries()) {
    if (issues.length >= MOST_ISSUES) return;
    const place = `StructureDefinition.${part}.element[${at}]`;
    const node = typeof element?.path === 'string' ? locate(root, element, place, open, issues) : null;
    if (!node) continue;
    node.facets = facetsOf(element, place, node.facets);
    judgeCounts(node, place, issues);
  }
}

/** R4 profiling.html: a profile narrows; what it could never keep is told. */
function judgeCounts({ facets, base, path, slice }: Node, place: string, issues: Issue[]): void {
  const { min = 0, max = Infinity } = facets;
  if (Number.isNaN(max) || (base && max > base.max && max !== Infinity)) {
    issues.push(
      fault(
        `${place}.max`,
        `${path}: max không hợp lệ; R4 cho nhiều nhất ${base?.max}.`,
        `${path}: max is not valid; R4 allows at most ${base?.max}.`,
      ),
    );
  }
  if (min > Math.min(max, base?.max ?? max) && slice === null) {
    issues.push(
      fault(
        `${place}.min`,
        `${path}: min ${min} lớn hơn max ${Math.min(max, base?.max ?? max)}.`,
        `${path}: min ${min} is more than max ${Math.min(max, base?.max ?? max)}.`,
      ),
    );
  }
}

function locate(
  root: Node,
  element: ElementJson,
  place: string,
  open: Map<string, string>,
  issues: Issue[],
): Node | null {
  const steps = element.path.split('.');
  if (steps[0] !== root.name || steps.length > DEEPEST) {
    issues.push(
      fault(
        `${place}.path`,
        `Đường dẫn "${element.path}" phải bắt đầu bằng "${root.name}".`,
        `Path "${element.path}" must begin with "${root.name}".`,
      ),
    );
    return null;
  }
  const slices = slicesOf(element, steps, open);
  let node = root;
  for (let at = 1; at < steps.length; at++) {
    const next = stepTo(node, steps[at]!, slices[at]);
    if (next === null || next === 'full') {
      issues.push(
        next === null
          ? unknownPath(element.path, node, steps[at]!, place)
          : tooManySlices(element.path, place),
      );
      return null;
    }
    node = next;
  }
  return node;
}

function tooManySlices(path: string, place: string): Issue {
  return fault(
    place,
    `${path} có hơn ${MOST_SLICES} lát cắt.`,
    `${path} has more than ${MOST_SLICES} slices.`,
    'too-long',
  );
}

function unknownPath(path: string, node: Node, step: string, place: string): Issue {
  const structures = structuresOf(node).join(', ');
  return fault(
    `${place}.path`,
    `Đường dẫn "${path}" không có trong R4: ${structures} không có phần tử "${step}".`,
    `Path "${path}" is not one of R4: ${structures} has no element "${step}".`,
  );
}

/** By step of the path the slice that is meant, from the id; without a fitting id from the elements before. */
function slicesOf(element: ElementJson, steps: string[], open: Map<string, string>): (string | undefined)[] {
  const { id, sliceName } = element;
  const named = typeof id === 'string' ? id.split('.').map((part) => part.split(':')) : [];
  const fits =
    named.length === steps.length && named.every(([name = ''], at) => at === 0 || isStep(name, steps[at]!));
  const last = steps.length - 1;
  const found = steps.map((_, at) => {
    const path = steps.slice(0, at + 1).join('.');
    return fits ? named[at]![1] : at < last ? open.get(path) : undefined;
  });
  if (typeof sliceName === 'string' && sliceName !== '') found[last] ??= sliceName;
  for (const path of open.keys()) if (path.startsWith(`${element.path}.`)) open.delete(path);
  if (found[last] === undefined) open.delete(element.path);
  else open.set(element.path, found[last]);
  return found;
}

/** `value[x]` in an id beside `valueQuantity` in the path. */
function isStep(name: string, step: string): boolean {
  return name === step || (name.endsWith('[x]') && step.startsWith(name.slice(0, -3)));
}

/** The child of a name, made when it is not there yet; null when R4 has none. */
function stepTo(node: Node, step: string, slice: string | undefined): Node | null | 'full' {
  const found = baseElement(node, step);
  if (found === null) return null;
  const { element, shortcut } = found;
  const name = element.choice ? `${element.name}[x]` : element.name;
  let list = node.children.get(name);
  if (list === undefined) {
    list = nodeOf(`${node.path}.${name}`, name, null, element, element.types);
    node.children.set(name, list);
  }
  const wanted = slice ?? shortcut;
  return wanted === undefined ? list : sliceOf(list, wanted);
}

/** `a/b` is slice b of slice a. */
function sliceOf(list: Node, name: string): Node | 'full' {
  const known = list.slices.find((one) => one.slice === name);
  if (known) return known;
  const outer = name.includes('/') ? list.slices.find((one) => name.startsWith(`${one.slice}/`)) : undefined;
  if (outer) return sliceOf(outer, name);
  if (list.slices.length >= MOST_SLICES) return 'full';
  const type = list.base?.choice ? typeIn(list, name) : undefined;
  const made = nodeOf(list.path, list.name, name, list.base, type === undefined ? list.types : [type]);
  // A slice of a choice is of the type that its name says, and of those that the list allows.
  if (type === undefined && list.facets.types) made.facets = { ...NO_FACETS, types: list.facets.types };
  if (type !== undefined) made.facets = { ...NO_FACETS, types: [facetOf(type)] };
  list.slices.push(made);
  return made;
}

function facetOf({ code }: ElementType) {
  return { code: baseTypeOf(code), profiles: [], targets: [], aggregation: [] };
}

/** `valueQuantity` → Quantity. */
function typeIn({ name, base }: Node, slice: string): ElementType | undefined {
  const bare = name.replace('[x]', '');
  return base!.types.find(({ code }) => {
    const type = baseTypeOf(code);
    return slice === bare + type.charAt(0).toUpperCase() + type.slice(1);
  });
}

function nodeOf(
  path: string,
  name: string,
  slice: string | null,
  base: Element | null,
  types: readonly ElementType[],
): Node {
  return { name, path, slice, base, types, facets: NO_FACETS, children: new Map(), slices: [] };
}

/** What R4 has under a name below a node; `valueQuantity` is the choice and the type. */
export function baseElement(node: Node, step: string): { element: Element; shortcut?: string } | null {
  const name = step.endsWith('[x]') ? step.slice(0, -3) : step;
  for (const structure of structuresOf(node)) {
    const owner = ownerOf(structure);
    if (owner === null) continue;
    const element = elementsOf(owner).find((one) => one.name === name);
    if (element) return { element };
    const property = propertiesOf(owner).get(step);
    if (property?.element.choice) return { element: property.element, shortcut: step };
  }
  return null;
}

/** Whose elements a value of a structure has; a primitive has id and extensions. */
export function ownerOf(structure: string): string | null {
  if (isPrimitive(structure)) return 'Element';
  return hasStructure(structure) ? structure : null;
}

/**
 * From a resource to the rows it is found by. The parameters of a type are compiled once into a tree of JSON properties,
 * so that each property of a resource is visited once, whatever the number of parameters that read it.
 */
import type { Resource } from '../../fhir/types.ts';
import { patientOf } from '../compartment.ts';
import type { IndexRow } from '../index-row.ts';
import { compositeEmitter } from './emit-composite.ts';
import { dateInterval, emitDate, emitNumber, emitQuantity } from './emit-order.ts';
import { emitAddressOf, emitReference } from './emit-reference.ts';
import { emitNarrative, emitPosition, emitSounds, stretchEmitter } from './emit-special.ts';
import { emitAddress, emitAddressParts, emitName, emitNameParts, emitString, emitWord } from './emit-text.ts';
import { emitOrder, tokenEmitter } from './emit-token.ts';
import { longKey, orderKey, presentKey, referenceKey, tokenKey } from './keys.ts';
import { mainCodeOf } from './main-columns.ts';
import { ownerOf, securityBits } from './owner.ts';
import { carriedView, hasOrderRows, type IndexedParameter, writtenParametersOf } from './parameters.ts';
import { type JsonPath, type PathFilter, passes } from './paths.ts';
import { presenceMarker } from './presence.ts';
import { Sink } from './sink.ts';

type Emit = (value: unknown, sink: Sink) => void;

/** A JSON property that some parameter reads or goes through. */
interface Node {
  key: string;
  filter: PathFilter | undefined;
  emits: Emit[];
  children: Node[];
}

type Parameters = ReturnType<typeof writtenParametersOf>;

/** By the table of parameters they were made from: a new definition makes a new table. */
const trees = new WeakMap<Parameters, Node>();
const carriedTrees = new WeakMap<Parameters, Node>();
const DAY_MS = 86_400_000;

/**
 * Index rows of a resource by every search parameter of its type, R4's and this province's own. The resource is one that
 * `validateResource` accepted; values of a wrong shape are left out, never thrown on.
 */
export function extractIndexes(resource: Resource): IndexRow {
  const person = patientOf(resource);
  const sink = new Sink(person === null ? null : `Patient/${person}`);
  visit(treeOf(resource.resourceType), resource, sink);
  if (sink.date && sink.date.high - sink.date.low > DAY_MS) sink.tok.add(longKey(resource.resourceType));
  return {
    c0: sink.c0,
    d0: sink.date?.low ?? null,
    d1: sink.date?.high ?? null,
    has: sink.has,
    tok: [...sink.tok],
    ord: sink.ord,
    str: sink.str,
    codes: [...sink.codes],
    org: ownerOf(resource),
    sec: securityBits(resource.meta?.security),
  };
}

function walk(node: Node, parent: Record<string, unknown>, sink: Sink): void {
  const value = parent[node.key];
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) visit(node, value, sink);
  else for (const item of value) if (item !== null && item !== undefined) visit(node, item, sink);
}

function visit(node: Node, value: unknown, sink: Sink): void {
  if (node.filter !== undefined && !passes(value, node.filter)) return;
  for (const emit of node.emits) emit(value, sink);
  if (node.children.length === 0 || typeof value !== 'object') return;
  for (const child of node.children) walk(child, value as Record<string, unknown>, sink);
}

function treeOf(type: string): Node {
  const parameters = writtenParametersOf(type);
  const known = trees.get(parameters);
  if (known) return known;
  const root = emptyNode('');
  const mainCode = mainCodeOf(type)?.code;
  for (const parameter of parameters.values()) {
    if (parameter.q === 'Patient.deceased') root.emits.push(deceased(parameter));
    if (parameter.storage === 'carried') root.emits.push(carried(parameter));
    if (parameter.storage === 'stretch') root.emits.push(stretchEmitter(parameter));
    for (const path of parameter.paths) {
      const emit = emitterOf(parameter, path, parameter.code === mainCode);
      if (!emit) continue;
      if (path.evaluate) root.emits.push(evaluated(path.evaluate, emit));
      else nodeAt(root, path).emits.push(emit);
    }
  }
  root.children.push({ ...emptyNode('text'), emits: [(value, sink) => emitNarrative(type, value, sink)] });
  trees.set(parameters, root);
  return root;
}

/** The tree of a resource that lies inside another: it has no columns, and tokens say which parameters are present. */
function carriedTreeOf(type: string): Node {
  const parameters = writtenParametersOf(type);
  const known = carriedTrees.get(parameters);
  if (known) return known;
  const root = emptyNode('');
  for (const parameter of parameters.values()) {
    for (const path of parameter.paths) {
      const entries = entriesOf(carriedView(parameter), path, false);
      const present = presentKey(parameter.q);
      const emit: Emit = (value, sink) => {
        sink.tok.add(present);
        entries?.(value, sink);
      };
      if (path.evaluate) root.emits.push(evaluated(path.evaluate, emit));
      else nodeAt(root, path).emits.push(emit);
    }
  }
  carriedTrees.set(parameters, root);
  return root;
}

function emptyNode(key: string): Node {
  return { key, filter: undefined, emits: [], children: [] };
}

/** `Bundle.entry[0].resource`: the document's Composition, the message's MessageHeader, with all it is found by. */
function carried({ q, bit, targets }: IndexedParameter): Emit {
  return (value, sink) => {
    const { entry } = value as { entry?: unknown };
    const first = Array.isArray(entry) ? (entry[0] as { resource?: unknown } | null)?.resource : undefined;
    const { resourceType, id } = (first ?? {}) as { resourceType?: unknown; id?: unknown };
    if (typeof resourceType !== 'string' || !targets.includes(resourceType)) return;
    sink.present(bit);
    if (typeof id === 'string') sink.tok.add(referenceKey(q, `${resourceType}/${id}`));
    visit(carriedTreeOf(resourceType), first, sink);
  };
}

/** Values that an engine finds, once for each data type it may find. */
function evaluated(evaluate: (resource: unknown) => unknown[], emit: Emit): Emit {
  return (resource, sink) => {
    for (const value of evaluate(resource)) emit(value, sink);
  };
}

function nodeAt(root: Node, path: JsonPath): Node {
  let node = root;
  for (const { key, filter } of path.steps) {
    let next = node.children.find(
      (c) => c.key === key && JSON.stringify(c.filter) === JSON.stringify(filter),
    );
    if (!next) {
      next = { ...emptyNode(key), filter };
      node.children.push(next);
    }
    node = next;
  }
  return node;
}

/** Present, but with no entries of their own at their path. */
const WITHOUT_ENTRIES = new Set(['contact', 'union', 'stretch']);

/** The entry of a value, and always the mark that says the parameter is present. */
function emitterOf(parameter: IndexedParameter, path: JsonPath, isMainCode: boolean): Emit | undefined {
  const entries = entriesOf(parameter, path, isMainCode);
  if (!entries && !WITHOUT_ENTRIES.has(parameter.storage)) return undefined;
  const mark = presenceMarker(parameter);
  return (value, sink) => {
    mark(sink);
    entries?.(value, sink);
  };
}

function entriesOf(parameter: IndexedParameter, path: JsonPath, isMainCode: boolean): Emit | undefined {
  const { q, p, own } = parameter;
  const { type } = path;
  switch (parameter.storage) {
    case 'tokens': {
      const emit = tokenEmitter(q, type, isMainCode);
      return hasOrderRows(parameter) ? inOrder(orderKey(q), emit) : emit;
    }
    case 'references':
      return type === 'Reference' ? (v, sink) => emitReference(q, own, v, sink) : uriEmitter(q, type);
    case 'uris':
      return uriEmitter(q, type);
    case 'main-date':
      return (v, sink) => {
        sink.date ??= dateInterval(type, v);
      };
    case 'dates':
      return (v, sink) => emitDate(p, type, v, sink);
    case 'numbers':
      return (v, sink) => emitNumber(p, type, v, sink);
    case 'quantities':
      return (v, sink) => emitQuantity(q, type, v, sink);
    case 'words':
      return (v, sink) => emitWord(q, v, sink);
    case 'names':
      return (v, sink) => emitName(p, v, sink);
    case 'strings':
      return stringEmitter(parameter, type);
    case 'composite':
      return compositeEmitter(q, type, parameter);
    case 'sounds':
      return (v, sink) => emitSounds(q, v, sink);
    case 'position':
      return (v, sink) => emitPosition(p, v, sink);
    case 'contact':
    case 'union':
    case 'stretch':
    case 'carried':
      return undefined;
  }
}

function inOrder(p: bigint, emit: Emit | undefined): Emit {
  return (v, sink) => {
    emit?.(v, sink);
    emitOrder(p, v, sink);
  };
}

function uriEmitter(q: string, type: string): Emit | undefined {
  if (type === 'Attachment') return (v, sink) => emitAddressOf(q, (v as { url?: unknown }).url, sink);
  return (v, sink) => emitAddressOf(q, v, sink);
}

function stringEmitter({ p, parts }: IndexedParameter, type: string): Emit {
  if (type === 'HumanName') return (v, sink) => emitNameParts(p, v, sink);
  if (type !== 'Address') return (v, sink) => emitString(p, v, sink);
  return (v, sink) => {
    emitAddress(p, v, sink);
    if (parts.length === 0) emitAddressParts(p, v, sink);
  };
}

/** `Patient.deceased.exists() and Patient.deceased != false`: true or false for every patient. */
function deceased({ q, bit }: IndexedParameter): Emit {
  const yes = { h: tokenKey(q, '', 'true'), p: q, sys: '', code: 'true', display: '' };
  const no = { h: tokenKey(q, '', 'false'), p: q, sys: '', code: 'false', display: '' };
  return (value, sink) => {
    const { deceasedBoolean, deceasedDateTime } = value as {
      deceasedBoolean?: unknown;
      deceasedDateTime?: unknown;
    };
    const entry = deceasedBoolean === true || deceasedDateTime !== undefined ? yes : no;
    if (deceasedBoolean !== undefined || deceasedDateTime !== undefined) sink.present(bit);
    sink.tok.add(entry.h);
    sink.word(entry);
  };
}

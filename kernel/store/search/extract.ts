/**
 * From a resource to the rows it is found by. The parameters of a type are compiled once into a tree of JSON properties,
 * so that each property of a resource is visited once, whatever the number of parameters that read it.
 */
import type { Resource } from '../../fhir/types.ts';
import { patientOf } from '../compartment.ts';
import type { IndexRow } from '../index-row.ts';
import { compositeEmitter } from './emit-composite.ts';
import { dateInterval, emitDate, emitNumber, emitQuantity } from './emit-order.ts';
import { emitCanonical, emitReference } from './emit-reference.ts';
import { emitAddress, emitAddressParts, emitName, emitString, emitWord } from './emit-text.ts';
import { tokenEmitter } from './emit-token.ts';
import { longKey, tokenKey } from './keys.ts';
import { mainCodeOf } from './main-columns.ts';
import { ownerOf, securityBits } from './owner.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { type JsonPath, type PathFilter, passes } from './paths.ts';
import { Sink } from './sink.ts';

type Emit = (value: unknown, sink: Sink) => void;

/** A JSON property that some parameter reads or goes through. */
interface Node {
  key: string;
  filter: PathFilter | undefined;
  emits: Emit[];
  children: Node[];
}

const trees = new Map<string, Node>();
const DAY_MS = 86_400_000;

/**
 * Index rows of a resource by every supported base R4 search parameter of its type. The resource is one that
 * `validateResource` accepted; values of a wrong shape are left out, never thrown on.
 */
export function extractIndexes(resource: Resource): IndexRow {
  const person = patientOf(resource);
  const sink = new Sink(person === null ? null : `Patient/${person}`);
  const tree = treeOf(resource.resourceType);
  for (const emit of tree.emits) emit(resource, sink);
  for (const child of tree.children) walk(child, resource as unknown as Record<string, unknown>, sink);
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
  const known = trees.get(type);
  if (known) return known;
  const root: Node = { key: '', filter: undefined, emits: [], children: [] };
  const mainCode = mainCodeOf(type)?.code;
  for (const parameter of indexedParametersOf(type).values()) {
    if (parameter.q === 'Patient.deceased') root.emits.push(deceased(parameter));
    for (const path of parameter.paths) {
      const emit = emitterOf(parameter, path, parameter.code === mainCode);
      if (emit) nodeAt(root, path).emits.push(emit);
    }
  }
  trees.set(type, root);
  return root;
}

function nodeAt(root: Node, path: JsonPath): Node {
  let node = root;
  for (const { key, filter } of path.steps) {
    let next = node.children.find(
      (c) => c.key === key && JSON.stringify(c.filter) === JSON.stringify(filter),
    );
    if (!next) {
      next = { key, filter, emits: [], children: [] };
      node.children.push(next);
    }
    node = next;
  }
  return node;
}

/** The entry of a value, and always the bit that says the parameter is present. */
function emitterOf(parameter: IndexedParameter, path: JsonPath, isMainCode: boolean): Emit | undefined {
  const entries = entriesOf(parameter, path, isMainCode);
  if (!entries && parameter.storage !== 'contact' && parameter.storage !== 'union') return undefined;
  const { bit } = parameter;
  return (value, sink) => {
    sink.present(bit);
    entries?.(value, sink);
  };
}

function entriesOf(parameter: IndexedParameter, path: JsonPath, isMainCode: boolean): Emit | undefined {
  const { q, p, own } = parameter;
  const { type } = path;
  switch (parameter.storage) {
    case 'tokens':
      return tokenEmitter(q, type, isMainCode);
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
    case 'contact':
    case 'union':
      return undefined;
  }
}

function uriEmitter(q: string, type: string): Emit | undefined {
  if (type === 'Attachment') return (v, sink) => emitCanonical(q, (v as { url?: unknown }).url, sink);
  return (v, sink) => emitCanonical(q, v, sink);
}

function stringEmitter({ p, parts }: IndexedParameter, type: string): Emit {
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
    sink.codes.add(entry);
  };
}

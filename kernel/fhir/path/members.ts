/** Elements of structures, compiled by the element tables of R4; steps over JSON properties. */
import type { Failure } from '../../failure.ts';
import {
  baseTypeOf,
  elementsOf,
  hasStructure,
  isPrimitive,
  isResourceName,
  propertyName,
} from '../definitions/elements.ts';
import { Box, boxed, isObject, type Json, raw, typeOf, unboxed } from './nodes.ts';
import {
  type Compiled,
  compileBase,
  NOTHING,
  refusedPath,
  type Scope,
  type Step,
  same,
  then,
  variableStep,
} from './scope.ts';
import type { PathTree } from './tree.ts';
import { fits, isA, isFhirType, kindOf, type TypeName } from './types.ts';
import type { Work } from './work.ts';

/** A JSON property that an element stands in. */
interface Key {
  name: string;
  /** Null for a resource, which brings its own. */
  type: string | null;
  /** Where id and extension of a primitive lie. */
  beside: string | null;
}

const ways = new Map<string, readonly Key[] | null>();

/** The properties of an element, several for a choice; null when the structure does not have it. */
function keysOf(structure: string, name: string): readonly Key[] | null {
  const whole = `${structure} ${name}`;
  const known = ways.get(whole);
  if (known !== undefined) return known;
  const element = elementsOf(structure).find((one) => one.name === name);
  const keys = element
    ? element.types.map((type) => keyOf(propertyName(element, type), baseTypeOf(type.code)))
    : null;
  if (keys) ways.set(whole, keys);
  return keys;
}

const keyOf = (name: string, type: string): Key => ({
  name,
  type: type === 'Resource' ? null : type,
  beside: isPrimitive(type) ? `_${name}` : null,
});

export function compileMember(tree: PathTree & { kind: 'member' }, scope: Scope): Compiled {
  const root = tree.base === null ? compileRoot(tree.name, scope) : null;
  return root ?? elementOf(compileBase(tree.base, scope), tree.name, scope);
}

/** An element of what was compiled already: each part of an expression is compiled once, however long it is. */
export function elementOf(base: Compiled, name: string, scope: Scope): Compiled {
  const { type } = base;
  if (type === null) return { step: then(base.step, anyMember(name)), type: null };
  if (type === 'System.TypeInfo') return { step: then(base.step, property(name)), type: 'System.String' };
  if (!hasStructure(type)) return besideMember(name, base, scope);
  const keys = keysOf(type, name);
  if (!keys) return without(unknownElement(name, type, scope), scope);
  const [only] = keys;
  if (keys.length > 1) return { step: then(base.step, choiceOf(keys)), type: null };
  return memberOf(base, only!);
}

function memberOf(base: Compiled, key: Key): Compiled {
  const values = then(base.step, structureProperty(key.name));
  if (key.beside === null) return { step: values, values, type: key.type };
  return { step: then(base.step, primitiveStep(key)), values, type: key.type };
}

/** What R4 does not have: refused, or nothing. */
function without(failure: Failure, { lenient }: Scope): Compiled {
  if (lenient) return { step: () => NOTHING, type: null };
  throw failure;
}

/** `Patient.name`, `Resource.id`: the focus itself, where it is of the type. */
function compileRoot(name: string, scope: Scope): Compiled | null {
  const { type } = scope;
  if (name === type && hasStructure(name)) return { step: same, type };
  // The name of a type may mean a variable, the name of an element never does.
  if (!/^[A-Z]/.test(name)) return null;
  const variable = variableStep(name, scope);
  if (variable) return variable;
  if (!isFhirType(name)) return null;
  const wanted: TypeName = { namespace: 'FHIR', name };
  if (type !== null) return isA(type, wanted) ? { step: same, type } : null;
  return { step: narrowed(null, wanted), type: null };
}

/** id and extension of a primitive, which lie beside it. */
function besideMember(name: string, base: Compiled, scope: Scope): Compiled {
  const type = base.type ?? '';
  if (isPrimitive(type) && (name === 'extension' || name === 'id'))
    return { step: then(base.step, besideStep(name)), type: name === 'id' ? 'string' : 'Extension' };
  if (type === 'System.Quantity') return { step: then(base.step, property(name)), type: null };
  return without(unknownElement(name, type, scope), scope);
}

function besideStep(name: string): Step {
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) if (node instanceof Box && node.beside) add(found, (node.beside as Json)[name]);
    work.spend(nodes.length + found.length);
    return found;
  };
}

function unknownElement(name: string, type: string, { text }: Scope): Failure {
  return refusedPath(
    text,
    `nêu "${name}", nhưng ${type} không có phần tử ấy`,
    `names "${name}", which ${type} does not have`,
  );
}

/** What `ofType` picks from: of a choice the properties of the type, as `chosen`; else everything, as `base`. */
export function pickedFrom(
  tree: PathTree | null,
  wanted: TypeName,
  scope: Scope,
): { chosen: Compiled } | { base: Compiled } {
  if (tree?.kind !== 'member') return { base: compileBase(tree, scope) };
  const root = tree.base === null ? compileRoot(tree.name, scope) : null;
  if (root) return { base: root };
  const base = compileBase(tree.base, scope);
  const chosen = chosenOf(base, tree.name, wanted, scope);
  return chosen ? { chosen } : { base: elementOf(base, tree.name, scope) };
}

/** `value.ofType(Quantity)` of a choice: its properties of that type. Null when the element is no choice. */
function chosenOf(base: Compiled, name: string, wanted: TypeName, scope: Scope): Compiled | null {
  if (base.type === null || !hasStructure(base.type)) return null;
  const keys = keysOf(base.type, name);
  if (!keys || keys.length === 1) return null;
  const fitting = keys.filter(({ type }) => type !== null && fits(type, wanted));
  if (fitting.length === 0)
    return without(
      refusedPath(
        scope.text,
        `chọn kiểu ${wanted.name}, nhưng ${base.type}.${name}[x] không có kiểu ấy`,
        `takes ${wanted.name}, which is no type of ${base.type}.${name}[x]`,
      ),
      scope,
    );
  const [only] = fitting;
  if (fitting.length === 1) return memberOf(base, only!);
  const exact = fitting.find(({ type }) => type === wanted.name);
  return { step: then(base.step, choiceOf(fitting)), type: exact?.type ?? null };
}

/** Values of a JSON property; arrays are taken apart. */
export function property(name: string): Step {
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) {
      const holder = raw(node);
      if (isObject(holder) && Object.hasOwn(holder, name)) add(found, holder[name]);
    }
    work.spend(nodes.length + found.length);
    return found;
  };
}

/** The same of nodes that are known to be structures, which are never in a box. */
function structureProperty(name: string): Step {
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) if (isObject(node)) add(found, node[name]);
    work.spend(nodes.length + found.length);
    return found;
  };
}

/** Values of a primitive, with what lies beside them. */
function primitiveStep(key: Key): Step {
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) if (isObject(node)) take(found, node, key, false);
    work.spend(nodes.length + found.length);
    return found;
  };
}

/** A choice: one of its properties is there at most. */
function choiceOf(keys: readonly Key[]): Step {
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) if (isObject(node)) for (const key of keys) take(found, node, key, true);
    work.spend(nodes.length * keys.length);
    return found;
  };
}

/** @param brings whether the values bring their types, because the compiler does not know them */
function take(found: unknown[], holder: Json, { name, type, beside }: Key, brings: boolean): void {
  const value = holder[name];
  if (beside !== null) {
    const more = holder[beside];
    if (more !== undefined && more !== null) {
      takeBoth(found, value, more, type!);
      return;
    }
  }
  if (value === undefined || value === null) return;
  if (!brings || type === null) {
    add(found, value);
    return;
  }
  for (const item of Array.isArray(value) ? value : [value]) if (item !== null) found.push(boxed(item, type));
}

/** A primitive and what lies beside it, item by item. */
function takeBoth(found: unknown[], value: unknown, beside: unknown, type: string): void {
  const values = Array.isArray(value) ? value : [value];
  const more = Array.isArray(beside) ? beside : [beside];
  for (let at = 0; at < Math.max(values.length, more.length); at++) {
    const item = values[at] ?? undefined;
    const own = isObject(more[at]) ? (more[at] as Json) : undefined;
    if (item !== undefined || own !== undefined) found.push(new Box(type, item, own));
  }
}

/** Of nodes whose structure only the data know: the element of their structure, or the property of that name. */
function anyMember(name: string): Step {
  const choice = new RegExp(`^${name.replace(/[^A-Za-z0-9_]/g, '')}[A-Z]`);
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) takeAny(found, node, name, choice);
    work.spend(nodes.length + found.length);
    return found;
  };
}

function takeAny(found: unknown[], node: unknown, name: string, choice: RegExp): void {
  const type = typeOf(node, null);
  const holder = raw(node);
  if (!isObject(holder) || (type !== null && isPrimitive(type))) {
    if (node instanceof Box && node.beside && (name === 'extension' || name === 'id'))
      take(found, node.beside as Json, keyOf(name, name === 'id' ? 'string' : 'Extension'), true);
    return;
  }
  if (type !== null && hasStructure(type)) {
    for (const key of keysOf(type, name) ?? []) take(found, holder, key, true);
    return;
  }
  const own = Object.hasOwn(holder, name) ? name : Object.keys(holder).find((one) => choice.test(one));
  if (own !== undefined) add(found, holder[own]);
}

function add(found: unknown[], value: unknown): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) found.push(value);
  else for (const item of value) if (item !== undefined && item !== null) found.push(item);
}

/** All elements of nodes, each with its type. */
export function childrenOf(nodes: readonly unknown[], known: string | null, work: Work): unknown[] {
  const found: unknown[] = [];
  for (const node of nodes) {
    const value = raw(node);
    if (isObject(value) && kindOf(typeOf(node, known)) !== 'text')
      takeChildren(found, value, typeOf(node, known));
    else if (node instanceof Box && node.beside) takeChildren(found, node.beside as Json, 'Element');
  }
  work.spend(nodes.length + found.length);
  return found;
}

function takeChildren(found: unknown[], holder: Json, type: string | null): void {
  const keys = type !== null && hasStructure(type) ? allKeysOf(type) : null;
  for (const property of Object.keys(holder)) {
    if (property === 'resourceType' && (type === null || isResourceName(type))) continue;
    const name = property.startsWith('_') ? property.slice(1) : property;
    if (name !== property && Object.hasOwn(holder, name)) continue;
    const key = keys?.get(name);
    if (key) take(found, holder, key, true);
    else if (keys === null && name === property) add(found, holder[property]);
  }
}

const whole = new Map<string, ReadonlyMap<string, Key>>();

/** Every JSON property of a structure. */
function allKeysOf(structure: string): ReadonlyMap<string, Key> {
  let keys = whole.get(structure);
  if (!keys) {
    keys = new Map(
      elementsOf(structure)
        .flatMap(({ name }) => keysOf(structure, name) ?? [])
        .map((key) => [key.name, key]),
    );
    whole.set(structure, keys);
  }
  return keys;
}

/** Nodes of a type, whose type is known from then on. */
export function narrowed(known: string | null, wanted: TypeName): Step {
  return (nodes) => {
    const found: unknown[] = [];
    for (const node of nodes) {
      const type = typeOf(node, known);
      if (type === null ? isObject(node) : fits(type, wanted))
        found.push(type === wanted.name ? unboxed(node) : node);
    }
    return found;
  };
}

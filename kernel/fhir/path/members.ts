/** Elements of structures, compiled by the element tables of R4; steps over JSON properties. */
import type { Failure } from '../../failure.ts';
import { baseTypeOf, elementsOf, hasStructure, isPrimitive, propertyName } from '../definitions/index.ts';
import { type Compiled, compileBase, refusedPath, type Scope, type Step, same, then } from './scope.ts';
import type { PathTree } from './tree.ts';

export function compileMember(tree: PathTree & { kind: 'member' }, scope: Scope): Compiled {
  if (tree.base === null && tree.name === scope.type && hasStructure(tree.name))
    return { step: same, type: scope.type };
  const base = sibling(tree, scope) ?? compileBase(tree.base, scope);
  if (base.type === null || !hasStructure(base.type)) return unknownMember(tree, base, scope);
  const element = elementsOf(base.type).find(({ name }) => name === tree.name);
  if (!element) throw unknownElement(tree.name, base.type, scope);
  if (!element.choice) {
    const [only] = element.types;
    const type = element.types.length === 1 ? baseTypeOf(only!.code) : null;
    return { step: then(base.step, property(tree.name)), type: type === 'Resource' ? null : type };
  }
  const names = element.types.map((type) => propertyName(element, type));
  return { step: then(base.step, firstOf(names)), type: null };
}

/** `birthDate.extension`: extensions of a primitive lie beside it, in `_birthDate`. */
function sibling(tree: PathTree & { kind: 'member' }, scope: Scope): Compiled | null {
  return (tree.name === 'extension' || tree.name === 'id') && tree.base?.kind === 'member'
    ? siblingOf(tree.base, scope)
    : null;
}

/** The element beside a primitive, when the tree names one. */
export function siblingOf(tree: PathTree & { kind: 'member' }, scope: Scope): Compiled | null {
  const { type } = compileMember(tree, scope);
  if (type === null || !isPrimitive(type)) return null;
  return { step: then(compileBase(tree.base, scope).step, property(`_${tree.name}`)), type: 'Element' };
}

function unknownMember(tree: PathTree & { kind: 'member' }, base: Compiled, scope: Scope): Compiled {
  if (base.type !== null && isPrimitive(base.type)) throw unknownElement(tree.name, base.type, scope);
  const type = base.type === 'Element' && tree.name === 'extension' ? 'Extension' : null;
  return { step: then(base.step, type === null ? anyProperty(tree.name) : property(tree.name)), type };
}

function unknownElement(name: string, type: string, { text }: Scope): Failure {
  return refusedPath(
    text,
    `nêu "${name}", nhưng ${type} không có phần tử ấy`,
    `names "${name}", which ${type} does not have`,
  );
}

/** `value.ofType(Quantity)` of a choice: the one property. Null when the tree is no choice. */
export function chosen(tree: PathTree | null, wanted: string, scope: Scope): Compiled | null {
  if (tree?.kind !== 'member') return null;
  const base = compileBase(tree.base, scope);
  if (base.type === null)
    return { step: then(base.step, property(tree.name + capital(wanted))), type: wanted };
  if (!hasStructure(base.type)) return null;
  const element = elementsOf(base.type).find(({ name, choice }) => choice && name === tree.name);
  if (!element) return null;
  const type = element.types.find(({ code }) => baseTypeOf(code) === wanted);
  if (!type)
    throw refusedPath(
      scope.text,
      `chọn kiểu ${wanted}, nhưng ${base.type}.${tree.name}[x] không có kiểu ấy`,
      `takes ${wanted}, which is no type of ${base.type}.${tree.name}[x]`,
    );
  return { step: then(base.step, property(propertyName(element, type))), type: wanted };
}

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** Values of a JSON property; arrays are taken apart. */
export function property(name: string): Step {
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) if (isObject(node)) add(found, node[name]);
    work.spend(nodes.length + found.length);
    return found;
  };
}

/** A choice: one of its properties is there at most. */
function firstOf(names: readonly string[]): Step {
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) {
      if (!isObject(node)) continue;
      for (const name of names) add(found, node[name]);
    }
    work.spend(nodes.length * names.length);
    return found;
  };
}

/** Of a structure that only the data know: the property, or a choice of that name. */
function anyProperty(name: string): Step {
  const choice = new RegExp(`^${name}[A-Z]`);
  return (nodes, work) => {
    const found: unknown[] = [];
    for (const node of nodes) {
      if (!isObject(node)) continue;
      const key = Object.hasOwn(node, name) ? name : Object.keys(node).find((one) => choice.test(one));
      if (key !== undefined) add(found, node[key]);
    }
    work.spend(nodes.length + found.length);
    return found;
  };
}

function add(found: unknown[], value: unknown): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) found.push(value);
  else for (const item of value) if (item !== undefined && item !== null) found.push(item);
}

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null;
}

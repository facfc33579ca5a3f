/**
 * Where in a resource a FHIRPath leads to: FHIRPath answers values, a patch needs places. Steps of navigation are walked
 * here by the R4 element tables; criteria of `where` are compiled by `kernel/fhir/path`.
 */
import { Failure } from '../../failure.ts';
import { baseTypeOf, type Element, elementsOf, hasStructure, propertyName } from '../definitions/index.ts';
import { compileTree, type Path, PathSyntaxError, type PathTree, parsePath, Work } from '../path/index.ts';

export type Holder = Record<string, unknown>;

/** One element of the resource: `holder[key]`, or `holder[key][index]` in a list. */
export interface Location {
  holder: Holder;
  key: string;
  index: number | null;
  /** Null for the resource itself. */
  element: Element | null;
  /** Data type, resource type or path of a backbone element (`Patient.contact`). */
  type: string;
  value: unknown;
}

/** All items of one element of one object, there or not yet. */
export interface Collection {
  holder: Holder;
  element: Element;
}

const LONGEST = 1000;
/** Other resources are out of reach (R4 fhirpatch.html); nothing but names and values of the resource decides where a patch goes. */
const FORBIDDEN = new Set(
  'resolve memberOf conformsTo now today timeOfDay trace matches matchesFull replaceMatches repeat aggregate'.split(
    ' ',
  ),
);
const offers = (name: string) => !FORBIDDEN.has(name);

/** Elements that the path leads to, in order. Fails with `invalid-request`: no FHIRPath, or one that leads to no places. */
export function locate(resource: object, path: string, place: string): Location[] {
  return guarded(path, place, (tree) => new Walk(resource as Holder, path).steps(tree));
}

/** The list (or single element) that a path like `Patient.name` means. Fails with `invalid-request`, `business-rule`. */
export function locateCollection(resource: object, path: string, place: string): Collection {
  return guarded(path, place, (last) => {
    if (last.kind !== 'member') throw unsupported();
    const walk = new Walk(resource as Holder, path);
    const parents = last.base ? walk.steps(last.base) : [walk.root];
    if (parents.length !== 1) throw notOne(path, parents.length, place);
    const [parent] = parents as [Location];
    const element = elementNamed(structureOf(parent), last.name);
    if (!element || element.choice) throw unsupported();
    return { holder: parent.value as Holder, element };
  });
}

/** The element of a structure by its name (`value` for `value[x]`) or its JSON name (`valueQuantity`). */
export function elementNamed(structure: string, name: string): Element | undefined {
  if (!hasStructure(structure)) return undefined;
  return elementsOf(structure).find(
    (element) =>
      element.name === name ||
      (element.choice && element.types.some((type) => propertyName(element, type) === name)),
  );
}

/** Structure of the element at a place: that of the resource itself for contained resources. */
export function structureOf({ type, value }: Location): string {
  const own = (value as { resourceType?: unknown } | null)?.resourceType;
  return typeof own === 'string' ? own : baseTypeOf(type);
}

export function notOne(path: string, found: number, place: string): Failure {
  return new Failure(
    'business-rule',
    found === 0
      ? `Không có phần tử nào ở "${path}" trong tài nguyên.`
      : `"${path}" chỉ tới ${found} phần tử; mỗi thao tác chỉ sửa một phần tử.`,
    {
      textEn:
        found === 0
          ? `"${path}" finds nothing in the resource.`
          : `"${path}" finds ${found} elements; an operation changes one.`,
      expression: place,
    },
  );
}

const unsupported = () => new RangeError('path');

/** Whatever is thrown about an expression is the caller's fault; that it costs too much is told as it is. */
function guarded<T>(path: string, place: string, run: (tree: PathTree) => T): T {
  if (path.length > LONGEST) throw wrongPath(path, place);
  try {
    return run(parsePath(path));
  } catch (error) {
    if (error instanceof RangeError || error instanceof PathSyntaxError) throw wrongPath(path, place, error);
    throw error;
  }
}

function wrongPath(path: string, place: string, cause?: unknown): Failure {
  const shown = path.slice(0, 200);
  return new Failure('invalid-request', `"${shown}" không phải đường dẫn FHIRPath tới một phần tử.`, {
    textEn: `"${shown}" is no FHIRPath that leads to an element of the resource: names, [index], where, first, last, single, tail, skip, take, ofType, as, extension.`,
    expression: place,
    cause,
  });
}

class Walk {
  readonly root: Location;
  readonly #path: string;
  readonly #work: Work;
  /** By criteria and the type that they are asked of. */
  readonly #criteria = new Map<PathTree, Map<string, Path>>();

  constructor(resource: Holder, path: string) {
    const type = String(resource.resourceType);
    this.root = { holder: { resource }, key: 'resource', index: null, element: null, type, value: resource };
    this.#path = path;
    this.#work = new Work(undefined, { resource });
  }

  steps(tree: PathTree | null): Location[] {
    switch (tree?.kind) {
      case undefined:
      case 'this':
        return [this.root];
      case 'constant':
        if (tree.name !== 'resource') throw unsupported();
        return [this.root];
      case 'member':
        if (tree.base === null && tree.name === this.root.type) return [this.root];
        return this.steps(tree.base).flatMap((location) => below(location, tree.name));
      case 'index':
        return this.steps(tree.base).slice(integer(tree.index)).slice(0, 1);
      case 'call':
        return this.#call(tree.name, tree.args, this.steps(tree.base));
      default:
        throw unsupported();
    }
  }

  #call(name: string, args: PathTree[], from: Location[]): Location[] {
    switch (name) {
      case 'where': {
        const [criteria] = args;
        if (!criteria) throw unsupported();
        return from.filter((location) => this.#holds(criteria, location));
      }
      case 'extension': {
        const url = literal(args[0]);
        return from
          .flatMap((location) => below(location, 'extension'))
          .filter(({ value }) => (value as { url?: unknown } | null)?.url === url);
      }
      case 'first':
        return from.slice(0, 1);
      case 'last':
        return from.slice(-1);
      case 'single':
        if (from.length > 1) throw unsupported();
        return from;
      case 'tail':
        return from.slice(1);
      case 'skip':
        return from.slice(integer(args[0]));
      case 'take':
        return from.slice(0, integer(args[0]));
      case 'ofType':
      case 'as':
        return ofType(from, args[0]);
      default:
        throw unsupported();
    }
  }

  #holds(criteria: PathTree, location: Location): boolean {
    try {
      const path = this.#compiled(criteria, structureOf(location));
      const found = path.step([location.value], this.#work);
      if (found.length > 1) throw unsupported();
      return found[0] === true;
    } catch (error) {
      if (error instanceof Failure && error.code !== 'too-large')
        throw new RangeError(error.message, { cause: error });
      throw error;
    }
  }

  #compiled(criteria: PathTree, type: string): Path {
    const known = this.#criteria.get(criteria) ?? new Map<string, Path>();
    this.#criteria.set(criteria, known);
    let path = known.get(type);
    if (!path) {
      path = compileTree(criteria, this.#path, { type, constants: new Map(), lenient: true, offers });
      known.set(type, path);
    }
    return path;
  }
}

/** The items of one element below a place. */
function below(location: Location, name: string): Location[] {
  const { value } = location;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const element = elementNamed(structureOf(location), name);
  if (!element) throw unsupported();
  const holder = value as Holder;
  return element.types.flatMap((type): Location[] => {
    const key = propertyName(element, type);
    if ((element.choice && element.name !== name && key !== name) || !Object.hasOwn(holder, key)) return [];
    const there = holder[key];
    const base = { holder, key, element, type: type.code };
    if (!Array.isArray(there)) return [{ ...base, index: null, value: there }];
    return there.map((item, index) => ({ ...base, index, value: item }));
  });
}

function ofType(from: Location[], type: PathTree | undefined): Location[] {
  if (type?.kind !== 'member') throw unsupported();
  return from.filter((location) => structureOf(location) === type.name);
}

function literal(tree: PathTree | undefined): unknown {
  if (tree?.kind === 'literal') return tree.value;
  throw unsupported();
}

function integer(tree: PathTree | undefined): number {
  const value = literal(tree);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw unsupported();
}

/**
 * Where in a resource a FHIRPath leads to: FHIRPath answers values, a patch needs places. Steps of navigation are walked
 * here by the R4 element tables; criteria of `where` are evaluated by `@medplum/core`.
 */
import {
  AsAtom,
  type Atom,
  DotAtom,
  FunctionAtom,
  IndexerAtom,
  initFhirPathParserBuilder,
  LiteralAtom,
  SymbolAtom,
  Tokenizer,
} from '@medplum/core';
import { Failure } from '../../failure.ts';
import { baseTypeOf, type Element, elementsOf, hasStructure, propertyName } from '../definitions/index.ts';

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
/** Other resources are out of reach (R4 fhirpatch.html); patterns and repetitions may run without end. */
const FORBIDDEN = /\b(resolve|matches|matchesFull|replaceMatches|repeat|trace)\s*\(/;

/** Elements that the path leads to, in order. Fails with `invalid-request`: no FHIRPath, or one that leads to no places. */
export function locate(resource: object, path: string, place: string): Location[] {
  return guarded(path, place, (atom) => new Walk(resource as Holder).steps(atom));
}

/** The list (or single element) that a path like `Patient.name` means. Fails with `invalid-request`, `business-rule`. */
export function locateCollection(resource: object, path: string, place: string): Collection {
  return guarded(path, place, (atom) => {
    const last = atom instanceof DotAtom ? atom.right : atom;
    if (!(last instanceof SymbolAtom)) throw unsupported();
    const walk = new Walk(resource as Holder);
    const parents = atom instanceof DotAtom ? walk.steps(atom.left) : [walk.root];
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

/** Whatever the engine throws about an expression is the caller's fault. */
function guarded<T>(path: string, place: string, run: (atom: Atom) => T): T {
  if (path.length > LONGEST || FORBIDDEN.test(path)) throw wrongPath(path, place);
  try {
    return run(parse(path));
  } catch (error) {
    throw error instanceof Failure ? error : wrongPath(path, place, error);
  }
}

const grammar = initFhirPathParserBuilder();

/** The whole text must be one expression; the engine's own reading stops silently at what it does not know. */
function parse(path: string): Atom {
  const tokens = new Tokenizer(path, ['true', 'false'], ['!=', '!~', '<=', '>=', '{}', '->']).tokenize();
  const parser = grammar.construct(tokens);
  const atom = parser.consumeAndParse();
  if (parser.hasMore()) throw unsupported();
  return atom;
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

  constructor(resource: Holder) {
    const type = String(resource.resourceType);
    this.root = { holder: { resource }, key: 'resource', index: null, element: null, type, value: resource };
  }

  steps(atom: Atom, from: Location[] = [this.root]): Location[] {
    if (atom instanceof DotAtom) return this.steps(atom.right, this.steps(atom.left, from));
    if (atom instanceof SymbolAtom) return this.#symbol(atom.name, from);
    if (atom instanceof IndexerAtom) {
      return this.steps(atom.left, from).slice(integer(atom.expr)).slice(0, 1);
    }
    if (atom instanceof AsAtom) return ofType(this.steps(atom.left, from), atom.right);
    if (atom instanceof FunctionAtom) return this.#call(atom.name, atom.args, from);
    throw unsupported();
  }

  #symbol(name: string, from: Location[]): Location[] {
    if (name === '$this') return from;
    if (name === '%resource' || (name === this.root.type && from[0] === this.root)) return [this.root];
    return from.flatMap((location) => below(location, name));
  }

  #call(name: string, args: Atom[], from: Location[]): Location[] {
    switch (name) {
      case 'where':
        return from.filter((location) => this.#holds(args[0]!, location));
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

  #holds(criteria: Atom, location: Location): boolean {
    const resource = { type: this.root.type, value: this.root.value };
    const variables = { '%resource': resource, '%context': resource };
    const found = criteria.eval({ variables }, [{ type: structureOf(location), value: location.value }]);
    if (found.length > 1) throw unsupported();
    return found[0]?.value === true;
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

function ofType(from: Location[], type: Atom | undefined): Location[] {
  const named = type instanceof DotAtom ? type.right : type;
  if (!(named instanceof SymbolAtom)) throw unsupported();
  return from.filter((location) => structureOf(location) === named.name);
}

function literal(atom: Atom | undefined): unknown {
  if (atom instanceof LiteralAtom) return atom.value.value;
  throw unsupported();
}

function integer(atom: Atom | undefined): number {
  const value = literal(atom);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw unsupported();
}

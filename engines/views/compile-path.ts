/**
 * FHIRPath of columns, compiled: the part that nearly all ViewDefinitions are made of. Elements by their definition,
 * `first()`, `exists()`, `ofType(T)` of a choice, `where(path = literal)`, `getReferenceKey(T)`, `getResourceKey()`, and
 * one comparison with a literal. Anything else is left to the general evaluator (evaluate.ts).
 */
import {
  baseTypeOf,
  elementsOf,
  hasStructure,
  isPrimitive,
  propertyName,
} from '../../kernel/fhir/definitions/index.ts';

/** From nodes to nodes; undefined when the data needs the general evaluator. */
export type Step = (nodes: unknown[]) => unknown[] | undefined;

interface Place {
  /** Structure that the nodes have: `Encounter`, `Encounter.location`, `Coding`, a primitive. */
  type: string;
  step: Step;
}

class NotCompiled extends Error {}

/**
 * @param type resource or structure that the path begins at
 * @returns null for a path outside the part described above
 */
export function compilePath(path: string, type: string): Step | null {
  try {
    const reader = new Reader(path);
    const { step } = readComparison(reader, type);
    reader.end();
    return step;
  } catch (error) {
    if (error instanceof NotCompiled) return null;
    throw error;
  }
}

/** Reads the text from left to right. */
class Reader {
  #rest: string;

  constructor(text: string) {
    this.#rest = text.trimStart();
  }

  /** What stands next, if it is that; null otherwise. Spaces behind it are skipped. */
  take(pattern: RegExp): string | null {
    const found = pattern.exec(this.#rest);
    if (found?.index !== 0 || found[0] === '') return null;
    this.#rest = this.#rest.slice(found[0].length).trimStart();
    return found[1] ?? found[0];
  }

  need(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === null) throw new NotCompiled();
    return found;
  }

  end(): void {
    if (this.#rest !== '') throw new NotCompiled();
  }
}

const NAME = /^[A-Za-z][A-Za-z0-9]*/;

function readComparison(reader: Reader, type: string): Place {
  const left = readChain(reader, type);
  const operator = reader.take(/^(!=|=)/);
  if (operator === null) return left;
  const literal = readLiteral(reader);
  const equal = operator === '=';
  return {
    type: 'boolean',
    step: (nodes) => {
      const values = left.step(nodes);
      if (values === undefined || values.length === 0) return values;
      return [values.length === 1 && values[0] === literal ? equal : !equal];
    },
  };
}

function readLiteral(reader: Reader): string | number | boolean {
  const text = reader.take(/^'([^'\\]+)'/);
  if (text !== null) return text;
  const word = reader.take(/^(true|false)\b/);
  if (word !== null) return word === 'true';
  return Number(reader.need(/^\d+(?:\.\d+)?/));
}

function readChain(reader: Reader, type: string): Place {
  let place: Place = { type, step: (nodes) => nodes };
  do {
    const name = reader.need(NAME);
    const next =
      reader.take(/^\(/) === null
        ? readElement(reader, name, place.type)
        : readCall(reader, name, place.type);
    place = { type: next.type, step: after(place.step, next.step) };
  } while (reader.take(/^\./) !== null);
  return place;
}

function after(first: Step, second: Step): Step {
  return (nodes) => {
    const between = first(nodes);
    return between === undefined ? undefined : second(between);
  };
}

function readElement(reader: Reader, name: string, type: string): Place {
  if (!hasStructure(type)) throw new NotCompiled();
  const element = elementsOf(type).find((one) => one.name === name);
  if (!element) throw new NotCompiled();
  const only = element.types[0];
  if (!element.choice) {
    if (element.types.length !== 1 || !only) throw new NotCompiled();
    return { type: baseTypeOf(only.code), step: property(name) };
  }
  const wanted = reader.need(/^\.\s*ofType\(\s*([A-Za-z]+)\s*\)/);
  const chosen = element.types.find((one) => one.code === wanted);
  if (!chosen) throw new NotCompiled();
  return { type: wanted, step: property(propertyName(element, chosen)) };
}

/** Values of a JSON property; arrays are taken apart. A node that is no object has a form the general evaluator must judge. */
function property(name: string): Step {
  return (nodes) => {
    const found: unknown[] = [];
    for (const node of nodes) {
      if (typeof node !== 'object' || node === null) return undefined;
      const value = (node as Record<string, unknown>)[name];
      if (value === undefined || value === null) continue;
      if (!Array.isArray(value)) found.push(value);
      else for (const item of value) if (item !== undefined && item !== null) found.push(item);
    }
    return found;
  };
}

function readCall(reader: Reader, name: string, type: string): Place {
  switch (name) {
    case 'first':
      reader.need(/^\)/);
      return { type, step: (nodes) => nodes.slice(0, 1) };
    case 'exists':
      reader.need(/^\)/);
      return { type: 'boolean', step: (nodes) => [nodes.length > 0] };
    case 'where':
      return { type, step: readWhere(reader, type) };
    case 'getResourceKey':
      reader.need(/^\)/);
      return { type: 'id', step: property('id') };
    case 'getReferenceKey': {
      if (type !== 'Reference') throw new NotCompiled();
      const target = reader.take(NAME);
      reader.need(/^\)/);
      return { type: 'id', step: referenceKey(target) };
    }
    default:
      throw new NotCompiled();
  }
}

function readWhere(reader: Reader, type: string): Step {
  if (isPrimitive(type)) throw new NotCompiled();
  const test = readComparison(reader, type);
  reader.need(/^\)/);
  if (test.type !== 'boolean') throw new NotCompiled();
  return (nodes) => {
    const kept: unknown[] = [];
    for (const node of nodes) {
      const answer = test.step([node]);
      if (answer === undefined) return undefined;
      if (answer[0] === true) kept.push(node);
    }
    return kept;
  };
}

const LOCAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

/** SQL on FHIR v2, getReferenceKey: the id, when the reference is of the type asked for. */
function referenceKey(target: string | null): Step {
  return (nodes) => {
    const found: unknown[] = [];
    for (const node of nodes) {
      const { reference } = node as { reference?: unknown };
      if (reference === undefined) continue;
      const parts = typeof reference === 'string' ? LOCAL.exec(reference) : null;
      if (!parts) return undefined;
      if (target === null || parts[1] === target) found.push(parts[2]);
    }
    return found;
  };
}

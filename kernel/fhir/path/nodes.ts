/**
 * Values as an expression sees them. A node is the plain JSON value where the compiler knows its type, a resource, or a
 * value of FHIRPath itself; a `Box` where the type would be lost, or where a primitive has something beside it (`_birthDate`).
 */
import { Failure } from '../../failure.ts';
import { isPrimitive } from '../definitions/elements.ts';
import type { Compiled, Step } from './scope.ts';
import { kindOf } from './types.ts';

export class Box {
  readonly type: string;
  /** Undefined for a primitive of which only id and extensions are there. */
  readonly value: unknown;
  /** id and extension of a primitive. */
  readonly beside: object | undefined;

  constructor(type: string, value: unknown, beside?: object) {
    this.type = type;
    this.value = value;
    this.beside = beside;
  }
}

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** The JSON value of a node; undefined when a primitive has none. */
export function raw(node: unknown): unknown {
  return node instanceof Box ? node.value : node;
}

/** The values of nodes, without those that have none. */
export function valuesOf(nodes: readonly unknown[]): readonly unknown[] {
  for (let at = 0; at < nodes.length; at++)
    if (nodes[at] instanceof Box) return nodes.map(raw).filter((value) => value !== undefined);
  return nodes;
}

/** A part of an expression as a step to plain values. */
export function valueStep({ step, values }: Compiled): Step {
  return values ?? ((nodes, work) => valuesOf(step(nodes, work)));
}

/** @param known the type that the compiler knows, null when it does not */
export function typeOf(node: unknown, known: string | null): string | null {
  if (node instanceof Box) return node.type;
  if (known !== null) return known;
  switch (typeof node) {
    case 'string':
      return 'System.String';
    case 'boolean':
      return 'System.Boolean';
    case 'number':
      return Number.isInteger(node) ? 'System.Integer' : 'System.Decimal';
    default: {
      const type = (node as { resourceType?: unknown } | null)?.resourceType;
      return typeof type === 'string' ? type : null;
    }
  }
}

/** The node with its type, for where the compiler does not know it any more. */
export function boxed(node: unknown, known: string | null): unknown {
  if (known === null || node instanceof Box || typeOf(node, null) === known) return node;
  return new Box(known, node);
}

/** Steps whose nodes bring their types. */
export function boxing(step: Step, known: string | null): Step {
  return known === null ? step : (nodes, work) => step(nodes, work).map((node) => boxed(node, known));
}

/** Of a node whose type the compiler knows from now on: boxes stay where something lies beside the value. */
export function unboxed(node: unknown): unknown {
  return node instanceof Box && node.beside === undefined ? node.value : node;
}

export function isPrimitiveNode(node: unknown, known: string | null): boolean {
  const type = typeOf(node, known);
  return type === null
    ? !isObject(raw(node))
    : isPrimitive(type) || (type !== 'System.Quantity' && kindOf(type) !== 'complex');
}

/** One node, or null for none. @throws Failure `business-rule` for several */
export function singleNode(nodes: readonly unknown[], what: string): unknown {
  if (nodes.length > 1) {
    throw new Failure(
      'business-rule',
      `Biểu thức "${what}" cho ${nodes.length} giá trị, nhưng ở đây chỉ được một. Hãy dùng first() hoặc where().`,
      {
        textEn: `"${what}" gives ${nodes.length} values where one is expected: use first() or where().`,
        expression: what,
      },
    );
  }
  return nodes[0] ?? null;
}

/** The value of the one node, or null for none. @throws Failure `business-rule` for several */
export function singleOf(nodes: readonly unknown[], what: string): unknown {
  return raw(singleNode(nodes, what)) ?? null;
}

/** FHIRPath "Singleton evaluation": null for nothing, a value that is no boolean is true. */
export function truthOf(nodes: readonly unknown[], what: string): boolean | null {
  const value = singleOf(nodes, what);
  return value === null ? null : value !== false;
}

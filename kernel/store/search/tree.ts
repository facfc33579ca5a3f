/**
 * The parameters of a type as one tree of JSON properties: a property is visited once, whatever the number of parameters
 * that read it. `generate-extractors.ts` writes R4's trees out as code; `walk.ts` walks those that come at run time.
 */
import { mainCodeOf } from './main-columns.ts';
import type { IndexedParameter } from './parameters.ts';
import type { PathFilter } from './paths.ts';

/** A JSON property that some parameter reads or goes through; the root is the resource. */
export interface Node {
  readonly key: string;
  readonly filter: PathFilter | undefined;
  /** True when the property is an array. */
  readonly repeats: boolean;
  /** Parameters whose values stand here. */
  readonly found: Found[];
  readonly children: Node[];
}

export interface Found {
  readonly parameter: IndexedParameter;
  /** Data type of the value. */
  readonly type: string;
  /** True when the first coding here is `c0`. */
  readonly isMainCode: boolean;
  /** Values of this type by an engine, of an expression that is no plain path: found at the root. */
  readonly evaluate?: (resource: unknown) => unknown[];
}

export function treeOf(type: string, parameters: Iterable<IndexedParameter>): Node {
  const root = emptyNode('', undefined, false);
  const mainCode = mainCodeOf(type)?.code;
  for (const parameter of parameters) {
    const isMainCode = parameter.code === mainCode;
    for (const { steps, type: dataType, evaluate } of parameter.paths) {
      let node = root;
      for (const { key, filter, repeats } of steps) node = childOf(node, key, filter, repeats);
      node.found.push({ parameter, type: dataType, isMainCode, ...(evaluate && { evaluate }) });
    }
  }
  return root;
}

function childOf(node: Node, key: string, filter: PathFilter | undefined, repeats: boolean): Node {
  const same = JSON.stringify(filter);
  const known = node.children.find((child) => child.key === key && JSON.stringify(child.filter) === same);
  if (known) return known;
  const made = emptyNode(key, filter, repeats);
  node.children.push(made);
  return made;
}

function emptyNode(key: string, filter: PathFilter | undefined, repeats: boolean): Node {
  return { key, filter, repeats, found: [], children: [] };
}

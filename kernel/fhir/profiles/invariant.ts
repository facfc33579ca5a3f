/** Invariants of profiles: FHIRPath over one value, compiled for each type that the value may have. */
import { Failure, type Issue } from '../../failure.ts';
import { ruleOf } from '../definitions/index.ts';
import { Box, compilePath, type Path } from '../path/index.ts';
import { bareType, fault, isObject } from './definition.ts';
import type { Constraint } from './facets.ts';
import type { Item, ItemCheck } from './items.ts';
import type { Run } from './run.ts';
import type { Node } from './tree.ts';
import { ownerOf, structuresOf } from './tree.ts';

/** On every element, resource and extension of R4: the base validation has them. */
const EVERYWHERE = new Set(['ele-1', 'ext-1', 'dom-2', 'dom-3', 'dom-4', 'dom-5', 'dom-6']);

/** True for an invariant of R4 itself, repeated by a snapshot. */
function isBaseRule({ key, source }: Constraint, node: Node): boolean {
  if (EVERYWHERE.has(key)) return true;
  if (source !== undefined) return ownerOf(bareType(source)) !== null;
  const on = ruleOf(key)?.on ?? [];
  return [node.path, ...structuresOf(node)].some((structure) => on.includes(structure));
}

/** @param issues told what is no FHIRPath, or may run without end */
export function invariantChecks(node: Node, issues: Issue[]): ItemCheck[] {
  return node.facets.constraints
    .filter((one) => !isBaseRule(one, node))
    .flatMap((one) => {
      const check = invariantCheck(one, node, issues);
      return check ? [check] : [];
    });
}

function invariantCheck(constraint: Constraint, node: Node, issues: Issue[]): ItemCheck | null {
  const byType = new Map<string, Path>();
  for (const type of new Set(structuresOf(node))) {
    try {
      byType.set(type, compiled(constraint.expression, type));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // A choice: what one type cannot be asked is asked of the others.
      if (node.base?.choice && structuresOf(node).length > 1) continue;
      issues.push(wrongExpression(constraint, error));
      return null;
    }
  }
  if (byType.size === 0) return null;
  return (item, run) => {
    if (constraint.severity === 'warning' && !run.warnings) return;
    const path = byType.get(item.type) ?? (byType.size === 1 ? [...byType.values()][0] : undefined);
    if (path) evaluate(constraint, path, item, run);
  };
}

const NO_CONSTANTS = new Map();

function compiled(expression: string, type: string): Path {
  return compilePath(expression, { type, constants: NO_CONSTANTS });
}

function wrongExpression({ key, place }: Constraint, failure: Failure): Issue {
  const [issue] = failure.issues;
  return fault(
    `${place}.expression`,
    `Ràng buộc ${key}: ${issue?.text ?? failure.message}`,
    `Invariant ${key}: ${issue?.textEn ?? failure.message}`,
  );
}

function evaluate({ key, human, severity, expression }: Constraint, path: Path, item: Item, run: Run): void {
  const value = nodeOf(item);
  if (value === undefined) return;
  const { resource, container, bundle } = run.place;
  run.work.environment = { resource, rootResource: container, ...(bundle ? { bundle } : {}) };
  let result: readonly unknown[];
  try {
    result = path.step([value], run.work);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.report(
      error.code === 'too-large' ? 'too-costly' : 'invariant',
      `${key}: không tính được "${expression}": ${error.issues[0]?.text ?? error.message}`,
      `${key}: "${expression}" cannot be evaluated: ${error.message}`,
      undefined,
      severity,
    );
    return;
  }
  if (result.length === 0 || result[0] !== false) return;
  run.report('invariant', `${key}: ${human}`, `${key}: ${human} [${expression}]`, undefined, severity);
}

/** A primitive with what lies beside it; undefined when nothing is there. */
function nodeOf({ type, value, inside }: Item): unknown {
  return value !== inside && isObject(inside) ? new Box(type, value ?? undefined, inside) : value;
}

/** Invariants of profiles: FHIRPath over one value, compiled for each type that the value may have. */
import { Failure, type Issue } from '../../failure.ts';
import { ruleOf } from '../definitions/index.ts';
import { Box, compilePath, type Path } from '../path/index.ts';
import { isMember } from './check-value.ts';
import { bareType, fault, isObject, type Json } from './definition.ts';
import type { Constraint } from './facets.ts';
import { type Item, type ItemCheck, wholeItem } from './items.ts';
import type { Library } from './library.ts';
import type { Answers, Run } from './run.ts';
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
export function invariantChecks(node: Node, library: Library, issues: Issue[]): ItemCheck[] {
  return node.facets.constraints
    .filter((one) => !isBaseRule(one, node))
    .flatMap((one) => {
      const check = invariantCheck(one, node, library, issues);
      return check ? [check] : [];
    });
}

function invariantCheck(
  constraint: Constraint,
  node: Node,
  library: Library,
  issues: Issue[],
): ItemCheck | null {
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
    if (path) evaluate(constraint, path, item, library, run);
  };
}

const NO_CONSTANTS = new Map();

function compiled(expression: string, type: string): Path {
  // What any resource may be is known by the data alone.
  const isAny = type === 'Resource' || type === 'DomainResource';
  return compilePath(expression, { type: isAny ? null : type, constants: NO_CONSTANTS });
}

function wrongExpression({ key, place }: Constraint, failure: Failure): Issue {
  const [issue] = failure.issues;
  return fault(
    `${place}.expression`,
    `Ràng buộc ${key}: ${issue?.text ?? failure.message}`,
    `Invariant ${key}: ${issue?.textEn ?? failure.message}`,
  );
}

function evaluate(
  { key, human, severity, expression }: Constraint,
  path: Path,
  item: Item,
  library: Library,
  run: Run,
): void {
  const node = nodeOf(item);
  if (node === undefined) return;
  const answers = answersIn(library, run);
  answers.unknown = false;
  run.work.environment = answers;
  let holds: boolean;
  try {
    const [result] = path.step([node], run.work);
    // Nothing is no truth: HL7's validators take it so, and the published invariants are written for it.
    holds = result !== undefined && result !== false;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.report(
      error.code === 'too-large' ? 'too-costly' : 'invariant',
      `${key}: ${error.issues[0]?.text ?? error.message}`,
      `${key}: ${error.message}`,
      undefined,
      severity,
    );
    return;
  }
  if (holds) return;
  if (answers.unknown) {
    run.report(
      'not-found',
      `${key}: không kiểm được "${expression}": danh mục hoặc hồ sơ mẫu mà biểu thức hỏi không có ở đây.`,
      `${key}: "${expression}" cannot be checked: a value set or profile that it asks for is not here.`,
      undefined,
      'warning',
    );
    return;
  }
  run.report('invariant', `${key}: ${human.vi}`, `${key}: ${human.en} [${expression}]`, undefined, severity);
}

/** A primitive with what lies beside it; undefined when there is nothing to ask. */
function nodeOf({ value, inside, type }: Item): unknown {
  if (isObject(value)) return value;
  return inside === undefined ? value : new Box(type, value, inside);
}

/** One for the whole run, of the resource at hand. */
function answersIn(library: Library, run: Run): Answers {
  run.answers ??= {
    unknown: false,
    memberOf: (value, type, valueSet) => {
      const codes = library.codes(valueSet);
      return told(codes && isMember({ value, type: type ?? 'CodeableConcept' }, codes), run);
    },
    conformsTo: (value, canonical) => told(conforms(value, canonical, library, run), run),
  };
  const { resource, container, bundle } = run.place;
  const answers = run.answers;
  answers.resource = resource;
  answers.rootResource = container;
  if (bundle !== null) answers.bundle = bundle;
  else if (answers.bundle !== undefined) delete answers.bundle;
  return answers;
}

function told(known: boolean | null, run: Run): boolean | null {
  if (known === null) run.answers!.unknown = true;
  return known;
}

function conforms(value: unknown, canonical: string, library: Library, run: Run): boolean | null {
  if (!isObject(value) || typeof value.resourceType !== 'string') return null;
  const type = value.resourceType;
  const profile = library.profile(canonical);
  if (profile === null) return ownerOf(bareType(canonical)) === null ? null : bareType(canonical) === type;
  const { place } = run;
  const there =
    place.resource === value ? place : { ...place, resource: value as Json, container: value as Json };
  const { unknown } = answersIn(library, run);
  const held =
    profile.type === type && run.holds(() => run.at(there, () => profile.check(wholeItem(value, type), run)));
  // The invariants of that check were asked of their own resource.
  answersIn(library, run).unknown = unknown;
  return held;
}

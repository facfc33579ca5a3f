/** Slicing: each value goes to its slice; how many each slice has, in which order, and whether others are allowed. R4 profiling.html#slicing. */
import type { Issue } from '../../failure.ts';
import { type Match, matchOf, pathFault, readDiscriminatorPath, type Tools } from './discriminator.ts';
import type { Discriminator, Slicing } from './facets.ts';
import { enter, type Item, type ItemCheck } from './items.ts';
import type { Run } from './run.ts';
import type { Node } from './tree.ts';

export type ItemsCheck = (items: readonly Item[], run: Run) => void;

interface Slice {
  name: string;
  min: number;
  max: number;
  match: Match;
  check: ItemCheck | null;
  /** Slices within it. */
  inner: ItemsCheck | null;
}

/** The slice for what belongs to no other one. */
const DEFAULT = '@default';

const BY_URL: readonly Discriminator[] = [{ type: 'value', path: 'url' }];
const BY_TYPE: readonly Discriminator[] = [{ type: 'type', path: '$this' }];

/** How a list is sliced when nobody says: extensions by url, a choice by its type. */
function slicingOf(node: Node): Slicing {
  const given = node.facets.slicing;
  if (given && (given.discriminators.length > 0 || node.slices.length === 0)) return given;
  const discriminators =
    node.name === 'extension' || node.name === 'modifierExtension'
      ? BY_URL
      : node.base?.choice && node.slice === null
        ? BY_TYPE
        : [];
  return { discriminators, rules: given?.rules ?? 'open', ordered: given?.ordered ?? false };
}

/** @param at the name of the list, for messages */
export function slicingCheck(node: Node, tools: Tools, issues: Issue[]): ItemsCheck | null {
  if (node.slices.length === 0 && node.facets.slicing?.rules !== 'closed') return null;
  const { discriminators, rules, ordered } = slicingOf(node);
  const slices = node.slices.map((slice) => compileSlice(slice, discriminators, tools, issues));
  // A list without slices that is closed says nothing: R4 has such lists in snapshots of profiles.
  if (slices.length === 0) return null;
  return (items, run) => {
    const groups = assign(items, slices, run);
    judgeOrder(items, groups, { rules, ordered }, slices, run);
    for (const [at, slice] of slices.entries()) {
      const own = items.filter((_, i) => groups[i] === at);
      judgeSlice(slice, own, node, run);
    }
  };
}

function compileSlice(
  slice: Node,
  discriminators: readonly Discriminator[],
  tools: Tools,
  issues: Issue[],
): Slice {
  const check = tools.checkOf(slice);
  const matches = slice.slice === DEFAULT ? [() => false] : matchesOf(slice, discriminators, tools, issues);
  return {
    name: slice.slice!,
    min: slice.facets.min ?? 0,
    max: slice.facets.max ?? Infinity,
    // Nothing tells the slice apart but its demands as a whole.
    match:
      matches.length === 0 ? wholeMatch(check) : (item, run) => matches.every((match) => match(item, run)),
    check,
    inner: slicingCheck(slice, tools, issues),
  };
}

function matchesOf(
  slice: Node,
  discriminators: readonly Discriminator[],
  tools: Tools,
  issues: Issue[],
): Match[] {
  return discriminators.flatMap((discriminator) => {
    const steps = readDiscriminatorPath(discriminator.path);
    if (steps === null) {
      issues.push(pathFault(discriminator.path, 'StructureDefinition'));
      return [];
    }
    const match = matchOf(slice, discriminator, steps, tools);
    return match ? [match] : [];
  });
}

function wholeMatch(check: ItemCheck | null): Match {
  return (item, run) => check === null || run.holds(() => check(item, run));
}

/** Place of the slice of each item; -1 = none. */
function assign(items: readonly Item[], slices: readonly Slice[], run: Run): number[] {
  const fallback = slices.findIndex(({ name }) => name === DEFAULT);
  return items.map((item) => {
    if (!run.spend(slices.length)) return -1;
    const found = slices.findIndex(({ match }) => match(item, run));
    const second = found < 0 ? -1 : slices.findIndex(({ match }, at) => at > found && match(item, run));
    if (second >= 0) {
      const names = `${slices[found]!.name}, ${slices[second]!.name}`;
      enter(item, run, () =>
        run.report(
          'structure',
          `Phần tử này khớp với hơn một lát cắt: ${names}.`,
          `The element matches more than one slice: ${names}.`,
        ),
      );
    }
    return found < 0 ? fallback : found;
  });
}

function judgeOrder(
  items: readonly Item[],
  groups: readonly number[],
  { rules, ordered }: Pick<Slicing, 'rules' | 'ordered'>,
  slices: readonly Slice[],
  run: Run,
): void {
  const lastSliced = groups.findLastIndex((group) => group >= 0);
  const names = slices.map(({ name }) => name).join(', ');
  let reached = 0;
  for (const [at, item] of items.entries()) {
    const group = groups[at]!;
    if (group < 0) {
      if (rules === 'closed') {
        enter(item, run, () =>
          run.report(
            'structure',
            `Phần tử này không thuộc lát cắt nào (${names}), mà danh sách đã đóng.`,
            `The element is of none of the slices (${names}), and the slicing is closed.`,
          ),
        );
      } else if (rules === 'openAtEnd' && at < lastSliced) {
        enter(item, run, () =>
          run.report(
            'structure',
            `Phần tử ngoài các lát cắt (${names}) phải đứng cuối danh sách.`,
            `Elements of none of the slices (${names}) must stand at the end (openAtEnd).`,
          ),
        );
      }
    } else if (ordered && group < reached) {
      const { name } = slices[group]!;
      enter(item, run, () =>
        run.report(
          'structure',
          `Lát cắt ${name} đứng sai thứ tự; thứ tự đúng: ${names}.`,
          `Slice ${name} is out of order; the order is ${names}.`,
        ),
      );
    } else reached = Math.max(reached, group);
  }
}

function judgeSlice(slice: Slice, items: readonly Item[], node: Node, run: Run): void {
  const before = run.slice;
  run.slice = slice.name;
  const { min, max, name } = slice;
  if (items.length < min) {
    run.report(
      'required',
      `Lát cắt ${name} của ${node.path} cần ít nhất ${min}, hiện có ${items.length}.`,
      `Slice ${name} of ${node.path} needs at least ${min}; there are ${items.length}.`,
      node.base?.name,
    );
  } else if (items.length > max) {
    run.report(
      'structure',
      max === 0
        ? `Lát cắt ${name} của ${node.path} không được có.`
        : `Lát cắt ${name} của ${node.path} có ${items.length}, tối đa ${max}.`,
      max === 0
        ? `Slice ${name} of ${node.path} is not allowed.`
        : `Slice ${name} of ${node.path} has ${items.length}; at most ${max} are allowed.`,
      items[0]!.key,
    );
  }
  if (slice.check) for (const item of items) if (!run.decided) enter(item, run, slice.check);
  slice.inner?.(items, run);
  run.slice = before;
}

/**
 * Numbers across a change of boundaries. Merged units add up; a divided unit's numbers are shared by a stated rule, so that the sum
 * over all units is the same before and after; a rate is always made of the sums of numerator and denominator. Pure.
 */
import { ExpressionFault } from './expression/node.ts';

/** Part of a former unit that came to a unit of now. */
export interface Succession {
  from: string;
  to: string;
}

/** How a divided unit's numbers are shared: by people of its parts, or all to the part that bears its main weight. */
export type SplitRule =
  | { kind: 'population'; people: ReadonlyMap<string, number> }
  | { kind: 'all-to-one'; main: string };

export interface Share extends Succession {
  /** 0 to 1; the shares of one former unit are 1 together. */
  share: number;
}

/**
 * Shares of every former unit. A unit with one successor goes there whole.
 * @param ruleOf rule of a divided unit; null when none is stated
 * @throws ExpressionFault when a divided unit has no rule, or its rule does not fit its parts
 */
export function sharesOf(
  successions: readonly Succession[],
  ruleOf: (former: string) => SplitRule | null,
): Share[] {
  return [...Map.groupBy(successions, ({ from }) => from)].flatMap(([from, parts]) => {
    const targets = [...new Set(parts.map(({ to }) => to))];
    if (targets.length === 1) return [{ from, to: targets[0]!, share: 1 }];
    return targets.map((to) => ({ from, to, share: shareOf(from, to, targets, ruleOf(from)) }));
  });
}

function shareOf(from: string, to: string, targets: readonly string[], rule: SplitRule | null): number {
  if (rule?.kind === 'all-to-one' && targets.includes(rule.main)) return to === rule.main ? 1 : 0;
  if (rule?.kind === 'population') {
    const people = targets.map((target) => rule.people.get(target) ?? 0);
    const all = people.reduce((a, b) => a + b, 0);
    if (all > 0) return (rule.people.get(to) ?? 0) / all;
  }
  throw new ExpressionFault(
    0,
    `Đơn vị ${from} đã chia nhưng chưa có quy tắc chia số liệu hợp lệ.`,
    `unit ${from} was divided and no rule that fits says how its numbers are shared`,
  );
}

/** Numbers of former units as those of the units of now; whole numbers stay whole, and their sum stays the same. */
export function carriedOver(
  numbers: ReadonlyMap<string, number>,
  shares: readonly Share[],
): Map<string, number> {
  const carried = new Map<string, number>();
  const byFormer = Map.groupBy(shares, ({ from }) => from);
  for (const [unit, number] of numbers) {
    const parts = byFormer.get(unit) ?? [{ from: unit, to: unit, share: 1 }];
    for (const [to, part] of dealt(number, parts)) carried.set(to, (carried.get(to) ?? 0) + part);
  }
  return carried;
}

/** Largest remainders (Hamilton): whole parts of a whole number, by share. */
function dealt(number: number, parts: readonly Share[]): [string, number][] {
  if (!Number.isInteger(number)) return parts.map(({ to, share }) => [to, number * share]);
  const exact = parts.map(({ to, share }) => ({
    to,
    part: Math.floor(number * share),
    rest: (number * share) % 1,
  }));
  let left = number - exact.reduce((sum, { part }) => sum + part, 0);
  const inOrder = exact.toSorted((a, b) => b.rest - a.rest || (a.to < b.to ? -1 : 1));
  return inOrder.map(({ to, part }) => {
    const more = left > 0 ? 1 : 0;
    left -= more;
    return [to, part + more];
  });
}

/** What a rate is made of. Null: not known, for example no population for the year. */
export interface Ratio {
  numerator: number | null;
  denominator: number | null;
}

/** The rate of several units or periods together: Σn ÷ Σd. What one of them lacks, all lack. */
export function together(ratios: readonly Ratio[]): Ratio {
  const sum = (values: readonly (number | null)[]) =>
    values.length === 0 || values.includes(null)
      ? null
      : (values as readonly number[]).reduce((a, b) => a + b, 0);
  return {
    numerator: sum(ratios.map(({ numerator }) => numerator)),
    denominator: sum(ratios.map(({ denominator }) => denominator)),
  };
}

/** The value of a ratio; null without a denominator, or with one of 0. */
export function rateOf({ numerator, denominator }: Ratio, factor: number): number | null {
  return numerator === null || denominator === null || denominator === 0
    ? null
    : (numerator / denominator) * factor;
}

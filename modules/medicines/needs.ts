/** What the people whom a unit follows will fetch in the days to come. */
import type { Kernel } from '../../kernel/kernel.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import { stockedSince } from '../stock/index.ts';
import { medicinesOf } from './asking.ts';
import { type FollowedLine, followedLines } from './lines.ts';
import { type PickUpRules, pickUpRules, protocolsOn } from './rules.ts';
import { type Demand, demandsOf, type Line, type Standing, standingOf } from './supply.ts';

/** The longest prescription that the law knows (content `drug/prescription-days`), days. */
function longest(kernel: Kernel, day: string): number {
  return Math.max(
    0,
    ...kernel.content.inForce('drug/prescription-days', day).map((row) => Number(row.max_days)),
  );
}

export interface FollowedStanding {
  line: FollowedLine;
  standing: Standing;
}

export async function followedOf(kernel: Kernel, unit: string, today: string): Promise<FollowedStanding[]> {
  const rules = pickUpRules(kernel.content, today);
  // Whoever is counted on still was given something for so long at most, and has been without it for `lost` days.
  const since = addDays(today, -(longest(kernel, today) + rules.lost));
  const [lines, stocked] = await Promise.all([
    followedLines(kernel.pool, unit, protocolsOn(kernel.content, today), new Date(`${since}T00:00:00+07:00`)),
    stockedSince(kernel.pool, medicinesOf(unit)),
  ]);
  return lines.map((line) => ({
    line,
    standing: standingOf(line, rules, today, isBeforeStock(line, stocked, rules, today)),
  }));
}

/** Nothing says how a line was handed out that was signed before the unit had received the medicine; a fresh one waits still. */
export function isBeforeStock(
  { medicine, authored }: Pick<Line, 'medicine' | 'authored'>,
  stocked: ReadonlyMap<string, string>,
  rules: PickUpRules,
  today: string,
): boolean {
  const since = stocked.get(medicine);
  return (since === undefined || authored < since) && authored < addDays(today, -rules.first);
}

export async function demandsOfUnit(kernel: Kernel, unit: string, today: string): Promise<Demand[]> {
  const rules = pickUpRules(kernel.content, today);
  return (await followedOf(kernel, unit, today)).flatMap(({ line, standing }) =>
    demandsOf(line, standing, rules, today),
  );
}

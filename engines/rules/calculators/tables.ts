/** The calculators' tables of the content, indexed once a day of law. */
import type { Content } from '../../../kernel/content/content.ts';
import { type GrowthTables, growthTables } from './growth.ts';

const kept = new WeakMap<Content, Map<string, GrowthTables>>();

/** @param day ISO day whose tables count */
export function growthIn(content: Content, day: string): GrowthTables {
  const byDay = kept.get(content) ?? new Map<string, GrowthTables>();
  kept.set(content, byDay);
  const known = byDay.get(day);
  if (known) return known;
  byDay.clear();
  const made = growthTables({
    byDay: content.inForce('growth/by-day', day),
    byMonth: content.inForce('growth/by-month', day),
    byStature: content.inForce('growth/by-stature', day),
  });
  byDay.set(day, made);
  return made;
}

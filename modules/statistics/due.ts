/** By when a report is to be handed in, and who was late. Pure but for the content's holidays. */
import type { ReportDefinition } from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { afterWorkingDays } from '../privacy/index.ts';
import { daysOfPeriod } from './period.ts';

const holidays = new WeakMap<Content, ReadonlySet<string>>();

/** Last day on which the report of a period is in time (working days after it, ISO). */
export function dueDay(content: Content, definition: ReportDefinition, period: string): string {
  let days = holidays.get(content);
  if (!days) {
    days = new Set(content.table('access/holidays').map((row) => row.day ?? ''));
    holidays.set(content, days);
  }
  return afterWorkingDays(daysOfPeriod(period).end, definition.dueDays, days);
}

export type Punctuality = 'in-time' | 'late' | 'missing' | 'waiting';

/** How a report stands against its due day. `waiting`: not handed in, and there is still time. */
export function punctuality(due: string, handed: Date | null, today: string): Punctuality {
  if (handed !== null) return vietnamDay(handed) <= due ? 'in-time' : 'late';
  return today <= due ? 'waiting' : 'missing';
}

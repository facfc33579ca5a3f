/** `yba audit archive`: an old month leaves the database. */
import { existsSync } from 'node:fs';
import type { Content } from '../../../kernel/content/content.ts';
import { archiveMonth } from '../../../kernel/store/index.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { print, required, UsageError, withHouse } from '../command.ts';

/** @returns 0 when the month is in the file and no more in the database */
export async function archive(values: Record<string, unknown>): Promise<number> {
  const month = required(values.month, 'month');
  const file = required(values.to, 'to');
  if (existsSync(file)) throw new UsageError(`--to: ${file} is there already.`);
  return withHouse(async ({ kernel, keys }) => {
    const today = vietnamDay(kernel.settings.now());
    const newest = newestArchivable(today, monthsKept(kernel.content, today));
    if (!/^\d{4}-\d\d$/.test(month) || month > newest)
      throw new UsageError(
        `--month "${month}": months up to ${newest} may be archived (content access/limits, audit_time).`,
      );
    const { lines, sha256 } = await archiveMonth(kernel.pool, keys, month, file);
    await kernel.gate.system('yba audit').note('config', `audit-archive ${month} ${lines}`, null);
    print(`${lines} dòng nhật ký tháng ${month} đã ở trong ${file}.`);
    print(`SHA-256 (đã giải nén): ${sha256.toString('hex')}`);
    return 0;
  });
}

function monthsKept(content: Content, today: string): number {
  const row = content.inForce('access/limits', today).find(({ name }) => name === 'audit_time');
  const months = Number(row?.value);
  if (row?.unit !== 'months' || !Number.isInteger(months) || months < 1)
    throw new UsageError('content access/limits has no audit_time in months.');
  return months;
}

/** The newest month that ended so many months ago. */
export function newestArchivable(today: string, months: number): string {
  const [year, month] = today.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 - months - 1, 1)).toISOString().slice(0, 7);
}

/** Until when an opened vial may be used (content `vaccines/opened-vials`). */
import type { Content } from '../../../kernel/content/content.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';

const HOUR_MS = 3_600_000;

/** So many hours where the content says so, else to the end of the day: liquid vaccine is used in its session. */
export function discardAt(content: Content, product: string, opened: Date): Date {
  const day = vietnamDay(opened);
  const row = content
    .inForce('vaccines/opened-vials', day)
    .find(({ system, code }) => `${system}|${code}` === product);
  const night = new Date(`${day}T23:59:59+07:00`);
  return row?.hours ? new Date(opened.getTime() + Number(row.hours) * HOUR_MS) : night;
}

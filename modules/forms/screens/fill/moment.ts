/** Days and times of a form, as people type them and as FHIR has them. Pure. */
import type { PartialDate } from '../../../../web/ui/index.ts';

/** Vietnam has one time, all year. */
const ZONE = '+07:00';

/** `730`, `7h30`, `7:30`, `7 giờ` → `07:30:00`; null when it is no time of day. */
export function readTime(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const found =
    /^(\d{1,2})\s*(?:[:h.]|giờ)\s*(\d{2})?(?::\d{2})?$/.exec(text) ??
    /^(\d{1,2})(\d{2})$/.exec(text) ??
    /^(\d{1,2})$/.exec(text);
  if (!found) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? 0)];
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`;
}

/** A dateTime as a day and a time in Vietnam. */
export function splitMoment(value: string): { day: PartialDate | null; time: string } {
  if (value === '') return { day: null, time: '' };
  if (!value.includes('T')) return { day: value as PartialDate, time: '' };
  const here = new Date(new Date(value).getTime() + 7 * 3_600_000).toISOString();
  return { day: here.slice(0, 10) as PartialDate, time: here.slice(11, 19) };
}

/** A time counts only with a whole day. @returns '' when there is no day */
export function joinMoment(day: string | null, time: string): string {
  if (day === null) return '';
  return day.length === 10 && time !== '' ? `${day}T${time}${ZONE}` : day;
}

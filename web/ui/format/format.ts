/** How dates, times, ages, money and numbers are written for people (ui.md, Behaviour 5). Pure. */
import { language, t } from '../i18n/language.ts';
import {
  type DayParts,
  dayParts,
  daysBetween,
  type PartialDate,
  today,
  two,
  vietnamDay,
  vietnamDayOf,
} from './day.ts';

/** `1985-02-07` → `07/02/1985`; `1985-02` → `02/1985`; `1985` → `1985`; an instant gives its day in Vietnam. */
export function formatDate(value: string | null | undefined): string {
  if (!value) return '';
  const parts = dayParts(vietnamDayOf(value));
  if (!parts) return value;
  return [parts.day, parts.month]
    .filter((part) => part !== undefined)
    .map((part) => two(part!))
    .concat(String(parts.year))
    .join('/');
}

/** `2026-11-22T08:05:00+07:00` → `08:05`, the clock of Vietnam wherever the browser is. */
export function formatTime(instant: string | Date | null | undefined): string {
  const at = asDate(instant);
  if (!at) return '';
  const there = new Date(at.getTime() + 7 * 3_600_000);
  return `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`;
}

/** `08:05 22/11/2026`. */
export function formatDateTime(instant: string | Date | null | undefined): string {
  const at = asDate(instant);
  return at ? `${formatTime(at)} ${formatDate(vietnamDay(at))}` : '';
}

/** Relative within a day (`5 phút trước`), absolute beyond it (`08:05 22/11/2026`). */
export function formatSince(instant: string | Date | null | undefined, now: Date = new Date()): string {
  const at = asDate(instant);
  if (!at) return '';
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  if (seconds < -60 || seconds >= 86_400) return formatDateTime(at);
  if (seconds < 60) return t('ui.since.now', 'vừa xong');
  if (seconds < 3600) return t('ui.since.minutes', '{n} phút trước', { n: Math.floor(seconds / 60) });
  return t('ui.since.hours', '{n} giờ trước', { n: Math.floor(seconds / 3600) });
}

/** Integer đồng: `1234567` → `1.234.567 ₫`. */
export function formatMoney(dong: number | null | undefined): string {
  return dong === null || dong === undefined ? '' : `${formatNumber(Math.round(dong))} ₫`;
}

/** `1234.5` → `1.234,5`. Vietnamese in both languages: the papers beside the screen are Vietnamese. */
export function formatNumber(value: number | null | undefined, decimals?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '';
  const text = decimals === undefined ? String(Math.abs(value)) : Math.abs(value).toFixed(decimals);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  return `${value < 0 ? '−' : ''}${grouped}${fraction ? `,${fraction}` : ''}`;
}

/**
 * Age by the rule of the ward: days under one month, months under six years, then years.
 * A birth date known to the year gives years only; to the month, no days.
 * @param on the day the age is wanted on, `yyyy-mm-dd`; the day of death for those who died
 */
export function formatAge(birthDate: PartialDate | null | undefined, on: PartialDate = today()): string {
  const born = dayParts(birthDate);
  const day = dayParts(on);
  if (!born || !day || birthDate! > on.slice(0, birthDate!.length)) return '';
  if (born.month === undefined) return t('ui.age.years', '{n} tuổi', { n: day.year - born.year });
  const months = monthsBetween(born, day);
  if (months >= 72) return t('ui.age.years', '{n} tuổi', { n: Math.floor(months / 12) });
  if (months >= 1 || born.day === undefined) return t('ui.age.months', '{n} tháng tuổi', { n: months });
  return t('ui.age.days', '{n} ngày tuổi', { n: daysBetween(birthDate!, on) });
}

/** Completed months; a day missing on either side counts as reached. */
function monthsBetween(from: DayParts, to: DayParts): number {
  const months = (to.year - from.year) * 12 + (to.month ?? 12) - (from.month ?? 1);
  return from.day !== undefined && to.day !== undefined && to.day < from.day ? months - 1 : months;
}

/** FHIR administrative gender in words. */
export function formatSex(gender: string | null | undefined): string {
  if (gender === 'male') return t('ui.sex.male', 'Nam');
  if (gender === 'female') return t('ui.sex.female', 'Nữ');
  return gender === 'other' ? t('ui.sex.other', 'Khác') : t('ui.sex.unknown', 'Chưa rõ');
}

/** `079085012345` → `079 085 012345` and `0000912345` → `0000 912 345`: numbers people read aloud, in groups. */
export function formatGroups(digits: string | null | undefined, groups: number[] = [3, 3, 6]): string {
  if (!digits) return '';
  if (digits.length !== groups.reduce((sum, size) => sum + size, 0)) return digits;
  const parts: string[] = [];
  let at = 0;
  for (const size of groups) {
    parts.push(digits.slice(at, at + size));
    at += size;
  }
  return parts.join(' ');
}

/** Weekday of a full date in the interface's language: `Chủ nhật`. */
export function formatWeekday(day: PartialDate): string {
  const names =
    language() === 'en'
      ? ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
      : ['Chủ nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'];
  return names[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
}

function asDate(instant: string | Date | null | undefined): Date | null {
  if (!instant) return null;
  const at = typeof instant === 'string' ? new Date(instant) : instant;
  return Number.isNaN(at.getTime()) ? null : at;
}

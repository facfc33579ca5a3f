/** When paid doses are given: times of a day with how many people each takes (`content/vaccines/paid-hours.csv`). Pure. */
import type { Row } from '../../../kernel/content/content.ts';

export interface Slot {
  /** Instants. */
  start: string;
  end: string;
  people: number;
}

/** @param rows in force on the day. @returns in the order of the clock; none when the unit gives no paid doses on the day */
export function slotsOn(rows: readonly Row[], priceClass: string, day: string): Slot[] {
  const weekday = ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
  return rows
    .filter((row) => row.price_class === priceClass && Number(row.weekday) === weekday)
    .flatMap(({ from = '', to = '', minutes, people }) => {
      const [first, last, step] = [minutesOf(from), minutesOf(to), Number(minutes)];
      if (!(step > 0) || first === null || last === null) return [];
      const count = Math.max(0, Math.floor((last - first) / step));
      return Array.from({ length: count }, (_, at) => ({
        start: instantOf(day, first + at * step),
        end: instantOf(day, first + (at + 1) * step),
        people: Number(people),
      }));
    })
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}

function minutesOf(clock: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

function instantOf(day: string, minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00+07:00`;
}

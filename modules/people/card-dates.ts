/** Dates as cards and people write them → FHIR dates of the precision that is known. */

/** `yyyy`, `yyyy-mm` or `yyyy-mm-dd`; null when the text is no possible date (31/02, month 13, letters). */
export function readDate(text: string): string | null {
  const trimmed = text.trim();
  const parts = /^\d+$/.test(trimmed) ? splitDigits(trimmed) : trimmed.split(/\s*[/.-]\s*/);
  return parts && fromParts(parts);
}

/** ddMMyyyy, MMyyyy, yyyy: the three lengths of the citizen card's birth date. */
function splitDigits(digits: string): string[] | null {
  if (digits.length === 8) return [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  if (digits.length === 6) return [digits.slice(0, 2), digits.slice(2)];
  return digits.length === 4 ? [digits] : null;
}

/** Day, month, year in this order, or ISO order when the first part has four digits. `00` means unknown. */
function fromParts(parts: string[]): string | null {
  if (parts.length > 3 || parts.some((part) => !/^\d{1,4}$/.test(part))) return null;
  const [year, month, day] = parts[0]?.length === 4 ? parts : [...parts].reverse();
  if (year?.length !== 4 || Number(year) < 1800) return null;
  if (month === undefined || Number(month) === 0) return year;
  if (month.length > 2 || Number(month) > 12) return null;
  const yearMonth = `${year}-${month.padStart(2, '0')}`;
  if (day === undefined || Number(day) === 0) return yearMonth;
  if (day.length > 2 || Number(day) > daysOf(Number(year), Number(month))) return null;
  return `${yearMonth}-${day.padStart(2, '0')}`;
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** True for a FHIR date of any precision that names a possible day. */
export function isPossibleDate(date: string): boolean {
  return /^\d{4}(-\d{2}(-\d{2})?)?$/.test(date) && readDate(date) === date;
}

/** `1985-02-07` → `07/02/1985`, `1985-02` → `02/1985`, `1985` → `1985`. */
export function showDate(date: string): string {
  return date.split('-').reverse().join('/');
}

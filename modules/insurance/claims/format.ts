/** How facts are written into the fields of the insurance tables (general value rules of Decision 4750/3176). */
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { type Decimal, formatDecimal, round } from '../../billing/index.ts';
import { dayOf } from './facts.ts';
import type { FieldFormat } from './release.ts';

/** What a fact gives: text, an exact number, several values, or nothing. */
export type FactValue = string | Decimal | readonly string[] | null;

/** The text of a field; '' for what is not there. Several values are joined with ";", numbers use a point. */
export function writeValue(value: FactValue, format: FieldFormat): string {
  if (value === null) return '';
  if (isDecimal(value)) return writeNumber(value, format);
  if (typeof value !== 'string') {
    return value
      .map((each) => writeText(each, format))
      .filter((each) => each !== '')
      .join(';');
  }
  return writeText(value, format);
}

function writeNumber(value: Decimal, format: FieldFormat): string {
  if (format === 'quantity' || format === 'price') return formatDecimal(round(value, 3));
  if (format === 'weight') return fixed(value, 2);
  if (format === 'amount') return formatDecimal(round(value, 2));
  return formatDecimal(value);
}

function writeText(value: string, format: FieldFormat): string {
  if (value === '') return '';
  if (format === 'datetime') return minuteInVietnam(value);
  if (format === 'date' || format === 'dates') return dayOf(value).replaceAll('-', '');
  if (format === 'birth') return birthTime(value);
  return withoutControls(value).trim();
}

/** `yyyymmddHHMM` of an instant as clocks show it in Vietnam (+07:00). */
export function minuteInVietnam(instant: string): string {
  return vietnamInstant(new Date(instant)).slice(0, 16).replace(/[-T:]/g, '');
}

/** A birth date of its own precision: unknown month and day are 0000, unknown hour and minute 0000. */
function birthTime(value: string): string {
  if (value.includes('T')) return minuteInVietnam(value);
  return value.replaceAll('-', '').slice(0, 8).padEnd(8, '0').concat('0000');
}

function fixed(value: Decimal, decimals: number): string {
  const [whole = '0', fraction = ''] = formatDecimal(round(value, decimals)).split('.');
  return `${whole}.${fraction.padEnd(decimals, '0')}`;
}

/** XML 1.0 has no place for control characters; a stray one must not spoil a file. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.normalize('NFC').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

function isDecimal(value: Exclude<FactValue, null>): value is Decimal {
  return typeof value === 'object' && 'digits' in value;
}

/** FHIR values as a Vietnamese paper writes them. Pure. */
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { amountInWords } from './amount-in-words.ts';
import type { Manner } from './definition.ts';

/**
 * @param today ISO day by which an age is told
 * @param type FHIR type of the value, null when only the data know it
 * @returns '' for what has no text
 */
export function written(
  value: unknown,
  manner: Manner | undefined,
  today: string,
  type: string | null,
): string {
  if (manner === undefined) {
    if (typeof value === 'string' && (type === 'date' || type === 'dateTime' || type === 'instant'))
      return dayOf(value);
    return textOf(value);
  }
  switch (manner) {
    case 'text':
      return textOf(value);
    case 'upper':
      return textOf(value).toUpperCase();
    case 'day':
      return dayOf(textOf(value));
    case 'moment':
      return momentOf(textOf(value));
    case 'age':
      return ageOf(textOf(value), today);
    case 'number':
    case 'money':
      return grouped(textOf(value));
    case 'money-in-words':
      return inWords(value);
    case 'present':
      return value === false || value === undefined ? '' : '×';
  }
}

type Structure = Record<string, unknown>;

/** What a person would read: HumanName, Address, CodeableConcept, Quantity, Reference, Period by their parts. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value).replace('.', ',');
  if (typeof value === 'boolean') return value ? 'Có' : 'Không';
  if (typeof value !== 'object' || value === null) return '';
  const one = value as Structure;
  if (typeof one.text === 'string') return one.text;
  if (Array.isArray(one.coding)) return textOf(one.coding[0]);
  if (typeof one.display === 'string') return one.display;
  if (typeof one.value === 'number' || typeof one.value === 'string')
    return [textOf(one.value), textOf(one.unit ?? one.code)].filter(Boolean).join(' ');
  if (one.start !== undefined || one.end !== undefined)
    return [one.start, one.end].map((end) => dayOf(textOf(end))).join(' – ');
  return textOf(one.code ?? one.reference);
}

/** `2026-11-20` → `20/11/2026`, `1968-04` → `04/1968`; an instant by its day in Vietnam. */
function dayOf(text: string): string {
  const day = text.includes('T') ? vietnamInstant(new Date(text)).slice(0, 10) : text;
  return /^\d{4}(-\d\d){0,2}$/.test(day) ? day.split('-').reverse().join('/') : text;
}

function momentOf(text: string): string {
  if (!text.includes('T')) return dayOf(text);
  return `${vietnamInstant(new Date(text)).slice(11, 16)} ngày ${dayOf(text)}`;
}

/** Days under 1 month, months under 6 years, then years (design/ui.md). */
function ageOf(birth: string, today: string): string {
  if (!/^\d{4}/.test(birth)) return '';
  const [year = 0, month = 1, day = 1] = birth.slice(0, 10).split('-').map(Number);
  const [thisYear = 0, thisMonth = 1, thisDay = 1] = today.split('-').map(Number);
  const months = (thisYear - year) * 12 + thisMonth - month - (thisDay < day ? 1 : 0);
  if (months < 1)
    return `${Math.max(0, Math.round((Date.parse(today) - Date.parse(birth.slice(0, 10))) / 86_400_000))} ngày`;
  return months < 72 ? `${months} tháng` : `${Math.floor(months / 12)} tuổi`;
}

/** `1234567,5` → `1.234.567,5` */
function grouped(text: string): string {
  const [whole = '', rest] = text.split(',');
  const parts = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '.');
  return rest === undefined ? parts : `${parts},${rest}`;
}

function inWords(value: unknown): string {
  const amount = typeof value === 'object' && value !== null ? (value as Structure).value : value;
  return typeof amount === 'number' && Number.isInteger(amount) && amount >= 0 ? amountInWords(amount) : '';
}

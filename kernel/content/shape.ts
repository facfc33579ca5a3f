/**
 * The shape of a definition that the house has a format of its own for (books, reports, indicators, papers, cases): what members there
 * are, and of what kind. A member that nobody reads is a fault: `"wher"` for `"where"` would count everything. Pure.
 */

import { isDay } from '../text/vietnam-time.ts';

export interface ShapeFault {
  /** `rows[2].where`; '' = the whole. */
  place: string;
  text: string;
  textEn: string;
}

/** @returns what is wrong with a value that stands at a place */
export type Shape = (value: unknown, place: string) => ShapeFault[];

const fault = (place: string, text: string, textEn: string): ShapeFault[] => [{ place, text, textEn }];

const must = (place: string, text: string, textEn: string): ShapeFault[] =>
  fault(place, `phải là ${text}`, `must be ${textEn}`);

export const text: Shape = (value, place) =>
  typeof value === 'string' ? [] : must(place, 'chữ, đặt trong "…"', 'a text');

export const flag: Shape = (value, place) =>
  typeof value === 'boolean' ? [] : must(place, 'true hoặc false, không có dấu nháy', 'true or false');

export const number: Shape = (value, place) =>
  typeof value === 'number' ? [] : must(place, 'số, không có dấu nháy', 'a number');

/** A whole number from a least one on. */
export const whole =
  (least: number, most: number): Shape =>
  (value, place) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? []
      : must(place, `số nguyên từ ${least} đến ${most}`, `a whole number from ${least} to ${most}`);

export const oneOf =
  (...choices: readonly string[]): Shape =>
  (value, place) =>
    choices.includes(value as string)
      ? []
      : must(place, `một trong: ${choices.join(', ')}`, `one of ${choices.join(', ')}`);

/** A day of the calendar, `2026-01-31`. */
export const day: Shape = (value, place) =>
  typeof value === 'string' && isDay(value)
    ? []
    : must(place, 'ngày, viết năm-tháng-ngày', 'a day, year-month-day');

/** Whatever it is: another engine looks at it. */
export const anything: Shape = () => [];

export const listOf =
  (each: Shape): Shape =>
  (value, place) =>
    Array.isArray(value)
      ? value.flatMap((one, at) => each(one, `${place}[${at}]`))
      : must(place, 'danh sách, đặt trong […]', 'a list');

/** Members by names that the definition chooses. */
export const namedBy =
  (each: Shape): Shape =>
  (value, place) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, one]) => each(one, join(place, name)))
      : must(place, 'nhóm mục, đặt trong {…}', 'an object');

/** The first that fits; else what the last says. */
export const either =
  (...shapes: readonly Shape[]): Shape =>
  (value, place) => {
    let faults: ShapeFault[] = [];
    for (const shape of shapes) {
      faults = shape(value, place);
      if (faults.length === 0) return faults;
    }
    return faults;
  };

/** Known before it is complete: a shape that holds itself. */
export const later =
  (shape: () => Shape): Shape =>
  (value, place) =>
    shape()(value, place);

export function members(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  const known: Record<string, Shape> = { ...required, ...optional };
  return (value, place) => {
    if (!isObject(value)) return must(place, 'nhóm mục, đặt trong {…}', 'an object');
    const lacking = Object.keys(required).filter((name) => value[name] === undefined);
    return [
      ...lacking.flatMap((name) => fault(join(place, name), 'còn thiếu', 'is missing')),
      ...Object.entries(value).flatMap(([name, one]) =>
        Object.hasOwn(known, name) ? known[name]!(one, join(place, name)) : unknown(name, place, known),
      ),
    ];
  };
}

function unknown(name: string, place: string, known: Record<string, Shape>): ShapeFault[] {
  const names = Object.keys(known).join(', ');
  return fault(
    join(place, name),
    `không có mục này; các mục là ${names}`,
    `is not known here; what is known: ${names}`,
  );
}

const join = (place: string, name: string) => (place === '' ? name : `${place}.${name}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

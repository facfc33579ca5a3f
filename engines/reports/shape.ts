/** Shapes that forms, books and indicators have beside those of the house (kernel/content/shape.ts). Pure. */
import { listOf, type Shape, text } from '../../kernel/content/shape.ts';
import type { Fault } from './expression/node.ts';

/** A text that says something: words, a code, an expression. */
export const words: Shape = (value, place) =>
  value === null || (typeof value === 'string' && value.trim() === '')
    ? [{ place, text: 'còn thiếu', textEn: 'is missing' }]
    : text(value, place);

export const positive: Shape = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? []
    : [{ place, text: 'phải là số lớn hơn 0', textEn: 'must be a number greater than 0' }];

/** A list that is not empty. */
export const someOf =
  (each: Shape): Shape =>
  (value, place) =>
    Array.isArray(value) && value.length === 0
      ? [{ place, text: 'còn trống', textEn: 'is empty' }]
      : listOf(each)(value, place);

/** Parts by names that are no plain words: `cells['visits.all']`. */
export const byCell =
  (each: Shape): Shape =>
  (value, place) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([name, one]) => each(one, `${place}['${name}']`))
      : [{ place, text: 'phải là nhóm ô, đặt trong {…}', textEn: 'must be an object' }];

/** Faults of a whole description, each naming its place; that of the whole is `{}`. */
export function faultsOf(shape: Shape, definition: unknown): Fault[] {
  return shape(definition, '').map(({ place, text: vi, textEn }) => {
    const expression = place === '' ? '{}' : place;
    return { expression, text: `“${expression}” ${vi}.`, textEn: `"${expression}" ${textEn}` };
  });
}

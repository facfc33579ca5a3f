/** Shapes: what is missing, of another kind or known to nobody, each with its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  day,
  either,
  flag,
  later,
  listOf,
  members,
  namedBy,
  number,
  oneOf,
  type Shape,
  text,
  whole,
} from './shape.ts';

const row: Shape = members({ code: text }, { rows: listOf(later(() => row)), count: oneOf('a', 'b') });
const shape = members(
  { title: text, rows: listOf(row) },
  {
    on: day,
    many: whole(0, 3),
    share: number,
    shown: flag,
    cells: namedBy(members({}, { min: number })),
    of: either(text, row),
  },
);
const told = (value: unknown) => shape(value, '').map(({ place, textEn }) => `${place} ${textEn}`);

test('what fits says nothing', () => {
  const value = {
    title: 'x',
    rows: [{ code: 'a', rows: [{ code: 'b', count: 'a' }] }],
    on: '2026-02-28',
    many: 3,
    share: 0.5,
    shown: false,
    cells: { 'a.b': { min: 1 } },
    of: { code: 'x' },
  };
  assert.deepEqual(told(value), []);
  assert.deepEqual(told({ ...value, of: 'x' }), []);
});

test('each fault stands at its place', () => {
  assert.deepEqual(told([]), [' must be an object']);
  assert.deepEqual(
    told({
      titel: 'x',
      rows: [{ code: 1, rows: {} }],
      on: '2026-02-30',
      many: 4,
      share: '1',
      shown: 'yes',
      cells: { a: { min: 'x' } },
      of: 7,
    }),
    [
      'title is missing',
      'titel is not known here; what is known: title, rows, on, many, share, shown, cells, of',
      'rows[0].code must be a text',
      'rows[0].rows must be a list',
      'on must be a day, year-month-day',
      'many must be a whole number from 0 to 3',
      'share must be a number',
      'shown must be true or false',
      'cells.a.min must be a number',
      'of must be an object',
    ],
  );
});

/** Units: worked examples of UCUM and of the clinic. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convert, unitOf } from './ucum.ts';

const inUnit = (value: number, from: string, to: string) => {
  const [a, b] = [unitOf(from), unitOf(to)];
  assert.ok(a && b, `${from} ${to}`);
  assert.equal(a.dimension, b.dimension, `${from} ${to}`);
  return convert(value, a, b);
};

test('prefixes, products, quotients and exponents convert exactly', () => {
  for (const [value, from, to, expected] of [
    [1, 'g', 'mg', 1000],
    [0.95, 'g', 'mg', 950],
    [5.35, 'mmol/L', 'umol/L', 5350],
    [120, 'mm[Hg]', 'kPa', 15.99864],
    [7, 'd', 'wk', 1],
    [1, 'kg.m/s2', 'N', 1],
    [1, 'N/m2', 'Pa', 1],
    [1, 'kg/(m.s2)', 'Pa', 1],
    [150, '10*9/L', '10*3/uL', 150],
    [4.5, '10*12/L', '10*6/uL', 4.5],
    [72, '/min', 'Hz', 1.2],
    [72, '{beats}/min', '/min', 72],
    [6.5, '%', '1', 0.065],
    [1, 'mg/dL', 'mg/L', 10],
    [1, 'g/dL', 'g/L', 10],
    [1, 'U/L', 'nkat/L', 16.66666666667],
    [1, 'meq/L', 'mmol/L', 1],
    [1, '[in_i]', 'cm', 2.54],
    [1, '[lb_av]', 'g', 453.59237],
    [1, 'm[iU]/mL', '[IU]/L', 1],
    [60, 'mL/min/{1.73_m2}', 'L/h', 3.6],
    [1, 'dal', 'L', 10],
    [1, 'm2', 'cm2', 10000],
    [1, 'k[CFU]/mL', '[CFU]/mL', 1000],
  ] as const)
    assert.equal(inUnit(value, from, to), expected, `${from} → ${to}`);
});

test('temperatures have another zero', () => {
  assert.equal(inUnit(37, 'Cel', 'K'), 310.15);
  assert.equal(inUnit(98.6, '[degF]', 'Cel'), 37);
});

test('what cannot be compared is not: other dimensions, scales, moles and counts', () => {
  assert.notEqual(unitOf('mmol/L')?.dimension, unitOf('10*9/L')?.dimension);
  assert.notEqual(unitOf('mg')?.dimension, unitOf('mL')?.dimension);
  assert.notEqual(unitOf('[iU]')?.dimension, unitOf('U')?.dimension);
  for (const code of [
    '[pH',
    'dB[SPL',
    'mgg',
    'xyz',
    '',
    '/',
    'mg//L',
    '(mg',
    'kmin',
    'constructor',
    '10*9 /L',
    'a'.repeat(101),
  ]) {
    assert.equal(unitOf(code), null, code);
  }
});

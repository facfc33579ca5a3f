/** Units: UCUM's own examples, every code of the content, and what people write by mistake. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../content/content.ts';
import { readUnit } from './units.ts';
import { validateResource } from './validate.ts';

const observation = (quantity: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  valueQuantity: { value: 1, ...quantity },
});
const UCUM = 'http://unitsofmeasure.org';

test('every code of the content is a unit', () => {
  const rows = openContent(join(import.meta.dirname, '../../../content')).table('terminology/ucum');
  assert.ok(rows.length > 700);
  assert.deepEqual(
    rows.filter(({ code }) => readUnit(code!) !== 'unit').map(({ code }) => code),
    [],
  );
});

test('the grammar: prefixes, exponents, products, quotients, parentheses, annotations, powers of ten', () => {
  const good = [
    'kg',
    'm2',
    's-1',
    'kg.m/s2',
    '/min',
    '10*3/uL',
    '10^9/L',
    '10*-3',
    'mm[Hg]',
    '{viên}',
    'mL/(8.h)/kg',
    'mg{dry}/dL',
    '1',
    '%',
    'Cel',
    '[iU]/L',
    'k[iU]/mL',
    '{a}/{b}',
    'umol/(24.h)',
    "''",
    'm[H2O]',
    '[degF]',
    'dB[SPL]',
    '1/d',
  ];
  for (const code of good) assert.equal(readUnit(code), 'unit', code);
  const unknown = ['mmHg', 'kkg', 'kmin', '[none]', 'KG', 'cc', 'IU', 'beats/min', 'tbl', 'ml/hr'];
  for (const code of unknown) assert.equal(readUnit(code), 'unknown', code);
  const bad = [
    'viên',
    'mg/',
    '/',
    'mg//dL',
    '.mg',
    'mg.',
    '(mg',
    'mg)',
    'mg dL',
    '{',
    '{a',
    'a}',
    '10*/',
    '°C',
    'm^2',
    ' kg',
    '('.repeat(100),
    'x'.repeat(500),
  ];
  for (const code of bad) assert.equal(readUnit(code), 'unreadable', code);
});

test('a Quantity of UCUM has a unit of UCUM; of another system, or without one, it has any', () => {
  assert.deepEqual(validateResource(observation({ system: UCUM, code: 'mm[Hg]' })), []);
  const [issue, ...more] = validateResource(observation({ system: UCUM, code: 'mmHg', unit: 'mmHg' }));
  assert.equal(more.length, 0);
  assert.deepEqual(
    [issue?.severity, issue?.code, issue?.expression],
    ['warning', 'code-invalid', 'Observation.valueQuantity.code'],
  );
  assert.equal(issue?.textEn, '"mmHg" is no unit of UCUM; is "mm[Hg]" meant?');
  const [wrong] = validateResource(observation({ system: UCUM, code: 'lần/phút' }));
  assert.deepEqual([wrong?.severity, wrong?.code], ['error', 'code-invalid']);
  assert.deepEqual(validateResource(observation({ unit: 'mmHg' })), []);
  assert.deepEqual(
    validateResource(observation({ system: 'http://snomed.info/sct', code: '259018001' })),
    [],
  );
});

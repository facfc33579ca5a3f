import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitText } from './unit.ts';

test('powers are raised and millimetres of mercury are written as on the instrument; everything else stays', () => {
  for (const [ucum, text] of [
    ['10*9/L', '10⁹/L'],
    ['10*12/L', '10¹²/L'],
    ['kg/m2', 'kg/m²'],
    ['mL/min/{1.73_m2}', 'mL/min/{1.73_m2}'],
    ['mm[Hg]', 'mmHg'],
    ['mmol/L', 'mmol/L'],
    ['g/L', 'g/L'],
    ['%', '%'],
    ['', ''],
  ]) {
    assert.equal(unitText(ucum!), text);
  }
});

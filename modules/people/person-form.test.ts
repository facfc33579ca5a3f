import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { readPersonForm, titleName } from './person-form.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const good = {
  name: 'NGUYỄN THỊ HÒA',
  birthDate: '1985-02-07',
  sex: 'female',
  citizenNumber: '099 185 000 001',
  phone: '+84 000 111 222',
  line: 'Thôn Đông',
  commune: '09043',
  ethnicity: '01',
  occupation: '00',
};
const read = (more: Record<string, unknown> = {}) =>
  readPersonForm({ ...good, ...more }, '2026-11-22', content);

test('a good form: capitals become a name, numbers lose their spaces, the address is whole', () => {
  const { form, issues, warnings } = read();
  assert.deepEqual(issues, []);
  assert.deepEqual(warnings, []);
  assert.equal(form.name, 'Nguyễn Thị Hòa');
  assert.equal(form.citizenNumber, '099185000001');
  assert.equal(form.address, 'Thôn Đông, Xã Tam Hồng, Tỉnh Phú Thọ');
});

describe('a sentence at the field', () => {
  const faults: [string, Record<string, unknown>][] = [
    ['name', { name: '' }],
    ['name', { name: 'Hòa 2' }],
    ['name', { name: '<b>' }],
    ['name', { name: 'A'.repeat(256) }],
    ['birthDate', { birthDate: '' }],
    ['birthDate', { birthDate: '1985-02-30' }],
    ['birthDate', { birthDate: '31/04/1985' }],
    ['birthDate', { birthDate: '2026-11-23' }],
    ['birthDate', { birthDate: '2026-12' }],
    ['birthDate', { birthDate: '2027' }],
    ['birthDate', { birthDate: '1880' }],
    ['sex', { sex: 'nam' }],
    ['citizenNumber', { citizenNumber: '09918500000' }],
    ['citizenNumber', { citizenNumber: '0991850000O1' }],
    ['insuranceNumber', { insuranceNumber: 'GD40000' }],
    ['phone', { phone: '12345' }],
    ['oldNumber', { oldNumber: '1234' }],
    ['passport', { passport: '12' }],
    ['commune', { commune: '08710' }],
    ['commune', { commune: 'xyz' }],
    ['ethnicity', { ethnicity: '99' }],
    ['occupation', { occupation: 'zz' }],
  ];
  for (const [field, change] of faults) {
    test(`${field}: ${JSON.stringify(change)}`, () => {
      const { issues } = read(change);
      assert.deepEqual(
        issues.map((each) => each.expression),
        [field],
      );
      assert.ok(issues[0]!.text.length > 10);
    });
  }
  test('several at once, each at its field; wrong types are absent', () => {
    const { issues } = readPersonForm({ name: 5, sex: null }, '2026-11-22', content);
    assert.deepEqual(issues.map((each) => each.expression).sort(), ['birthDate', 'name', 'sex']);
    assert.equal(readPersonForm(null, '2026-11-22', content).issues.length, 3);
  });
});

test('today, this month and this year are no future', () => {
  for (const birthDate of ['2026-11-22', '2026-11', '2026'])
    assert.deepEqual(read({ birthDate, citizenNumber: '' }).issues, []);
});
test('a citizen number of the other sex warns and does not block', () => {
  const { issues, warnings } = read({ sex: 'male' });
  assert.deepEqual(issues, []);
  assert.deepEqual(
    warnings.map((each) => each.code),
    ['citizen-number-sex'],
  );
});
test('a 15-character insurance number keeps the social insurance number', () => {
  assert.equal(read({ insuranceNumber: 'gd4 00 00 0000 0001' }).form.insuranceNumber, '0000000001');
});
test('names in mixed case are kept as typed', () => {
  assert.equal(titleName('H’Hen Niê'), 'H’Hen Niê');
  assert.equal(titleName('ĐỖ ĐỨC ANH-TÚ'), 'Đỗ Đức Anh-Tú');
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import {
  cellsOf,
  dayFirst,
  type RegisterForm,
  type RegisterVisit,
  registerForm,
  registerRows,
} from './register.ts';

const content = openContent(join(import.meta.dirname, '../../content'));

const visit: RegisterVisit = {
  encounter: 'e1',
  patient: 'p1',
  startedTime: '07:45',
  status: 'finished',
  reason: 'Sốt, ho',
  doctorName: 'BS. Trần Thị Bình',
  fullName: 'Nguyễn Thị Ánh Đào',
  gender: 'female',
  birthDate: '1985-02',
  citizenNumber: '099185000001',
  insuranceNumber: 'DN4000000000001',
  address: 'Thôn Đông, xã Tam Dương',
  ethnicity: 'Kinh',
  occupation: 'Nông dân',
  diagnoses: 'J06.9 Nhiễm trùng hô hấp trên cấp',
  treatment: 'Paracetamol 500 mg × 10 viên',
};

test('A1/CSYT: the birth date stands in the column of the sex, with the precision it was given', () => {
  const cells = cellsOf(visit, 3);
  assert.equal(cells.birthIfFemale, '02/1985');
  assert.equal(cells.birthIfMale, '');
  assert.equal(cells.number, '3');
  assert.equal(dayFirst('1985-02-07'), '07/02/1985');
  assert.equal(dayFirst('1985'), '1985');
});

test('the form is the one in force on the day, and none is invented outside its dates', () => {
  assert.equal(registerForm(content, 'so-kham-benh', '2026-11-22')?.code, 'A1/CSYT');
  assert.equal(registerForm(content, 'so-kham-benh', '2027-03-02'), undefined);
  assert.equal(registerForm(content, 'so-kham-benh', '2022-12-31'), undefined);
});

test('every column of the form has a value of that name', () => {
  const form = registerForm(content, 'so-kham-benh', '2026-11-22')!;
  const values = cellsOf(visit, 1);
  for (const column of form.columns) assert.ok(column.value in values, column.value);
});

test('columns are content: a nonsense form prints what it asks for, in its order', () => {
  const form = { columns: [{ key: 'zz', title: 'Z', titleEn: 'Z', value: 'occupation' }] } as RegisterForm;
  assert.deepEqual(registerRows(form, [visit]), [
    { encounter: 'e1', patient: 'p1', status: 'finished', cells: { zz: 'Nông dân' } },
  ]);
});

test('a line is found by folded words in any order and keeps its number of the day', () => {
  const form = registerForm(content, 'so-kham-benh', '2026-11-22')!;
  const other = { ...visit, encounter: 'e0', fullName: 'Lê Văn Tám' };
  const rows = registerRows(form, [other, visit], 'dao anh');
  assert.deepEqual(
    rows.map((row) => [row.encounter, row.cells.number]),
    [['e1', '2']],
  );
});

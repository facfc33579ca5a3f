import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAge,
  formatDate,
  formatDateTime,
  formatGroups,
  formatMoney,
  formatNumber,
  formatSince,
  formatTime,
  formatWeekday,
} from './format.ts';

test('a date is written dd/MM/yyyy with the precision it has', () => {
  assert.equal(formatDate('1985-02-07'), '07/02/1985');
  assert.equal(formatDate('1985-02'), '02/1985');
  assert.equal(formatDate('1985'), '1985');
  assert.equal(formatDate(null), '');
});

test('an instant is shown by the clock of Viet Nam wherever the browser stands: HH:mm dd/MM/yyyy (ui.md, Behaviour 5)', () => {
  assert.equal(formatDateTime('2026-11-21T23:30:00Z'), '06:30 22/11/2026');
  assert.equal(formatTime('2026-11-22T08:05:00+07:00'), '08:05');
  assert.equal(formatDate('2026-11-21T17:30:00Z'), '22/11/2026');
});

test('money is 1.234.567 ₫', () => {
  assert.equal(formatMoney(1234567), '1.234.567 ₫');
  assert.equal(formatMoney(0), '0 ₫');
  assert.equal(formatMoney(-45000), '−45.000 ₫');
  assert.equal(formatMoney(null), '');
});

test('numbers have a comma for decimals and points between thousands', () => {
  assert.equal(formatNumber(1234.5), '1.234,5');
  assert.equal(formatNumber(36.5, 2), '36,50');
  assert.equal(formatNumber(1000000), '1.000.000');
});

test('age: days under one month, months under six years, then years (ui.md, Behaviour 5)', () => {
  const on = '2026-11-22';
  const ages: [string, string][] = [
    ['2026-11-22', '0 ngày tuổi'],
    ['2026-11-02', '20 ngày tuổi'],
    ['2026-10-23', '30 ngày tuổi'],
    ['2026-10-22', '1 tháng tuổi'],
    ['2024-01-22', '34 tháng tuổi'],
    ['2020-11-23', '71 tháng tuổi'],
    ['2020-11-22', '6 tuổi'],
    ['1985-11-23', '40 tuổi'],
    ['1985-11-22', '41 tuổi'],
  ];
  for (const [born, age] of ages) assert.equal(formatAge(born, on), age, born);
});

test('an age is no more exact than the birth date: a year gives years, a month gives no days', () => {
  assert.equal(formatAge('1985', '2026-11-22'), '41 tuổi');
  assert.equal(formatAge('2024', '2026-11-22'), '2 tuổi');
  assert.equal(formatAge('2026-11', '2026-11-22'), '0 tháng tuổi');
  assert.equal(formatAge('2024-01', '2026-11-22'), '34 tháng tuổi');
});

test('nobody has an age before birth or without a birth date', () => {
  assert.equal(formatAge('2026-11-23', '2026-11-22'), '');
  assert.equal(formatAge(null, '2026-11-22'), '');
  assert.equal(formatAge('2026-02-30', '2026-11-22'), '');
});

test('time is relative within a day and absolute beyond it', () => {
  const now = new Date('2026-11-22T05:00:00Z');
  assert.equal(formatSince('2026-11-22T04:59:40Z', now), 'vừa xong');
  assert.equal(formatSince('2026-11-22T04:55:00Z', now), '5 phút trước');
  assert.equal(formatSince('2026-11-22T01:30:00Z', now), '3 giờ trước');
  assert.equal(formatSince('2026-11-21T04:00:00Z', now), '11:00 21/11/2026');
  assert.equal(formatSince('2026-11-22T07:00:00Z', now), '14:00 22/11/2026');
});

test('long numbers are read aloud in groups; other lengths stay as they are', () => {
  assert.equal(formatGroups('099185012345'), '099 185 012345');
  assert.equal(formatGroups('DN4000012345678'), 'DN4000012345678');
});

test('a weekday is named', () => {
  assert.equal(formatWeekday('2026-11-22'), 'Chủ nhật');
  assert.equal(formatWeekday('2026-11-23'), 'Thứ Hai');
});

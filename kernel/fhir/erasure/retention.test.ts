/** Retention by the rows of content/access/retention.csv (Circular 33/2025/TT-BYT by ../shared/reference/emr.md section 9). */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../content/content.ts';
import type { Resource } from '../types.ts';
import { holdsOf, LEGAL_HOLD } from './retention.ts';

const rules = openContent(join(import.meta.dirname, '../../../content')).inForce(
  'access/retention',
  '2026-11-22',
);

const visit = (status: string, end?: string) => ({
  resourceType: 'Encounter',
  id: 'v',
  status,
  ...(end && { period: { end } }),
});
const diagnosis = (code: string, more: object = {}) => ({
  resourceType: 'Condition',
  id: 'c',
  code: { coding: [{ code }] },
  encounter: { reference: 'Encounter/v' },
  ...more,
});
const holds = (day: string, ...resources: object[]) =>
  holdsOf(resources as Resource[], rules, day).map(({ rule, what, until }) => `${rule} ${what} ${until}`);

test('a record is kept 10 years from the end of the year in which it was closed', () => {
  const closed = visit('finished', '2016-03-05T10:00:00+07:00');
  assert.deepEqual(holds('2026-12-31', closed), ['hồ sơ bệnh án Encounter/v 2026-12-31']);
  assert.deepEqual(holds('2027-01-01', closed), []);
});

test('the year is that of Vietnam: a visit that ended at 23:30 UTC of 31 December was closed in the new year', () => {
  assert.deepEqual(holds('2026-12-31', visit('finished', '2015-12-31T23:30:00Z')), [
    'hồ sơ bệnh án Encounter/v 2026-12-31',
  ]);
});

test('an open visit holds without an end; a cancelled one, or one entered in error, holds nothing', () => {
  assert.deepEqual(holds('2090-01-01', visit('in-progress')), ['hồ sơ bệnh án Encounter/v null']);
  assert.deepEqual(holds('2026-01-01', visit('cancelled'), visit('entered-in-error', '2026-01-01')), []);
});

test('the longest class wins: psychiatric and accidents 20 years, donors 30, reproduction for ever', () => {
  const closed = visit('finished', '2016-03-05');
  const last = (code: string) => holds('2026-11-22', closed, diagnosis(code))[0];
  assert.equal(last('F20.0'), 'bệnh tâm thần Condition/c 2036-12-31');
  assert.equal(last('V29'), 'tai nạn giao thông Condition/c 2036-12-31');
  assert.equal(last('Y96'), 'tai nạn lao động Condition/c 2036-12-31');
  assert.equal(last('Z52.4'), 'hiến ghép mô và bộ phận cơ thể Condition/c 2046-12-31');
  assert.equal(last('Z31.2'), 'hỗ trợ sinh sản Condition/c null');
  assert.equal(last('J18'), 'hồ sơ bệnh án Encounter/v 2026-12-31');
  const wrong = { verificationStatus: { coding: [{ code: 'entered-in-error' }] } };
  assert.deepEqual(holds('2027-01-01', closed, diagnosis('F20.0', wrong)), []);
});

test('death: its record 30 years, the personal health book 10 years; while the person lives the book is kept', () => {
  const book = { resourceType: 'Composition', id: 'b', status: 'final' };
  const dead = { resourceType: 'Patient', id: 'p', deceasedDateTime: '2000-05' };
  assert.deepEqual(holds('2026-11-22', dead, book), ['hồ sơ tử vong Patient/p 2030-12-31']);
  assert.deepEqual(holds('2031-01-01', dead, book), []);
  assert.deepEqual(holds('2090-01-01', { resourceType: 'Patient', id: 'p' }, book), [
    'sổ sức khỏe điện tử cá nhân Composition/b null',
  ]);
});

test('a legal hold on any resource stops everything', () => {
  const tagged = { resourceType: 'Observation', id: 'o', meta: { tag: [LEGAL_HOLD] } };
  assert.deepEqual(holds('2090-01-01', tagged), ['lệnh lưu giữ Observation/o null']);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { icdRanges } from '../../content/convert/surveillance.ts';
import { openContent } from '../../kernel/content/content.ts';
import { notifiableOf, reportDeadline } from './notifiable.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const rows = content.inForce('surveillance/notifiable', '2026-11-22');

test('a subdivision belongs to the disease of its range (Circular 54/2015: dengue A90–A91 within 24 hours)', () => {
  assert.deepEqual(notifiableOf(rows, 'A91.0'), {
    disease: '13',
    name: 'Sốt xuất huyết Dengue',
    group: 'B',
    withinHours: 24,
  });
  assert.equal(notifiableOf(rows, 'A90')?.disease, '13');
});

test('dengue is found under the code of the list in force, A97 (QĐ 4469/QĐ-BYT, 2020), as under the older ones', () => {
  for (const code of ['A97', 'A97.0', 'A97.1', 'A97.9'])
    assert.equal(notifiableOf(rows, code)?.disease, '13', code);
});

test('every range of the list holds at least one code of ICD-10 in force', () => {
  const codes = content.table('terminology/icd10').map((row) => row.code ?? '');
  for (const row of rows.filter((each) => each.icd_from)) {
    assert.ok(
      codes.some((code) => notifiableOf([row], code)),
      `${row.name} ${row.icd_from}–${row.icd_to}`,
    );
  }
});

test('the narrowest range decides: A83.0 is Japanese encephalitis, A85.1 another viral encephalitis', () => {
  assert.equal(notifiableOf(rows, 'A83.0')?.name, 'Viêm não Nhật Bản');
  assert.equal(notifiableOf(rows, 'A85.1')?.name, 'Viêm não vi rút khác');
  assert.equal(notifiableOf(rows, 'B17.1')?.name, 'Viêm gan vi rút C');
});

test('neighbours of a range are no cases', () => {
  for (const code of ['A92.0', 'A89', 'I10', 'A21', 'B08.5', 'J06.9', ''])
    assert.equal(notifiableOf(rows, code), null, code);
});

test('a disease that is counted by the month has no deadline', () => {
  const influenza = notifiableOf(rows, 'J10.1');
  assert.equal(influenza?.withinHours, null);
  assert.equal(reportDeadline('2026-11-22T08:00:00+07:00', influenza!), null);
  const dengue = notifiableOf(rows, 'A90')!;
  assert.equal(reportDeadline('2026-11-22T08:00:00+07:00', dengue), '2026-11-23T01:00:00.000Z');
});

test('cells with two codes and with ranges are taken apart', () => {
  assert.deepEqual(icdRanges('U04.9/B97.2'), [
    { from: 'U04.9', to: 'U04.9' },
    { from: 'B97.2', to: 'B97.2' },
  ]);
  assert.deepEqual(icdRanges('A15-A16'), [{ from: 'A15', to: 'A16' }]);
  assert.deepEqual(icdRanges(''), []);
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { openForm } from './browser.ts';
import { checkForms } from './check/content.ts';
import { contentForm, contentForms, formVersions } from './content.ts';

const OWN = openContent(join(import.meta.dirname, '../../content'));

test('the forms of the content are sound, say where they come from and how sure that is', () => {
  assert.deepEqual(checkForms(OWN), []);
  for (const { value, file } of formVersions(OWN)) {
    assert.match(value.purpose ?? '', /Nguồn: .+Độ chắc: /, file);
    assert.ok(value.title && value.status === 'active', file);
  }
});

test('a version is the law from its first day to the day before the next; an older one stays readable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-forms-'));
  mkdirSync(join(folder, 'forms/kite'), { recursive: true });
  const write = (day: string, linkId: string) =>
    writeFileSync(
      join(folder, `forms/kite/${day}.json`),
      JSON.stringify({
        resourceType: 'Questionnaire',
        title: 'Kite',
        status: 'active',
        item: [{ linkId, type: 'string' }],
      }),
    );
  write('2026-01-01', 'a');
  write('2026-07-01', 'b');
  const content = openContent(folder);
  const url = 'http://yba.vn/fhir/Questionnaire/kite';
  const linkOn = (day: string, version?: string) =>
    contentForm(content, url, version, day)?.item?.[0]?.linkId;
  assert.deepEqual([linkOn('2025-12-31'), linkOn('2026-06-30'), linkOn('2026-07-01')], [undefined, 'a', 'b']);
  assert.equal(linkOn('2026-08-01', '2026-01-01'), 'a');
  assert.deepEqual(formVersions(content)[0]!.value.effectivePeriod, {
    start: '2026-01-01',
    end: '2026-06-30',
  });
  const shown = contentForms(content, () => '2026-08-01').map(({ id, version }) => [id, version]);
  assert.deepEqual(shown, [
    ['kite', '2026-07-01'],
    ['kite-2026-01-01', '2026-01-01'],
  ]);
  writeFileSync(
    join(folder, 'forms/kite/2026-09-01.json'),
    JSON.stringify({
      resourceType: 'Questionnaire',
      status: 'active',
      item: [
        { linkId: 'a', type: 'string' },
        { linkId: 'a', type: 'string' },
      ],
    }),
  );
  const told = checkForms(openContent(folder)).map(({ where, textVi }) => `${where} ${textVi}`);
  assert.ok(told.every((one) => one.startsWith('forms/kite/2026-09-01.json ')));
  assert.ok(
    told.some((one) => /Questionnaire\.item\[1\]\.linkId trùng "a"/.test(one)),
    told.join(' | '),
  );
  rmSync(folder, { recursive: true });
});

test('screening for diseases that are not infectious: sums, risks and hidden questions follow the answers', () => {
  const { value } = formVersions(OWN).find(({ key }) => key === 'sang-loc-khong-lay-nhiem')!;
  const form = openForm(value, {
    now: new Date('2026-08-01T08:00:00+07:00'),
    context: { patient: { resourceType: 'Patient', id: 'p', gender: 'female', birthDate: '1976-08-02' } },
  });
  assert.deepEqual(form.read('nguoi/tuoi')?.values, [49]);
  form.set('do/can-nang', [70]);
  form.set('do/chieu-cao', [160]);
  assert.deepEqual(form.read('do/bmi')?.values, [27.3]);
  for (const [row, systolic, diastolic] of [
    ['do/huyet-ap#0', 150, 92],
    ['do/huyet-ap#1', 140, 90],
  ] as const) {
    form.set(`${row}/tam-thu`, [systolic]);
    form.set(`${row}/tam-truong`, [diastolic]);
  }
  assert.deepEqual(form.read('do/ha-tb')?.values, ['145/91']);
  const risks = form.read('ket-luan/nguy-co')!.values.map((one) => (one as { code: string }).code);
  assert.deepEqual(risks, ['nghi-tang-huyet-ap', 'thua-can']);
  assert.equal(form.read('xet-nghiem/duong-mau-doi')?.enabled, false);
  form.set('do/huyet-ap#0/tam-truong', [160]);
  assert.equal(form.read('do/huyet-ap')?.issues[0]?.code, 'invariant');
});

test('the sheet before a vaccination lets nobody be fit whom it defers', () => {
  const { value } = formVersions(OWN).find(({ key }) => key === 'sang-loc-truoc-tiem')!;
  const form = openForm(value, { now: new Date('2026-08-01T08:00:00+07:00') });
  for (const link of ['phan-ve', 'benh-cap', 'corticoid', 'globulin', 'suy-giam-mien-dich', 'khac'])
    form.set(`cau-hoi/${link}`, [false]);
  form.set('kham/nhiet-do', [38.2]);
  assert.deepEqual(form.read('ket-luan/de-nghi')?.values, ['Tạm hoãn']);
  const fit = form.read('ket-luan/ket-qua')!.options![0]!.value;
  form.set('ket-luan/ket-qua', [fit]);
  assert.equal(form.read('ket-luan/ket-qua')?.issues.length, 1);
  form.set('kham/nhiet-do', [36.6]);
  assert.deepEqual(form.read('ket-luan/de-nghi')?.values, ['Đủ điều kiện']);
  assert.deepEqual(form.read('ket-luan/ket-qua')?.issues, []);
});

/** Papers that a circular prescribes, with the forms that they are made of: limits of the form, and what stands on the paper. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { archiveFaults } from '../../engines/documents/index.ts';
import { openForm } from '../../engines/forms/browser.ts';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { openContent } from '../../kernel/content/content.ts';
import type { Questionnaire, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';

const FROM = '2026-11-23';
const content = openContent(join(import.meta.dirname, '../../content'));
let world: ClaimsWorld;
let cookie: string;
/** Of the day before. */
let visit: string;
before(async () => {
  world = await openClaimsWorld();
  visit = (await world.finishedVisit()).encounter;
  world.setNow(`${FROM}T09:00:00+07:00`);
  cookie = await cookieOf(world.program.address, 'bacsi');
});
after(() => world.stop());

const opened = (key: string, birthDate: string) =>
  openForm(content.json<Questionnaire>(`forms/${key}/${FROM}`), {
    now: new Date(`${FROM}T09:00:00+07:00`),
    context: { patient: { resourceType: 'Patient', id: 'p', birthDate } },
  });
const wordsOf = (bytes: Buffer) => new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');

async function printed(path: string, method = 'GET', body?: object) {
  const answer = await fetch(`${world.program.address}${path}`, {
    method,
    headers: { cookie, accept: 'application/pdf', ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.ok(answer.ok, bytes.toString('utf8', 0, 300));
  assert.deepEqual(archiveFaults(bytes), []);
  return wordsOf(bytes);
}

test('sick leave: the last day is calculated; 30 days, 50 after a loss of pregnancy, 180 with tuberculosis', () => {
  const form = opened('nghi-viec-huong-bhxh', '1990-01-01');
  assert.deepEqual(form.read('nghi/tu-ngay')?.values, [FROM]);
  const why = (code: string) =>
    form.read('nghi/ly-do')!.options!.find(({ value }) => (value as { code?: string }).code === code)!.value;
  const isRefused = (code: string, days: number) => {
    form.set('nghi/ly-do', [why(code)]);
    form.set('nghi/so-ngay', [days]);
    return form.read('nghi')!.issues.length > 0;
  };
  form.set('nghi/so-ngay', [5]);
  assert.deepEqual(form.read('nghi/den-ngay')?.values, ['2026-11-27']);
  form.set('nghi/so-ngay', [9]);
  assert.deepEqual(form.read('nghi/den-ngay')?.values, ['2026-12-01']);
  for (const [code, most] of [
    ['om', 30],
    ['mat-thai', 50],
    ['lao', 180],
  ] as const) {
    assert.equal(isRefused(code, most), false, code);
    if (most < 180) assert.equal(isRefused(code, most + 1), true, code);
  }
});

test('pregnancy rest: the last day is calculated, the diagnosis is fixed, and a man has none', () => {
  const form = opened('nghi-duong-thai', '1996-01-01');
  form.set('nghi/so-ngay', [14]);
  assert.deepEqual(form.read('nghi/den-ngay')?.values, ['2026-12-06']);
  assert.deepEqual(
    [form.read('chan-doan')?.values, form.read('chan-doan')?.readOnly],
    [['Dưỡng thai'], true],
  );
  const man = openForm(content.json<Questionnaire>(`forms/nghi-duong-thai/${FROM}`), {
    now: new Date(`${FROM}T09:00:00+07:00`),
    context: { patient: { resourceType: 'Patient', id: 'p', gender: 'male' } },
  });
  assert.equal(
    man.issues(true).some(({ field }) => field === 'gioi'),
    true,
  );
});

test('sick leave: a child under 7 needs the name of a parent, somebody else is not asked', () => {
  assert.equal(opened('nghi-viec-huong-bhxh', '1990-01-01').read('cha-me')?.enabled, false);
  const small = opened('nghi-viec-huong-bhxh', '2021-05-01');
  assert.equal(small.read('cha-me')?.enabled, true);
  assert.deepEqual(small.read('cha-me')?.issues, [], 'nothing is wrong before anything was typed');
  small.set('don-vi', ['Xưởng diều']);
  assert.equal(small.read('cha-me')?.issues.length, 1);
  small.set('cha-me/ho-ten-cha', ['Nguyễn Văn A']);
  assert.deepEqual(small.read('cha-me')?.issues, []);
  assert.equal(opened('nghi-viec-huong-bhxh', '2019-11-22').read('cha-me')?.enabled, false);
});

test('sick leave begins with what the visit holds: nobody types the diagnosis and the medicines again', async () => {
  const { patient } = await visitPerson();
  const at = `/api/forms/open/nghi-viec-huong-bhxh?patient=${patient}&encounter=${visit}`;
  const answer = await fetch(`${world.program.address}${at}`, { headers: { cookie } });
  const said = await answer.text();
  assert.equal(answer.status, 200, said);
  assert.match(said, /"linkId":"chan-doan"[^}]*"valueString":"Viêm họng cấp/);
  assert.match(said, /"linkId":"dieu-tri"[^}]*"valueString":"Paracetamol 500 mg"/);
});

const visitPerson = async () => {
  const encounter = await world.program.kernel.gate.system('test').read('Encounter', visit);
  return { patient: encounter.subject!.reference!.split('/')[1]! };
};

const choice = (linkId: string, list: string, code: string, display: string) => ({
  linkId,
  answer: [{ valueCoding: { system: `http://yba.vn/fhir/cs/${list}`, code, display } }],
});

async function answer(key: string, item: QuestionnaireResponse['item']): Promise<string> {
  const { patient, encounter } = await world.arrive({ name: [{ text: 'Lê Ẵm' }] });
  const response: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    id: `${key.slice(0, 4)}-${patient.slice(-8)}`,
    status: 'completed',
    questionnaire: `http://yba.vn/fhir/Questionnaire/${key}|${FROM}`,
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${encounter}` },
    authored: `${FROM}T09:00:00+07:00`,
    author: { display: 'Phùng Văn Minh' },
    item: item!,
  };
  await world.write([response]);
  return response.id!;
}

test('sick leave as form 07 has it: number, employer, diagnosis, days and their ends', async () => {
  const id = await answer('nghi-viec-huong-bhxh', [
    { linkId: 'don-vi', answer: [{ valueString: 'Xưởng diều Ỷ La' }] },
    { linkId: 'chan-doan', answer: [{ valueString: 'Viêm phế quản cấp' }] },
    { linkId: 'dieu-tri', answer: [{ valueString: 'Nghỉ ngơi' }] },
    {
      linkId: 'nghi',
      item: [
        choice('ly-do', 'ly-do-nghi', 'om', 'Ốm, thương tật'),
        { linkId: 'so-ngay', answer: [{ valueInteger: 5 }] },
        { linkId: 'tu-ngay', answer: [{ valueDate: FROM }] },
        { linkId: 'den-ngay', answer: [{ valueDate: '2026-11-27' }] },
      ],
    },
  ]);
  const words = await printed(`/api/documents/answers/${id}/paper.pdf`);
  assert.match(words, /GIẤY CHỨNG NHẬN NGHỈ VIỆC HƯỞNG BẢO HIỂM XÃ HỘI/);
  assert.match(words, /Số: 25D01\/NV\/2026\/000001/);
  assert.match(words, /Đơn vị làm việc: Xưởng diều Ỷ La/);
  assert.match(words, /Số ngày nghỉ: 5 \(từ ngày 23\/11\/2026 đến hết ngày 27\/11\/2026 ?\)/);
});

test('pregnancy rest: the paper says the employer, the days, and its own number', async () => {
  const id = await answer('nghi-duong-thai', [
    { linkId: 'don-vi', answer: [{ valueString: 'Xưởng diều Ỷ La' }] },
    { linkId: 'gioi', answer: [{ valueString: 'female' }] },
    { linkId: 'chan-doan', answer: [{ valueString: 'Dưỡng thai' }] },
    {
      linkId: 'nghi',
      item: [
        { linkId: 'so-ngay', answer: [{ valueInteger: 14 }] },
        { linkId: 'tu-ngay', answer: [{ valueDate: FROM }] },
        { linkId: 'den-ngay', answer: [{ valueDate: '2026-12-06' }] },
      ],
    },
  ]);
  const words = await printed(`/api/documents/answers/${id}/paper.pdf`);
  assert.match(words, /GIẤY CHỨNG NHẬN NGHỈ DƯỠNG THAI/);
  assert.match(words, /Số: 25D01\/DT\/2026\/000001/);
  assert.match(words, /Chẩn đoán: Dưỡng thai/);
  assert.match(words, /từ ngày 23\/11\/2026 đến hết ngày 06\/12\/2026/);
});

test('consent: who decided, what was explained, and which of the two is ticked', async () => {
  const id = await answer('cam-ket-thu-thuat', [
    { linkId: 'thu-thuat', answer: [{ valueString: 'Trích áp xe' }] },
    { linkId: 'chan-doan', answer: [{ valueString: 'Áp xe da' }] },
    {
      linkId: 'giai-thich',
      item: [
        { linkId: 'loi-ich', answer: [{ valueString: 'Tháo mủ' }] },
        { linkId: 'nguy-co', answer: [{ valueString: 'Chảy máu' }] },
      ],
    },
    {
      linkId: 'nguoi-ky',
      item: [
        choice('ai', 'nguoi-cam-ket', 'dai-dien', 'Người đại diện'),
        { linkId: 'dai-dien', answer: [{ valueString: 'Lê Thị Ỷ' }] },
        { linkId: 'quan-he', answer: [{ valueString: 'Mẹ' }] },
      ],
    },
    choice('quyet-dinh', 'quyet-dinh-thu-thuat', 'khong', 'Không đồng ý'),
  ]);
  const words = await printed(`/api/documents/answers/${id}/paper.pdf`);
  assert.match(words, /GIẤY CAM KẾT CHẤP NHẬN THỦ THUẬT/);
  assert.match(words, /Người đại diện: Lê Thị Ỷ Quan hệ: Mẹ/);
  assert.match(words, /[^×] ?Đồng ý làm thủ thuật.*× ?Không đồng ý làm thủ thuật/);
});

test('discharge and summary of the record: what the visit holds stands on them, under their own numbers', async () => {
  const about = { subject: `Encounter/${visit}` };
  const discharge = await printed('/api/documents/papers/discharge', 'POST', about);
  assert.match(discharge, /GIẤY RA VIỆN/);
  assert.match(discharge, /Số: 25D01\/RV\/2026\/000001/);
  assert.match(discharge, /Ra viện lúc: \d\d:\d\d ngày 22\/11\/2026/);
  const summary = await printed('/api/documents/papers/record-summary', 'POST', about);
  assert.match(summary, /TÓM TẮT HỒ SƠ BỆNH ÁN/);
  assert.match(summary, /7\. Kết quả cận lâm sàng có giá trị chẩn đoán: .*5,6/);
});

test('payment slip on 80 mm: what the recorded Claim leaves to the patient; printed by the cashier and not kept', async () => {
  const desk = await cookieOf(world.program.address, 'thungan');
  const answer = await fetch(`${world.program.address}/api/documents/papers/charge-slip`, {
    method: 'POST',
    headers: { cookie: desk, accept: 'application/pdf', 'content-type': 'application/json' },
    body: JSON.stringify({ subject: `Encounter/${visit}` }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(answer.status, 200, bytes.toString('utf8', 0, 300));
  assert.equal(answer.headers.get('location'), null);
  const words = wordsOf(bytes);
  const amount = (label: string) =>
    Number(new RegExp(`${label} ([\\d.,]+) ₫`).exec(words)?.[1]?.replaceAll('.', '').replace(',', '.'));
  assert.ok(amount('Tổng chi phí') > 0, words);
  assert.equal(
    amount('Phải thu'),
    Math.round(amount('Người bệnh cùng chi trả') + amount('Người bệnh tự trả')),
  );
  assert.match(words, /không thay biên lai, hoá đơn/);
});

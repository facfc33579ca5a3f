/** The real templates with the facts of a visit: what is on the paper, how it breaks, what its code says. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import jsqr from 'jsqr';
import { Pdf, type PdfPicture } from '../../engines/documents/fixtures/pdf-text.ts';
import { openDocuments } from '../../engines/documents/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { cs, DEMO_LABEL, sid } from '../../kernel/fhir/systems.ts';
import type { ChargeItem, Claim, MedicationRequest } from '../../kernel/fhir/types.ts';
import * as station from '../billing/fixtures/station-visit.ts';
import { billVisit, decimal } from '../billing/index.ts';
import { type Paper, type PaperFacts, personOnPaper, placeAndDay, viNumber } from './paper.ts';
import { medicineName, prescriptionPaper } from './prescription.ts';
import { statementPaper } from './statement.ts';
import { ticketPaper } from './ticket.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const documents = openDocuments(content);
after(() => documents.close());

const organization = {
  ...station.organization,
  address: [{ text: 'Xã Tam Dương, tỉnh Phú Thọ', city: 'Xã Tam Dương' }],
  telecom: [{ system: 'phone' as const, value: '0000 210 386' }],
};
const authority = { resourceType: 'Organization' as const, id: 'so-y-te', name: 'Sở Y tế tỉnh Phú Thọ' };

function facts(change: Partial<typeof station.stationVisit> = {}): PaperFacts {
  const visit = { ...station.stationVisit, organization, ...change };
  const bill = billVisit(visit, content);
  const advice = {
    ...station.glucoseResult,
    id: 'o8',
    basedOn: undefined,
    code: { coding: [{ system: cs.loinc, code: '18776-5' }] },
    valueQuantity: undefined,
    valueString: 'Ăn nhạt, đo huyết áp hằng ngày.',
  };
  return {
    ...visit,
    authority,
    observations: [...visit.observations, advice],
    location: {
      resourceType: 'Location',
      id: '25D01-kham',
      name: 'Phòng khám',
      type: [{ coding: [{ system: cs.department, code: 'K01', display: 'Khoa Khám bệnh' }] }],
    },
    appointments: [
      { resourceType: 'Appointment', status: 'booked', start: '2026-12-20T07:30:00+07:00', participant: [] },
    ],
    chargeItems: bill.resources.slice(0, -1) as ChargeItem[],
    claim: bill.resources.at(-1) as Claim,
    practitioners: [station.practitioner],
  };
}

const print = (paper: Paper) => documents.renderPaper(paper.name, paper.date, paper.data, paper.options);
const pagesOf = (bytes: Buffer) => new Pdf(bytes).pages().map((page) => page.replace(/\s+/g, ' ').trim());

function scan(picture: PdfPicture): string | undefined {
  const rgba = new Uint8ClampedArray(picture.grey.length * 4).fill(255);
  for (const [at, grey] of picture.grey.entries()) rgba.fill(grey, at * 4, at * 4 + 3);
  const read = jsqr as unknown as (
    data: Uint8ClampedArray,
    width: number,
    height: number,
  ) => { data: string } | null;
  return read(rgba, picture.width, picture.height)?.data;
}

function lines(count: number): MedicationRequest[] {
  return Array.from({ length: count }, (_, at) =>
    station.prescription(
      `m${at}`,
      `T${String(at + 1).padStart(3, '0')}`,
      `Thuốc số ${at + 1} tên dài phóng thích kéo dài`,
      1,
      5,
    ),
  );
}

test('the prescription says what Circular 26/2025 article 6 asks for', async () => {
  const [page = ''] = pagesOf(await print(prescriptionPaper(facts(), content)));
  for (const said of [
    'SỞ Y TẾ TỈNH PHÚ THỌ',
    'TRẠM Y TẾ XÃ TAM DƯƠNG',
    'ĐƠN THUỐC',
    '25D01a7k20zx-c',
    'NGUYỄN THỊ ÁNH ĐÀO',
    'Nữ',
    '12/04/1968 (58 tuổi)',
    '56,5 kg',
    '099168004321',
    'Thôn Đông, xã Tam Dương, tỉnh Phú Thọ',
    'GD4000012345678',
    '25D01.000123',
    'Bệnh lý tăng huyết áp (I10); Đau đầu (R51)',
    'Paracetamol 500 mg',
    '10 viên',
    'Ngày uống 2 lần: sáng 1 viên, tối 1 viên; dùng 5 ngày. Sau ăn.',
    'Cộng khoản: 02',
    'Ăn nhạt, đo huyết áp hằng ngày.',
    'Khám lại ngày: 20/12/2026',
    'Tam Dương, ngày 20 tháng 11 năm 2026',
    'Trần Văn Hòa',
    'Trang 1 / 1',
  ]) {
    assert.ok(page.includes(said), `“${said}” is not on: ${page}`);
  }
});

test('the QR code of the prescription is its national code; of the statement, MA_LK', async () => {
  const scanned = async (paper: Paper) => new Pdf(await print(paper)).pictures().map(scan);
  assert.ok((await scanned(prescriptionPaper(facts(), content))).includes('25D01a7k20zx-c'));
  assert.ok((await scanned(statementPaper(facts(), content))).includes('25D01.202611200742.004'));
});

test('the same record prints the same bytes', async () => {
  const [first, second] = [
    await print(prescriptionPaper(facts(), content)),
    await print(prescriptionPaper(facts(), content)),
  ];
  assert.ok(first.equals(second));
});

test('fifteen lines and a long name go on to a second page; no page carries the signature alone', async () => {
  for (const count of [9, 10, 11, 12, 13, 14, 15, 24]) {
    const patient = { ...station.patient, name: [{ text: 'Nguyễn Hoàng Phạm Thị Phương Thảo Nguyên' }] };
    const pages = pagesOf(
      await print(prescriptionPaper(facts({ patient, medicationRequests: lines(count) }), content)),
    );
    const last = pages.at(-1) ?? '';
    assert.ok(last.includes('Trần Văn Hòa'), `${count} lines: the signature is on the last page`);
    assert.ok(last.includes(`Thuốc số ${count} `), `${count} lines: the last medicine is with it`);
    for (const [at, page] of pages.entries()) assert.ok(page.includes(`Trang ${at + 1} / ${pages.length}`));
    for (let number = 1; number <= count; number += 1) {
      assert.equal(
        pages.filter((page) => page.includes(`Thuốc số ${number} `)).length,
        1,
        `line ${number} of ${count} stands once`,
      );
    }
  }
});

test('under 72 months: age in months and who brought the child (article 6.4)', async () => {
  const patient = { ...station.patient, birthDate: '2024-11-21' };
  const escort = { type: [{ coding: [{ code: 'ESC' }] }], individual: { display: 'Nguyễn Văn Bình' } };
  const encounter = { ...station.encounter, participant: [...(station.encounter.participant ?? []), escort] };
  const [page = ''] = pagesOf(await print(prescriptionPaper(facts({ patient, encounter }), content)));
  assert.match(page, /21\/11\/2024 \(23 tháng\)/);
  assert.match(page, /Người đưa trẻ đến khám: Nguyễn Văn Bình/);
});

test('72 months are calendar months, by the precision of the birth date', () => {
  const age = (birthDate?: string) =>
    personOnPaper(facts({ patient: { ...station.patient, birthDate } }), '2026-11-20').age;
  assert.equal(age('2020-11-21'), '71 tháng');
  assert.equal(age('2020-11-20'), '6 tuổi');
  assert.equal(age('2020-11'), '6 tuổi');
  assert.equal(age('1968'), '58 tuổi');
  assert.equal(age(), '');
});

test('one substance is named by its generic name with the trade name in brackets; several by the trade name', () => {
  const named = (text: string) => ({ medicationCodeableConcept: { text } }) as MedicationRequest;
  const single = { ingredients: 'amlodipin', ingredient_names: 'Amlodipin' };
  assert.equal(medicineName(named('Norvasc 5 mg'), single), 'Amlodipin (Norvasc 5 mg)');
  assert.equal(medicineName(named('Amlodipin 5 mg'), single), 'Amlodipin 5 mg');
  const several = {
    ingredients: 'paracetamol+clorpheniramin',
    ingredient_names: 'Paracetamol + Clorpheniramin',
  };
  assert.equal(medicineName(named('Calmezin'), several), 'Calmezin');
});

test('a replaced prescription is never printed again; without a signed one there is nothing to print', () => {
  const old = {
    ...station.prescription('m0', 'T003', 'Đơn cũ', 1, 5),
    groupIdentifier: { system: sid.prescription, value: '25D01aaaaaaa-c' },
  };
  const paper = prescriptionPaper(
    facts({ medicationRequests: [old, ...station.medicationRequests] }),
    content,
  );
  assert.equal((paper.data as { lines: unknown[] }).lines.length, 2);
  const drafts = station.medicationRequests.map((each) => ({ ...each, status: 'draft' as const }));
  assert.throws(
    () => prescriptionPaper(facts({ medicationRequests: drafts }), content),
    (error: unknown) => error instanceof Failure && error.code === 'not-found',
  );
});

test('the statement shows every line, sections under their own numbers, sums and the amount in words', async () => {
  const [page = ''] = pagesOf(await print(statementPaper(facts(), content)));
  for (const said of [
    'Mẫu số: 01/KBCB',
    'BẢNG KÊ CHI PHÍ KHÁM BỆNH, CHỮA BỆNH',
    '25D01.202611200742.004',
    'K01 Khoa Khám bệnh',
    'GD4000012345678',
    '01/01/2026 đến 31/12/2026',
    '07:42 ngày 20/11/2026',
    '08:31 ngày 20/11/2026',
    '1. Khám bệnh',
    '3. Xét nghiệm',
    '8. Thuốc, dịch truyền',
    'Đường máu mao mạch',
    '36.500',
    '62.000',
    'Sáu mươi hai nghìn đồng',
    'Quỹ BHYT thanh toán 56.000 đồng',
    'Người bệnh trả 6.000 đồng',
  ]) {
    assert.ok(page.includes(said), `“${said}” is not on: ${page}`);
  }
  assert.ok(!page.includes('2. Ngày giường'));
});

test('a long statement repeats its head, and signatures never stand alone on a page', async () => {
  for (const count of [12, 13, 14, 15, 16, 40]) {
    const pages = pagesOf(await print(statementPaper(facts({ medicationRequests: lines(count) }), content)));
    const last = pages.at(-1) ?? '';
    assert.ok(
      last.includes('KẾ TOÁN VIỆN PHÍ') && last.includes('Cộng') && last.includes(`Thuốc số ${count} `),
      `${count} lines`,
    );
    for (const page of pages) assert.ok(page.includes('Nguồn thanh toán (đồng)'));
  }
});

test('the parts on the statement make its total even when đồng are rounded', () => {
  const bill = facts();
  const item = (bill.claim!.item ?? []).map((each) => ({
    ...each,
    extension: each.extension?.map((money) => ({
      ...money,
      extension: money.extension?.map((field) => {
        const odd: Record<string, number> = {
          'thanh-tien-bv': 100.5,
          't-bhtt': 40.4,
          't-bncct': 10.3,
          't-bntt': 49.8,
        };
        return field.url! in odd ? { ...field, valueDecimal: odd[field.url!] } : field;
      }),
    })),
  }));
  const { rounded } = statementPaper({ ...bill, claim: { ...bill.claim!, item } }, content).data as {
    rounded: Record<'total' | 'fund' | 'copay' | 'own' | 'others', string>;
  };
  const sum = Number(rounded.fund) + Number(rounded.copay) + Number(rounded.own) + Number(rounded.others);
  assert.equal(sum, Number(rounded.total));
});

test('no statement before the visit is finished, none by a template before its first day', async () => {
  const open = { ...station.encounter, status: 'in-progress' as const };
  assert.throws(
    () => statementPaper(facts({ encounter: open }), content),
    (error: unknown) => error instanceof Failure && error.code === 'conflict',
  );
  const early = { ...statementPaper(facts(), content), date: '2026-06-30' };
  await assert.rejects(
    print(early),
    (error: unknown) => error instanceof Failure && error.code === 'not-found',
  );
});

test('the ticket shows its number large enough to be the first thing read', async () => {
  const [page = ''] = pagesOf(await print(ticketPaper(facts())));
  assert.match(page, /SỐ THỨ TỰ 004 Nguyễn Thị Ánh Đào Nữ, sinh 12\/04\/1968/);
});

test('a visit without a ticket or a time of arrival has none to print, and that is said', () => {
  const { identifier, period, ...bare } = station.encounter;
  for (const encounter of [
    { ...bare, period },
    { ...bare, identifier },
  ])
    assert.throws(
      () => ticketPaper(facts({ encounter })),
      (error: unknown) => error instanceof Failure && error.code === 'not-found',
    );
});

test('papers of the demo province say so', async () => {
  const encounter = { ...station.encounter, meta: { security: [DEMO_LABEL] } };
  const [demo = ''] = pagesOf(await print(prescriptionPaper(facts({ encounter }), content)));
  assert.match(demo, /Dữ liệu trình diễn/);
  const [real = ''] = pagesOf(await print(prescriptionPaper(facts(), content)));
  assert.doesNotMatch(real, /Dữ liệu trình diễn/);
});

test('numbers and places are written the Vietnamese way', () => {
  assert.equal(viNumber(decimal('1234567.5')), '1.234.567,5');
  assert.equal(placeAndDay(organization, '2026-11-02'), 'Tam Dương, ngày 02 tháng 11 năm 2026');
  assert.equal(placeAndDay(station.organization, '2026-11-02'), 'Ngày 02 tháng 11 năm 2026');
});

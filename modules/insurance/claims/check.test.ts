/** Deliberately broken claims: one change to a clean claim for every fault of the field table and for every rule. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as station from '../../billing/fixtures/station-visit.ts';
import { buildClaimFile } from './build.ts';
import { checkClaim } from './check.ts';
import type { ClaimRow, ClaimTables } from './condition.ts';
import { claimFacts, content } from './fixtures/claim-facts.ts';

const { release, tables } = buildClaimFile(claimFacts(), content);

/** Table 5 is not sent by this visit; a clean row of it lets its rules be broken too. */
const NOTE: ClaimRow = {
  MA_LK: '25D01.202611200742.004',
  STT: '1',
  DIEN_BIEN_LS: 'Tỉnh, huyết áp ổn. CSST<M75_T37_HA120/70>',
  THOI_DIEM_DBLS: '202611200755',
  NGUOI_THUC_HIEN: 'DEMO-000417',
};
const clean: ClaimTables = { ...tables, XML5: [NOTE] };

type Change = Record<string, Record<string, string>>;

/** Fields of the first row of each named table replaced; `XML3:2` means its second row. */
function broken(change: Change): ClaimTables {
  const copy: Record<string, ClaimRow[]> = Object.fromEntries(
    Object.entries(clean).map(([name, rows]) => [name, rows.map((row) => ({ ...row }))]),
  );
  for (const [place, fields] of Object.entries(change)) {
    const [table = '', number = '1'] = place.split(':');
    const rows = copy[table]!;
    rows[Number(number) - 1] = { ...rows[Number(number) - 1]!, ...fields };
  }
  return copy;
}

const codesOf = (change: Change) => checkClaim(broken(change), release, content).map((fault) => fault.code);

test('a clean station visit has nothing to say', () => {
  assert.deepEqual(checkClaim(clean, release, content), []);
});

test('a missing required field: which field of which table and row, and what to do', () => {
  const [fault] = checkClaim(broken({ XML1: { CAN_NANG: '' } }), release, content);
  assert.deepEqual(
    [fault?.code, fault?.table, fault?.row, fault?.field],
    ['FIELD-REQUIRED', 'XML1', null, 'CAN_NANG'],
  );
  assert.equal(fault?.text, 'Cân nặng (CAN_NANG): chưa có; đo và ghi ở phần sinh hiệu của lượt khám.');
});

test('conditions of the field table: executor for groups 1, 2, 3, 8, 18; fuel for group 12; drug code inside the scope', () => {
  assert.ok(codesOf({ 'XML3:2': { NGUOI_THUC_HIEN: '' } }).includes('FIELD-REQUIRED'));
  assert.ok(!codesOf({ XML3: { NGUOI_THUC_HIEN: '' } }).includes('FIELD-REQUIRED'));
  assert.ok(codesOf({ XML3: { MA_NHOM: '12' } }).includes('FIELD-REQUIRED'));
  assert.ok(codesOf({ XML2: { MA_THUOC: '' } }).includes('FIELD-REQUIRED'));
  assert.ok(!codesOf({ 'XML2:2': { MA_THUOC: '' } }).includes('FIELD-REQUIRED'));
});

test('type, length, format and code list of a field are checked by the field table', () => {
  assert.ok(codesOf({ XML2: { DON_GIA: 'ba trăm' } }).includes('FIELD-TYPE'));
  assert.ok(codesOf({ XML1: { MA_BENH_CHINH: 'I10.12345' } }).includes('FIELD-LENGTH'));
  assert.ok(codesOf({ XML1: { NGAY_VAO: '202602301000' } }).includes('FIELD-FORMAT'));
  assert.ok(codesOf({ XML1: { NGAY_VAO: '202611202460' } }).includes('FIELD-FORMAT'));
  assert.ok(codesOf({ XML1: { NGAY_SINH: '196813000000' } }).includes('FIELD-FORMAT'));
  assert.ok(codesOf({ XML1: { NGAY_TAI_KHAM: '20261220;20261331' } }).includes('FIELD-FORMAT'));
  assert.ok(codesOf({ XML1: { MA_LOAI_KCB: '17' } }).includes('FIELD-CODE'));
  assert.ok(codesOf({ XML1: { MA_DOITUONG_KCB: '7.1' } }).includes('FIELD-CODE'));
});

test('a code list is that of the day: commune 08821 ended with the reorganisation of 01/07/2025', () => {
  const [fault] = checkClaim(broken({ XML1: { MAXA_CU_TRU: '08821' } }), release, content).filter(
    (each) => each.severity === 'error',
  );
  assert.equal(fault?.code, 'FIELD-CODE');
  assert.match(fault?.text ?? '', /“08821” không có trong danh mục còn hiệu lực ngày 20\/11\/2026/);
});

test('a visit without a summary row cannot be sent', () => {
  const { XML1: _gone, ...rest } = clean;
  assert.ok(checkClaim(rest, release, content).some((fault) => fault.code === 'TABLE-MISSING'));
});

test('a visit that was never billed says so for every money field', () => {
  const facts = { ...claimFacts(), claim: undefined, chargeItems: [] };
  const file = buildClaimFile(facts, content);
  const fields = checkClaim(file.tables, release, content).filter((fault) => fault.field.startsWith('T_'));
  assert.equal(fields.length, 9);
  assert.match(fields[0]!.text, /tính lại lượt khám/);
});

test('a missing price is a fault of its line', () => {
  const unknown = station.prescription('m9', 'T999', 'Thuốc chưa có giá', 1, 5);
  const file = buildClaimFile(
    claimFacts({ medicationRequests: [...station.medicationRequests, unknown] }),
    content,
  );
  const fault = checkClaim(file.tables, release, content).find((each) => each.field === 'DON_GIA');
  assert.deepEqual([fault?.table, fault?.row], ['XML2', 3]);
  assert.match(fault?.text ?? '', /bảng giá/);
});

/** For every rule of content/insurance/check-rules.csv one change that breaks it, and nothing but this kind of thing. */
const BREAKS: Record<string, Change> = {
  ...Object.fromEntries(
    ['XML2', 'XML3', 'XML4', 'XML5'].flatMap((table) => [
      [`${table}-MA-LK`, { [table]: { MA_LK: '25D01.202611200742.005' } }],
      [`${table}-STT`, { [table]: { STT: '7' } }],
    ]),
  ),
  'XML1-MA-CSKCB': { XML1: { MA_CSKCB: '25D0' } },
  'XML1-MA-QUOCTICH': { XML1: { MA_QUOCTICH: 'VN' } },
  'XML1-SO-CCCD-DANG': { XML1: { SO_CCCD: '09916800432' } },
  'XML1-SO-CCCD-THIEU': { XML1: { SO_CCCD: '' } },
  'XML1-MA-DANTOC-CHUA-RO': { XML1: { MA_DANTOC: '56' } },
  'XML1-NGAY-RA': { XML1: { NGAY_RA: '202611200741' } },
  'XML1-NGAY-VAO-NOI-TRU': { XML1: { NGAY_VAO_NOI_TRU: '202611200700' } },
  'XML2-NGAY-TH-YL': { XML2: { NGAY_TH_YL: '202611200754' } },
  'XML3-NGAY-TH-YL': { 'XML3:2': { NGAY_TH_YL: '202611200754' } },
  'XML3-NGAY-KQ': { 'XML3:2': { NGAY_KQ: '202611200754' } },
  'XML2-NGAY-YL-TRONG-DOT': { XML2: { NGAY_YL: '202611200832' } },
  'XML3-NGAY-YL-TRONG-DOT': { XML3: { NGAY_YL: '202611200741' } },
  'XML3-NGAY-KQ-TRONG-DOT': { 'XML3:2': { NGAY_KQ: '202611211000' } },
  'XML4-NGAY-KQ-TRONG-DOT': { XML4: { NGAY_KQ: '202611211000' } },
  'XML5-THOI-DIEM-TRONG-DOT': { XML5: { THOI_DIEM_DBLS: '202611210800' } },
  'XML1-NAM-QT': { XML1: { NAM_QT: '2025' } },
  'XML1-THANG-QT': { XML1: { THANG_QT: '12' } },
  'XML1-NGAY-TAI-KHAM': { XML1: { NGAY_TAI_KHAM: '20261119' } },
  'XML1-SO-NGAY-DTRI': { XML1: { SO_NGAY_DTRI: '0' } },
  'XML1-SO-NGAY-DTRI-09': { XML1: { MA_LOAI_KCB: '09' } },
  'XML1-KHAM-QUA-MOT-NGAY': { XML1: { SO_NGAY_DTRI: '3' } },
  'XML1-MA-THE-DANG': { XML1: { MA_THE_BHYT: 'GD9000012345678' } },
  'XML1-THE-SO-LUONG': { XML1: { MA_THE_BHYT: 'GD4000012345678;DN4000012345678' } },
  'XML1-GT-THE-DEN': { XML1: { GT_THE_DEN: '' } },
  'XML1-MA-DKBD': { XML1: { MA_DKBD: '25' } },
  'XML1-THE-CHUA-HIEU-LUC': { XML1: { GT_THE_TU: '20261121' } },
  'XML1-THE-HET-HAN': { XML1: { GT_THE_DEN: '20261119' } },
  'XML1-KHONG-THE': { XML1: { MA_THE_BHYT: '' } },
  'XML1-DOI-TUONG-9': { XML1: { MA_DOITUONG_KCB: '9' } },
  'XML1-GIAY-CHUYEN': { XML1: { MA_NOI_DI: '25D02' } },
  'XML1-MA-NOI-DI': { XML1: { MA_DOITUONG_KCB: '1.3' } },
  'XML1-CHUYEN-DEN-THUA': { XML1: { MA_NOI_DEN: '25D02' } },
  'XML1-BENH-CHINH-MA': { XML1: { MA_BENH_CHINH: 'X99.X' } },
  'XML1-BENH-CHINH-CAM': { XML1: { MA_BENH_CHINH: codeWith('not_principal', '1') } },
  'XML1-BENH-CHINH-HOA-THI': { XML1: { MA_BENH_CHINH: codeWith('mark', '*') } },
  'XML1-BENH-CHINH-CHI-TIET': { XML1: { MA_BENH_CHINH: 'E11' } },
  'XML1-BENH-CHINH-CANH-BAO': { XML1: { MA_BENH_CHINH: 'R53' } },
  'XML1-BENH-NU': { XML1: { MA_BENH_CHINH: codeWith('sex', 'F'), GIOI_TINH: '1' } },
  'XML1-BENH-NAM': { XML1: { MA_BENH_CHINH: codeWith('sex', 'M') } },
  'XML1-BENH-KT-MA': { XML1: { MA_BENH_KT: 'R51;X99.X' } },
  'XML1-BENH-KT-12': { XML1: { MA_BENH_KT: new Array(13).fill('R51').join(';') } },
  'XML3-MA-BENH': { XML3: { MA_BENH: 'X99.X' } },
  'XML1-CAN-NANG': { XML1: { CAN_NANG: '56.5' } },
  'XML1-CAN-NANG-200': { XML1: { CAN_NANG: '565.00' } },
  'XML1-MA-TTDV': { XML1: { MA_TTDV: '' } },
  'XML1-T-THUOC': { XML1: { T_THUOC: '9500.01' } },
  'XML1-T-VTYT': { XML1: { T_VTYT: '1' } },
  'XML1-T-TONGCHI-BV': { XML1: { T_TONGCHI_BV: '62001' } },
  'XML1-T-TONGCHI-BH': { XML1: { T_TONGCHI_BH: '56001' } },
  'XML1-T-BNTT': { XML1: { T_BNTT: '5999' } },
  'XML1-T-BNCCT': { XML1: { T_BNCCT: '1' } },
  'XML1-T-NGUONKHAC': { XML1: { T_NGUONKHAC: '1' } },
  'XML1-T-BHTT': { XML1: { T_BHTT: '56000.01' } },
  'XML1-T-BHTT-DONG': { XML1: { T_BHTT: '56000.01' } },
  'XML1-T-BHTT-GDV': { XML1: { T_BHTT_GDV: '0' } },
  ...Object.fromEntries(['XML2', 'XML3'].flatMap(lineBreaks)),
  'XML2-SO-LUONG': { XML2: { SO_LUONG: '0' } },
  'XML3-TYLE-TT-DV': { XML3: { TYLE_TT_DV: '130' } },
  'XML2-NHOM': { XML2: { MA_NHOM: '13' } },
  'XML3-NHOM': { XML3: { MA_NHOM: '4' } },
  'XML3-LOAI-05': { XML1: { MA_LOAI_KCB: '05' } },
  'XML3-GIUONG-NGOAI-TRU': { XML3: { MA_NHOM: '15' } },
  'XML3-MA-GIUONG': { XML3: { MA_GIUONG: 'B012' } },
  'XML3-SO-LUONG-KHAM': { XML3: { SO_LUONG: '2' } },
  'XML2-SO-DANG-KY': { XML2: { SO_DANG_KY: 'VD 1234' } },
  'XML2-TT-THAU': { XML2: { TT_THAU: '12/QĐ;1;4;2026' } },
  'XML2-LIEU-DUNG': { XML2: { LIEU_DUNG: 'uống ngày 2 viên' } },
  'XML4-DON-VI-DO': { XML4: { DON_VI_DO: '' } },
  'XML4-KET-LUAN': { XML4: { KET_LUAN: 'Bình thường' } },
  'XML4-KHONG-KET-QUA': { XML4: { GIA_TRI: '' } },
  'XML4-MA-DICH-VU': { XML4: { MA_DICH_VU: '' } },
  'XML4-MA-DICH-VU-B3': { XML4: { MA_DICH_VU: '23.9999.0000' } },
  'XML4-MA-BS-DOC-KQ': { XML4: { MA_BS_DOC_KQ: '' } },
};

function lineBreaks(table: string): [string, Change][] {
  const fields: [string, Record<string, string>][] = [
    ['THANH-TIEN-BV', { THANH_TIEN_BV: '1.01' }],
    ['THANH-TIEN-BH', { THANH_TIEN_BH: '1.01' }],
    ['T-BNTT', { T_BNTT: '0.01' }],
    ['T-BNCCT', { T_BNCCT: '0.01' }],
    ['T-BHTT', { T_BHTT: '0.01' }],
    ['T-NGUONKHAC', { T_NGUONKHAC_NSNN: '100' }],
    ['CAN-BANG', { T_BNTT: '0.01' }],
    ['MUC-HUONG', { MUC_HUONG: '101' }],
    ['TYLE-TT-BH', { TYLE_TT_BH: '101' }],
    ['NGOAI-PHAM-VI', { PHAM_VI: '2' }],
    ['MUC-HUONG-1-2', { MUC_HUONG: '80' }],
  ];
  return [
    ...fields.map(([code, change]): [string, Change] => [`${table}-${code}`, { [table]: change }]),
    [`${table}-KHONG-BHYT`, { XML1: { MA_DOITUONG_KCB: '9' } }],
  ];
}

/** Some ICD-10 code of the list whose column has this value. */
function codeWith(column: string, value: string): string {
  const row = content
    .inForce('terminology/icd10', release.date)
    .find((each) => each[column] === value && (each.code ?? '').length <= 7);
  return row?.code ?? assert.fail(`no ICD-10 code with ${column} = ${value}`);
}

test('every rule of the content has a claim here that breaks it', () => {
  const rules = content.inForce('insurance/check-rules', release.date).map((row) => row.code!);
  assert.deepEqual(
    rules.filter((code) => !(code in BREAKS)),
    [],
  );
  assert.deepEqual(
    Object.keys(BREAKS).filter((code) => !rules.includes(code)),
    [],
  );
});

for (const [code, change] of Object.entries(BREAKS)) {
  test(`rule ${code} finds its fault`, () => {
    const faults = checkClaim(broken(change), release, content);
    const fault = faults.find((each) => each.code === code);
    assert.ok(fault, `not among ${faults.map((each) => each.code).join(', ')}`);
    assert.match(fault.text, new RegExp(`\\(${fault.field}\\): .+; .+\\.$`));
    assert.doesNotMatch(fault.text, /\{|undefined/);
    assert.notEqual(fault.label, '');
    assert.equal(fault.severity === 'warning' || fault.severity === 'error', true);
  });
}

test('rules that are only practice are warnings', () => {
  for (const row of content.table('insurance/check-rules')) {
    if (row.basis!.startsWith('Thực hành')) assert.equal(row.severity, 'warning', row.code);
  }
});

test('errors come before warnings', () => {
  const severities = checkClaim(broken({ XML4: { MA_BS_DOC_KQ: '', DON_VI_DO: '' } }), release, content).map(
    (each) => each.severity,
  );
  assert.deepEqual(severities, [...severities].sort());
});

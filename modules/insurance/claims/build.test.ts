import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import * as station from '../../billing/fixtures/station-visit.ts';
import { buildClaimFile } from './build.ts';
import { claimFacts, content } from './fixtures/claim-facts.ts';
import { releaseOn } from './release.ts';

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  preserveOrder: true,
  trimValues: false,
});
const file = buildClaimFile(claimFacts(), content);

type Node = Record<string, unknown>;
const nameOf = (node: Node) => Object.keys(node).find((key) => key !== ':@')!;
const childrenOf = (node: Node) => node[nameOf(node)] as Node[];

/** Element names of one row under a path, in document order. */
function rowFields(xml: string, path: string[]): string[] {
  let nodes = parser.parse(xml) as Node[];
  for (const step of path) nodes = childrenOf(nodes.find((node) => nameOf(node) === step)!);
  return nodes.map(nameOf);
}

const template = (name: string) =>
  readFileSync(join(import.meta.dirname, 'fixtures/templates', `${name}.xml`), 'utf8').replace(
    />\s+</g,
    '><',
  );

test('element order and inner roots of tables 1–4 are those of the published skeletons (CV 1245/BHXH-CNTT)', () => {
  assert.deepEqual(Object.keys(file.xml), ['XML1', 'XML2', 'XML3', 'XML4']);
  for (const table of file.release.tables.filter((each) => file.xml[each.name])) {
    const expected = rowFields(template(table.name), table.path);
    assert.deepEqual(rowFields(file.xml[table.name]!, table.path), expected, table.name);
  }
});

test('table 5 is sent for the treatment types only, in the order of its skeleton', () => {
  const encounter = { ...station.encounter, type: [{ coding: [{ system: cs.visitType, code: '08' }] }] };
  const long = buildClaimFile(claimFacts({ encounter }), content);
  const table = long.release.tables.find((each) => each.name === 'XML5')!;
  assert.deepEqual(rowFields(long.xml.XML5!, table.path), rowFields(template('XML5'), table.path));
  assert.equal(file.xml.XML5, undefined);
});

test('table 4 is sent only with investigations', () => {
  const plain = buildClaimFile(
    claimFacts({ serviceRequests: [], observations: station.observations.slice(0, 2) }),
    content,
  );
  assert.deepEqual(Object.keys(plain.xml), ['XML1', 'XML2', 'XML3']);
});

test('the envelope has the order of the skeleton, one HOSO, and base64 that decodes to the inner files', () => {
  const shape = (xml: string) => {
    const root = (parser.parse(xml) as Node[]).find((node) => nameOf(node) === 'GIAMDINHHS')!;
    return childrenOf(root).map((node) => [nameOf(node), childrenOf(node).map(nameOf)]);
  };
  assert.deepEqual(shape(file.envelope), shape(template('ENVELOPE')));
  const simple = new XMLParser({ parseTagValue: false }).parse(file.envelope).GIAMDINHHS;
  assert.equal(simple.THONGTINDONVI.MACSKCB, '25D01');
  assert.equal(simple.THONGTINHOSO.NGAYLAP, '20261120');
  assert.equal(simple.THONGTINHOSO.SOLUONGHOSO, '1');
  const files: { LOAIHOSO: string; NOIDUNGFILE: string }[] = simple.THONGTINHOSO.DANHSACHHOSO.HOSO.FILEHOSO;
  assert.deepEqual(
    files.map((each) => each.LOAIHOSO),
    ['XML1', 'XML2', 'XML3', 'XML4'],
  );
  for (const each of files) {
    assert.equal(Buffer.from(each.NOIDUNGFILE, 'base64').toString('utf8'), file.xml[each.LOAIHOSO]);
  }
});

test('built again from the same record it is the same file, byte for byte; MA_LK stays', () => {
  const again = buildClaimFile(claimFacts(), content);
  assert.equal(again.envelope, file.envelope);
  for (const rows of Object.values(file.tables)) {
    for (const row of rows) assert.equal(row.MA_LK, '25D01.202611200742.004');
  }
});

test('times are yyyymmddHHMM in Vietnam, codes are strings, DU_PHONG carries the height (Decision 3176)', () => {
  const row = file.tables.XML1![0]!;
  assert.equal(row.NGAY_VAO, '202611200742');
  assert.equal(row.NGAY_RA, '202611200831');
  assert.equal(row.MA_LOAI_KCB, '01');
  assert.equal(row.MA_DOITUONG_KCB, '1.2');
  assert.equal(row.DU_PHONG, '154');
  assert.equal(row.CAN_NANG, '56.50');
  assert.equal(row.SO_NGAY_DTRI, '1');
  assert.equal(row.NGAY_TAI_KHAM, '20261220');
  assert.equal(row.MATINH_CU_TRU, '25');
  const utc = {
    ...station.encounter,
    period: { start: '2026-11-19T18:30:00Z', end: '2026-11-20T01:31:00.000Z' },
  };
  const abroad = buildClaimFile(claimFacts({ encounter: utc }), content).tables.XML1![0]!;
  assert.deepEqual([abroad.NGAY_VAO, abroad.NGAY_RA], ['202611200130', '202611200831']);
});

test('a birth date keeps its precision: unknown month and day are 0000', () => {
  const birth = (birthDate: string) =>
    buildClaimFile(claimFacts({ patient: { ...station.patient, birthDate } }), content).tables.XML1![0]!
      .NGAY_SINH;
  assert.equal(birth('1968'), '196800000000');
  assert.equal(birth('1968-04'), '196804000000');
  assert.equal(birth('1968-04-12'), '196804120000');
});

test('main and other diagnoses follow the rank; what was ruled out stands only under the diagnosis on arrival', () => {
  const [first, second] = station.conditions;
  const refuted = {
    ...second!,
    id: 'd3',
    code: { coding: [{ system: cs.icd10, code: 'G43.9', display: 'Đau nửa đầu' }], text: 'Đau nửa đầu' },
    verificationStatus: { coding: [{ code: 'refuted' }] },
  };
  const encounter = {
    ...station.encounter,
    diagnosis: [
      { condition: { reference: 'Condition/d2' }, rank: 2 },
      { condition: { reference: 'Condition/d3' }, rank: 3 },
      { condition: { reference: 'Condition/d1' }, rank: 1 },
    ],
  };
  const row = buildClaimFile(claimFacts({ encounter, conditions: [second!, refuted, first!] }), content)
    .tables.XML1![0]!;
  assert.equal(row.MA_BENH_CHINH, 'I10');
  assert.equal(row.MA_BENH_KT, 'R51');
  assert.equal(row.CHAN_DOAN_RV, 'Bệnh lý tăng huyết áp; Đau đầu');
  assert.equal(row.CHAN_DOAN_VAO, 'Đau nửa đầu');
});

test('a result with a unit fills GIA_TRI; one without stands as the conclusion', () => {
  const negative = { ...station.glucoseResult, id: 'o9', valueQuantity: undefined, valueString: 'Âm tính' };
  const facts = claimFacts({ observations: [...station.observations, negative] });
  const rows = buildClaimFile(facts, content).tables.XML4!;
  assert.deepEqual(
    rows.map((row) => [row.STT, row.GIA_TRI, row.DON_VI_DO, row.KET_LUAN]),
    [
      ['1', '5.6', 'mmol/L', ''],
      ['2', '', '', 'Âm tính'],
    ],
  );
  assert.equal(rows[0]!.MA_CHI_SO, 'GLUCOSEMAOMACHTAIGIUONG');
});

test('text is escaped and stray control characters cannot spoil the file', () => {
  const encounter = { ...station.encounter, reasonCode: [{ text: 'Sốt > 39 & ho <3 ngày>\u0007' }] };
  const xml = buildClaimFile(claimFacts({ encounter }), content).xml.XML1!;
  assert.match(xml, /<LY_DO_VV>Sốt &gt; 39 &amp; ho &lt;3 ngày&gt;<\/LY_DO_VV>/);
});

test('LIEU_DUNG and CACH_DUNG come from the dosage: amount * times * days [total per day], and the advice', () => {
  const row = file.tables.XML2![0]!;
  assert.equal(row.LIEU_DUNG, '1 viên/lần * 2 lần/ngày * 5 ngày [2 viên/ngày]');
  assert.equal(row.CACH_DUNG, 'Ngày uống 2 lần: sáng 1 viên, tối 1 viên; dùng 5 ngày; sau ăn');
});

test('an unpriced line stands in its table without money, so that the checks can say so', () => {
  const unknown = station.prescription('m9', 'T999', 'Thuốc chưa có giá', 1, 5);
  const facts = claimFacts({ medicationRequests: [...station.medicationRequests, unknown] });
  const row = buildClaimFile(facts, content).tables.XML2!.at(-1)!;
  assert.deepEqual([row.TEN_THUOC, row.DON_GIA, row.THANH_TIEN_BV], ['Thuốc chưa có giá', '', '']);
});

test('MUC_HUONG may have 4 characters since 01/07/2026 (Decision 1931), 3 before; the district ends on 30/06/2025', () => {
  const field = (date: string, name: string) =>
    releaseOn(date, content)
      .tables.flatMap((table) => table.fields)
      .find((each) => each.name === name)!;
  assert.equal(field('2026-06-30', 'MUC_HUONG').maxLength, 3);
  assert.equal(field('2026-07-01', 'MUC_HUONG').maxLength, 4);
  assert.equal(field('2025-06-30', 'MAHUYEN_CU_TRU').required, 'yes');
  assert.equal(field('2025-07-01', 'MAHUYEN_CU_TRU').required, 'no');
});

test('a day that no release covers is refused with a sentence', () => {
  assert.throws(
    () => releaseOn('2019-01-01', content),
    /No release of the insurance data standard covers 2019-01-01/,
  );
});

test('the card is sent with its registered facility and five-year date; a visit without insurance sends none', () => {
  const row = file.tables.XML1![0]!;
  assert.deepEqual(
    [row.MA_THE_BHYT, row.MA_DKBD, row.GT_THE_TU, row.GT_THE_DEN, row.NAM_NAM_LIEN_TUC],
    ['GD4000012345678', '25D01', '20260101', '20261231', '20200101'],
  );
  const encounter = {
    ...station.encounter,
    extension: [{ url: ext.patientCategory, valueCoding: { system: cs.patientCategory, code: '9' } }],
  };
  const entitlement = {
    insured: false,
    effective: 0,
    rule: 'not-insured',
    rightRoute: false,
    smallBillLimit: null,
  };
  const bare = buildClaimFile(claimFacts({ encounter, coverage: undefined, entitlement }), content).tables;
  assert.equal(bare.XML1![0]!.MA_THE_BHYT, '');
  assert.deepEqual(
    bare.XML3!.map((each) => [each.PHAM_VI, each.T_BHTT]),
    [
      ['2', '0'],
      ['2', '0'],
    ],
  );
});

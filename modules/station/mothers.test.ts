/** A pregnancy typed once, in the forms of the content: programme, books and reports say what the forms say. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import type { EpisodeOfCare } from '../../kernel/fhir/types.ts';
import { DAY, type World } from '../clinic/testing.ts';
import { MONTH, openStation, type Station, type Typed, UNIT } from './testing.ts';

let world: World;
let book: Station['book'];
let fill: Station['fill'];
let numbers: Station['numbers'];

before(async () => {
  ({ world, book, fill, numbers } = await openStation());
});
after(() => world.stop());

const ANTENATAL: Typed = {
  'thai-ky/kinh-cuoi': '2026-06-01',
  'thai-ky/lan-thai': 2,
  'thai-ky/para': '1001',
  'me/can-nang': 58.5,
  'me/chieu-cao': 152,
  'me/huyet-ap/tam-thu': 118,
  'me/huyet-ap/tam-truong': 74,
  'me/cao-tu-cung': 23,
  'me/dau-hieu': 'khong',
  'thai/tim-thai': 144,
  'thai/ngoi': 'dau',
  'xet-nghiem/protein-nieu': '0',
  'xet-nghiem/hb': 107,
  'xet-nghiem/hiv': 'am-tinh',
  'du-phong/sat': 90,
  'ket-luan/tien-luong': 'thuong',
};

test('an antenatal visit is typed once: she is followed, the book A3 has her, the report counts her', async () => {
  const { patient } = await world.arrive({ birthDate: '1995-02-07', name: [{ text: 'Lò Thị Thai Thử' }] });
  const form = await fill('kham-thai', patient, ANTENATAL);
  assert.deepEqual(
    form.read('thai-ky/tuoi-thai')?.values,
    [24],
    'clinical-logic.md, section 4: 24 weeks and some days',
  );
  assert.deepEqual(form.read('thai-ky/du-sinh')?.values, ['2027-03-08']);
  assert.deepEqual(form.read('ket-luan/nguy-co')?.values, [], 'Hb 107 is no anaemia in the second trimester');
  const [episode, second] = (await world.recordOf(patient, 'EpisodeOfCare')) as EpisodeOfCare[];
  assert.deepEqual(
    [episode?.managingOrganization?.reference, episode?.period?.start, second],
    [`Organization/${UNIT}`, DAY, undefined],
  );
  const [line] = await book('so-kham-thai');
  const cells = line!.cells as Record<string, string>;
  assert.deepEqual(
    [
      'lastPeriod',
      'weeks',
      'due',
      'which',
      'para',
      'weight',
      'height',
      'pressure',
      'fundus',
      'haemoglobin',
      'urine',
      'hiv',
      'heart',
      'presentation',
      'iron',
      'outlook',
    ].map((key) => cells[key]),
    [
      '01/06/2026',
      '24',
      '08/03/2027',
      '2',
      '1001',
      '58,5',
      '152',
      '118/74',
      '23',
      '107',
      'Âm tính',
      'x',
      '144',
      'Ngôi đầu',
      '90',
      'Thai thường',
    ],
  );
  const counted = await numbers('cham-soc-ba-me');
  assert.deepEqual(
    [counted['women.total'], counted['visits.total'], counted['urine.total'], counted['women.young']],
    [1, 1, 1, 0],
  );
  // The second visit knows what the first said, and nobody is enrolled twice.
  const again = await fill('kham-thai', patient, { ...ANTENATAL, 'thai-ky/para': '1001' });
  assert.equal(again.read('quan-ly/ghi-danh')?.enabled, false);
  assert.equal((await world.recordOf(patient, 'EpisodeOfCare')).length, 1);
});

test('a flag of risk forbids the word "ordinary", a danger asks for referral', async () => {
  const { patient } = await world.arrive({ birthDate: '1985-02-07', name: [{ text: 'Lò Thị Nguy Thử' }] });
  const risky = {
    ...ANTENATAL,
    'me/huyet-ap/tam-thu': 165,
    'me/huyet-ap/tam-truong': 100,
    'me/dau-hieu': ['dau-dau', 'phu'],
  };
  const open = await fill('kham-thai', patient, risky, 422);
  assert.deepEqual(
    open.read('ket-luan/nguy-co')?.values.map((one) => (one as { code: string }).code),
    ['tuoi', 'huyet-ap'],
  );
  assert.equal(open.read('ket-luan/tien-luong')?.issues.length, 2);
  await fill('kham-thai', patient, { ...risky, 'ket-luan/tien-luong': 'nguy-co' }, 422);
  await fill('kham-thai', patient, { ...risky, 'ket-luan/tien-luong': 'chuyen' });
  const [line] = (await book('so-kham-thai')).filter(({ cells }) =>
    (cells as Record<string, string>).outlook?.startsWith('Nguy cơ cao'),
  );
  assert.match((line!.cells as Record<string, string>).flags!, /Huyết áp từ 140\/90/);
});

test('a birth and the visit after it: book A4, forms 4, 5 and 8 from one form', async () => {
  const { patient } = await world.arrive({ birthDate: '2008-02-07', name: [{ text: 'Lò Thị Sinh Thử' }] });
  const noChild: Typed = {
    'me/ngay-de': '2026-11-19',
    'me/tuoi-thai': 35,
    'me/noi-de': 'tram',
    'me/nguoi-do': 'nu-ho-sinh',
    'me/cach-de': 'thuong',
    'thai-ky/quan-ly-thai': 'co',
    'thai-ky/con-song': 1,
  };
  await fill('ghi-nhan-sinh', patient, noChild, 422);
  await fill('ghi-nhan-sinh', patient, {
    'me/ngay-de': '2026-11-19',
    'me/tuoi-thai': 35,
    'me/noi-de': 'tram',
    'me/nguoi-do': 'nu-ho-sinh',
    'me/cach-de': 'thuong',
    'me/tai-bien': 'bang-huyet',
    'thai-ky/quan-ly-thai': 'co',
    'thai-ky/hiv': 'chuyen-da',
    'thai-ky/con-song': 1,
    'con#0/gioi': 'nu',
    'con#0/can-nang': 2400,
    'con#0/tinh-trang': 'song',
    'con#0/eenc': 'co',
    'con#0/vitamin-k1': 'co',
    'con#0/chung-sinh': 'co',
  });
  await fill('kham-sau-sinh', patient, {
    'me/noi-kham': 'nha',
    'me/dau-hieu-me': 'khong',
    'me/ket-luan-me': 'binh-thuong',
  });
  const [line] = await book('so-de');
  const cells = line!.cells as Record<string, string>;
  assert.deepEqual(
    [
      'day',
      'managed',
      'hivLabour',
      'complication',
      'childSex',
      'childWeight',
      'vitaminK1',
      'week1',
      'living',
    ].map((key) => cells[key]),
    ['19/11/2026', 'Có', 'x', 'Băng huyết', 'Nữ', '2400', 'Có', 'x', '1'],
  );
  const mothers = await numbers('cham-soc-ba-me');
  assert.deepEqual(
    [
      'births.total',
      'births.young',
      'births-station.total',
      'skilled.total',
      'papers.total',
      'home-week1.total',
      'home-week6.total',
      'births-hiv.total',
    ].map((cell) => mothers[cell]),
    [1, 1, 1, 1, 1, 1, 0, 0],
  );
  const accidents = await numbers('tai-bien-san-khoa');
  assert.deepEqual(
    [accidents['total.cases'], accidents['haemorrhage.cases'], accidents['haemorrhage.deaths']],
    [1, 1, 0],
  );
  const children = await numbers('suc-khoe-tre-em');
  assert.deepEqual(
    ['live.total', 'live.girls', 'early.total', 'preterm.total', 'light.total', 'vitamin.total'].map(
      (cell) => children[cell],
    ),
    [1, 1, 1, 1, 1, 1],
  );
  const paper = await fill('giay-chung-sinh', patient, {
    'nnd/dan-toc': 'Sán Dìu',
    'nnd/cu-tru': 'Phường Vĩnh Yên, tỉnh Phú Thọ',
    'tre/gio': '03:25:00',
    'tre/lan-sinh': 1,
    'cap/do-de': 'Kiều Thị Ẩn',
  });
  const said = (place: string) =>
    paper.read(place)?.values.map((one) => (one as { code?: string }).code ?? one);
  assert.deepEqual(
    ['gioi', 'ngay', 'can-nang', 'so-con', 'con-song', 'mo', 'non'].map((link) => said(`tre/${link}`)?.[0]),
    ['nu', '2026-11-19', 2400, 1, 1, false, false],
    'as the form of the birth said',
  );
  const printed = await fetch(`${world.program.address}/api/documents/answers/${paper.id}/paper.pdf`, {
    headers: { cookie: await cookieOf(world.program.address, 'dieuduong') },
  });
  const bytes = Buffer.from(await printed.arrayBuffer());
  assert.equal(printed.status, 200, bytes.toString('utf8', 0, 300));
  const words = new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');
  assert.match(words, /Số: 00001\.GCS\.25D01\.26/);
  assert.match(words, /Đã sinh lúc: 03:25 ngày 19\/11\/2026 Giới tính: Nữ/);
});

test('twins: each child has a paper of its own, begun with what the form of the birth said of that child', async () => {
  const { patient } = await world.arrive({ birthDate: '1999-02-07', name: [{ text: 'Lò Thị Sinh Đôi' }] });
  await fill('ghi-nhan-sinh', patient, {
    'me/ngay-de': '2026-11-20',
    'me/tuoi-thai': 37,
    'me/noi-de': 'tram',
    'me/nguoi-do': 'nu-ho-sinh',
    'me/cach-de': 'thuong',
    'thai-ky/quan-ly-thai': 'co',
    'thai-ky/con-song': 2,
    'con#0/gioi': 'nu',
    'con#0/can-nang': 2500,
    'con#0/tinh-trang': 'song',
    'con#1/gioi': 'nam',
    'con#1/can-nang': 2350,
    'con#1/tinh-trang': 'song',
  });
  const rest: Typed = {
    'nnd/dan-toc': 'Kinh',
    'nnd/cu-tru': 'Phường Vĩnh Yên, tỉnh Phú Thọ',
    'tre/gio': '03:25:00',
    'tre/tinh-trang': 'Khoẻ',
    'tre/lan-sinh': 1,
    'cap/do-de': 'Kiều Thị Ẩn',
  };
  const papers = [
    await fill('giay-chung-sinh', patient, rest),
    await fill('giay-chung-sinh', patient, { ...rest, 'tre/gio': '03:40:00' }),
  ];
  assert.deepEqual(
    papers.map((paper) =>
      ['con-thu', 'gioi', 'can-nang', 'so-con'].map((link) => {
        const [value] = paper.read(`tre/${link}`)?.values ?? [];
        return (value as { code?: string }).code ?? value;
      }),
    ),
    [
      [1, 'nu', 2500, 2],
      [2, 'nam', 2350, 2],
    ],
  );
  await fill('giay-chung-sinh', patient, { ...rest, 'tre/con-thu': 3 }, 422);
});

test('a book of thirty columns is printed on A3, where they stand beside each other; one of fourteen on A4', async () => {
  const cookie = await cookieOf(world.program.address, 'dieuduong');
  const width = async (key: string) => {
    const file = `/api/station/books/${key}/file.pdf?from=${MONTH}-01&to=${MONTH}-30`;
    const answer = await fetch(world.program.address + file, { headers: { cookie } });
    const box = /\/MediaBox\s*\[\s*0 0 ([\d.]+)/.exec(
      Buffer.from(await answer.arrayBuffer()).toString('latin1'),
    );
    return Math.round(Number(box?.[1]));
  };
  assert.deepEqual([await width('so-kham-thai'), await width('so-kham-benh')], [1191, 842]);
});

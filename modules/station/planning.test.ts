/** Family planning, abortion, gynaecology: typed once, in books A5.1 and A5.2 and forms 6 and 7. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openStation, type Station } from './testing.ts';

let station: Station;

before(async () => {
  station = await openStation();
});
after(() => station.world.stop());

const woman = (name: string, birthDate = '1990-03-02') =>
  station.resident({ birthDate, name: [{ text: name }] });

test('a method that is begun stands in A5.1 and in form 7; one that goes on in the book alone', async () => {
  const [injected, supplied] = [await woman('Trần Thị Tiêm'), await woman('Trần Thị Viên')];
  await station.fill('bien-phap-tranh-thai', injected, {
    'nguoi/hon-nhan': 'co',
    'nguoi/con-song': 2,
    'bp/nhu-cau': 'moi',
    'bp/bien-phap': 'tiem',
    'bp/ten': 'DMPA 150 mg',
    'bp/so-luong': 1,
  });
  await station.fill('bien-phap-tranh-thai', supplied, {
    'bp/nhu-cau': 'tiep',
    'bp/bien-phap': 'vien',
    'bp/so-luong': 3,
  });
  const line = await station.line('so-ke-hoach-hoa-gia-dinh', injected);
  assert.deepEqual(
    ['married', 'living', 'injection', 'pill', 'what', 'complication'].map((key) => line?.[key]),
    ['Có vợ, chồng', '2', 'Mới', '', 'DMPA 150 mg × 1', ''],
  );
  assert.notEqual(line?.performer, '');
  assert.equal((await station.line('so-ke-hoach-hoa-gia-dinh', supplied))?.pill, 'Tiếp');
  const counted = await station.numbers('ke-hoach-hoa-gia-dinh');
  assert.deepEqual(
    ['methods.total', 'injection.total', 'implant.total', 'other.total'].map((cell) => counted[cell]),
    [1, 1, 0, 0],
  );
});

test('a method that cannot be for this sex, or a stop without a reason, is refused', async () => {
  const man = await station.resident({
    gender: 'male',
    birthDate: '1985-01-01',
    name: [{ text: 'Trần Văn Nam' }],
  });
  await station.fill('bien-phap-tranh-thai', man, { 'bp/nhu-cau': 'moi', 'bp/bien-phap': 'dctc' }, 422);
  const stops = await woman('Trần Thị Thôi');
  await station.fill(
    'bien-phap-tranh-thai',
    stops,
    { 'bp/nhu-cau': 'thoi', 'bp/bien-phap': 'dctc', 'bp/ngay-thoi': '2026-11-20' },
    422,
  );
  await station.fill('bien-phap-tranh-thai', stops, {
    'bp/nhu-cau': 'thoi',
    'bp/bien-phap': 'dctc',
    'bp/bat-dau': '2024-01-05',
    'bp/ngay-thoi': '2026-11-20',
    'bp/ly-do-thoi': 'co-con',
  });
  const line = await station.line('so-ke-hoach-hoa-gia-dinh', stops);
  assert.deepEqual([line?.device, line?.stopped], ['Thôi', '20/11/2026 Muốn có con']);
});

test('an abortion: weeks from the last period, book A5.2, form 7 by weeks and adolescents; none of it in the book of antenatal visits', async () => {
  const girl = await woman('Trần Thị Trẻ', '2008-06-01');
  const open = await station.fill('pha-thai', girl, {
    'thai/kinh-cuoi': '2026-10-06',
    'thai/doc-than': true,
    'thai/chan-doan': 'O04.9',
    'tt/phuong-phap': 'thuoc',
    'tt/mo': 'du',
  });
  assert.deepEqual(open.read('thai/tuoi-thai')?.values, [6]);
  assert.deepEqual(open.read('tt/hen')?.values, ['2026-12-06']);
  const line = await station.line('so-pha-thai', girl);
  assert.deepEqual(
    ['single', 'lastPeriod', 'weeks', 'method', 'tissue', 'complication'].map((key) => line?.[key]),
    ['x', '06/10/2026', '6', 'Thuốc (nội khoa)', 'Đủ mô thai', ''],
  );
  assert.match(line!.diagnosis!, /^O04\.9/);
  const counted = await station.numbers('ke-hoach-hoa-gia-dinh');
  assert.deepEqual(
    ['abortions.total', 'abortions.young', 'to7.total', 'to12.total', 'over12.total'].map(
      (cell) => counted[cell],
    ),
    [1, 1, 1, 0, 0],
  );
  assert.equal(await station.line('so-kham-thai', girl), undefined);
});

test('gynaecology and cervical screening make form 6; a suspected cancer must be referred', async () => {
  const patient = await woman('Trần Thị Khám');
  const seen = { 'kham/chan-doan': 'N76.0', 'kham/dieu-tri': true, 'sl/via': 'nghi' };
  await station.fill('kham-phu-khoa', patient, { ...seen, 'sl/chuyen': false }, 422);
  await station.fill('kham-phu-khoa', patient, { ...seen, 'sl/hpv': 'duong', 'sl/chuyen': true });
  const other = await woman('Trần Thị Giang');
  await station.fill('kham-phu-khoa', other, {
    'kham/chan-doan': 'A53.9',
    'kham/dieu-tri': true,
    'kham/thu-thuat': ['dot'],
    'sl/chuyen': false,
  });
  const counted = await station.numbers('phu-khoa');
  assert.deepEqual(
    [
      'examined',
      'treated',
      'syphilis',
      'gonorrhoea',
      'cautery',
      'leep',
      'acid',
      'acid-cancer',
      'cytology',
      'hpv-positive',
    ].map((row) => counted[`${row}.total`]),
    [2, 2, 1, 0, 1, 0, 1, 1, 0, 1],
  );
});

/** The claims over HTTP, of visits made by the clinic's own acts: nothing of a file is typed a second time. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import type { ClaimDetail, ClaimLine } from './overview.ts';
import { type ClaimsWorld, card, DAY, openClaimsWorld, PERSON } from './testing.ts';

let world: ClaimsWorld;
before(async () => {
  world = await openClaimsWorld();
});
after(() => world.stop());

type List = { date: string; rows: ClaimLine[]; next?: string };

test('a visit finished at the station stands in the day’s list, without an error, and nobody typed anything for it', async () => {
  const { encounter } = await world.finishedVisit();
  const clerk = await world.signIn('giamdinh');
  const list = await clerk.call<List>('GET', `/api/insurance/claims?date=${DAY}`);
  assert.equal(list.status, 200);
  const row = list.body.rows.find((each) => each.encounter === encounter)!;
  assert.deepEqual(
    [row.state, row.errors, row.patientName, row.card, row.category, row.total],
    ['ready', 0, 'Nguyễn Thị Ánh Đào', 'GD4000012345678', '1.2', 56_000],
  );

  const detail = await clerk.call<ClaimDetail>('GET', `/api/insurance/claims/${encounter}`);
  assert.deepEqual(
    detail.body.tables.map((table) => [table.name, table.rows.length]),
    [
      ['XML1', 1],
      ['XML2', 1],
      ['XML3', 2],
      ['XML4', 1],
    ],
  );
  const summary = detail.body.tables[0]!.rows[0]!;
  assert.deepEqual(
    [
      summary.MA_BENH_CHINH,
      summary.CAN_NANG,
      summary.DU_PHONG,
      summary.NGAY_TAI_KHAM,
      summary.GHI_CHU,
      summary.MA_TTDV,
      summary.MA_KHOA,
    ],
    ['J02.9', '52.00', '156', '20261220', 'Uống nhiều nước', 'DEMO-000099', 'K01'],
  );
  assert.deepEqual(detail.body.faults, []);
});

test('the file is the envelope of the same tables, the same bytes each time, and its download is in the audit', async () => {
  const { encounter, patient } = await world.finishedVisit();
  const bytes = async () => {
    const answer = await world.download('giamdinh', `/api/insurance/claims/${encounter}/file.xml`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/xml/);
    assert.match(
      answer.headers.get('content-disposition') ?? '',
      /attachment; filename="25D01\.\d{12}\.\d{3}\.xml"/,
    );
    return answer.text();
  };
  const first = await bytes();
  assert.equal(await bytes(), first);
  const parsed = new XMLParser({ parseTagValue: false }).parse(first).GIAMDINHHS;
  assert.equal(parsed.THONGTINDONVI.MACSKCB, '25D01');
  const { rows } = await world.program.kernel.pool.query(
    `select count(*)::int as count from audit where action = 'export' and patient = $1`,
    [patient],
  );
  assert.equal(rows[0].count, 2);
});

test('a card renewed after the visit does not change the file of the visit', async () => {
  const id = `the-${Math.random().toString(36).slice(2)}`;
  const { encounter, patient } = await world.finishedVisit(PERSON, [card(id)]);
  const before = await (
    await world.download('giamdinh', `/api/insurance/claims/${encounter}/file.xml`)
  ).text();
  const renewed = {
    ...card(id),
    beneficiary: { reference: `Patient/${patient}` },
    period: { start: '2027-01-01', end: '2027-12-31' },
  };
  await world.write([renewed]);
  const later = await (
    await world.download('giamdinh', `/api/insurance/claims/${encounter}/file.xml`)
  ).text();
  assert.equal(later, before);
});

test('faults of a visit: what is missing, in which field of which table, and what to do', async () => {
  const { encounter } = await world.finishedVisit({
    ...PERSON,
    address: undefined,
    name: [{ text: 'Lê Văn Thiếu' }],
  });
  const clerk = await world.signIn('giamdinh');
  const detail = await clerk.call<ClaimDetail>('GET', `/api/insurance/claims/${encounter}`);
  const errors = detail.body.faults.filter((fault) => fault.severity === 'error');
  assert.deepEqual(
    errors.map((fault) => [fault.table, fault.field]),
    [
      ['XML1', 'DIA_CHI'],
      ['XML1', 'MATINH_CU_TRU'],
      ['XML1', 'MAXA_CU_TRU'],
    ],
  );
  assert.match(errors[0]!.text, /mở hồ sơ người bệnh/);
  const list = await clerk.call<List>('GET', `/api/insurance/claims?date=${DAY}&state=errors`);
  assert.deepEqual(
    list.body.rows.map((row) => row.encounter),
    [encounter],
  );
});

test('a visit still going on is in the list as open and has no file yet', async () => {
  const { encounter } = await world.arrive(PERSON);
  const clerk = await world.signIn('giamdinh');
  const list = await clerk.call<List>('GET', `/api/insurance/claims?date=${DAY}&state=open`);
  assert.deepEqual(
    list.body.rows.map((row) => row.encounter),
    [encounter],
  );
  assert.equal((await world.download('giamdinh', `/api/insurance/claims/${encounter}/file.xml`)).status, 409);
});

test('a visit of a partner that says no time has faults and no file; nothing breaks', async () => {
  const { encounter } = await world.arrive(PERSON);
  const { period, ...stored } = await world.program.kernel.gate.system('test').read('Encounter', encounter);
  await world.write([stored]);
  assert.ok(period);
  const clerk = await world.signIn('giamdinh');
  const detail = await clerk.call<ClaimDetail & { error?: { text: string } }>(
    'GET',
    `/api/insurance/claims/${encounter}`,
  );
  assert.ok(
    detail.status === 200 || /ngày|giờ/.test(detail.body.error?.text ?? ''),
    JSON.stringify(detail.body),
  );
  assert.equal((await world.download('giamdinh', `/api/insurance/claims/${encounter}/file.xml`)).status, 409);
  for (const paper of ['prescription', 'ticket']) {
    const path = `/api/documents/encounters/${encounter}/${paper}.pdf`;
    assert.equal((await world.download('truongtram', path)).status, 404, paper);
  }
});

test('a visit of a day that no release covers stands in its list with the reason; the list is answered', async () => {
  const { encounter, patient } = await world.arrive(PERSON);
  const stored = await world.program.kernel.gate.system('test').read('Encounter', encounter);
  const period = { start: '2024-05-02T08:00:00+07:00', end: '2024-05-02T09:00:00+07:00' };
  await world.write([{ ...stored, status: 'finished', period }]);
  const clerk = await world.signIn('giamdinh');
  const list = await clerk.call<List>('GET', '/api/insurance/claims?date=2024-05-02');
  assert.deepEqual(
    list.body.rows.map((row) => [row.state, row.patient]),
    [['unreadable', patient]],
  );
  assert.match(list.body.rows[0]!.first, /Chưa có chuẩn dữ liệu BHYT cho ngày 02\/05\/2024/);
});

test('the day’s archive holds the files without errors and says what is wrong with the others', async () => {
  const answer = await world.download('truongtram', `/api/insurance/claims/day.zip?date=${DAY}`);
  assert.equal(answer.status, 200);
  const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');
  assert.ok(text.startsWith('PK\u0003\u0004'));
  assert.ok(text.includes('loi.csv') && text.includes('MAXA_CU_TRU'));
  assert.equal([...text.matchAll(/<GIAMDINHHS /g)].length, 3);
});

test('another unit sees neither list nor file; other roles are refused; bad questions are named', async () => {
  const { encounter } = await world.finishedVisit();
  const other = await world.signIn('giamdinh-khac');
  assert.deepEqual(
    (await other.call<List>('GET', `/api/insurance/claims?date=${DAY}&unit=cs-25D01`)).body.rows,
    [],
  );
  const refused = (await other.call('GET', `/api/insurance/claims/${encounter}`)).status;
  assert.ok([403, 404].includes(refused), String(refused));
  const doctor = await world.signIn('bacsi');
  assert.equal((await doctor.call('GET', '/api/insurance/claims')).status, 403);
  const clerk = await world.signIn('giamdinh');
  assert.equal((await clerk.call('GET', '/api/insurance/claims?date=2026-02-30')).status, 400);
  assert.equal((await clerk.call('GET', '/api/insurance/claims?state=xong')).status, 400);
  assert.equal((await clerk.call('GET', '/api/insurance/claims/khong-co')).status, 404);
  assert.equal((await fetch(`${world.program.address}/api/insurance/claims`)).status, 401);
});

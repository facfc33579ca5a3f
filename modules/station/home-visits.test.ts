/** Who is seen at home, or comes without the desk: the form is the visit, and the books have her. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Encounter, Observation, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import type { BookPage } from './books.ts';
import { openStation, type Station, type Typed, UNIT } from './testing.ts';

let station: Station;

before(async () => {
  station = await openStation();
});
after(() => station.world.stop());

const AT_HOME: Typed = {
  'thai-ky/kinh-cuoi': '2026-06-01',
  'thai-ky/lan-thai': 1,
  'me/noi-kham': 'nha',
  'me/can-nang': 51,
  'me/huyet-ap/tam-thu': 110,
  'me/huyet-ap/tam-truong': 70,
  'me/dau-hieu': 'khong',
  'ket-luan/tien-luong': 'thuong',
};

const visitsOf = async (patient: string) =>
  (await station.world.recordOf(patient, 'Encounter')) as Encounter[];

test('an antenatal visit at home is a visit of the station: book A3 and form 4 have it, and taking it back takes the visit back', async () => {
  const patient = await station.resident({ birthDate: '1996-04-05', name: [{ text: 'Nguyễn Thị Nhà Thử' }] });
  const before = await station.numbers('cham-soc-ba-me');
  const { id } = await station.fill('kham-thai', patient, AT_HOME);
  const [visit, second] = await visitsOf(patient);
  assert.deepEqual(
    [visit?.class.code, visit?.status, visit?.serviceProvider?.reference, second],
    ['HH', 'finished', `Organization/${UNIT}`, undefined],
  );
  const reference = `Encounter/${visit!.id}`;
  const [response] = (await station.world.recordOf(
    patient,
    'QuestionnaireResponse',
  )) as QuestionnaireResponse[];
  const facts = (await station.world.recordOf(patient, 'Observation')) as Observation[];
  assert.deepEqual(
    [...new Set([response, ...facts].map((one) => one?.encounter?.reference))],
    [reference],
    'everything typed is of that visit',
  );
  const line = await station.line('so-kham-thai', patient);
  assert.deepEqual([line?.weeks, line?.weight, line?.pressure], ['24', '51', '110/70']);
  const counted = await station.numbers('cham-soc-ba-me');
  assert.equal(counted['visits.total'], before['visits.total']! + 1);

  const open = await station.nurse.call<{ response: QuestionnaireResponse }>(
    'GET',
    `/api/forms/answers/${id}`,
  );
  const amended = await station.nurse.call<{ version: number }>(
    'PUT',
    `/api/forms/answers/${id}`,
    { response: open.body.response },
    { ifMatch: 1 },
  );
  assert.equal(amended.status, 200, JSON.stringify(amended.body));
  assert.equal((await visitsOf(patient)).length, 1, 'who amends a form makes no second visit');
  const gone = await station.nurse.call(
    'POST',
    `/api/forms/answers/${id}/cancel`,
    { reason: 'Ghi nhầm người bệnh khác' },
    { ifMatch: amended.body.version },
  );
  assert.equal(gone.status, 200, JSON.stringify(gone.body));
  assert.deepEqual(
    (await visitsOf(patient)).map(({ status }) => status),
    ['entered-in-error'],
  );
  assert.equal(await station.line('so-kham-thai', patient), undefined);
});

test('who is at the station today has no second visit', async () => {
  const { patient, encounter } = await station.world.arrive({ gender: 'female', birthDate: '1996-04-05' });
  await station.fill('kham-thai', patient, { ...AT_HOME, 'me/noi-kham': 'tram' });
  assert.deepEqual(
    (await visitsOf(patient)).map(({ id }) => id),
    [encounter],
  );
});

test('a birth at home stands in book A4, with the visit after it at home', async () => {
  const patient = await station.resident({ birthDate: '1998-04-05', name: [{ text: 'Nguyễn Thị Đẻ Nhà' }] });
  await station.fill('ghi-nhan-sinh', patient, {
    'me/ngay-de': '2026-11-21',
    'me/tuoi-thai': 39,
    'me/noi-de': 'nha',
    'me/nguoi-do': 'co-do',
    'me/cach-de': 'thuong',
    'thai-ky/quan-ly-thai': 'khong',
    'thai-ky/con-song': 1,
    'con#0/gioi': 'nam',
    'con#0/can-nang': 3100,
    'con#0/tinh-trang': 'song',
  });
  await station.fill('kham-sau-sinh', patient, {
    'me/noi-kham': 'nha',
    'me/dau-hieu-me': 'khong',
    'me/ket-luan-me': 'binh-thuong',
  });
  assert.deepEqual(
    (await visitsOf(patient)).map((one) => one.class.code),
    ['HH'],
    'the second form of a day belongs to the visit of the first',
  );
  const line = await station.line('so-de', patient);
  assert.deepEqual([line?.childWeight, line?.week1], ['3100', 'x']);
  assert.match(line!.place!, /nhà/i);
});

test('book A1 holds who came to the station, and from 2026-11-23 on not who was seen at home', async () => {
  const { world } = station;
  const { patient, encounter } = await world.arrive({ name: [{ text: 'Nguyễn Thị Đến Trạm' }] });
  const system = world.program.kernel.gate.system('test');
  const came = await system.read('Encounter', encounter);
  const period = { start: '2026-11-23T07:40:00+07:00' };
  await system.update({ ...came, period });
  const { identifier: _, ...rest } = came;
  await system.create({ ...rest, id: undefined, class: { code: 'HH' }, status: 'finished', period } as never);
  await world.program.kernel.events.settled();
  world.setNow('2026-11-23T09:00:00+07:00');
  const nurse = await world.signIn('dieuduong');
  const { status, body } = await nurse.call<BookPage>(
    'GET',
    '/api/station/books/so-kham-benh?from=2026-11-23&to=2026-11-23&q=',
  );
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    body.rows.map((row) => row.person),
    [patient],
    'one line: the visit with a number of the desk',
  );
});

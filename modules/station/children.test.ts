/** A birth that is told once makes the child: a person with a mother, an address, a weight and a place in the programmes. Over HTTP. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs, DEMO_LABEL, ext, sid } from '../../kernel/fhir/systems.ts';
import type {
  Coding,
  Immunization,
  Observation,
  Patient,
  QuestionnaireResponse,
  RelatedPerson,
} from '../../kernel/fhir/types.ts';
import type { World } from '../clinic/testing.ts';
import type { BookPage } from './books.ts';
import { openStation, type Station, type Typed, UNIT } from './testing.ts';

/** A day on which the form that makes children is in force, and the month before last is over. */
const TODAY = '2027-01-15';

let station: Station;
let world: World;

before(async () => {
  station = await openStation(TODAY);
  world = station.world;
});
after(() => world.stop());

const BIRTH: Typed = {
  'me/ngay-de': '2027-01-14',
  'me/tuoi-thai': 39,
  'me/so-con': 1,
  'me/noi-de': 'benh-vien',
  'me/nguoi-do': 'bac-si',
  'me/cach-de': 'thuong',
  'thai-ky/quan-ly-thai': 'co',
  'thai-ky/con-song': 1,
};
const GIRL: Typed = { 'con#0/gioi': 'nu', 'con#0/can-nang': 3100, 'con#0/tinh-trang': 'song' };

let mothers = 0;

function mother(name: string): Promise<string> {
  mothers += 1;
  return station.resident({
    name: [{ text: name }],
    birthDate: '1998-03-02',
    identifier: [{ system: sid.cccd, value: `0991980000${String(mothers).padStart(2, '0')}` }],
    address: [
      {
        use: 'home',
        text: 'Khu 2, phường Vĩnh Yên, tỉnh Phú Thọ',
        line: ['Khu 2'],
        city: 'Phường Vĩnh Yên',
        extension: [{ url: ext.unit, valueCoding: { system: cs.unit, code: '08707' } }],
      },
    ],
  });
}

/** Children whom the record knows of a mother, in the order of the birth; taken back ones too. */
async function childrenOf(id: string): Promise<Patient[]> {
  const system = world.program.kernel.gate.system('test');
  const { identifier } = await system.read('Patient', id);
  const { matches } = await system.search('RelatedPerson', [
    ['identifier', `${sid.cccd}|${identifier![0]!.value}`],
  ]);
  const found = (matches as RelatedPerson[]).map(({ patient }) => patient.reference!.split('/')[1]!);
  const children = await Promise.all(found.map((one) => system.read('Patient', one)));
  return children.sort((a, b) => (a.multipleBirthInteger ?? 0) - (b.multipleBirthInteger ?? 0));
}

test('a living child becomes a person: name after the mother, her home, her as the mother, weight, the dose of the hospital', async () => {
  const id = await mother('Nguyễn Thị Hoài Thương');
  await station.fill('ghi-nhan-sinh', id, { ...BIRTH, ...GIRL, 'con#0/viem-gan-b': 'co' });
  const [child, second] = await childrenOf(id);
  assert.equal(second, undefined);
  assert.partialDeepStrictEqual(child, {
    active: true,
    gender: 'female',
    birthDate: '2027-01-14',
    name: [{ use: 'temp', text: 'Con bà Nguyễn Thị Hoài Thương', family: 'Con' }],
    address: [{ text: 'Khu 2, phường Vĩnh Yên, tỉnh Phú Thọ', line: ['Khu 2'] }],
    contact: [{ name: { text: 'Nguyễn Thị Hoài Thương' } }],
  });
  assert.equal(child!.address?.[0]?.extension?.[0]?.valueCoding?.code, '08707');
  assert.deepEqual(
    child!.meta?.security?.map(({ code }) => code),
    [DEMO_LABEL.code],
    'whom the demo makes is told from somebody real',
  );
  const [weight] = (await world.recordOf(child!.id!, 'Observation')) as Observation[];
  assert.deepEqual([weight?.valueQuantity?.value, weight?.code.coding?.[0]?.code], [3100, '8339-4']);
  const doses = (await world.recordOf(child!.id!, 'Immunization')) as Immunization[];
  assert.deepEqual(
    doses.map(({ vaccineCode, occurrenceDateTime, primarySource }) => [
      vaccineCode.coding?.[0]?.code,
      occurrenceDateTime,
      primarySource,
    ]),
    [['08', '2027-01-14', false]],
  );
});

test('twins are two persons by their order, a stillborn child is none, one that died after birth is dead and not followed', async () => {
  const id = await mother('Trần Thị Song Sinh Đôi');
  const twins: Typed = {
    ...BIRTH,
    'me/so-con': 2,
    ...GIRL,
    'con#0/thu': 1,
    'con#1/gioi': 'nam',
    'con#1/tinh-trang': 'song',
  };
  const same = await station.fill('ghi-nhan-sinh', id, { ...twins, 'con#1/thu': 1 }, 400);
  assert.match(same.read('con#1/thu')!.issues[0]!.text, /không cùng một thứ tự/);
  await station.fill('ghi-nhan-sinh', id, { ...twins, 'me/so-con': 3, 'con#1/thu': 2 }, 422);
  await station.fill('ghi-nhan-sinh', id, { ...twins, 'con#1/thu': 2 });
  assert.deepEqual(
    (await childrenOf(id)).map((one) => [one.name?.[0]?.text, one.gender, one.multipleBirthInteger]),
    [
      ['Con bà Trần Thị Song Sinh Đôi (1)', 'female', 1],
      ['Con bà Trần Thị Song Sinh Đôi (2)', 'male', 2],
    ],
  );
  const bereft = await mother('Lê Thị Mất Con');
  await station.fill('ghi-nhan-sinh', bereft, {
    ...BIRTH,
    'me/so-con': 2,
    'con#0/thu': 1,
    'con#0/gioi': 'nam',
    'con#0/tinh-trang': 'thai-luu',
    'con#1/thu': 2,
    'con#1/gioi': 'nam',
    'con#1/tinh-trang': 'chet',
    'con#1/ngay-chet': '2027-01-15',
  });
  const [dead, second] = await childrenOf(bereft);
  assert.deepEqual(
    [dead?.deceasedDateTime, dead?.multipleBirthInteger, second],
    ['2027-01-15', 2, undefined],
  );
  await world.program.kernel.events.settled();
  const [living] = await childrenOf(id);
  assert.deepEqual(await followed([living!, dead!]), [living!.id]);
});

/** Which of these the immunisation programme of the station follows, without anybody having enrolled them. */
async function followed(children: readonly Patient[]): Promise<(string | undefined)[]> {
  const asked = '/api/programmes/tiem-chung-mo-rong/worklist?list=all&q=Con';
  const { body } = await station.nurse.call<{ rows: { patient: string; silence: string }[] }>('GET', asked);
  const listed = body.rows.flatMap(({ patient, silence }) => (silence === '' ? [patient] : []));
  return children.map(({ id }) => id).filter((id) => listed.includes(id!));
}

/** Amends one answer about the first child. @returns the version that stands then */
async function amended(answer: string, linkId: string, coding: Coding): Promise<number> {
  const standing = await world.program.kernel.gate.system('test').read('QuestionnaireResponse', answer);
  const response = structuredClone(standing);
  const child = response.item!.find((one) => one.linkId === 'con')!;
  child.item!.find((one) => one.linkId === linkId)!.answer = [{ valueCoding: coding }];
  const done = await station.nurse.call<{ version: number }>(
    'PUT',
    `/api/forms/answers/${answer}`,
    { response },
    { ifMatch: Number(standing.meta!.versionId) },
  );
  assert.equal(done.status, 200, JSON.stringify(done.body));
  return done.body.version;
}

test('an amended birth puts the child right and leaves what was learned of the child since; cancelled, the child goes', async () => {
  const id = await mother('Phạm Thị Sửa Phiếu');
  const { id: answer } = await station.fill('ghi-nhan-sinh', id, { ...BIRTH, ...GIRL });
  const [child] = await childrenOf(id);
  const system = world.program.kernel.gate.system('test');
  const known = {
    name: [{ use: 'official' as const, text: 'Phạm Bảo An' }],
    identifier: [...child!.identifier!, { system: sid.cccd, value: '099326000777' }],
  };
  await system.update({ ...child!, ...known });
  const version = await amended(answer, 'gioi', {
    code: 'nam',
    system: 'http://yba.vn/fhir/cs/ghi-nhan-sinh',
  });
  const [again] = await childrenOf(id);
  assert.deepEqual(
    [again!.id, again!.gender, again!.name?.[0]?.text, again!.identifier?.at(-1)?.value],
    [child!.id, 'male', 'Phạm Bảo An', '099326000777'],
  );
  const gone = await station.nurse.call(
    'POST',
    `/api/forms/answers/${answer}/cancel`,
    { reason: 'Ghi nhầm mẹ' },
    { ifMatch: version },
  );
  assert.equal(gone.status, 200, JSON.stringify(gone.body));
  await world.program.kernel.events.settled();
  const [taken] = await childrenOf(id);
  assert.equal(taken!.active, false);
  assert.deepEqual(await followed([taken!]), [], 'who is no person of the record is on no list');
});

test('of twins the first is taken away from the form: the second stays who he is, the first is no person any more', async () => {
  const id = await mother('Ngô Thị Ghi Nhầm Đôi');
  const birth = await station.fill('ghi-nhan-sinh', id, {
    ...BIRTH,
    'me/so-con': 2,
    ...GIRL,
    'con#0/thu': 1,
    'con#1/thu': 2,
    'con#1/gioi': 'nam',
    'con#1/tinh-trang': 'song',
  });
  const [girl, boy] = await childrenOf(id);
  const system = world.program.kernel.gate.system('test');
  const standing = await system.read('QuestionnaireResponse', birth.id);
  birth.remove(birth.read('con')!.repeats[0]!.path);
  birth.set('me/so-con', [1]);
  const done = await station.nurse.call(
    'PUT',
    `/api/forms/answers/${birth.id}`,
    { response: { ...standing, item: birth.response('amended').item } },
    { ifMatch: Number(standing.meta!.versionId) },
  );
  assert.equal(done.status, 200, JSON.stringify(done.body));
  await world.program.kernel.events.settled();
  const now = await Promise.all([girl!, boy!].map(({ id: child }) => system.read('Patient', child!)));
  assert.deepEqual(
    now.map(({ gender, active }) => [gender, active]),
    [
      ['female', false],
      ['male', true],
    ],
  );
});

test('a birth that is told twice makes no second child: refused when it stands there, the same child when two write at once', async () => {
  const id = await mother('Vũ Thị Hai Lần');
  const typed = { ...BIRTH, ...GIRL };
  await Promise.all([station.fill('ghi-nhan-sinh', id, typed), station.fill('ghi-nhan-sinh', id, typed)]);
  assert.equal(new Set((await childrenOf(id)).map((one) => one.id)).size, 1);
  await station.fill('ghi-nhan-sinh', id, typed, 422);
});

test('a child who has a record already gets the mother and no second record', async () => {
  const id = await mother('Đỗ Thị Đẻ Xa');
  const child = await station.resident({
    name: [{ text: 'Đỗ Minh Khôi' }],
    birthDate: '2027-01-14',
    gender: 'male',
  });
  await station.fill('ghi-nhan-sinh', id, {
    ...BIRTH,
    ...GIRL,
    'con#0/ho-so': { reference: `Patient/${child}` },
  });
  assert.deepEqual(
    (await childrenOf(id)).map((one) => one.id),
    [child],
  );
});

const LATE: Typed = { ...BIRTH, ...GIRL, 'me/ngay-de': '2026-11-30', 'con#0/vitamin-k1': 'co' };

test('a birth elsewhere that is told two months later stands in the book whole, on its own day, and counts in its own month', async () => {
  const id = await mother('Hà Thị Báo Muộn');
  const counted = await birthsOf('2026-11');
  await station.fill('ghi-nhan-sinh', id, LATE);
  await world.program.kernel.events.settled();
  const asked = '/api/station/books/so-de?from=2027-01-01&to=2027-01-31&q=';
  const { body } = await station.nurse.call<BookPage>('GET', asked);
  const line = body.rows.find(({ person }) => person === id)!.cells as Record<string, string>;
  assert.deepEqual(
    [line.day, line.childSex, line.childWeight, line.vitaminK1],
    ['30/11/2026', 'Nữ', '3100', 'Có'],
  );
  assert.equal(await birthsOf('2026-11'), counted + 1);
});

/** Births that the report of a month counts. */
async function birthsOf(month: string): Promise<number> {
  await world.program.kernel.events.settled();
  const { body } = await station.head.call<{ cells: Record<string, { value: number | null }> }>(
    'GET',
    `/api/statistics/sheets/cham-soc-ba-me/${UNIT}/${month}`,
  );
  return body.cells['births.total']?.value ?? 0;
}

test('a pregnancy that ends early leaves the lists by the form that tells of it, which keeps its reason to itself', async () => {
  const id = await mother('Bùi Thị Sảy Thai');
  await station.fill('kham-thai', id, {
    'thai-ky/kinh-cuoi': '2026-11-02',
    'thai-ky/lan-thai': 1,
    'me/noi-kham': 'tram',
    'me/can-nang': 50,
    'me/huyet-ap/tam-thu': 110,
    'me/huyet-ap/tam-truong': 70,
    'me/dau-hieu': 'khong',
    'ket-luan/tien-luong': 'thuong',
  });
  const followedAs = async () => {
    await world.program.kernel.events.settled();
    const asked = '/api/programmes/cham-soc-thai-san/worklist?list=all&q=B%C3%B9i';
    const { body } = await station.nurse.call<{ rows: { patient: string }[] }>('GET', asked);
    return body.rows.some(({ patient }) => patient === id);
  };
  assert.equal(await followedAs(), true);
  await station.fill('pha-thai', id, {
    'thai/tuoi-thai': 11,
    'thai/chan-doan': 'O03.9',
    'tt/phuong-phap': 'thuoc',
    'tt/mo': 'du',
    'tt/tai-bien': 'khong',
  });
  assert.equal(await followedAs(), false);
  const facts = (await world.recordOf(id, 'Observation')) as Observation[];
  const ended = facts.find(({ code }) => code.coding?.some((one) => one.code === 'ket-thuc'))!;
  assert.doesNotMatch(JSON.stringify(ended), /O03/);
});

test('the birth paper of a child who was born here names the station, of another the place that was told', async () => {
  const here = await mother('Mai Thị Đẻ Tại Trạm');
  await station.fill('ghi-nhan-sinh', here, { ...BIRTH, ...GIRL, 'me/noi-de': 'tram' });
  const there = await mother('Mai Thị Đẻ Bệnh Viện');
  await station.fill('ghi-nhan-sinh', there, { ...BIRTH, ...GIRL });
  const placeOf = async (id: string) => {
    const paper = await station.nurse.call<{ start: QuestionnaireResponse }>(
      'GET',
      `/api/forms/open/giay-chung-sinh?patient=${id}`,
    );
    const child = paper.body.start.item!.find(({ linkId }) => linkId === 'tre')!;
    return child.item!.find(({ linkId }) => linkId === 'noi')!.answer![0]!.valueString;
  };
  const { name } = await world.program.kernel.gate.system('test').read('Organization', UNIT);
  assert.deepEqual([await placeOf(here), await placeOf(there)], [name, 'Bệnh viện']);
});

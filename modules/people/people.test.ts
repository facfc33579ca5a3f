import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../clinic/testing.ts';
import type { Banner, PersonLine, Resolution } from './index.ts';

let world: World;
let desk: Browser;

before(async () => {
  world = await openWorld();
  desk = await world.hire('tiepdon', 'reception');
});
after(() => world.stop());

interface Problem {
  error: {
    code: string;
    text: string;
    issues: { expression?: string; text: string }[];
    details?: { kind?: string; candidates?: { person: PersonLine; level: string }[] };
  };
}

let serial = 100;
/** A form nobody else in these tests resembles. */
const form = (more: Record<string, unknown> = {}) => {
  serial += 1;
  return {
    name: `Phùng Văn ${WORDS[serial % WORDS.length]}`,
    birthDate: `19${40 + (serial % 50)}-0${1 + (serial % 9)}-1${serial % 9}`,
    sex: 'male',
    citizenNumber: `0990${40 + (serial % 50)}9${String(serial).padStart(5, '0')}`,
    ...more,
  };
};
const WORDS = [
  'Thắng',
  'Quyền',
  'Ích',
  'Đoàn',
  'Bằng',
  'Sửu',
  'Tỵ',
  'Mùi',
  'Ngọ',
  'Tuất',
  'Hợi',
  'Dần',
  'Mão',
];

const create = (body: unknown) => desk.call<{ person: PersonLine } & Problem>('POST', '/api/people', body);
const resolve = (body: unknown) => desk.call<Resolution & Problem>('POST', '/api/people/resolve', body);
const find = async (q: string) => {
  const { body } = await desk.call<{ rows: PersonLine[] }>(
    'GET',
    `/api/people/search?q=${encodeURIComponent(q)}`,
  );
  return body.rows;
};
const patientOf = (id: string) => world.program.kernel.gate.system('test').read('Patient', id);

describe('POST /api/people', () => {
  test('a new person is a Patient of docs/model.md', async () => {
    const body = form({
      commune: '09043',
      line: 'Thôn Đông',
      phone: '0000 111 222',
      ethnicity: '01',
      mother: 'Trần Thị Mai',
    });
    const { status, body: answer } = await create(body);
    assert.equal(status, 201);
    const patient = await patientOf(answer.person.id);
    assert.equal(patient.name?.[0]?.family, 'Phùng');
    assert.equal(patient.name?.[0]?.text, body.name);
    assert.deepEqual(patient.identifier, [{ system: sid.cccd, value: body.citizenNumber }]);
    assert.equal(patient.address?.[0]?.text, 'Thôn Đông, Xã Tam Hồng, Tỉnh Phú Thọ');
    assert.equal(patient.address?.[0]?.extension?.[0]?.valueCoding?.code, '09043');
    assert.equal(patient.telecom?.[0]?.value, '0000111222');
    assert.equal(patient.meta?.security?.[0]?.code, 'HTEST');
  });

  test('faults stand at their fields and nothing is written', async () => {
    const { status, body } = await create(form({ birthDate: '31/02/1985', commune: '99999', sex: '' }));
    assert.equal(status, 422);
    assert.deepEqual(body.error.issues.map((each) => each.expression).sort(), [
      'birthDate',
      'commune',
      'sex',
    ]);
  });

  test('a certain duplicate cannot be created, also when it is "confirmed"', async () => {
    const body = form();
    const { body: first } = await create(body);
    const again = await create({
      ...body,
      confirmedNotDuplicateOf: [first.person.id],
      reason: 'người khác thật',
    });
    assert.equal(again.status, 409);
    assert.equal(again.body.error.details?.kind, 'certain-duplicate');
    assert.match(again.body.error.text, /đã có hồ sơ/);
    assert.equal((await find(body.citizenNumber)).length, 1);
  });

  test('one sound spelled with i or y is one name: found, and asked about', async () => {
    const body = form({ name: 'Khuất Thị Mỹ Duyên' });
    const { body: first } = await create(body);
    assert.deepEqual(
      (await find('Khuất Mĩ')).map((row) => row.id),
      [first.person.id],
    );
    const { citizenNumber: _none, ...same } = body;
    const asked = await create({ ...same, name: 'Khuất Thị Mĩ Duyên' });
    assert.equal(asked.body.error.details?.kind, 'probable-duplicate');
  });

  test('a probable duplicate asks; with a reason it is created and the reason stays in the audit', async () => {
    const body = form();
    const { body: first } = await create(body);
    const { citizenNumber: _none, ...same } = body;
    const asked = await create(same);
    assert.equal(asked.status, 409);
    assert.equal(asked.body.error.details?.kind, 'probable-duplicate');
    assert.equal(asked.body.error.details?.candidates?.[0]?.person.id, first.person.id);
    const without = await create({ ...same, confirmedNotDuplicateOf: [first.person.id], reason: 'ừ' });
    assert.equal(without.body.error.issues[0]?.expression, 'reason');
    const reason = 'Trùng tên, đã xem giấy khai sinh';
    const { status, body: made } = await create({
      ...same,
      confirmedNotDuplicateOf: [first.person.id],
      reason,
    });
    assert.equal(status, 201);
    const { rows } = await world.program.kernel.pool.query<{ line: string }>(
      `select row_to_json(audit)::text as line from audit where row_to_json(audit)::text like '%not-duplicate%'`,
    );
    assert.ok(rows.some(({ line }) => line.includes(made.person.id) && line.includes('giấy khai sinh')));
  });

  test('two desks at once make one person of one citizen number', async () => {
    const body = form();
    const answers = await Promise.all([1, 2, 3, 4].map(() => create(body)));
    assert.deepEqual(answers.map((each) => each.status).sort(), [201, 409, 409, 409]);
    assert.equal((await find(body.citizenNumber)).length, 1);
  });

  test('only the desk may create', async () => {
    const laboratory = await world.signIn('xetnghiem');
    assert.equal((await laboratory.call('POST', '/api/people', form())).status, 403);
  });
});

describe('POST /api/people/resolve', () => {
  test('a scanned card finds its person among all, with what differs', async () => {
    const body = form({ name: 'Đỗ Thị Bích Ngọc', sex: 'female' });
    const { body: made } = await create(body);
    const [year, month, day] = body.birthDate.split('-');
    const scan = `${body.citizenNumber}|020000009|ĐỖ THỊ BÍCH NGỌC|${day}${month}${year}|Nữ|Tổ 3, Tích Sơn, Vĩnh Yên, Vĩnh Phúc|15042021`;
    const { body: found } = await resolve({ scan });
    assert.equal(found.outcome, 'found');
    assert.equal(found.person?.id, made.person.id);
    assert.deepEqual(
      found.differences.map((each) => [each.field, each.kind]),
      [
        ['oldNumber', 'missing'],
        ['address', 'missing'],
      ],
    );
  });

  test('the card of nobody in the record fills the form: name, commune of the mergers, number', async () => {
    const scan = '099077000321||LƯU ĐÌNH KHOA|19081977|Nam|Tổ 3, Tích Sơn, Vĩnh Yên, Vĩnh Phúc|15042021';
    const { body } = await resolve({ scan });
    assert.equal(body.outcome, 'new');
    assert.equal(body.form.name, 'Lưu Đình Khoa');
    assert.equal(body.form.commune, '08707');
    assert.equal(body.form.line, 'Tổ 3');
    assert.deepEqual(body.candidates, []);
  });

  test("the number of one person with another's name asks instead of finding", async () => {
    const body = form();
    await create(body);
    const scan = `${body.citizenNumber}||TRƯƠNG THỊ XUÂN|09121999|Nữ|x|15042021`;
    const { body: found } = await resolve({ scan });
    assert.equal(found.outcome, 'candidates');
    assert.equal(found.candidates[0]?.level, 'probable');
    assert.ok(found.candidates[0]?.reasons.every((each) => each.vi !== ''));
  });

  test('an insurance card finds by its social insurance number', async () => {
    const body = form({ insuranceNumber: 'GD4000000004711' });
    const { body: made } = await create(body);
    const { body: found } = await resolve({ scan: 'GD4000000004711' });
    assert.equal(found.outcome, 'found');
    assert.equal(found.person?.id, made.person.id);
  });

  test('what is no card is refused with a sentence', async () => {
    const { status, body } = await resolve({ scan: 'https://example.org' });
    assert.equal(status, 400);
    assert.match(body.error.text, /đường dẫn/);
  });
});

describe('GET /api/people/search', () => {
  test('by name without marks in any order, by number, phone and name with birth year; masked', async () => {
    const body = form({
      name: 'Khuất Thị Uyên Nhi',
      sex: 'female',
      phone: '0000 777 555',
      insuranceNumber: '0000777555',
    });
    const { body: made } = await create(body);
    const asked = [
      'uyen khuat',
      'Khuất Thị Uyên Nhi',
      body.citizenNumber,
      '0000777555',
      `uyên nhi ${body.birthDate.slice(0, 4)}`,
    ];
    for (const q of asked)
      assert.ok(
        (await find(q)).some((row) => row.id === made.person.id),
        q,
      );
    assert.deepEqual(await find(`uyên nhi ${Number(body.birthDate.slice(0, 4)) + 1}`), []);
    const [row] = await find('uyen khuat');
    assert.ok(!JSON.stringify(row).includes(body.citizenNumber));
    assert.equal(row?.identifiers[0]?.value, `····${body.citizenNumber.slice(-4)}`);
  });

  test('exact marks come first', async () => {
    for (const name of ['Kiều Thị Hoa', 'Kiều Thị Hóa', 'Kiều Thị Hòa'])
      await create(form({ name, sex: 'female' }));
    assert.equal((await find('kiều thị hòa'))[0]?.name, 'Kiều Thị Hòa');
    assert.equal((await find('kiều thị hoa'))[0]?.name, 'Kiều Thị Hoa');
    assert.equal((await find('kieu thi hoa')).length, 3);
  });

  test('fewer than three letters ask nothing of the record', async () => {
    assert.deepEqual(await find('ki'), []);
  });

  test('pages follow each other without gaps', async () => {
    const first = await desk.call<{ rows: PersonLine[]; next: string }>(
      'GET',
      '/api/people/search?q=kieu thi hoa&limit=2',
    );
    const second = await desk.call<{ rows: PersonLine[]; next: null }>(
      'GET',
      `/api/people/search?q=kieu thi hoa&limit=2&cursor=${first.body.next}`,
    );
    assert.equal(first.body.rows.length, 2);
    assert.equal(second.body.rows.length, 1);
    assert.equal(second.body.next, null);
  });

  test('nobody who is not signed in finds anybody', async () => {
    const answer = await fetch(`${world.program.address}/api/people/search?q=kieu`);
    assert.equal(answer.status, 401);
  });
});

describe('GET /api/people/:id/banner and POST /api/people/:id/card', () => {
  test('the banner says who it is, whole numbers, and that nobody asked for allergies', async () => {
    const body = form();
    const { body: made } = await create(body);
    const { body: banner } = await desk.call<Banner>('GET', `/api/people/${made.person.id}/banner`);
    assert.equal(banner.name, body.name);
    assert.deepEqual(banner.identifiers, [{ label: 'CCCD', value: body.citizenNumber }]);
    assert.equal(banner.allergiesKnown, false);
    assert.equal(banner.demo, true);
  });

  test('the banner shows allergies, high ones apart, and active flags; allergies closed to the unit are never "not asked"', async () => {
    const { body: made } = await create(form());
    const { id } = made.person;
    const patient = { reference: `Patient/${id}` };
    const gate = world.program.kernel.gate.system('test');
    const code = (text: string) => ({ text });
    const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
    const clinicalStatus = { coding: [{ system, code: 'active' }] };
    const allergy = { resourceType: 'AllergyIntolerance' as const, patient, clinicalStatus };
    await gate.create({ ...allergy, code: code('Tôm'), criticality: 'low' });
    await gate.create({ ...allergy, code: code('Penicilin'), criticality: 'high' });
    await gate.create({
      resourceType: 'Flag',
      subject: patient,
      status: 'active',
      code: code('Nguy cơ ngã'),
    });
    await gate.create({
      resourceType: 'Flag',
      subject: patient,
      status: 'inactive',
      code: code('Đã cai thuốc lá'),
    });
    const banner = async () => (await desk.call<Banner>('GET', `/api/people/${id}/banner`)).body;
    const before = await banner();
    assert.deepEqual([before.allergies, before.allergiesKnown, before.allergiesClosed], [[], false, true]);
    assert.deepEqual(before.flags, [], 'a person whom the unit does not care for');
    await gate.create({
      resourceType: 'Encounter',
      status: 'arrived',
      class: { code: 'AMB' },
      subject: patient,
      serviceProvider: { reference: 'Organization/cs-25D01' },
    });
    const after = await banner();
    assert.deepEqual([after.allergiesKnown, after.allergiesClosed], [true, false]);
    assert.deepEqual(
      after.allergies.toSorted((a, b) => a.text.localeCompare(b.text)),
      [
        { text: 'Penicilin', high: true },
        { text: 'Tôm', high: false },
      ],
    );
    assert.deepEqual(after.flags, [{ text: 'Nguy cơ ngã', tone: 'look' }]);
  });

  test('an unknown person is not found', async () => {
    assert.equal((await desk.call('GET', '/api/people/nobody/banner')).status, 404);
  });

  test('the record follows the card where the desk says so; what it said before stays', async () => {
    const body = form({ name: 'Nguyễn Thị Hoa', sex: 'female' });
    const { body: made } = await create(body);
    const [year, month, day] = body.birthDate.split('-');
    const scan = `${body.citizenNumber}|020000008|NGUYỄN THỊ HÒA|${day}${month}${year}|Nữ|x|15042021`;
    const path = `/api/people/${made.person.id}/card`;
    const written = await desk.call(
      'POST',
      path,
      { scan, fields: ['name', 'oldNumber'] },
      { ifMatch: made.person.version },
    );
    assert.equal(written.status, 200);
    const patient: Patient = await patientOf(made.person.id);
    assert.equal(patient.name?.[0]?.text, 'Nguyễn Thị Hòa');
    assert.equal(patient.name?.[1]?.use, 'old');
    assert.ok(patient.identifier?.some((each) => each.system === sid.cmnd && each.value === '020000008'));
    const stale = await desk.call<Problem>(
      'POST',
      path,
      { scan, fields: ['name'] },
      { ifMatch: made.person.version },
    );
    assert.equal(stale.status, 412);
    // Without the version that was seen nothing is written over.
    assert.equal((await desk.call('POST', path, { scan, fields: ['name'] })).status, 428);
  });

  test("another person's card, and one that cannot be, change nothing", async () => {
    const [mine, theirs] = [form({ sex: 'female' }), form()];
    const { body: made } = await create(mine);
    await create(theirs);
    const path = `/api/people/${made.person.id}/card`;
    const apply = (scan: string, fields: string[]) =>
      desk.call<Problem>('POST', path, { scan, fields }, { ifMatch: made.person.version });
    const taken = await apply(`${theirs.citizenNumber}||NGUYỄN VĂN A|01011980|Nam|x|15042021`, [
      'citizenNumber',
    ]);
    assert.equal(taken.status, 409);
    assert.equal(taken.body.error.details?.kind, 'number-taken');
    const future = await apply(`${mine.citizenNumber}||NGUYE64N A|01012027|Nữ|x|15042021`, [
      'birthDate',
      'name',
    ]);
    assert.equal(future.status, 422);
    assert.deepEqual(future.body.error.issues.map((each) => each.expression).sort(), ['birthDate', 'name']);
    assert.equal((await patientOf(made.person.id)).meta?.versionId, '1');
  });
});

/** The statutory books of the content (Circular 23/2025, annex III) over the facts that they are made of. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import { openContent } from '../../kernel/content/content.ts';
import { datedOn } from '../../kernel/content/dated.ts';
import type { Questionnaire } from '../../kernel/fhir/types.ts';
import { openPool } from '../../kernel/store/index.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { evaluateView } from '../views/evaluate.ts';
import { createTableSql, tableColumns, type ViewDefinition } from '../views/view-table.ts';
import type { RegisterDefinition } from './definition.ts';
import { planRegister, registerLines } from './register.ts';
import { viewsOf } from './views.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const DAYS = { start: '2026-10-01', end: '2026-10-31' };
let database: Awaited<ReturnType<typeof withDatabase>>;
let pool: Pool;

before(async () => {
  database = await withDatabase();
  pool = openPool(database.url);
  await pool.query('create schema if not exists views');
  for (const name of content.files('views'))
    await pool.query(
      createTableSql(content.json<ViewDefinition>(`views/${name.replace('.json', '')}`)).table,
    );
  await pool.query(`
    insert into views.unit (resource_key, name, kind, unit_code) values ('A', 'Trạm A', 'tram-y-te', '1'), ('B', 'Trạm B', 'tram-y-te', '2');
    insert into views.place (resource_key, unit) values ('phong', 'A');
    insert into views.patient (resource_key, person, full_name, gender, birth_date, unit_code, deceased) values
      ('chi', 'chi', 'Lê Thị Chi', 'female', '1990-05-02', '1', null),
      ('ong', 'ong', 'Trần Văn Ông', 'male', '1941-01-01', '1', '2026-10-20'),
      ('be', 'be', 'Lê Bé', 'male', '2026-01-01', '2', null);
    insert into views.visit (resource_key, person, unit, started, status, doctor_name, reason) values
      ('v1', 'chi', 'A', '2026-10-05T08:00:00+07:00', 'finished', 'BS Hà', 'Đặt vòng'),
      ('v2', 'chi', 'A', '2026-10-07T08:00:00+07:00', 'finished', 'BS Hà', 'Phá thai'),
      ('v3', 'chi', 'A', '2026-10-20T08:00:00+07:00', 'finished', 'BS Hà', 'Khám lại'),
      ('v4', 'ong', 'A', '2026-10-10T08:00:00+07:00', 'finished', 'BS Hà', 'Sốt rét run'),
      ('v5', 'ong', 'A', '2026-10-11T08:00:00+07:00', 'cancelled', 'BS Hà', 'Huỷ');
    insert into views.diagnosis (resource_key, person, encounter, code, display, recorded) values
      ('d1', 'chi', 'v1', 'Z30.1', 'Đặt dụng cụ tử cung', '2026-10-05T08:00:00+07:00'),
      ('d2', 'chi', 'v2', 'O04.9', 'Phá thai', '2026-10-07T08:00:00+07:00'),
      ('d3', 'ong', 'v4', 'B51.9', 'Sốt rét', '2026-10-10T08:00:00+07:00'),
      ('d4', 'ong', 'v5', 'B51.9', 'Sốt rét', '2026-10-11T08:00:00+07:00');
    insert into views.problem (resource_key, person, code, display, clinical, verification, onset) values
      ('p1', 'chi', 'A15.0', 'Lao phổi', 'active', 'confirmed', '2026-10-02T00:00:00+07:00'),
      ('p2', 'be', 'A15.0', 'Lao phổi', 'active', 'confirmed', '2026-10-02T00:00:00+07:00'),
      ('p3', 'chi', 'F20.0', 'Tâm thần phân liệt', 'active', 'refuted', '2026-10-02T00:00:00+07:00');
    insert into views.prescription (resource_key, person, encounter, status, medicine, authored) values
      ('m1', 'chi', 'v1', 'active', 'Rifampicin', '2026-10-06T08:00:00+07:00');
    insert into views.dose (resource_key, person, location, status, vaccine_name, given) values
      ('t1', 'chi', 'phong', 'completed', 'Uốn ván', '2026-10-09T08:00:00+07:00'), ('t2', 'be', 'phong', 'completed', 'BCG', '2026-10-09T08:00:00+07:00')`);
});
after(async () => {
  await pool.end();
  await database.stop();
});

async function lines(key: string, unit = 'A', days = DAYS) {
  const { register, faults } = planRegister(
    datedOn<RegisterDefinition>(content, 'registers', key, days.end)!.value,
    viewsOf(content),
  );
  assert.deepEqual(faults, [], key);
  const read = await registerLines(pool, register!, { days, unit, first: 0, most: null });
  assert.equal(read.total, read.lines.length, key);
  return read.lines.map(({ cells }) => cells);
}

test('A2.1 and A2.2: children in one book, others in the other, nobody in both', async () => {
  assert.deepEqual(
    (await lines('so-tiem-chung')).map(({ name }) => name),
    ['Lê Bé'],
  );
  assert.deepEqual(
    (await lines('so-tiem-chung-khac')).map(({ name, vaccine }) => [name, vaccine]),
    [['Lê Thị Chi', 'Uốn ván']],
  );
});

test('A5.1 marks the method, A5.2 says whether she was seen again after two weeks', async () => {
  const [planned] = await lines('so-ke-hoach-hoa-gia-dinh');
  assert.deepEqual(
    [planned?.device, planned?.drug, planned?.medicine, planned?.day],
    ['x', '', 'Rifampicin', '05/10/2026'],
  );
  const ended = await lines('so-pha-thai');
  assert.equal(ended.length, 1);
  assert.deepEqual([ended[0]?.diagnosis, ended[0]?.again], ['O04.9 Phá thai', 'x']);
});

test('A3: a weight is printed as it is written in Vietnamese', async () => {
  await pool.query(`
    insert into views.visit (resource_key, person, unit, started, status, doctor_name, reason)
      values ('thai', 'chi', 'A', '2026-10-12T08:00:00+07:00', 'finished', 'BS Hà', 'Khám thai');
    insert into views.diagnosis (resource_key, person, encounter, code, display, recorded)
      values ('dt', 'chi', 'thai', 'Z34.0', 'Theo dõi thai', '2026-10-12T08:00:00+07:00');
    insert into views.measurement (resource_key, person, encounter, code, value, measured)
      values ('can', 'chi', 'thai', '29463-7', 53.30, '2026-10-12T08:05:00+07:00')`);
  const [visit] = await lines('so-kham-thai');
  assert.ok(Object.values(visit!).includes('53,3'), JSON.stringify(visit));
});

test('A4: what the form of a birth says stands in the book, each child and the visits after it, also of a birth elsewhere', async () => {
  const form = datedOn<Questionnaire>(content, 'forms', 'ghi-nhan-sinh', '2026-12-31')!.value;
  const coding = (group: string, linkId: string, code: string) => {
    const item = form.item!.find((one) => one.linkId === group)!.item!.find((one) => one.linkId === linkId)!;
    const { valueCoding } = item.answerOption!.find((one) => one.valueCoding?.code === code)!;
    return { linkId, answer: [{ valueCoding }] };
  };
  const child = (sex: string, grams: number) => ({
    linkId: 'con',
    item: [
      coding('con', 'gioi', sex),
      { linkId: 'can-nang', answer: [{ valueInteger: grams }] },
      coding('con', 'tinh-trang', 'song'),
      coding('con', 'vitamin-k1', 'co'),
    ],
  });
  await keep('birth', {
    resourceType: 'QuestionnaireResponse',
    id: 'phieu',
    questionnaire: `http://yba.vn/fhir/Questionnaire/ghi-nhan-sinh|${form.version}`,
    status: 'completed',
    subject: { reference: 'Patient/chi' },
    encounter: { reference: 'Encounter/v8' },
    authored: '2026-12-09T08:00:00+07:00',
    item: [
      {
        linkId: 'me',
        item: [
          { linkId: 'ngay-de', answer: [{ valueDate: '2026-12-07' }] },
          coding('me', 'noi-de', 'nha'),
          coding('me', 'nguoi-do', 'co-do'),
          coding('me', 'cach-de', 'thuong'),
        ],
      },
      {
        linkId: 'thai-ky',
        item: [coding('thai-ky', 'hiv', 'truoc'), { linkId: 'con-song', answer: [{ valueInteger: 3 }] }],
      },
      child('nu', 3100),
      child('nam', 2400),
    ],
  });
  await keep('postnatal', {
    resourceType: 'QuestionnaireResponse',
    id: 'sau',
    questionnaire: 'http://yba.vn/fhir/Questionnaire/kham-sau-sinh|2026-11-20',
    status: 'completed',
    subject: { reference: 'Patient/chi' },
    authored: '2026-12-10T08:00:00+07:00',
  });
  await pool.query(
    `insert into views.visit (resource_key, person, unit, started, status, doctor_name, reason) values
       ('v8', 'chi', 'A', '2026-12-09T08:00:00+07:00', 'finished', 'BS Hà', 'Sau đẻ');
     insert into views.measurement (resource_key, person, code, value, measured)
       select 'tuoi' || week, 'chi', '11885-1', week, '2026-12-07T08:00:00+07:00'::timestamptz - make_interval(weeks => 39 - week)
       from unnest(array[10, 20, 30, 36]) week`,
  );
  const book = await lines('so-de', 'A', { start: '2026-12-01', end: '2026-12-31' });
  const shown = [
    'name',
    'day',
    'place',
    'way',
    'attendant',
    'childSex',
    'childWeight',
    'vitaminK1',
    'visits',
    'three',
    'four',
    'hivBefore',
    'hivLabour',
    'living',
    'week1',
    'week6',
  ];
  assert.deepEqual(
    book.map((line) => shown.map((key) => line[key])),
    [
      [
        'Lê Thị Chi',
        '07/12/2026',
        'Tại nhà',
        'Đẻ thường',
        'Cô đỡ thôn bản',
        '2400: Nam; 3100: Nữ',
        '2400; 3100',
        '2400: Có; 3100: Có',
        '4',
        'x',
        'x',
        'x',
        '',
        '3',
        'x',
        '',
      ],
    ],
  );
});

/** The rows that a view makes of a resource, put into its table. */
async function keep(
  name: string,
  resource: { id: string; subject: { reference: string }; [name: string]: unknown },
) {
  const view = content.json<ViewDefinition>(`views/${name}`);
  const columns = ['resource_key', 'person', ...tableColumns(view).map((column) => column.name)];
  for (const row of evaluateView(view, resource as never))
    await pool.query(
      `insert into views.${name} (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`,
      [resource.id, resource.subject.reference.split('/')[1], ...row],
    );
  const rest = { birth: 'newborn' }[name];
  if (rest) await keep(rest, resource);
}

test('A6: who died in the month, with what was diagnosed in the 30 days before', async () => {
  const [died] = await lines('so-tu-vong');
  assert.deepEqual(
    [died?.name, died?.age, died?.day, died?.attended, died?.maternal],
    ['Trần Văn Ông', '85', '20/10/2026', 'x', ''],
  );
  assert.match(died?.diseases ?? '', /B51\.9 Sốt rét/);
  assert.deepEqual(await lines('so-tu-vong', 'B'), []);
});

test('A7 leaves cancelled visits out; A8–A10 hold the living diagnoses of the people of the commune', async () => {
  assert.equal((await lines('so-sot-ret')).length, 1);
  const [tuberculosis] = await lines('so-lao');
  assert.deepEqual([tuberculosis?.name, tuberculosis?.medicine], ['Lê Thị Chi', 'Rifampicin']);
  assert.equal((await lines('so-lao', 'B')).length, 1);
  assert.deepEqual(await lines('so-tam-than'), [], 'refuted');
  assert.deepEqual(await lines('so-hiv'), []);
});

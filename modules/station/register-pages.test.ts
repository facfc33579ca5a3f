/** The register on a day with more visits than a page holds, in the whole program on a database of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type Browser, DAY, openWorld, type World } from '../clinic/testing.ts';
import type { BookPage } from './books.ts';

const VISITS = 230;

let world: World;
let nurse: Browser;

const people: string[] = [];

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  const { kernel } = world.program;
  const put = (resource: Resource) => ({
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
  });
  const entry = Array.from({ length: VISITS }, (_, at) => {
    const person = kernel.store.newId('Patient');
    people.push(person);
    const start = new Date(Date.parse(`${DAY}T06:00:00+07:00`) + (at + 1) * 60_000).toISOString();
    return [
      put({ resourceType: 'Patient', id: person, name: [{ text: `Người ${at + 1}` }] }),
      put({
        resourceType: 'Encounter',
        id: kernel.store.newId('Encounter', person),
        status: 'arrived',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: `Patient/${person}` },
        serviceProvider: { reference: 'Organization/cs-25D01' },
        reasonCode: [{ text: `Lý do ${at + 1}` }],
        period: { start },
      }),
    ];
  }).flat();
  await kernel.gate.system('test').transaction({ resourceType: 'Bundle', type: 'transaction', entry });
  await kernel.events.settled();
});
after(() => world.stop());

type Book = Pick<BookPage, 'rows' | 'total' | 'from' | 'to'> & { next?: string };

const ADDRESS = '/api/station/books/so-kham-benh';
const read = async (more: string) => (await nurse.call<Book>('GET', `${ADDRESS}?to=${DAY}${more}`)).body;

test('a book of the day opens with one day', async () => {
  const page = await read('');
  assert.deepEqual([page.from, page.to, page.total], [DAY, DAY, VISITS]);
});

test('the reception desk reads books of the day and no others', async () => {
  const desk = await world.hire('letan5', 'reception');
  const list = await desk.call<{ rows: { key: string }[] }>('GET', '/api/station/books');
  assert.deepEqual(
    list.body.rows.map(({ key }) => key),
    ['so-kham-benh'],
  );
  const book = await desk.call<Book>('GET', `${ADDRESS}?to=${DAY}`);
  assert.deepEqual([book.status, book.body.total, book.body.rows[0]?.cells.name], [200, VISITS, 'Người 1']);
  assert.equal((await desk.call('GET', '/api/station/books/so-hiv')).status, 403);
});

test('a page is read by the database, in order, with its line of the day and the number of all', async () => {
  const pages: Book[] = [await read('')];
  for (let next = pages[0]!.next; next; next = pages.at(-1)!.next) pages.push(await read(`&cursor=${next}`));
  assert.deepEqual(
    pages.map((page) => [page.rows.length, page.total]),
    [
      [100, VISITS],
      [100, VISITS],
      [30, VISITS],
    ],
  );
  const rows = pages.flatMap((page) => page.rows);
  assert.deepEqual(
    rows.map((row) => row.cells.number),
    Array.from({ length: VISITS }, (_, index) => String(index + 1)),
  );
  assert.equal(new Set(rows.map((row) => row.resource)).size, VISITS);
  assert.deepEqual((await read('&cursor=9')).rows, []);
});

test('a search looks at the whole day, and a line keeps its number', async () => {
  const found = await read('&q=ly do 217');
  assert.deepEqual(
    found.rows.map((row) => row.cells.number),
    ['217'],
  );
  assert.equal(found.total, 1);
});

test('A1/CSYT: the birth date stands in the column of the sex, with the precision it was given; what is prescribed and found stands in the line', async () => {
  const { kernel } = world.program;
  const { pool } = kernel;
  const person = people[4]!;
  await kernel.gate.system('test').update({
    resourceType: 'Patient',
    id: person,
    name: [{ text: 'Nguyễn Thị Ánh Đào' }],
    gender: 'female',
    birthDate: '1985-02',
  });
  await kernel.events.settled();
  const visit = (await read('&q=anh dao')).rows[0]!.resource;
  await pool.query(
    `insert into views.coverage (resource_key, person, card_number, valid_from, valid_to)
     values ('the-cu', $1, 'CU', '2020-01-01', '2025-12-31'), ('the-moi', $1, 'MOI', '2026-01-01', null)`,
    [person],
  );
  await pool.query(
    `insert into views.diagnosis (resource_key, person, encounter, code, display)
     values ('chinh', $1, $2, 'J06.9', 'Viêm hô hấp trên'), ('phu', $1, $2, 'I10', 'Tăng huyết áp')`,
    [person, visit],
  );
  await pool.query(`update views.visit set main_condition = 'chinh' where resource_key = $1`, [visit]);
  await pool.query(
    `insert into views.prescription (resource_key, person, encounter, status, medicine, quantity, unit_name)
     values ('don', $1, $2, 'active', 'Paracetamol 500 mg', 10, 'viên'), ('huy', $1, $2, 'cancelled', 'Thuốc bỏ', 1, 'viên')`,
    [person, visit],
  );
  const [line] = (await read('&q=anh dao')).rows;
  const { female, male, number, insurance, diagnosis, treatment, time, note } = line!.cells;
  assert.deepEqual(
    { female, male, number, insurance, diagnosis, treatment, time, note },
    {
      female: '02/1985',
      male: '',
      number: '5',
      insurance: 'MOI',
      diagnosis: 'J06.9 Viêm hô hấp trên; I10 Tăng huyết áp',
      treatment: 'Paracetamol 500 mg × 10 viên',
      time: '06:05',
      note: 'Chờ khám',
    },
  );
});

test('a book of people under management opens from its first line; other books keep to a year and to days of this month', async () => {
  const { pool } = world.program.kernel;
  await pool.query(`
    delete from views.unit where resource_key = 'cs-25D01';
    insert into views.unit (resource_key, name, kind, unit_code) values ('cs-25D01', 'Trạm', 'tram-y-te', 'xa-thu');
    insert into views.patient (resource_key, person, full_name, unit_code) values ('nguoi-tha', 'nguoi-tha', 'Lê Văn Lâu', 'xa-thu');
    insert into views.problem (resource_key, person, code, display, clinical, verification, onset, noted)
      values ('tha', 'nguoi-tha', 'I10', 'Tăng huyết áp', 'active', 'confirmed', '2011-03-02T00:00:00+07:00', '2011-03-02T00:00:00+07:00')`);
  const open = (more: string) =>
    nurse.call<{ from: string | null; total: number }>('GET', `/api/station/books/${more}`);
  const standing = await open('so-khong-lay-nhiem');
  assert.deepEqual([standing.status, standing.body.from, standing.body.total], [200, null, 1]);
  assert.equal((await open('so-khong-lay-nhiem?from=2011-01-01')).body.total, 1);
  assert.equal((await open('so-khong-lay-nhiem?from=2012-01-01')).body.total, 0);
  assert.equal((await open(`so-tiem-chung?to=${DAY}`)).body.from, `${DAY.slice(0, 8)}01`);
  assert.equal((await open('so-tiem-chung?from=2011-01-01')).status, 400);
});

test('a book of people under management holds a problem without a day of onset: it stands from the day on which it was written down', async () => {
  const { pool } = world.program.kernel;
  await pool.query(`
    insert into views.patient (resource_key, person, full_name, unit_code) values ('nguoi-lao', 'nguoi-lao', 'Lê Thị Lao', 'xa-thu');
    insert into views.problem (resource_key, person, code, display, clinical, verification, onset, noted)
      values ('lao', 'nguoi-lao', 'A15.0', 'Lao phổi', 'active', 'confirmed', null, '2026-11-03T08:00:00+07:00')`);
  const { total } = (await nurse.call<{ total: number }>('GET', '/api/station/books/so-lao')).body;
  assert.equal(total, 1);
  const from = (day: string) => nurse.call<{ total: number }>('GET', `/api/station/books/so-lao?from=${day}`);
  assert.deepEqual([(await from('2026-11-03')).body.total, (await from('2026-11-04')).body.total], [1, 0]);
});

test('the day from which a problem is known: its onset, else when it was noted, else when it was written', async () => {
  const { kernel } = world.program;
  const session = kernel.gate.system('test');
  const patient = kernel.store.newId('Patient');
  await session.transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        resource: { resourceType: 'Patient', id: patient, name: [{ text: 'Lê Thị Lao' }] },
        request: { method: 'PUT', url: `Patient/${patient}` },
      },
    ],
  });
  const known = async (more: object) => {
    const id = kernel.store.newId('Condition', patient);
    await session.transaction({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: {
            resourceType: 'Condition',
            id,
            subject: { reference: `Patient/${patient}` },
            category: [
              {
                coding: [
                  {
                    system: 'http://terminology.hl7.org/CodeSystem/condition-category',
                    code: 'problem-list-item',
                  },
                ],
              },
            ],
            code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'A15.0' }] },
            ...more,
          },
          request: { method: 'PUT', url: `Condition/${id}` },
        },
      ],
    });
    await kernel.events.settled();
    const { rows } = await kernel.pool.query<{ noted: Date }>(
      'select noted from views.problem where resource_key = $1',
      [id],
    );
    return vietnamDay(rows[0]!.noted);
  };
  const recordedDate = '2026-10-09T08:00:00+07:00';
  assert.equal(await known({ onsetDateTime: '2011-03-02T08:00:00+07:00', recordedDate }), '2011-03-02');
  assert.equal(
    await known({ onsetPeriod: { start: '2012-03-02T08:00:00+07:00' }, recordedDate }),
    '2012-03-02',
  );
  assert.equal(await known({ onsetString: 'từ nhỏ', recordedDate }), '2026-10-09');
  assert.equal(await known({}), (await session.read('Patient', patient)).meta!.lastUpdated!.slice(0, 10));
});

test('a file or a search that would leave lines out is refused, and says how many there are', async () => {
  await world.program.kernel.pool.query(
    `insert into views.visit (resource_key, person, unit, started, status)
     select 'nhieu-' || n, 'nguoi-' || n, $1, $2::timestamptz, 'finished' from generate_series(1, 5000) n`,
    ['cs-25D01', `${DAY}T07:00:00+07:00`],
  );
  for (const ask of [`file.xlsx?from=${DAY}&to=${DAY}`, `file.pdf?from=${DAY}&to=${DAY}`]) {
    const answer = await nurse.call<unknown>('GET', `/api/station/books/so-kham-benh/${ask}`);
    assert.equal(answer.status, 400, ask);
    assert.match(JSON.stringify(answer.body), /5\.230 dòng.*ít ngày hơn/);
  }
  const page = await nurse.call<Book>('GET', `/api/station/books/so-kham-benh?from=${DAY}&to=${DAY}`);
  assert.deepEqual([page.status, page.body.rows.length, page.body.total], [200, 100, 5230]);
});

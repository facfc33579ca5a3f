/** The register on a day with more visits than a page holds, in the whole program on a database of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, DAY, openWorld, type World } from '../clinic/testing.ts';
import { type RegisterRow, visitsOfDay } from './register.ts';

const VISITS = 230;

let world: World;
let nurse: Browser;

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  await world.program.kernel.pool.query(
    `insert into views.visit (resource_key, person, unit, started, status, ticket, reason)
     select 'luot-' || lpad(n::text, 3, '0'), 'nguoi-' || n, $1, $2::timestamptz + make_interval(mins => n), 'arrived', n::text,
       'Lý do ' || n
     from generate_series(1, $3::int) n`,
    ['cs-25D01', `${DAY}T06:00:00+07:00`, VISITS],
  );
});
after(() => world.stop());

interface Book {
  rows: RegisterRow[];
  total: number;
  next?: string;
}

const read = async (more: string) =>
  (await nurse.call<Book>('GET', `/api/station/register?date=${DAY}${more}`)).body;

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
  assert.equal(new Set(rows.map((row) => row.encounter)).size, VISITS);
  assert.deepEqual((await read('&cursor=9')).rows, []);
  const some = await visitsOfDay(world.program.kernel.pool, 'cs-25D01', DAY, { first: 100, most: 3 });
  assert.deepEqual(
    some.visits.map((visit) => visit.encounter),
    ['luot-101', 'luot-102', 'luot-103'],
  );
});

test('a search looks at the whole day, and a line keeps its number', async () => {
  const found = await read('&q=ly do 217');
  assert.deepEqual(
    found.rows.map((row) => row.cells.number),
    ['217'],
  );
  assert.equal(found.total, 1);
});

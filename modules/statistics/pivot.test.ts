/** Pivots: rows and columns of any two dimensions, kept by name, opened again by who may. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sheetRows } from '../../engines/reports/index.ts';
import { parseCsv } from '../../kernel/content/csv.ts';
import { figuresOf } from './figures.ts';
import type { KeptPivot } from './kept-pivots.ts';
import { pivotTable } from './pivot.ts';
import { readyPivot } from './pivot-ask.ts';
import type { PivotAnswer } from './routes-pivot.ts';
import { openReportWorld, type ReportWorld, UNIT } from './testing.ts';
import { inTurn } from './turns.ts';

let world: ReportWorld;
before(async () => {
  world = await openReportWorld();
  const { pool } = world.program.kernel;
  await pool.query(
    `insert into views.unit (resource_key, name, kind, unit_code) values ('cs-khac', 'Trạm khác', 'tram-y-te', '08716')`,
  );
  await pool.query(
    `insert into views.visit (resource_key, person, unit, started, status, visit_type)
     select 'khac-' || n, 'nguoi-' || n, 'cs-khac', '2026-09-10T08:00:00+07:00', 'finished', '01' from generate_series(1, 5) n`,
  );
});
after(() => world.stop());

const BASE = 'form=kham-chua-benh&from=2026-09&to=2026-10';
const read = async (query: string, who = world.province) =>
  (await who.call<PivotAnswer>('GET', `/api/statistics/pivot?${BASE}&${query}`)).body;
const valueAt = ({ rows, columns, values }: PivotAnswer, row: string, column: string) =>
  values[rows.findIndex(({ key }) => key === row)]![columns.findIndex(({ key }) => key === column)];

test('units by months, with what is typed; sums of rows and columns', async () => {
  const written = await world.head.call('PUT', `${world.sheet}/cells`, {
    changes: [{ cell: 'village.total', value: 7, seen: 0 }],
  });
  assert.equal(written.status, 200);
  const visits = await read('rows=unit&columns=period&row=visits&column=total');
  assert.equal(valueAt(visits, UNIT, '2026-10'), 119);
  assert.equal(valueAt(visits, 'cs-khac', '2026-09'), 5);
  assert.equal(valueAt(visits, '', '2026-10'), 119);
  assert.equal(valueAt(visits, '', ''), 124);
  const village = await read('rows=unit&columns=period&row=village&column=total');
  assert.equal(valueAt(village, UNIT, '2026-10'), 7);
  assert.equal(valueAt(village, 'cs-khac', '2026-09'), null, 'what nobody typed is no number');
});

test('ages by sexes, rows of the form by sexes: groups add up; what is typed cannot be told', async () => {
  const ages = await read('rows=age&columns=sex&row=visits');
  const total = ages.rows
    .filter(({ key }) => key !== '')
    .flatMap(({ key }) =>
      ages.columns.filter((column) => column.key !== '').map((column) => valueAt(ages, key, column.key)!),
    );
  assert.equal(valueAt(ages, '', ''), 124);
  assert.equal(
    total.reduce((a, b) => a + b, 0),
    124,
  );
  const cells = await read('rows=cell&columns=sex&column=total');
  assert.equal(valueAt(cells, 'visits.total', ''), 124);
  assert.equal(valueAt(cells, 'village.total', 'male'), null);
  assert.ok(
    cells.untold.some((title) => title.includes('lưu động')),
    cells.untold.join(),
  );
});

test('a first count that takes long is not waited for: what it lacks has no number, nor has a sum with it', async () => {
  const { pool, content } = world.program.kernel;
  const question = {
    form: 'kham-chua-benh',
    from: '2026-08',
    to: '2026-10',
    rows: 'unit',
    columns: 'period',
  };
  const ready = readyPivot(content, { ...question, row: 'visits' });
  const seen = [{ id: UNIT, name: 'Trạm', kind: 'tram-y-te', unitCode: null }];
  await figuresOf(pool, ready.ready, [UNIT], ['2026-09', '2026-10'], 'kept');
  await pool.query("delete from statistics.figure where period = '2026-08'");
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  // Somebody else's count of the form is under way: the first count of August stands behind it.
  void inTurn(pool, ready.ready, () => held);
  const table = await pivotTable(pool, content, ready, seen, 'soon');
  assert.deepEqual(table.waiting, ['2026-08']);
  assert.equal(table.counted?.missing, 1);
  assert.deepEqual(table.values, [[null, null, 0, 119]], 'all periods, August, September, October');
  go();
  const whole = await pivotTable(pool, content, ready, seen);
  assert.deepEqual([whole.waiting, whole.values], [[], [[119, 0, 0, 119]]]);
});

test('a station sees its own numbers only; questions that are none are refused by name', async () => {
  const own = await read('rows=unit&columns=period&row=visits', world.head);
  assert.deepEqual(
    own.rows.map(({ key }) => key),
    [UNIT],
  );
  const status = async (query: string) =>
    (await world.head.call('GET', `/api/statistics/pivot?${query}`)).status;
  for (const query of [
    `${BASE}&rows=unit&columns=unit`,
    `${BASE}&rows=x&columns=unit`,
    `${BASE}&rows=unit&columns=period&row=khong`,
    'form=kham-chua-benh&from=2026-11&to=2026-10&rows=unit&columns=period',
    'form=kham-chua-benh&from=2026&to=2026-10&rows=unit&columns=period',
    'rows=unit&columns=period',
  ])
    assert.equal(await status(query), 400, query);
  assert.equal(await status(`${BASE}&rows=unit&columns=period&unit=cs-khac`), 404);
  assert.equal(await status('form=khong&from=2026-10&to=2026-10&rows=unit&columns=period'), 404);
});

test('files: a line a number, and the table as it stands', async () => {
  const path = `/api/statistics/pivot.%?${BASE}&rows=unit&columns=period&row=visits`;
  const bytes = Buffer.from(await (await world.download(path.replace('%', 'csv'))).arrayBuffer());
  assert.equal(bytes.subarray(0, 3).toString('hex'), 'efbbbf', 'a spreadsheet reads its Vietnamese as such');
  const rows = parseCsv(bytes.toString('utf8'));
  assert.deepEqual(
    rows.filter(({ period }) => period === '2026-10').map(({ unit, value }) => [unit, value]),
    [[UNIT, '119']],
  );
  const file = await world.download(path.replace('%', 'xlsx'));
  const lines = sheetRows(Buffer.from(await file.arrayBuffer()))!;
  assert.ok(lines.some((line) => line.includes(119)));
});

test('kept by name for oneself or the unit, opened again, replaced by the same name, taken away by its owner only', async () => {
  const ask = { form: 'kham-chua-benh', from: '2026-09', to: '2026-10', rows: 'unit', columns: 'period' };
  type Kept = { id: string; rows: KeptPivot[] };
  const keep = (body: unknown, who = world.head) => who.call<Kept>('POST', '/api/statistics/pivots', body);
  const names = async (who: ReportWorld['head']) =>
    (await who.call<Kept>('GET', '/api/statistics/pivots')).body.rows.map(({ name }) => name);
  const own = await keep({ name: 'Của tôi', ask });
  assert.equal(own.status, 200);
  const shared = await keep({ name: 'Của trạm', shared: true, ask });
  const nurse = await world.hire('dieuduong9', 'nurse');
  assert.deepEqual(await names(world.head), ['Của trạm', 'Của tôi']);
  assert.deepEqual(await names(nurse), ['Của trạm']);
  assert.deepEqual(await names(world.province), []);
  const drop = (id: string, who: ReportWorld['head']) => who.call('DELETE', `/api/statistics/pivots/${id}`);
  assert.equal((await drop(shared.body.id, nurse)).status, 404);
  const again = await keep({ name: 'Của tôi', ask: { ...ask, columns: 'sex' } });
  assert.equal(again.body.id, own.body.id);
  assert.equal(again.body.rows.find(({ id }) => id === own.body.id)?.ask.columns, 'sex');
  assert.equal((await drop(shared.body.id, world.head)).status, 200);
  assert.deepEqual(await names(nurse), []);
  assert.equal((await keep({ name: ' ', ask })).status, 400);
  assert.equal((await keep({ name: 'x', ask: { ...ask, rows: 'drop table' } })).status, 400);
  assert.equal((await drop('khong-co', world.head)).status, 404);
});

/** The list of cases over many diagnoses: pages of the database, and the same judgement as `notifiableOf`. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import { openContent } from '../../kernel/content/content.ts';
import { type TestDatabase, withDatabase } from '../../kernel/store/testing.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type Case, type CaseQuery, casesOf } from './cases.ts';
import { notifiableOf } from './notifiable.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const codes = content.table('terminology/icd10').map((row) => row.code!);
const BEGIN = Date.parse('2026-11-16T01:00:00Z');
/** So many diagnoses in the week that several share one instant. */
const STEP_MS = 30_000;

let database: TestDatabase;
let pool: Pool;

before(async () => {
  database = await withDatabase();
  ({ pool } = database);
  // The columns of content/views/*.json that the list reads.
  await pool.query(`
    create schema if not exists views;
    create table views.unit (resource_key text, name text);
    create table views.patient (resource_key text, full_name text, gender text, birth_date text, address_text text);
    create table views.visit (resource_key text, person text, unit text, started timestamptz);
    create table views.diagnosis (resource_key text, person text, encounter text, code text, display text,
      verification text, recorded timestamptz);
    insert into views.unit values ('cs-1', 'Trạm Y tế xã Hải Lựu'), ('cs-2', 'Bệnh viện Sản - Nhi');
    insert into views.patient values ('p1', 'Đỗ Thị Ánh', 'female', '1985', 'Thôn Đoài, xã Tam Dương'), ('p2', 'Lê Văn Tám', 'male', '2020', null)`);
  await pool.query(
    `insert into views.visit select 'e' || n, 'p' || (n % 2 + 1), 'cs-' || (n % 2 + 1), to_timestamp($1::float8 / 1000)
      from generate_series(0, $2::int - 1) n`,
    [BEGIN, codes.length],
  );
  await pool.query(
    `insert into views.diagnosis select 'c' || n, 'p' || (n % 2 + 1), 'e' || n, code, 'Tên ' || code, 'confirmed',
        to_timestamp(($2::float8 + (n / 2) * $3::float8) / 1000)
      from unnest($1::text[]) with ordinality as of_list(code, at), lateral (select (at - 1)::int as n) x`,
    [codes, BEGIN, STEP_MS],
  );
});
after(() => database.stop());

const ALL: CaseQuery = {
  from: '2026-11-16',
  to: '2026-11-30',
  unit: null,
  text: '',
  after: null,
  count: 100,
};

/** All pages, as a screen reads them to the end. */
async function walk(query: Partial<CaseQuery>): Promise<{ rows: Case[]; pages: number; total: number }> {
  const rows: Case[] = [];
  let pages = 0;
  let total = -1;
  let next: string | undefined;
  do {
    const [instant = '', key = ''] = next?.split('|') ?? [];
    const page = await casesOf(pool, content, { ...ALL, ...query, after: next ? { instant, key } : null });
    rows.push(...page.rows);
    pages += 1;
    total = Math.max(total, page.total ?? -1);
    next = page.next;
  } while (next);
  return { rows, pages, total };
}

/** What a reader of every diagnosis finds: the naive version. */
const expected = codes.flatMap((code, n) => {
  const day = vietnamDay(new Date(BEGIN + Math.floor(n / 2) * STEP_MS));
  const notifiable = notifiableOf(content.inForce('surveillance/notifiable', day), code);
  return notifiable
    ? [{ condition: `c${n}`, n, code, disease: notifiable.name, group: notifiable.group }]
    : [];
});

test('the pages hold every case once, newest first, with the disease that the list in force gives to its code', async () => {
  const { rows, pages, total } = await walk({});
  assert.equal(total, expected.length);
  assert.equal(pages, Math.ceil(expected.length / 100));
  assert.equal(new Set(rows.map((row) => row.condition)).size, rows.length);
  const said = new Map(rows.map((row) => [row.condition, [row.code, row.disease, row.group]]));
  for (const one of expected) {
    assert.deepEqual(said.get(one.condition), [one.code, one.disease, one.group], one.code);
  }
  const times = rows.map((row) => row.diagnosed);
  assert.deepEqual(times, times.toSorted().reverse());
});

test('a page reads no more than it shows, however many cases there are', async () => {
  const sent: number[] = [];
  const counting = {
    query: async (text: string, values: unknown[]) => {
      const answer = await pool.query(text, values);
      sent.push(answer.rows.length);
      return answer;
    },
  } as unknown as Pool;
  const page = await casesOf(counting, content, { ...ALL, count: 20 });
  assert.equal(page.rows.length, 20);
  assert.deepEqual(
    sent.sort((a, b) => a - b),
    [1, 21],
  );
});

test('a unit sees its own; words find a disease, a name, an address or a unit, without marks and in any order', async () => {
  const own = await walk({ unit: 'cs-1' });
  assert.equal(own.total, expected.filter(({ n }) => n % 2 === 0).length);
  const dengue = await walk({ text: 'dengue SỐT' });
  assert.deepEqual(new Set(dengue.rows.map((row) => row.disease)), new Set(['Sốt xuất huyết Dengue']));
  assert.equal(dengue.total, expected.filter((one) => /Dengue/.test(one.disease)).length);
  for (const text of ['anh do', 'Đoài', 'hai luu'])
    assert.equal((await walk({ text })).total, own.total, text);
  assert.equal((await walk({ text: 'khong co ai' })).total, 0);
});

test('what was refuted or entered in error is no case', async () => {
  const some = expected[0]!;
  await pool.query("update views.diagnosis set verification = 'refuted' where resource_key = $1", [
    some.condition,
  ]);
  assert.ok((await walk({})).rows.every((row) => row.condition !== some.condition));
  await pool.query('update views.diagnosis set verification = null where resource_key = $1', [
    some.condition,
  ]);
});

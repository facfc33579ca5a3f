/**
 * A change of boundaries as a person sees it in the demo province: two stations merged, one divided by the people of its parts. Reports,
 * pivot, chart, map and indicators of before add up in the stations of now, and the old series stand beside them (issue 6, 4).
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from './support/accessible.ts';
import { photograph } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const MERGED = 'Trạm Y tế xã Tam Sơn';
const PARTS = ['Trạm Y tế Tân Lập cũ (mẫu)', 'Trạm Y tế Đồng Quế cũ (mẫu)'];
const DIVIDED = 'Trạm Y tế Tứ Trưng cũ (mẫu)';
const HALVES = ['Trạm Y tế xã Vĩnh Tường', 'Trạm Y tế xã Thổ Tang'];
const PIVOT = '/bang-xoay?form=kham-chua-benh&from=2026-05&to=2026-08&rows=unit&columns=period&row=visits';

let province: Province;

before(async () => {
  // The invented change is of 2026-07-01: the days of the test lie after it.
  const start = Date.parse('2026-09-10T02:00:00Z') - Date.now();
  province = await openProvince({ people: 900, now: () => new Date(Date.now() + start) });
  const { events, pool } = province.program.kernel;
  await events.settled();
  // However few people the demo draws: each station of before and of now has visits of its own. What was counted ahead is counted again.
  await pool.query(
    `insert into views.visit (resource_key, person, unit, started, status, visit_type)
     select unit || day || n, 'nguoi-' || n, unit, (day || 'T08:00:00+07:00')::timestamptz, 'finished', '01'
     from (select * from unnest($1::text[]) unit, unnest(array['2026-05-12', '2026-06-12']) day
           union all select * from unnest($2::text[]) unit, unnest(array['2026-08-12']) day) place, generate_series(1, 7) n`,
    [
      ['cs-mau-tan-lap', 'cs-mau-dong-que', 'cs-mau-tu-trung'],
      ['cs-25D11', 'cs-25D31', 'cs-25D35'],
    ],
  );
  await pool.query('delete from statistics.figure');
});
after(() => province[Symbol.asyncDispose]());

/** Numbers of a line of the table, by month. */
async function line(page: Page, name: string): Promise<Map<string, string>> {
  const heads = await page.locator('table thead th').allInnerTexts();
  const row = page.locator('table tbody tr').filter({ hasText: name }).first();
  const cells = await row.locator('td, th').allInnerTexts();
  return new Map(heads.map((head, at) => [head.trim(), (cells[at] ?? '').trim()]));
}

test('the pivot adds up merged stations, shares a divided one, and keeps the old lines beside them', async () => {
  await using guest = await province.signIn('dieuhanh');
  const { page } = guest;
  await page.goto(PIVOT);
  await page.locator('table tbody tr').filter({ hasText: MERGED }).first().waitFor();
  // What is still being counted stands as an ellipsis; the table reads itself again.
  await page.locator('table tbody').filter({ hasNotText: '…' }).waitFor();
  const at = async (names: readonly string[], month: string) =>
    (await Promise.all(names.map(async (name) => Number((await line(page, name)).get(month))))).reduce(
      (a, b) => a + b,
      0,
    );
  for (const month of ['05/2026', '06/2026']) {
    const before = await at(PARTS, month);
    assert.ok(before > 0, `${month}: the former stations have visits`);
    assert.equal(await at([MERGED], month), before);
    const shared = await at([DIVIDED], month);
    assert.ok(shared > 0);
    assert.equal(await at(HALVES, month), shared, 'nobody is lost');
  }
  assert.ok((await at([MERGED, ...HALVES], '08/2026')) > 0, 'and they go on');
  for (const name of [...PARTS, DIVIDED]) assert.equal((await line(page, name)).get('08/2026'), '–', name);
  await page.getByText('đến trước 01/07/2026').first().scrollIntoViewIfNeeded();
  await photograph(page, 'boundaries-pivot');
  await assertAccessible(page, 'the pivot over a change of boundaries');
  await page.getByRole('tab', { name: 'Biểu đồ' }).click();
  await page.locator('select[name=line]').selectOption({ label: MERGED });
  for (const name of PARTS) await page.locator('figure.st-chart figcaption').getByText(name).waitFor();
  await photograph(page, 'boundaries-chart');
  await page.getByRole('tab', { name: 'Bản đồ' }).click();
  await page.locator('.st-pivot-map svg').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the report of a merged station says of what it is made and leads there', async () => {
  await using guest = await province.signIn('dieuhanh');
  const { page } = guest;
  await page.goto('/bao-cao/kham-chua-benh/cs-25D11/2026-06');
  const visits = page.locator('td[role=gridcell][aria-label^="Lượt khám bệnh, Tổng số:"]');
  await visits.waitFor();
  await page.getByText(`${MERGED} có từ ngày 01/07/2026`, { exact: false }).waitFor();
  const whole = Number(await visits.innerText());
  await photograph(page, 'boundaries-report');
  await assertAccessible(page, 'the report of a merged station');
  const parts: number[] = [];
  for (const name of PARTS) {
    await page.getByRole('link', { name }).click();
    await page.getByText(name, { exact: false }).first().waitFor();
    await page.waitForURL(/cs-mau-/);
    await page.getByText('Đang lập').waitFor();
    parts.push(Number(await visits.innerText()));
    await page.goBack();
    await page.getByText('có từ ngày', { exact: false }).waitFor();
  }
  assert.equal(
    parts.reduce((a, b) => a + b, 0),
    whole,
  );
  assert.ok(whole > 0);
  assert.deepEqual(guest.complaints, []);
});

test('an indicator is made anew of the sums; its old series are drawn beside the new one', async () => {
  await using guest = await province.signIn('dieuhanh');
  const { page } = guest;
  await page.goto('/chi-so?chi-so=luot-kham-dau-nguoi');
  await page.locator('select[name=chart-unit]').selectOption({ label: MERGED });
  for (const name of PARTS) await page.locator('figure.st-chart figcaption').getByText(name).waitFor();
  await photograph(page, 'boundaries-indicator');
  const read = async (path: string) => (await page.request.get(path)).json() as Promise<Indicator>;
  const series = '/api/statistics/indicators/luot-kham-dau-nguoi';
  // A file waits for every number, an answer to a screen does not.
  await page.request.get(`${series}/series.csv?from=2026-06&to=2026-08`);
  const { values, former } = await read(`${series}?from=2026-06&to=2026-08`);
  const now = values.find(({ unit, period }) => unit === 'cs-25D11' && period === '2026-06')!;
  const then = former
    .filter(({ unit }) => ['cs-mau-tan-lap', 'cs-mau-dong-que'].includes(unit.id))
    .map((one) => one.values.find(({ period }) => period === '2026-06')!);
  const sum = (of: 'numerator' | 'denominator') => then.reduce((all, one) => all + one[of], 0);
  assert.equal(then.length, 2);
  assert.ok(now.numerator > 0 && now.numerator === sum('numerator'));
  assert.ok(Math.abs(now.denominator - sum('denominator')) < 1e-6, 'people of both');
  assert.deepEqual(guest.complaints, []);
});

interface Value {
  unit: string;
  period: string;
  numerator: number;
  denominator: number;
}

interface Indicator {
  values: Value[];
  former: { unit: { id: string }; values: Value[] }[];
}

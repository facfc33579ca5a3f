/** Coverage of a programme by keyboard: from a number to its people by name, and a call to one of them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessible.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
const COVERAGE = '/chuong-trinh/tiem-chung-mo-rong/bao-phu';

before(async () => {
  province = await openProvince({ people: 1200 });
  await province.program.kernel.events.settled();
});
after(() => province[Symbol.asyncDispose]());

test('a number of the coverage opens to its children, and one of them is called, without a mouse', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto(COVERAGE);
  await page.getByRole('heading', { name: 'Bao phủ từng mũi' }).waitFor();
  const year = await page.evaluate(async () => {
    for (const year of [2026, 2025, 2024]) {
      const path = `/api/programmes/tiem-chung-mo-rong/coverage?from=${year}-01-01&to=${year}-12-31`;
      const { measures } = await (await fetch(path)).json();
      const found = measures.find((one: { target: number; given: number }) => one.target > one.given);
      if (found) return { year, ...found };
    }
    return null;
  });
  assert.ok(year, 'some dose of some year is missing');
  await page.goto(`${COVERAGE}?ky=${year.year}`);
  await page.getByRole('heading', { name: 'Bao phủ từng mũi' }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'coverage');
  await photograph(page, 'coverage', ['staff', 'citizen']);
  const line = page.getByRole('row', { name: new RegExp(year.title.replace(/[()]/g, '\\$&')) });
  const missing = line.getByRole('link').last();
  await missing.focus();
  await page.keyboard.press('Enter');
  await page.getByText('Chưa tiêm').first().waitFor();
  const list = page.getByRole('grid').or(page.getByRole('listbox')).first();
  await list.waitFor();
  await page
    .getByText(String(year.target - year.given))
    .first()
    .waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'people of the coverage');
  await photograph(page, 'coverage-people', ['staff', 'citizen']);
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F8');
  await page.getByRole('radio', { name: 'Không liên lạc được' }).check();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi: Không liên lạc được').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('one dose by village, and the list of who had no dose at all', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto(`${COVERAGE}?theo=village&mui=dpt-1`);
  await page
    .getByRole('columnheader', { name: 'Thôn' })
    .or(page.getByText('Không có trẻ nào đến tuổi'))
    .first()
    .waitFor();
  await photograph(page, 'coverage-villages', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('link', { name: /Chưa tiêm mũi nào/ }).click();
  await page.getByRole('heading', { name: /Chưa tiêm mũi nào/ }).waitFor();
  await page.getByRole('grid').or(page.getByRole('listbox')).first().waitFor();
  await photograph(page, 'zero-dose', ['staff', 'citizen']);
  assert.deepEqual(guest.complaints, []);
});

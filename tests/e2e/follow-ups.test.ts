/** NCD-01 and NCD-02 as a nurse works: from the overdue list to a measured pressure, and a call written down, by few keys. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessible.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;

before(async () => {
  province = await openProvince({ people: 800 });
  await province.program.kernel.events.settled();
});
after(() => province[Symbol.asyncDispose]());

/** What a person types and presses from the list to the finished form (NCD-01: a pressure within 30 s). */
const MOST_KEYS = 12;

test('the link of an overdue line opens its form; two numbers and one key finish it, and the task leaves the list', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/chuong-trinh/tang-huyet-ap?loc=overdue');
  const line = page
    .getByRole('row')
    .filter({ has: page.getByText('Điền phiếu') })
    .first();
  await line.waitFor();
  const link = line.getByText('Điền phiếu');
  const [outer, inner] = [(await line.boundingBox())!, (await link.boundingBox())!];
  assert.ok(inner.y + inner.height <= outer.y + outer.height - 4, 'the link stands within its line');
  await link.click();
  await page.waitForURL('**/bieu-mau/tai-kham-huyet-ap?nguoi=*');
  const person = new URL(page.url()).searchParams.get('nguoi');
  const upper = page.getByLabel('Tâm thu');
  await upper.waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'follow-up of hypertension');
  await photograph(page, 'follow-up-hypertension', ['staff', 'citizen']);
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  while (!(await upper.evaluate((field) => field === document.activeElement)) && keys < MOST_KEYS)
    await press('Enter');
  for (const key of [...'138', 'Enter', ...'84', 'Control+Enter']) await press(key);
  await page.waitForURL('**/phieu/**');
  await page.getByText('138').first().waitFor();
  assert.ok(keys <= MOST_KEYS, `${keys} keys`);
  await province.program.kernel.events.settled();
  const { rows } = await province.program.kernel.pool.query<{ key: string }>(
    `select key from programmes.task where patient = $1 and programme = 'tang-huyet-ap' and key = 'act:tai-kham' and due <= current_date`,
    [person],
  );
  assert.deepEqual(rows, []);
  assert.deepEqual(guest.complaints, []);
});

test('a call without its result is refused by the name of the question', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/chuong-trinh/tang-huyet-ap?loc=overdue');
  const list = page.getByRole('grid').or(page.getByRole('listbox')).first();
  await page
    .getByText(/trễ từ/)
    .first()
    .waitFor();
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F8');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Kết quả: Chọn kết quả cuộc gọi.').waitFor();
});

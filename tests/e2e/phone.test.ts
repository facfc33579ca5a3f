/** The consultation and what follows it on a phone: what is typed can be read, and nothing leaves its box. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from './support/accessible.ts';
import { Consulting, chooseDiagnosis, prescribe } from './support/consulting.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
let consulting: Consulting;

before(async () => {
  province = await openProvince({ people: 20 });
  consulting = new Consulting(province);
});

after(() => province[Symbol.asyncDispose]());

/** What sticks out of its own box or of the panel around it, in words. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const words = (one: Element) => `${one.className} "${(one.textContent ?? '').slice(0, 40)}"`;
    const tables = [...document.querySelectorAll('.yb-table-wrap')].filter(
      (wrap) => wrap.scrollWidth > wrap.clientWidth + 1,
    );
    const fields = [...document.querySelectorAll('input')].filter(
      (field) => field.value !== '' && field.scrollWidth > field.clientWidth + 1,
    );
    const beyond = [...document.querySelectorAll('.yb-notice *, .yb-panel .yb-row *')].filter((one) => {
      const box = one.closest('.yb-notice, .yb-panel')!.getBoundingClientRect();
      const { width, right } = one.getBoundingClientRect();
      return width > 0 && right > box.right + 1;
    });
    return [...tables, ...fields, ...beyond].map(words);
  });
}

test('diagnoses and prescription are cards whose fields can be read; a warning stays in its box', async () => {
  await using guest = await consulting.open('Mai Thị Di Động', { size: 'citizen' });
  const { page } = guest;
  await chooseDiagnosis(page, 'viem hong cap khong dac hieu', 'J02.9');
  await prescribe(page, 'paracetamol 500', 'Paracetamol 500 mg', ['1', '1/2', '', '1', '5', 'sau ăn']);
  await prescribe(page, 'becoclari', 'Becoclari 500', ['1', '', '', '1', '5', '']);
  await prescribe(page, 'simvastatin', 'Simvastatin 20 mg', ['', '', '', '1', '5', '']);
  await page.getByText(/Chống chỉ định phối hợp .*Simvastatin/i).waitFor();
  assert.deepEqual(await sticksOut(page), []);
  assert.equal(await sidewaysScroll(page), 0);
  const noon = page.getByLabel('Trưa, Paracetamol 500 mg');
  assert.equal(await noon.inputValue(), '1/2');
  assert.ok((await noon.boundingBox())!.width >= 48, 'a dose has room for two digits and a fraction');
  assert.equal(await page.getByRole('table', { name: 'Các thuốc trong đơn' }).getByRole('row').count(), 4);
  await page.getByText('13 viên').waitFor();
  await noon.scrollIntoViewIfNeeded();
  await photograph(page, 'consultation-phone');
  await page.getByRole('table', { name: 'Chẩn đoán' }).scrollIntoViewIfNeeded();
  await photograph(page, 'consultation-phone-diagnosis');
  await assertAccessible(page, 'the consultation on a phone');
  assert.deepEqual(guest.complaints, []);
});

test('Enter goes through the cells of a card in the order in which they are read', async () => {
  await using guest = await consulting.open('Tạ Thị Tuần Tự', { size: 'citizen' });
  const { page } = guest;
  await prescribe(page, 'paracetamol 500', 'Paracetamol 500 mg', ['1', '', '', '1', '5', '']);
  const places = await page.locator('[data-grid=prescription] input').evaluateAll((fields) =>
    fields.map((field) => {
      const { top, left } = field.getBoundingClientRect();
      return Math.round(top) * 1000 + Math.round(left);
    }),
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
});

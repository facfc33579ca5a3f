/** A form of five hundred items: drawn, searched, calculated, and what one key costs in it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { longForm } from './forms.testing.ts';
import { assertAccessible } from './support/accessible.ts';
import { box, Filling } from './support/filling.ts';
import { photograph } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
let filling: Filling;

before(async () => {
  province = await openProvince({ people: 20 });
  filling = new Filling(province);
  await filling.publish(longForm(500));
});
after(() => province[Symbol.asyncDispose]());

test('five hundred items: in sight at once, all of it there for search and keyboard, calculated as one types', async () => {
  await using guest = await filling.open('thu-rat-dai');
  const { page } = guest;
  await page.getByText('Câu hỏi số 500').waitFor({ state: 'attached' });
  assert.equal(await page.locator('[data-field]').count(), 500);
  await page.getByLabel('Câu hỏi số 499').fill('41');
  await page.waitForFunction(
    () => (document.querySelector('[data-field="nhom-24/cau-499"] input') as HTMLInputElement).value === '42',
  );
  await page.getByRole('button', { name: 'Phần 13' }).click();
  await page.getByLabel('Câu hỏi số 241').waitFor();
  await photograph(page, 'forms-long');
  await assertAccessible(page, 'a long form');
  assert.deepEqual(guest.complaints, []);
});

test('what a form begins with is read while the server is still asked who is signed in, and read once', async () => {
  await using guest = await filling.open('thu-rat-dai');
  const { page } = guest;
  const asked: string[] = [];
  const answered = Promise.withResolvers<void>();
  page.on('response', (answer) => {
    if (!answer.url().includes('/api/forms/open/')) return;
    asked.push(answer.url());
    answered.resolve();
  });
  await page.route('**/api/access/me', async (route) => {
    await answered.promise;
    await route.continue();
  });
  await page.reload();
  await page.locator('[data-field]').first().waitFor();
  await page.getByText('Câu hỏi số 500').waitFor({ state: 'attached', timeout: 30_000 });
  assert.equal(asked.length, 1);
  assert.deepEqual(guest.complaints, []);
});

test('a key in a form of five hundred items lays out its own box alone, and what it calculates stands in the same frame', async () => {
  await using guest = await filling.open('thu-rat-dai');
  const { page } = guest;
  await page.getByText('Câu hỏi số 500').waitFor({ state: 'attached', timeout: 30_000 });
  await box(page, 'Câu hỏi số 1').fill('mệt');
  await page.keyboard.press('End');
  const layouts = await layoutsOf(guest.context, page, () => typeByFrames(page, 'mỏi'));
  assert.ok(layouts.length >= 3, `${layouts.length} layouts were seen`);
  assert.ok(Math.max(...layouts) <= 10, `laid out: ${layouts.join(', ')} objects`);

  await box(page, 'Câu hỏi số 9').focus();
  await page.evaluate(() => {
    const here = window as unknown as { shown: string[] };
    here.shown = [];
    const labels = [...document.querySelectorAll('label')];
    const dependent = labels.find((one) => one.textContent === 'Câu hỏi số 10')!.control as HTMLInputElement;
    document.addEventListener('input', () => requestAnimationFrame(() => here.shown.push(dependent.value)));
  });
  const dependent = await layoutsOf(guest.context, page, () => typeByFrames(page, '47'));
  assert.ok(Math.max(...dependent) <= 10, `with what is calculated: ${dependent.join(', ')} objects`);
  await page.waitForFunction(() => (window as unknown as { shown: string[] }).shown.length === 2);
  const shown = await page.evaluate(() => (window as unknown as { shown: string[] }).shown);
  assert.deepEqual(shown, ['5', '48']);
});

/** One letter a frame: a quick machine draws several at once otherwise. */
async function typeByFrames(page: Page, text: string): Promise<void> {
  for (const letter of text) {
    await page.keyboard.type(letter);
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
  }
}

/** How many objects each layout of the page had to look at while `act` went on. */
async function layoutsOf(context: BrowserContext, page: Page, act: () => Promise<void>): Promise<number[]> {
  const devtools = await context.newCDPSession(page);
  const found: number[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => {
    for (const one of value as unknown as { name: string; args?: { beginData?: { totalObjects: number } } }[])
      if (one.name === 'Layout' && one.args?.beginData) found.push(one.args.beginData.totalObjects);
  });
  const complete = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline'] },
  });
  await act();
  await devtools.send('Tracing.end');
  await complete;
  await devtools.detach();
  return found;
}

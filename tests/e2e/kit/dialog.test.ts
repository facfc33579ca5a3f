/** What lies over the screen, and the kit's looks for everyone: contrast, names, themes, phone (ui.md). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser, type Size, visit } from '../support/browser.ts';
import { type Gallery, openGallery } from '../support/gallery.ts';
import { focusedName } from '../support/keyboard.ts';
import { photograph, sidewaysScroll } from '../support/photograph.ts';
import { queueAnswer } from '../support/queue-answer.ts';

let browser: Browser;
let gallery: Gallery;

before(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
  gallery.answers.set('/api/queue', queueAnswer);
});

after(async () => {
  await browser.close();
  await gallery[Symbol.asyncDispose]();
});

test('a dialog takes the keyboard, closes off the keys below, and gives the focus back', async () => {
  await using guest = await visit(browser, gallery.address);
  const { page } = guest;
  await page.goto('/saying');
  await page.getByRole('button', { name: 'F9 In' }).waitFor();
  await page.keyboard.press('F9');
  const opener = page.getByRole('button', { name: 'Mở hộp thoại' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Hủy phiếu thu 000123' }).waitFor();
  assert.equal(await focusedName(page), 'Lý do hủy');
  await page.keyboard.press('F9');
  assert.equal(await page.getByTestId('ran').textContent(), 'in ');
  await assertAccessible(page, 'the dialog');
  await photograph(page, 'kit-dialog');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.waitForFunction(() => document.activeElement?.textContent === 'Mở hộp thoại');
  await page.keyboard.press('F9');
  assert.equal(await page.getByTestId('ran').textContent(), 'in in ');
  assert.deepEqual(guest.complaints, []);
});

const PAGES: [string, Size[]][] = [
  ['/fields', ['staff', 'citizen']],
  ['/form', ['staff', 'citizen']],
  ['/list', ['staff', 'citizen']],
  ['/list?loc=none', ['staff']],
  ['/list?loc=broken', ['staff']],
  ['/person', ['staff', 'citizen']],
  ['/person?theme=contrast', ['staff']],
  ['/saying', ['staff', 'citizen']],
  ['/conflict', ['staff', 'citizen']],
  ['/wall?theme=dark', ['wall']],
];

for (const [address, sizes] of PAGES) {
  for (const size of sizes) {
    test(`${address} at ${size} size is accessible and does not scroll sideways`, async () => {
      await using guest = await visit(browser, gallery.address, size);
      const { page } = guest;
      await page.goto(address);
      await page.getByRole('heading').first().waitFor({ state: 'attached' });
      await page.waitForLoadState('networkidle');
      await photograph(page, `kit${address.replace(/[/?=]/g, '-')}.${size}`);
      assert.equal(await sidewaysScroll(page), 0);
      await assertAccessible(page, address);
      assert.deepEqual(guest.complaints, []);
    });
  }
}

test('on paper a page is black on white and carries no buttons', async () => {
  await using guest = await visit(browser, gallery.address);
  const { page } = guest;
  await page.goto('/person?theme=dark');
  await page.getByText('Nguyễn Hoàng Khánh Quỳnh Như').waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: 'Mở lượt khám' }).isVisible(), false);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(paper, 'rgb(255, 255, 255)');
});

test('nothing moves for people who asked for less motion', async () => {
  await using guest = await visit(browser, gallery.address);
  const { page } = guest;
  await page.goto('/saying');
  const longest = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('*')].flatMap((element) => {
        const style = getComputedStyle(element);
        return [style.animationDuration, style.transitionDuration].flatMap((text) =>
          text.split(',').map(parseFloat),
        );
      }),
    ),
  );
  assert.equal(longest, 0);
});

/** Worklists in a real browser (ui.md, Behaviour 2). */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../support/browser.ts';
import { type Gallery, openGallery } from '../support/gallery.ts';
import { photograph } from '../support/photograph.ts';
import { queueAnswer } from '../support/queue-answer.ts';

let browser: Browser;
let gallery: Gallery;

before(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
});

beforeEach(() => gallery.answers.set('/api/queue', queueAnswer));

after(async () => {
  await browser.close();
  await gallery[Symbol.asyncDispose]();
});

async function list(use: (page: Page) => Promise<void>, address = '/list'): Promise<void> {
  await using guest = await visit(browser, gallery.address);
  await guest.page.goto(address);
  await use(guest.page);
  assert.deepEqual(guest.complaints, []);
}

test('a thousand rows are drawn a window at a time, page after page from the server', () =>
  list(async (page) => {
    await page.getByText('1.000 dòng').waitFor();
    const grid = page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '1000');
    for (let last = 99; last < 1000; last += 100) {
      await grid.evaluate((box) => box.scrollTo(0, box.scrollHeight));
      await page.getByText(`p${last}`, { exact: true }).waitFor();
    }
    assert.ok((await page.getByRole('row').count()) < 60);
  }));

test('a page that holds nothing of what is asked for is not the end of the list', () =>
  list(async (page) => {
    await page.getByText('p900', { exact: true }).waitFor();
    assert.equal(await page.getByText('Chưa có ai chờ').count(), 0);
  }, '/list?loc=late'));

test('the list takes the keyboard; arrows, page and end keys select, Enter opens, row acts have their keys', () =>
  list(async (page) => {
    await page.getByText('1.000 dòng').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await page.getByTestId('opened').textContent(), 'p2');
    await page.getByRole('button', { name: 'F8 Gọi' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('F8');
    assert.equal(await page.getByTestId('opened').textContent(), 'gọi p99');
    const active = await page.getByRole('grid').getAttribute('aria-activedescendant');
    assert.match((await page.locator(`[id="${active}"]`).textContent()) ?? '', /p99/);
  }));

test('the selection follows its person when rows above change', () =>
  list(async (page) => {
    await page.getByText('1.000 dòng').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    gallery.answers.set('/api/queue', (request, raw) => {
      const given = queueAnswer(request, raw) as { body: { rows: unknown[] } };
      return { body: { ...given.body, rows: given.body.rows.slice(1) } };
    });
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await page.waitForTimeout(5200);
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('p0', { exact: true }).waitFor({ state: 'detached' });
    assert.match((await page.getByRole('row', { selected: true }).textContent()) ?? '', /p2/);
  }));

test('filters are chips kept in the URL, and survive reload and back', () =>
  list(async (page) => {
    await page.getByRole('button', { name: 'Không có ai' }).click();
    await page.getByText('Chưa có ai chờ').waitFor();
    assert.match(page.url(), /\?loc=none$/);
    await page.reload();
    await page.getByText('Người mới tiếp đón sẽ hiện ở đây').waitFor();
    assert.equal(
      await page.getByRole('button', { name: 'Không có ai' }).getAttribute('aria-pressed'),
      'true',
    );
  }));

test('a list that cannot be read says what happened and reads again when asked', () =>
  list(async (page) => {
    await page.getByText('Ổ đĩa máy chủ đã đầy. Chưa mất gì; báo người quản trị.').waitFor();
    gallery.answers.set('/api/queue', ({ url, ...rest }, raw) => {
      url.searchParams.set('filter', 'all');
      return queueAnswer({ url, ...rest }, raw);
    });
    await page.getByRole('button', { name: 'Thử lại' }).click();
    await page.getByText('1.000 dòng').waitFor();
  }, '/list?loc=broken'));

test('a next page that cannot be read is said beneath the rows that are here, and read when asked', () =>
  list(async (page) => {
    let asked = 0;
    gallery.answers.set('/api/queue', ({ url, ...rest }, raw) => {
      if (url.searchParams.get('cursor') !== '100') return queueAnswer({ url, ...rest }, raw);
      asked += 1;
      url.searchParams.set('filter', asked === 1 ? 'broken' : 'all');
      return queueAnswer({ url, ...rest }, raw);
    });
    await page.getByText('1.000 dòng').waitFor();
    await page.getByRole('grid').press('End');
    const told = page.getByRole('alert');
    await told.getByText('Chưa đọc được các dòng tiếp theo').waitFor();
    await told.getByText('Ổ đĩa máy chủ đã đầy.').waitFor();
    await page.getByText('p99', { exact: true }).waitFor();
    // Looking around asks for nothing by itself.
    await page.getByRole('grid').press('Home');
    await page.getByRole('grid').press('End');
    await page.getByText('p99', { exact: true }).waitFor();
    assert.equal(asked, 1);
    await photograph(page, 'list-next-failed');
    await told.getByRole('button', { name: 'Thử lại' }).click();
    await told.waitFor({ state: 'detached' });
    await page.getByRole('grid').press('End');
    await page.getByText('p199', { exact: true }).waitFor();
    assert.equal(asked, 2);
  }));

test('a wait longer than 200 ms shows skeletons, a shorter one shows nothing', () =>
  list(async (page) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    gallery.answers.set('/api/queue', async (request, raw) => {
      await held;
      return queueAnswer(request, raw);
    });
    await page.reload();
    const skeleton = page.getByLabel('Đang đọc…');
    await skeleton.waitFor({ state: 'attached' });
    await page.waitForFunction(() =>
      document.querySelector('[aria-label="Đang đọc…"]')?.checkVisibility({ visibilityProperty: true }),
    );
    release();
    await page.getByText('1.000 dòng').waitFor();
    assert.equal(await skeleton.count(), 0);
  }));

test('a column can be hidden, and stays hidden on this machine', () =>
  list(async (page) => {
    await page.getByText('1.000 dòng').waitFor();
    await page.getByRole('button', { name: 'Chọn cột' }).click();
    await page.getByRole('checkbox', { name: 'Mã' }).uncheck();
    assert.equal(await page.getByRole('columnheader', { name: 'Mã' }).count(), 0);
    await page.reload();
    await page.getByText('1.000 dòng').waitFor();
    assert.equal(await page.getByRole('columnheader', { name: 'Mã' }).count(), 0);
  }));

test('filters are kept under a name, found again, and their removal can be undone', () =>
  list(async (page) => {
    await page.getByRole('button', { name: 'Đang chờ 640' }).click();
    await page.getByRole('button', { name: 'Bộ lọc đã lưu' }).click();
    await page.getByRole('menuitem', { name: 'Lưu bộ lọc đang xem…' }).click();
    await page.getByLabel('Tên', { exact: true }).fill('Buổi sáng');
    await page.keyboard.press('Enter');
    await page.goto('/list');
    await page.getByRole('button', { name: 'Bộ lọc đã lưu' }).click();
    await page.getByRole('menuitem', { name: 'Buổi sáng' }).click();
    await page.waitForURL(/\?loc=waiting$/);
    await page.getByRole('button', { name: 'Bộ lọc đã lưu' }).click();
    await page.getByRole('menuitem', { name: 'Xóa bộ lọc Buổi sáng' }).click();
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    await page.getByRole('button', { name: 'Bộ lọc đã lưu' }).click();
    await page.getByRole('menuitem', { name: 'Buổi sáng', exact: true }).waitFor();
  }));

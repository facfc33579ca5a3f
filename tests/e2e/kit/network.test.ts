/** A screen without its server: off line is a state, not an error (ui.md, Behaviour 7). */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../support/browser.ts';
import { type Gallery, openGallery } from '../support/gallery.ts';
import { queueAnswer } from '../support/queue-answer.ts';

let browser: Browser;
let gallery: Gallery;
/** Open streams of pushed messages, newest last. */
let streams: { topics: string[]; raw: ServerResponse }[] = [];

before(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
});

beforeEach(() => {
  streams = [];
  gallery.answers.set('/api/queue', queueAnswer);
  gallery.answers.set('/api/events', ({ url }, raw) => {
    raw.writeHead(200, { 'content-type': 'text/event-stream' });
    raw.write('retry: 200\n\n');
    streams.push({ topics: url.searchParams.getAll('topic'), raw });
    return undefined;
  });
});

after(async () => {
  await browser.close();
  await gallery[Symbol.asyncDispose]();
});

async function open(address: string, use: (page: Page) => Promise<void>): Promise<void> {
  await using guest = await visit(browser, gallery.address);
  await guest.page.goto(address);
  await use(guest.page);
  assert.deepEqual(guest.complaints, []);
}

const connection = (page: Page, state: 'here' | 'lost') =>
  page.locator(`[data-connection=${state}]`).waitFor({ state: 'attached', timeout: 20_000 });

test('a worklist survives ten seconds without network: keeps its rows, says so, and is read again afterwards', () =>
  open('/list', async (page) => {
    await page.getByText('1.000 dòng').waitFor();
    await gallery.leave();
    await connection(page, 'lost');
    await page.getByRole('grid').evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.waitForTimeout(10_000);
    assert.equal(await page.getByText('1.000 dòng').count(), 1);
    assert.equal(await page.getByText('Chưa đọc được').count(), 0);
    gallery.answers.set('/api/queue', (request, raw) => {
      const given = queueAnswer(request, raw) as { body: { rows: object[] } };
      return { body: { ...given.body, total: 999 } };
    });
    await gallery.comeBack();
    await connection(page, 'here');
    await page.getByText('999 dòng').waitFor({ timeout: 20_000 });
  }));

test('an act sent into a lost network waits, and happens once when the server is back: same idempotency key', () =>
  open('/form', async (page) => {
    const keys: unknown[] = [];
    // The first time the act arrives, and the answer does not.
    gallery.answers.set('/api/people', ({ headers }, raw) => {
      keys.push(headers['idempotency-key']);
      if (keys.length > 1) return { status: 201, body: { id: 'người số 1' } };
      raw.destroy();
      return undefined;
    });
    await page.getByLabel('Họ và tên').fill('Trần Thị Bưởi');
    await page.getByLabel('Ngày sinh').fill('1985');
    await page.keyboard.press('Control+Enter');
    await page.getByText('người số 1').waitFor({ timeout: 20_000 });
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
  }));

test('an expired session keeps the form as it is and the act waits for signing in again', () =>
  open('/form', async (page) => {
    let refused = 0;
    gallery.answers.set('/api/people', () => {
      refused++;
      return {
        status: 401,
        body: { error: { code: 'sign-in-required', text: 'Bạn cần đăng nhập.', issues: [] } },
      };
    });
    await page.getByLabel('Họ và tên').fill('Trần Thị Bưởi');
    await page.getByLabel('Ngày sinh').fill('1985');
    await page.keyboard.press('Control+Enter');
    await page.locator('[data-session=expired]').waitFor({ state: 'attached' });
    assert.equal(refused, 1);
    assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Trần Thị Bưởi');
    assert.equal(await page.getByRole('alert').count(), 0);
  }));

test('a pushed message refreshes the list; all topics of a page share one connection', () =>
  open('/list', async (page) => {
    await page.getByText('1.000 dòng').waitFor();
    await until(() => streams.length > 0);
    gallery.answers.set('/api/queue', () => ({ body: { rows: [], total: 0, next: null } }));
    streams.at(-1)!.raw.write(`data: ${JSON.stringify({ topic: 'queue/1', message: {} })}\n\n`);
    await page.getByText('Chưa có ai chờ').waitFor();
    assert.deepEqual(
      streams.map((stream) => stream.topics),
      [['queue/1']],
    );
  }));

test('when the connection of pushed messages breaks it is opened again and what was missed is read', () =>
  open('/list', async (page) => {
    await page.getByText('1.000 dòng').waitFor();
    await until(() => streams.length > 0);
    gallery.answers.set('/api/queue', () => ({ body: { rows: [], total: 0, next: null } }));
    streams.at(-1)!.raw.destroy();
    await page.getByText('Chưa có ai chờ').waitFor({ timeout: 20_000 });
    assert.ok(streams.length >= 2);
  }));

/** Waits for what the server of this test has seen. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 20));
}

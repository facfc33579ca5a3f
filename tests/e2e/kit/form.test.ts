/** Forms in a real browser: Enter goes on, nothing typed is ever lost, faults are jumped to (ui.md, Behaviour 3). */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../support/browser.ts';
import { type Answer, type Gallery, openGallery } from '../support/gallery.ts';
import { compose, focusedName } from '../support/keyboard.ts';

let browser: Browser;
let gallery: Gallery;
let received: { body: unknown; key: unknown }[] = [];

const accept: Answer = ({ body, headers }) => {
  received.push({ body, key: headers['idempotency-key'] });
  return { status: 201, body: { id: 'người số 1' } };
};

before(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
});

beforeEach(() => {
  received = [];
  gallery.answers.set('/api/people', accept);
});

after(async () => {
  await browser.close();
  await gallery[Symbol.asyncDispose]();
});

async function form(use: (page: Page) => Promise<void>): Promise<void> {
  await using guest = await visit(browser, gallery.address);
  await guest.page.goto('/form');
  await guest.page.getByLabel('Họ và tên').waitFor();
  await use(guest.page);
  assert.deepEqual(guest.complaints, []);
}

test('Enter goes to the next field and Ctrl+Enter finishes, by keyboard alone', () =>
  form(async (page) => {
    await page.getByLabel('Họ và tên').focus();
    await page.keyboard.type('Trần Thị Bưởi');
    await page.keyboard.press('Enter');
    assert.equal(await focusedName(page), 'Ngày sinh');
    await page.keyboard.type('070285');
    await page.keyboard.press('Enter');
    assert.equal(await focusedName(page), 'Cân nặng');
    await page.keyboard.type('52,5');
    await page.keyboard.press('Enter');
    assert.equal(await focusedName(page), 'Ghi chú');
    await page.keyboard.press('Control+Enter');
    await page.getByText('người số 1').waitFor();
    assert.deepEqual(received[0]?.body, {
      name: 'Trần Thị Bưởi',
      born: '1985-02-07',
      weight: 52.5,
      note: '',
    });
    assert.match(String(received[0]?.key), /^[0-9a-f]{32}$/);
  }));

test('Enter that belongs to a composed letter does not leave the field', () =>
  form(async (page) => {
    await page.getByLabel('Họ và tên').focus();
    await compose(page, ['H', 'Ho', 'Hoa', 'Hòa'], 'Hòa');
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'ng', selectionStart: 2, selectionEnd: 2 });
    await page.evaluate(() => {
      const enter = new KeyboardEvent('keydown', {
        key: 'Enter',
        bubbles: true,
        cancelable: true,
        isComposing: true,
      });
      document.activeElement?.dispatchEvent(enter);
    });
    assert.equal(await focusedName(page), 'Họ và tên');
  }));

test('what is typed survives a reload and is forgotten once it is saved', () =>
  form(async (page) => {
    await page.getByLabel('Họ và tên').fill('Lê Văn Đạt');
    await page.getByLabel('Ngày sinh').fill('1985');
    await page.reload();
    await page.getByText('Đã mở lại phần gõ dở trước đó.').waitFor();
    assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Lê Văn Đạt');
    assert.equal(await page.getByLabel('Ngày sinh').inputValue(), '1985');
    await page.keyboard.press('Control+Enter');
    await page.getByText('người số 1').waitFor();
    assert.equal(await draftsOf(page), 0);
    await page.reload();
    await page.getByLabel('Họ và tên').waitFor();
    assert.equal(await page.getByLabel('Họ và tên').inputValue(), '');
  }));

test('a draft can be thrown away', () =>
  form(async (page) => {
    await page.getByLabel('Họ và tên').fill('Nháp');
    await page.reload();
    await page.getByRole('button', { name: 'Bỏ, làm lại từ đầu' }).click();
    assert.equal(await page.getByLabel('Họ và tên').inputValue(), '');
    assert.equal(await draftsOf(page), 0);
  }));

test('faults are summed up, take the focus, and each line jumps to its field', () =>
  form(async (page) => {
    await page.getByRole('button', { name: 'Lưu', exact: true }).click();
    await page.getByText('Còn 2 chỗ cần sửa:').waitFor();
    await page.getByRole('button', { name: 'Ngày sinh: Ghi ngày sinh hoặc năm sinh.' }).click();
    assert.equal(await focusedName(page), 'Ngày sinh');
    await page.keyboard.type('1985');
    assert.equal(await page.getByText('Còn 1 chỗ cần sửa:').count(), 1);
    assert.deepEqual(received, []);
  }));

test('putting one fault right leaves the keyboard where it is, though others remain', () =>
  form(async (page) => {
    await page.keyboard.press('Control+Enter');
    await page.getByText('Còn 2 chỗ cần sửa').waitFor();
    await page.getByLabel('Họ và tên').focus();
    await page.keyboard.type('Trần Thị Bưởi');
    assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Trần Thị Bưởi');
    await page.getByText('Còn 1 chỗ cần sửa').waitFor();
    assert.equal(await focusedName(page), 'Họ và tên');
  }));

test("the server's issues stand at the fields they name", () =>
  form(async (page) => {
    gallery.answers.set('/api/people', () => ({
      status: 422,
      body: {
        error: {
          code: 'business-rule',
          text: 'Ngày sinh ở tương lai.',
          issues: [{ severity: 'error', text: 'Ngày sinh ở tương lai.', expression: 'born' }],
        },
      },
    }));
    await page.getByLabel('Họ và tên').fill('A');
    await page.getByLabel('Ngày sinh').fill('1/1/2030');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Ngày sinh: Ngày sinh ở tương lai.' }).click();
    assert.equal(await focusedName(page), 'Ngày sinh');
    assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'A');
  }));

test('a refusal that belongs to no field is said above the form, and nothing is lost', () =>
  form(async (page) => {
    gallery.answers.set('/api/people', () => ({
      status: 507,
      body: { error: { code: 'disk-full', text: 'Ổ đĩa đã đầy. Chưa ghi gì.', issues: [] } },
    }));
    await page.getByLabel('Họ và tên').fill('A');
    await page.getByLabel('Ngày sinh').fill('1985');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').filter({ hasText: 'Ổ đĩa đã đầy. Chưa ghi gì.' }).waitFor();
    assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'A');
  }));

test('what can be undone offers it for eight seconds instead of asking first (ui.md, Behaviour 4)', () =>
  form(async (page) => {
    await page.getByLabel('Họ và tên').fill('A');
    await page.getByLabel('Ngày sinh').fill('1985');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    await page.getByText('đã hoàn tác').waitFor();
  }));

test('two people on one record: both versions side by side, the chosen fields on top of the other version', async () => {
  await using guest = await visit(browser, gallery.address);
  const { page } = guest;
  await page.goto('/conflict');
  await page.getByRole('radio', { name: 'Điện thoại, Bản vừa được lưu: 0000999888' }).check();
  assert.equal(await page.getByText('Thôn Đông').count(), 0);
  await page.getByRole('button', { name: 'Lưu bản đã chọn' }).click();
  assert.deepEqual(JSON.parse((await page.getByTestId('kept').textContent()) ?? ''), {
    name: 'Trần Thị Bưởi',
    birthDate: '1985-02-07',
    phone: '0000999888',
    address: 'Thôn Đông',
  });
});

function draftsOf(page: Page): Promise<number> {
  return page.evaluate(
    () => Object.keys(localStorage).filter((name) => name.startsWith('yba.draft.')).length,
  );
}

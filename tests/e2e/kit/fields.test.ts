/** Fields of the kit in a real browser (ui.md, Behaviour 1 and 3). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../support/browser.ts';
import { type Gallery, openGallery } from '../support/gallery.ts';
import { compose } from '../support/keyboard.ts';

let browser: Browser;
let gallery: Gallery;
/** What was searched for, in order. */
let asked: string[] = [];

const CODES = [
  { code: 'J02', label: 'Viêm họng cấp' },
  { code: 'J06.9', label: 'Nhiễm khuẩn hô hấp trên cấp, không phân loại', note: '3 lần' },
  { code: 'J20', label: 'Viêm phế quản cấp' },
];

before(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
  gallery.answers.set('/api/codes', async ({ url }) => {
    const typed = url.searchParams.get('q') ?? '';
    asked.push(typed);
    const code = typed.toUpperCase();
    const rows = CODES.filter((one) => one.code.startsWith(code) || /viêm|viem/i.test(typed));
    return { body: typed === 'zzz' ? [] : rows };
  });
});

after(async () => {
  await browser.close();
  await gallery[Symbol.asyncDispose]();
});

async function fields(use: (page: Page) => Promise<void>): Promise<void> {
  asked = [];
  await using guest = await visit(browser, gallery.address);
  await guest.page.goto('/fields');
  await use(guest.page);
  assert.deepEqual(guest.complaints, []);
}

test('composition of Telex is never interrupted: no search while a letter is composed, one after it stands', () =>
  fields(async (page) => {
    await page.getByRole('combobox', { name: 'Chẩn đoán chính' }).focus();
    await compose(page, ['v', 'vi', 'vie', 'viê', 'viêm'], 'viêm');
    await page.getByRole('listbox').getByRole('option').first().waitFor();
    assert.deepEqual(asked, ['viêm']);
    assert.equal(await page.getByRole('combobox', { name: 'Chẩn đoán chính' }).inputValue(), 'viêm');
  }));

test('Enter that ends a composition chooses nothing and leaves the field where it is', () =>
  fields(async (page) => {
    const box = page.getByRole('combobox', { name: 'Chẩn đoán chính' });
    await box.fill('viem');
    await page.getByRole('listbox').getByRole('option').first().waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'ô', selectionStart: 1, selectionEnd: 1 });
    await session.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key: 'Process',
      windowsVirtualKeyCode: 229,
    });
    assert.match(await box.inputValue(), /ô/);
    await session.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'combobox');
  }));

test('results come as you type from three letters, the best match is selected, Enter takes it', () =>
  fields(async (page) => {
    const box = page.getByRole('combobox', { name: 'Chẩn đoán chính' });
    await box.focus();
    await page.keyboard.type('vi');
    await page.waitForTimeout(300);
    assert.deepEqual(asked, []);
    await page.keyboard.type('em');
    await page.getByRole('listbox').getByRole('option', { selected: true }).waitFor();
    assert.match(
      (await page.getByRole('listbox').getByRole('option', { selected: true }).textContent()) ?? '',
      /J02/,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    assert.equal(await box.inputValue(), 'Viêm phế quản cấp');
    assert.equal(await page.getByRole('listbox').getByRole('option').count(), 0);
  }));

test('Enter pressed before the answer takes an exact code and never a line found for other words', () =>
  fields(async (page) => {
    const list = page.getByRole('combobox', { name: 'Thêm vào danh sách' });
    await list.focus();
    await page.keyboard.type('viem');
    await page.getByRole('listbox').getByRole('option').first().waitFor();
    // The first line on the screen is J02; these letters ask for another.
    await page.keyboard.press('Control+a');
    await page.keyboard.type('j20');
    await page.keyboard.press('Enter');
    await page.getByTestId('chosen').filter({ hasText: 'J20' }).waitFor();
    assert.equal(await page.getByTestId('chosen').textContent(), 'J20');
    assert.equal(await list.inputValue(), '');
  }));

test('a search without result says what to do', () =>
  fields(async (page) => {
    await page.getByRole('combobox', { name: 'Chẩn đoán chính' }).fill('zzz');
    await page.getByText('Không có kết quả. Thử ít chữ hơn hoặc bỏ dấu.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Không có kết quả').waitFor({ state: 'hidden' });
  }));

test('a search that loses the network says so and finds again when typing goes on', () =>
  fields(async (page) => {
    await gallery.leave();
    const box = page.getByRole('combobox', { name: 'Chẩn đoán chính' });
    await box.fill('viem');
    await page.getByText('Chưa tìm được.').waitFor();
    await gallery.comeBack();
    await box.fill('viem h');
    await page.getByRole('listbox').getByRole('option').first().waitFor();
  }));

test('what was typed and not chosen goes back to what was chosen', () =>
  fields(async (page) => {
    const box = page.getByRole('combobox', { name: 'Chẩn đoán chính' });
    await box.fill('j02');
    await page.getByRole('listbox').getByRole('option').first().click();
    await box.fill('j20');
    await page.keyboard.press('Tab');
    assert.equal(await box.inputValue(), 'Viêm họng cấp');
  }));

test('dates accept 070285, 7/2/85 and 1985, and say the weekday', () =>
  fields(async (page) => {
    const box = page.getByLabel('Ngày sinh');
    for (const [typed, shown] of [
      ['070285', '07/02/1985'],
      ['7/2/85', '07/02/1985'],
      ['2/1985', '02/1985'],
      ['1985', '1985'],
    ] as const) {
      await box.fill(typed);
      await box.blur();
      assert.equal(await box.inputValue(), shown);
    }
    await box.fill('070285');
    await page.getByText('Thứ Năm').waitFor();
  }));

test('a date that cannot be read stays in the box with an example beside it', () =>
  fields(async (page) => {
    const box = page.getByLabel('Ngày sinh');
    await box.fill('31/2/85');
    assert.equal(await box.getAttribute('aria-invalid'), null);
    await box.blur();
    await page.getByText('Không đọc được ngày này').waitFor();
    assert.equal(await box.inputValue(), '31/2/85');
    assert.equal(await box.getAttribute('aria-invalid'), 'true');
  }));

test('numbers accept comma and point, keep what was typed, and warn about a likely slip', () =>
  fields(async (page) => {
    const weight = page.getByLabel('Cân nặng');
    await weight.fill('36.5');
    await weight.blur();
    assert.equal(await weight.inputValue(), '36,5');
    await weight.fill('365');
    await page.getByText('Cao hơn 250').waitFor();
    await weight.fill('3a');
    await page.getByText('Không đọc được số này').waitFor();
    assert.equal(await weight.inputValue(), '3a');
    const price = page.getByLabel('Tạm ứng');
    await price.fill('1500000');
    await price.blur();
    assert.equal(await price.inputValue(), '1.500.000');
  }));

/** The patient card of the province: scanned at a desk, by a reader that types and by the camera; and checked by anybody. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { scanned } from '../../engines/documents/fixtures/scan.ts';
import { assertAccessible } from './support/accessible.ts';
import { arrivalOf, putAll } from './support/arrival.ts';
import { holdBeforeCamera } from './support/camera.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
before(async () => {
  province = await openProvince({ people: 20 });
});
after(() => province[Symbol.asyncDispose]());

const NAME = 'Đỗ Hoàng Ẵm Thị Phương Quỳnh';

async function cardOf(serial: number): Promise<string> {
  const { patient, resources } = arrivalOf(province, {
    name: NAME,
    citizenNumber: `09922400${7100 + serial}`,
    ticket: String(700 + serial),
    birthDate: '2024-02-09',
  });
  await putAll(province, resources);
  await using nurse = await province.signIn('dieuduong');
  const made = await nurse.page.request.post('/api/documents/papers/patient-card', {
    data: { subject: `Patient/${patient}` },
    headers: { origin: province.program.address, accept: 'application/json' },
  });
  const { data } = (await made.json()) as { data: string };
  return scanned(new Pdf(Buffer.from(data, 'base64')).pictures()[0]!)!;
}

const FIND = /Quét thẻ căn cước/;

test('a reader that types the card opens the person at the desk', async () => {
  const card = await cardOf(1);
  await using desk = await province.signIn('letan');
  const { page } = desk;
  await page.goto('/tiep-don');
  await page.getByRole('combobox', { name: FIND }).and(page.locator(':focus')).waitFor();
  await page.keyboard.insertText(card);
  await page.keyboard.press('Enter');
  await page.getByText(NAME).first().waitFor();
  await page.getByText('Lượt khám').first().waitFor();
  assert.deepEqual(desk.complaints, []);
});

test('the camera opens the person at the desk, and is closed then', async () => {
  const card = await cardOf(2);
  await using desk = await province.signIn('letan');
  const { page } = desk;
  await holdBeforeCamera(page, card, { kind: 'qrcode', side: 620 });
  await page.goto('/tiep-don');
  await page.getByRole('combobox', { name: FIND }).waitFor();
  await assertAccessible(page, 'reception-camera');
  await page.getByRole('button', { name: 'Quét bằng máy ảnh' }).click();
  await page.getByText('Lượt khám').first().waitFor();
  await page.getByText(NAME).first().waitFor();
  assert.equal(await page.locator('video').count(), 0);
  assert.deepEqual(desk.complaints, []);
});

test('an altered card at the desk is named as perhaps forged', async () => {
  const card = await cardOf(3);
  const at = card.length - 30;
  await using desk = await province.signIn('letan');
  const { page } = desk;
  await page.goto('/tiep-don');
  await page.getByRole('combobox', { name: FIND }).and(page.locator(':focus')).waitFor();
  await page.keyboard.insertText(`${card.slice(0, at)}${card[at] === '1' ? '0' : '1'}${card.slice(at + 1)}`);
  await page.keyboard.press('Enter');
  await page.getByText(/có thể là thẻ giả/).waitFor();
});

test('anybody checks a card by the camera of a phone', async () => {
  const card = await cardOf(4);
  await using stranger = await province.open('citizen');
  const { page } = stranger;
  await holdBeforeCamera(page, card, { kind: 'qrcode', side: 620 });
  await page.goto('/kiem-tra');
  await page.waitForFunction(() => localStorage.getItem('yb-cards-known') !== null);
  await page.getByRole('button', { name: 'Quét bằng máy ảnh' }).click();
  await page.getByText('Giấy thật, chữ ký đúng').waitFor();
  await photograph(page, 'card-camera', ['citizen', 'staff']);
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(stranger.complaints, []);
});

test('a camera that may not be used is said, with what to do instead', async () => {
  await using stranger = await province.open('citizen');
  const { page } = stranger;
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.goto('/kiem-tra');
  await page.getByRole('button', { name: 'Quét bằng máy ảnh' }).click();
  await page.getByText(/Không mở được máy ảnh/).waitFor();
});

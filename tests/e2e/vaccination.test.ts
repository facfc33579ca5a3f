/** A station's other work with vaccines: doses that are paid for, doses elsewhere, a campaign, a vial before the camera; and the province's numbers. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Address, Immunization, Patient, Resource } from '../../kernel/fhir/types.ts';
import { ec, made } from '../../modules/documents/cards/hcert.testing.ts';
import {
  type ImmunisationSimulator,
  openImmunisationSimulator,
} from '../simulators/immunisation-register.ts';
import { assertAccessible } from './support/accessible.ts';
import { holdBeforeCamera } from './support/camera.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const GIRL = 'Lưu Thị Ẵm Hoàng Phương Quỳnh';
const NUMBER = '099226088001';
const CAMPAIGN = 'chien-dich-soi-rubella';
const HERE = import.meta.dirname;
const NOW = new Date('2026-11-22T08:30:00+07:00');

let province: Province;
let register: ImmunisationSimulator;
let girl = '';
const folder = mkdtempSync(join(tmpdir(), 'yba-trusted-'));

before(async () => {
  register = await openImmunisationSimulator();
  mkdirSync(join(folder, 'cards'));
  const { kid, name, jwk } = ec.trusted;
  writeFileSync(
    join(folder, 'cards', 'trusted-keys.csv'),
    `country,name,kid,kty,crv,x,y,n,e,valid_from,valid_to,source,status\nVN,${name},${kid},${jwk.kty},${jwk.crv},${jwk.x},${jwk.y},,,,,thử,demo\n`,
  );
  province = await openProvince({
    people: 400,
    // A Sunday within the days of the campaign.
    now: () => NOW,
    settings: {
      content: [join(HERE, '../../modules/programmes/campaign/content'), folder],
      immunisation: register.address,
      peers: [register.peer],
    },
  });
  girl = await makeGirl();
  await province.program.kernel.events.settled();
});
after(async () => {
  await province[Symbol.asyncDispose]();
  await register[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function put(...resources: Resource[]): Promise<void> {
  await province.program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}

async function addressOfStation(): Promise<Address> {
  const { matches } = await province.program.kernel.gate
    .system('test')
    .search('Organization', [['name', 'Trạm Y tế phường Vĩnh Yên']]);
  return { ...matches[0]!.address![0], line: ['Tổ dân phố số 3'] };
}

/** Twelve years old, with a first dose of hepatitis B here. */
async function makeGirl(): Promise<string> {
  const { kernel } = province.program;
  const id = kernel.store.newId('Patient');
  await put(
    {
      resourceType: 'Patient',
      id,
      identifier: [{ system: sid.cccd, value: NUMBER }],
      name: [{ text: GIRL }],
      gender: 'female',
      birthDate: '2014-05-04',
      address: [await addressOfStation()],
    } as Patient,
    {
      resourceType: 'Immunization',
      id: kernel.store.newId('Immunization', id),
      status: 'completed',
      vaccineCode: { coding: [{ system: CVX, code: '08' }] },
      patient: { reference: `Patient/${id}` },
      occurrenceDateTime: '2014-05-04',
      lotNumber: 'VGB14',
    } as Immunization,
  );
  return id;
}

/** The stock, as a receipt would fill it. */
async function receive(page: Page, code: string, lot: string, more: object = {}): Promise<void> {
  const status = await page.evaluate(
    async (body) =>
      (
        await fetch('/api/programmes/stock/receipts', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status,
    { item: `${CVX}|${code}`, lot, expires: '2030-12-31', vials: 20, from: 'CDC', ...more },
  );
  assert.equal(status, 200);
}

async function look(page: Page, name: string): Promise<void> {
  assert.equal(await sidewaysScroll(page), 0, name);
  await assertAccessible(page, name);
  await photograph(page, name, ['staff', 'citizen']);
}

test('a dose is reserved, paid for and given without a mouse', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.clock.setFixedTime(NOW);
  await receive(page, '62', 'HPV-DV', { paid: true });
  await page.goto('/tiem-dich-vu/gia');
  await page.getByText('Gói HPV 4 týp, 3 mũi').waitFor();
  await look(page, 'paid-prices');
  await page.goto('/tiem-dich-vu');
  await page.getByText('Không có mũi tiêm dịch vụ nào trong danh sách này').waitFor();
  await look(page, 'paid-empty');
  await page.keyboard.press('Alt+n');
  await page
    .getByRole('combobox', { name: 'Họ tên, ngày sinh hoặc số giấy tờ' })
    .and(page.locator(':focus'))
    .waitFor();
  await page.keyboard.type('luu thi am hoang');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  const vaccine = page.getByLabel(/^Vắc xin/);
  await vaccine.waitFor();
  await page.getByText(/còn 6/).first().waitFor();
  await look(page, 'paid-order-time');
  await page.getByRole('radio', { name: 'Tiêm ngay' }).focus();
  await page.keyboard.press('Space');
  await vaccine.selectOption(`${CVX}|62`);
  await page.getByText(/^1\.840\.000/).waitFor();
  await look(page, 'paid-order');
  await page.keyboard.press('Control+Enter');
  const row = page.getByRole('row', { name: new RegExp(GIRL) });
  await row.waitFor();
  await look(page, 'paid-unpaid');
  await page.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Thu tiền' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Tiền mặt' }).focus();
  await page.keyboard.press('Space');
  await photograph(page, 'paid-pay', ['staff', 'citizen']);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã thu tiền').first().waitFor();
  await province.program.kernel.events.settled();
  await page.goto('/tiem-dich-vu?loc=today');
  await row.waitFor();
  await page.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Tiêm', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Số lô').fill('HPV-DV');
  await page.getByLabel('Hạn dùng').fill('31/12/2030');
  await page.getByLabel(/Đã khám sàng lọc/).check();
  await photograph(page, 'paid-give', ['staff', 'citizen']);
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Đã lưu. Theo dõi tại chỗ đến/).waitFor();
  await province.program.kernel.events.settled();
  await page.goto('/tiem-dich-vu?loc=done');
  await page.getByText('đã tiêm').first().waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('what another register has lies beside ours: one dose is taken over, one that differs is decided with a reason', async () => {
  register.people.push({
    resourceType: 'Patient',
    id: 'nguoi-1',
    identifier: [{ system: sid.cccd, value: NUMBER }],
    name: [{ text: GIRL.toUpperCase() }],
    birthDate: '2014-05-04',
  });
  const theirs = (id: string, code: string, day: string, lotNumber: string): Immunization => ({
    resourceType: 'Immunization',
    id,
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://www.whocc.no/atc', code }] },
    patient: { reference: 'Patient/nguoi-1' },
    occurrenceDateTime: day,
    lotNumber,
    location: { display: 'Trạm Y tế xã Ở Rất Xa, tỉnh khác' },
  });
  register.doses.push(
    theirs('m1', 'J07BC01', '2014-05-04', 'VGB99'),
    theirs('m2', 'J07BD01', '2015-02-10', 'S15'),
  );
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.clock.setFixedTime(NOW);
  await page.goto(`/mui-tiem-noi-khac/${girl}`);
  await page.getByText('khác nhau').waitFor();
  await look(page, 'link');
  await page.getByRole('button', { name: 'Lấy về' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByLabel('Lấy về hồ sơ này').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('hai bên như nhau').waitFor();
  await page.getByRole('button', { name: 'Xử lý' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: /Giữ như ở đây/ }).check();
  await page.getByLabel('Lý do').fill('Đã xem sổ tiêm: VGB14');
  await photograph(page, 'link-decide', ['staff', 'citizen']);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('giữ như ở đây', { exact: true }).waitFor();
  register.fault('status-500');
  await page.reload();
  await page.getByText('Hệ thống kia trả lời mã 500.').waitFor();
  await photograph(page, 'link-failed', ['staff', 'citizen']);
  register.fault(null);
  await page.getByRole('button', { name: 'Hỏi lại' }).click();
  await page.getByText('giữ như ở đây', { exact: true }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a campaign: from its numbers to a child by name, and the dose moves the number', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.clock.setFixedTime(NOW);
  await page.goto(`/chuong-trinh/${CAMPAIGN}/chien-dich`);
  await page.getByText('Chưa tiêm').first().waitFor();
  await look(page, 'campaign');
  await page.goto(`/chuong-trinh/${CAMPAIGN}/chien-dich/nguoi?ket-qua=left`);
  const list = page.getByRole('grid');
  await list.waitFor();
  await page.getByRole('row').nth(1).waitFor();
  await look(page, 'campaign-people');
  // A count stands once it has been read: none yet is shown as nobody.
  const left = (count: RegExp) => page.locator('.yb-chip', { hasText: 'Chưa tiêm' }).getByText(count);
  const before = Number(await left(/^[1-9]\d*$/).textContent());
  await list.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Tiêm', exact: true }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Số lô').fill('MR-CD');
  await page.getByLabel('Hạn dùng').fill('31/12/2030');
  await page.getByLabel(/Đã khám sàng lọc/).check();
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Đã lưu. Theo dõi tại chỗ đến/).waitFor();
  await province.program.kernel.events.settled();
  await page.goto(`/chuong-trinh/${CAMPAIGN}/chien-dich/nguoi?ket-qua=given`);
  await page.getByRole('row').nth(1).waitFor();
  await left(new RegExp(`^${before - 1}$`)).waitFor();
  await page.goto(`/chuong-trinh/${CAMPAIGN}/chien-dich`);
  await page.getByText('22/11/2026').first().waitFor();
  await look(page, 'campaign-day');
  assert.deepEqual(guest.complaints, []);
});

test('a vial before the camera of a browser that knows no Data Matrix fills the receipt', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.clock.setFixedTime(NOW);
  await holdBeforeCamera(page, '(01)08936000000011(17)301231(10)PENTA26', {
    kind: 'gs1datamatrix',
    side: 300,
    reads: false,
  });
  await page.goto('/kho-vac-xin');
  await page.getByRole('button', { name: 'Quét bằng máy ảnh' }).first().click();
  const receipt = page.getByRole('dialog');
  await receipt.waitFor();
  assert.equal(await receipt.getByLabel('Số lô').inputValue(), 'PENTA26');
  assert.equal(await receipt.getByLabel('Hạn dùng').inputValue(), '31/12/2030');
  await receipt.getByLabel(/Vắc xin dịch vụ/).waitFor();
  await photograph(page, 'vial-by-camera', ['staff', 'citizen']);
});

test('the province sees every station by one number, a station by its months, and nobody by name', async () => {
  await using guest = await province.signIn('dieuhanh');
  const { page } = guest;
  await page.clock.setFixedTime(NOW);
  await page.goto('/bao-phu-tinh?ky=2025');
  await page.getByRole('columnheader', { name: 'Trạm' }).waitFor();
  await look(page, 'coverage-province');
  const station = page.getByRole('table').getByRole('button').first();
  await station.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Mọi trạm' }).waitFor();
  await look(page, 'coverage-province-station');
  assert.ok(!(await page.content()).includes(GIRL));
  assert.deepEqual(guest.complaints, []);
});

test('a certificate of the WHO’s trust network is checked by anybody, without network, right or forged', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await page.goto('/kiem-tra');
  const field = page.getByLabel('Nội dung mã');
  await field.waitFor();
  await page.waitForFunction(() => localStorage.getItem('yb-cards-known') !== null);
  await page.context().setOffline(true);
  await field.fill(made({ claims: [[4, Date.now() / 1000 + 86_400]] }));
  await page.getByText('Giấy thật, chữ ký đúng').waitFor();
  await page.getByText('Chứng nhận mũi tiêm (WHO DDCC)').waitFor();
  await look(page, 'certificate');
  await field.fill(made({ payload: new Uint8Array([1, 2, 3]) }));
  await page.getByText('Không phải mã của giấy có chữ ký').waitFor();
  await field.fill(made({ claims: [[4, 1]] }));
  await page.getByText('Chữ ký đúng nhưng giấy đã hết hạn').waitFor();
});

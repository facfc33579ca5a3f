/** One nurse, sixty children, a scanner that types: cards and vials into one field, and what it costs in keys, requests and seconds. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Address, Resource } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { assertAccessible } from './support/accessible.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
const CHILDREN = 60;
const CVX = 'http://hl7.org/fhir/sid/cvx';
const VIALS = [
  { product: `${CVX}|102`, gtin: '08936000000011', lot: 'PENTA26' },
  { product: `${CVX}|02`, gtin: '08936000000028', lot: 'OPV26' },
];
const codeOf = ({ gtin, lot }: (typeof VIALS)[number]) => `01${gtin}1730123110${lot}`;
const numberOf = (at: number) => `0992260${String(at).padStart(5, '0')}`;

before(async () => {
  province = await openProvince({ people: 60 });
  await makeChildren();
  await province.program.kernel.events.settled();
});
after(() => province[Symbol.asyncDispose]());

/** Ten weeks old, with what is given at birth. */
async function makeChildren(): Promise<void> {
  const { kernel } = province.program;
  const address = [await addressOfStation()];
  const day = (back: number) => vietnamDay(new Date(Date.now() - back * 86_400_000));
  for (let at = 0; at < CHILDREN; at += 1) {
    const id = kernel.store.newId('Patient');
    const resources: Resource[] = [
      {
        resourceType: 'Patient',
        id,
        identifier: [{ system: sid.cccd, value: numberOf(at) }],
        name: [{ text: `Nguyễn Bé Thứ ${at + 1}` }],
        gender: at % 2 ? 'male' : 'female',
        birthDate: day(70),
        address,
      },
      ...['08', '19'].map(
        (code): Resource => ({
          resourceType: 'Immunization',
          id: kernel.store.newId('Immunization', id),
          status: 'completed',
          vaccineCode: { coding: [{ system: CVX, code }] },
          patient: { reference: `Patient/${id}` },
          occurrenceDateTime: day(70),
        }),
      ),
    ];
    await kernel.gate.system('test').transaction({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: resources.map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      })),
    });
  }
}

/** Where the nurse's station stands: who lives there is in its care. */
async function addressOfStation(): Promise<Address> {
  const { kernel } = province.program;
  const { matches } = await kernel.gate
    .system('test')
    .search('Organization', [['name', 'Trạm Y tế phường Vĩnh Yên']]);
  return { ...matches[0]!.address![0], line: ['Tổ dân phố số 3'] };
}

/** As a scanner does: every key at once, then Enter. */
async function scan(page: Page, text: string): Promise<void> {
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

test('sixty children by scanned card and vials, without a mouse', async (context) => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/kho-vac-xin');
  for (const { product, lot, gtin } of VIALS) {
    const status = await page.evaluate(
      async (body) =>
        (
          await fetch('/api/programmes/stock/receipts', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
        ).status,
      { item: product, lot, gtin, expires: '2030-12-31', vials: 60, from: 'CDC', vvm: '1' },
    );
    assert.equal(status, 200);
  }
  await page.goto('/chuong-trinh/tiem-chung-mo-rong/ban-tiem');
  await page
    .getByRole('heading', { name: 'Sẵn sàng: quét thẻ người tiếp theo' })
    .or(page.getByText('Sẵn sàng: quét thẻ'))
    .first()
    .waitFor();
  await page.getByLabel(/Quét thẻ, rồi quét từng lọ/).focus();
  const requests = { all: 0 };
  page.on('request', (request) => {
    if (request.url().includes('/api/')) requests.all += 1;
  });
  let keys = 0;
  let scans = 0;
  const began = performance.now();
  for (let at = 0; at < CHILDREN; at += 1) {
    await scan(page, numberOf(at));
    for (const vial of VIALS) await scan(page, codeOf(vial));
    scans += 1 + VIALS.length;
    await page.keyboard.type('36,8');
    await page.keyboard.press('Enter');
    keys += 5;
    if (at === 0) {
      await page.getByText('36,8 °C').waitFor();
      assert.equal(await sidewaysScroll(page), 0);
      await assertAccessible(page, 'injection desk');
      await photograph(page, 'injection-desk', ['staff', 'citizen']);
    }
    await page.keyboard.press('Control+Enter');
    keys += 1;
    await page.getByText(`Nguyễn Bé Thứ ${at + 1}: đã lưu`).waitFor();
  }
  const seconds = (performance.now() - began) / 1_000;
  const said = `${CHILDREN} children: ${scans} scans, ${keys} keys, ${requests.all} requests, ${seconds.toFixed(1)} s`;
  context.diagnostic(said);
  assert.ok(seconds < 3_600 / 2, said);
  assert.ok(keys / CHILDREN <= 6 && requests.all / CHILDREN <= 6, said);
  await province.program.kernel.events.settled();
  const { rows } = await province.program.kernel.pool.query<{ lot: string; balance: number; given: number }>(
    `select l.lot, l.balance, (select count(*)::int from stock.taken d where d.lot = l.lot and d.state = 'taken') as given
      from stock.lot l order by lot desc`,
  );
  assert.deepEqual(
    rows.map(({ lot, given }) => [lot, given]),
    [
      ['PENTA26', CHILDREN],
      ['OPV26', CHILDREN],
    ],
  );
  await page.reload();
  const heading = page.getByRole('heading', { name: /Đang theo dõi sau tiêm/ });
  await heading.waitFor();
  assert.equal(await heading.textContent(), `Đang theo dõi sau tiêm (${CHILDREN})`);
  await photograph(page, 'injection-watch', ['staff', 'citizen']);
  assert.deepEqual(guest.complaints, []);
});

test('a wrong vial, a vial before the card, and a card of nobody are said in sentences', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/chuong-trinh/tiem-chung-mo-rong/ban-tiem');
  await page.getByLabel(/Quét thẻ, rồi quét từng lọ/).focus();
  await scan(page, codeOf(VIALS[0]!));
  await page.getByText('Quét thẻ của người được tiêm trước.').waitFor();
  await scan(page, numberOf(0));
  await page.getByRole('heading', { name: 'Nguyễn Bé Thứ 1' }).waitFor();
  await scan(page, codeOf(VIALS[0]!));
  await page.getByText('Lọ này không thuộc mũi nào cần tiêm hôm nay.').waitFor();
  await scan(page, '099226099999');
  await page.getByText(/chưa có hồ sơ/).waitFor();
  await scan(page, codeOf(VIALS[0]!));
  await page.getByText('Quét thẻ của người được tiêm trước.').waitFor();
});

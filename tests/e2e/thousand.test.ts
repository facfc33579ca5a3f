/**
 * A day with more than a thousand visits in one room: the worklist, the register and the list of cases stay what they are
 * with ten. They fetch a page at a time, draw what the window shows, and find one among all.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { cs } from '../../kernel/fhir/systems.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { arrivalOf, putAll } from './support/arrival.ts';
import { photograph } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;

const VISITS = 1_050;
/** Visits of one transaction. */
const TOGETHER = 25;
/** A minute past midnight, and one more minute every second visit: all of this day, whatever its hour. */
const NOW = new Date('2026-11-22T11:00:00+07:00');
const FIRST = Date.parse('2026-11-22T00:01:00+07:00');

before(async () => {
  province = await openProvince({ people: 20, now: () => NOW });
  for (let from = 0; from < VISITS; from += TOGETHER) await arrive(from, Math.min(from + TOGETHER, VISITS));
  await province.program.kernel.events.settled();
});

after(() => province[Symbol.asyncDispose]());

const nameOf = (n: number) => (n === VISITS - 1 ? 'Đặng Ngọc Cuối Cùng' : `Nguyễn Văn Số ${n}`);

async function arrive(from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  await putAll(province, numbers.flatMap(visitOf));
}

/** A person who waits in the room and has, of a first look, a diagnosis that must be reported. */
function visitOf(n: number): Resource[] {
  const at = new Date(FIRST + Math.floor(n / 2) * 60_000);
  const { patient, encounter, subject, meta, resources } = arrivalOf(province, {
    name: nameOf(n),
    citizenNumber: `09917000${String(n).padStart(4, '0')}`,
    ticket: String(n + 1).padStart(3, '0'),
    birthDate: '1970-05-06',
    gender: 'male',
    reason: 'Sốt',
    at,
  });
  return [
    ...resources,
    {
      resourceType: 'Condition',
      id: province.program.kernel.store.newId('Condition', patient),
      meta,
      category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
      code: { coding: [{ system: cs.icd10, code: 'A97.0', display: 'Dengue không có dấu hiệu cảnh báo' }] },
      subject,
      encounter: { reference: `Encounter/${encounter}` },
      recordedDate: vietnamInstant(at),
    },
  ];
}

/** Rows drawn at this moment, the head left out. */
const drawn = (page: Page) => page.locator('.yb-list-body > .yb-list-row').count();

/** Down to the last row by keyboard; what was fetched for it. */
async function toTheEnd(page: Page, list: string, last: RegExp): Promise<string[]> {
  const fetched: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(list)) fetched.push(request.url());
  });
  const grid = page.getByRole('grid').first();
  const texts = () => page.locator('.yb-list-body > .yb-list-row').allInnerTexts();
  // One look tells whether the row has come and what the wait below compares with: it may come between two looks.
  for (let before = await texts(); !before.some((text) => last.test(text)); before = await texts()) {
    await grid.press('End');
    // However long a page takes to come: the next step waits until the list goes on.
    await page
      .waitForFunction(
        (text) =>
          [...document.querySelectorAll<HTMLElement>('.yb-list-body > .yb-list-row')].at(-1)?.innerText !==
          text,
        before.at(-1),
        { polling: 50 },
      )
      .catch(async (cause) => assert.fail(`${cause}\n${await whereItStands(page, fetched)}`));
    assert.ok((await drawn(page)) < 60, 'only what the window shows is drawn');
  }
  return fetched;
}

/** What a list that does not go on looks like, for whoever reads the failure. */
async function whereItStands(page: Page, fetched: string[]): Promise<string> {
  const box = await page.locator('.yb-list-scroll').evaluate((list) => ({
    top: list.scrollTop,
    height: list.clientHeight,
    whole: list.scrollHeight,
    keyboard: document.activeElement === list,
  }));
  const row = await page.locator('.yb-list-body > .yb-list-row').last().innerText();
  return `${row}\n${JSON.stringify(box)}\nfetched: ${fetched.join(' ')}`;
}

/** What a walk to the end may fetch: each page once. */
const PAGES = Math.ceil(VISITS / 100);

for (const { account, path, list, find, last } of [
  {
    account: 'bacsi',
    path: '/phong-kham?phong=25D01-kham',
    list: '/api/clinic/worklist',
    find: 'Tìm họ tên, số',
    last: /Cuối Cùng/,
  },
  {
    account: 'letan',
    // The register opens at the browser's day; the visits are of the day at which the program's clock stands.
    path: '/so/so-kham-benh?den=2026-11-22',
    list: '/api/station/books/so-kham-benh',
    find: 'Tìm trong sổ',
    last: /Cuối Cùng/,
  },
  {
    account: 'cdc',
    path: '/ca-benh?tu=2026-11-20&den=2026-11-22',
    list: '/api/surveillance/cases',
    find: 'Tìm bệnh, họ tên, nơi ở, đơn vị',
    last: /Văn Số 0(?!\d)/,
  },
]) {
  test(`${path} with ${VISITS} rows: a page at a time, a window drawn, one found among all`, async () => {
    await using guest = await province.signIn(account);
    const { page } = guest;
    await page.goto(path);
    await page.getByText('1.050 dòng').waitFor();
    assert.ok((await drawn(page)) < 60);
    const fetched = await toTheEnd(page, list, last);
    const pages = new Set(fetched.map((url) => new URL(url).searchParams.get('cursor')));
    assert.ok(
      pages.size <= PAGES && fetched.length <= PAGES + 1,
      `${fetched.length} readings for ${PAGES} pages`,
    );
    await photograph(page, `thousand-${account}`);

    await page.getByLabel(find).fill('cung cuoi');
    await page.getByRole('row', { name: /Cuối Cùng/ }).waitFor();
    await page.getByText('1 dòng', { exact: true }).waitFor();
    await page.getByLabel(find).fill('khong co ai nhu vay');
    await page.getByText('0 dòng', { exact: true }).waitFor();
    assert.equal(await drawn(page), 0);
    assert.deepEqual(guest.complaints, []);
  });
}

/** The club in a browser, by the people who would run it: officer, nurse, head of the station, province (issue 6, 6). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { scanned } from '../../engines/documents/fixtures/scan.ts';
import { buildWeb } from '../../web/build.ts';
import { assertAccessible } from '../e2e/support/accessible.ts';
import { launchBrowser, type Visit, visit } from '../e2e/support/browser.ts';
import { tabTo } from '../e2e/support/keyboard.ts';
import { photograph, sidewaysScroll } from '../e2e/support/photograph.ts';
import { signInOn } from '../e2e/support/province.ts';
import { type Club, FIRST_DAY, openClub, UNIT } from './club.testing.ts';

let club: Club;
let browser: Browser;
const sessions = new Map<string, Awaited<ReturnType<Visit['context']['cookies']>>>();

before(async () => {
  await buildWeb();
  [club, browser] = await Promise.all([openClub(), launchBrowser()]);
});
after(async () => {
  await browser.close();
  await club[Symbol.asyncDispose]();
});

const settled = () => club.program.kernel.events.settled();
const FORM = 'don-xin-tha-dieu';

/** A window of somebody on the club's day; signed in once a day, since sign-ins are counted. */
async function come(username: string, path: string): Promise<Visit> {
  const guest = await visit(browser, club.program.address);
  await guest.context.clock.setFixedTime(club.now());
  const key = `${username} ${club.now().toISOString().slice(0, 10)}`;
  const known = sessions.get(key);
  if (known) await guest.context.addCookies(known);
  else {
    await guest.page.goto('/');
    await signInOn(guest.page, username, 'demo');
    sessions.set(key, await guest.context.cookies());
  }
  await guest.page.goto(path);
  return guest;
}

async function look(page: Page, name: string): Promise<void> {
  assert.equal(await sidewaysScroll(page), 0, `${name} scrolls sideways`);
  await photograph(page, `club-${name}`, ['staff', 'citizen']);
  await assertAccessible(page, name);
}

test('the officer sees the form of the pack in the designer', async () => {
  await using guest = await come('noidung', '/thiet-ke-bieu-mau');
  await guest.page.getByRole('row', { name: /Đơn xin vào câu lạc bộ thả diều/ }).waitFor();
  await guest.page.goto(`/thiet-ke-bieu-mau/${FORM}`);
  await guest.page.getByRole('treeitem', { name: /Số ống sáo/ }).waitFor();
  await look(guest.page, 'designer');
  assert.deepEqual(guest.complaints, []);
});

test('the nurse fills in the application by keyboard; what came of it stands on the timeline', async () => {
  const { patient } = club.villagers[0]!;
  await using guest = await come('dieuduong', `/bieu-mau/${FORM}?nguoi=${patient}`);
  const { page } = guest;
  await page.getByRole('radio', { name: 'Không' }).focus();
  await page.keyboard.press('Space');
  await tabTo(page, /Diều giấy/);
  await page.keyboard.press('ArrowUp');
  await page.getByLabel(/^Số ống sáo/).waitFor();
  await tabTo(page, /Số ống sáo/);
  await page.keyboard.type('3');
  await tabTo(page, /Chiều dài dây/);
  await page.keyboard.type('300');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Dây dài hơn 200 m phải có người giữ dây thứ hai.').first().waitFor();
  await look(page, 'form');
  await page.getByLabel(/^Chiều dài dây/).fill('120');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some((input) => input.readOnly && input.value === '84'),
  );
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  await look(page, 'answer');
  await page.goto(`/ho-so/${patient}`);
  await page.getByText('Chiều dài dây: 120 m').waitFor();
  await look(page, 'timeline');
  assert.deepEqual(guest.complaints, []);
});

test('she enrols who applied; a week later the flight is overdue, a call is written down, the flight is filled in', async () => {
  const { patient, name } = club.villagers[0]!;
  await settled();
  {
    await using guest = await come('dieuduong', '/chuong-trinh');
    const { page } = guest;
    await page.getByRole('heading', { name: 'Câu lạc bộ thả diều' }).waitFor();
    await page.goto('/chuong-trinh/tha-dieu?loc=invite');
    await page.getByText(name).dblclick();
    await page.getByRole('button', { name: 'Ghi danh' }).click();
    await page.getByText('Đã ghi danh').waitFor();
    assert.deepEqual(guest.complaints, []);
  }
  club.setDay('2026-10-20');
  await settled();
  await using guest = await come('dieuduong', '/chuong-trinh/tha-dieu?loc=overdue');
  const { page } = guest;
  await page.getByText('Chuyến bay đầu').waitFor();
  await look(page, 'worklist');
  const list = page.getByRole('grid').or(page.getByRole('listbox')).first();
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F8');
  await page.getByRole('dialog').getByRole('radio', { name: 'Không liên lạc được' }).check();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi: Không liên lạc được').waitFor();
  await page.goto('/chuong-trinh/tha-dieu/buoi');
  await page.getByText(name).first().waitFor();
  await look(page, 'session');
  await page.goto(`/chuong-trinh/tha-dieu/nguoi/${patient}`);
  await page.getByText('Chuyến bay đầu').first().waitFor();
  await look(page, 'person');
  await page
    .getByRole('link', { name: 'Điền phiếu' })
    .or(page.getByRole('button', { name: 'Điền phiếu' }))
    .first()
    .click();
  await page.getByLabel(/^Cấp gió đo ở đầu làng/).fill('8');
  await page.getByLabel(/^Đã bay ở đâu/).fill('Bãi cỏ đầu làng');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  await settled();
  await page.goto(`/chuong-trinh/tha-dieu/nguoi/${patient}`);
  await page
    .getByRole('row', { name: /Chuyến bay đầu/ })
    .getByText('đã làm')
    .waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the rule is run over the past, switched on with a reason, and its card stands on the record', async () => {
  {
    await using guest = await come('noidung', '/quy-tac');
    const { page } = guest;
    await page.getByRole('textbox', { name: 'Tìm quy tắc' }).fill('gió');
    await page.getByText('Gió quá mạnh').first().dblclick();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Chạy thử' }).press('Enter');
    await dialog.getByText('Xong', { exact: true }).waitFor();
    await dialog.getByRole('radio', { name: 'Đang bật' }).check();
    await dialog.getByLabel('Ai duyệt, dựa vào đâu').fill('Ban gió họp ngày 20/10');
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
    await look(page, 'rules');
    assert.deepEqual(guest.complaints, []);
  }
  await using guest = await come('dieuduong', `/ho-so/${club.villagers[0]!.patient}`);
  const { page } = guest;
  await page.getByText('Gió cấp 8: không thả diều hôm nay').first().waitFor();
  await look(page, 'card');
  assert.deepEqual(guest.complaints, []);
});

test('the register has a line for each thing that was done', async () => {
  await using guest = await come('dieuduong', '/so');
  const { page } = guest;
  await page.getByRole('link', { name: 'Sổ thả diều' }).click();
  await page.getByText('Bãi cỏ đầu làng').waitFor();
  await page.getByText('Nộp đơn').first().waitFor();
  await look(page, 'register');
  assert.deepEqual(guest.complaints, []);
});

test('the certificate is made, and anybody finds it genuine', async () => {
  const { patient, name } = club.villagers[0]!;
  {
    await using guest = await come('dieuduong', `/giay-to/${patient}`);
    const { page, context } = guest;
    await page.getByLabel('Lập giấy').selectOption({ label: 'Giấy hội viên thả diều' });
    const opened = context.waitForEvent('page');
    await page.keyboard.press('F9');
    await opened;
    await page
      .getByRole('row')
      .filter({ hasText: 'Giấy hội viên thả diều' })
      .getByText('Còn hiệu lực')
      .waitFor();
    await page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('img[alt^="Hình"]')?.naturalWidth ?? 0) > 100,
    );
    await look(page, 'paper');
    assert.deepEqual(guest.complaints, []);
  }
  const { matches } = await club.program.kernel.gate
    .system('e2e')
    .search('DocumentReference', [['patient', patient]]);
  const card = new Pdf(Buffer.from(matches[0]!.content[0]!.attachment.data!, 'base64'))
    .pictures()
    .map(scanned)
    .find((each) => each?.startsWith('shc:/'))!;
  await using stranger = await visit(browser, club.program.address, 'citizen');
  await stranger.context.clock.setFixedTime(club.now());
  await stranger.page.goto('/kiem-tra');
  await stranger.page.getByLabel('Nội dung mã').fill(card);
  await stranger.page.getByText('Giấy thật, chữ ký đúng').waitFor();
  await stranger.page.getByText(name).waitFor();
  await photograph(stranger.page, 'club-verified');
});

test('the officer publishes a new version with a date; the old answer stays with its own', async () => {
  const { patient } = club.villagers[0]!;
  {
    await using guest = await come('noidung', `/thiet-ke-bieu-mau/${FORM}`);
    const { page } = guest;
    await page.getByRole('treeitem', { name: /Chiều dài dây/ }).click();
    await page.getByLabel('Lời hỏi').fill('Dây dài bao nhiêu');
    await page.getByLabel('Lời hỏi').blur();
    await page.getByRole('tab', { name: 'Thay đổi' }).click();
    await page.getByRole('cell', { name: 'lời hỏi' }).waitFor();
    await page.getByRole('button', { name: 'Công bố' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Công bố' }).click();
    await page.getByText(/^Đã công bố phiên bản/).waitFor();
    assert.deepEqual(guest.complaints, []);
  }
  await using guest = await come('dieuduong', `/bieu-mau/${FORM}?nguoi=${club.villagers[1]!.patient}`);
  const { page } = guest;
  await page.getByLabel(/^Dây dài bao nhiêu/).waitFor();
  const [old] = (
    await club.program.kernel.gate.system('e2e').search('QuestionnaireResponse', [
      ['patient', patient],
      ['questionnaire', `http://yba.vn/fhir/Questionnaire/${FORM}`],
    ])
  ).matches;
  assert.equal(old!.questionnaire, `http://yba.vn/fhir/Questionnaire/${FORM}|2026-01-01`);
  await page.goto(`/phieu/${old!.id}`);
  await page.getByText('Chiều dài dây').first().waitFor();
  assert.equal(await page.getByText('Dây dài bao nhiêu').count(), 0);
});

test('the head opens a number to its person and hands in, the province approves', async () => {
  club.setDay('2026-11-02');
  await settled();
  const sheet = `/bao-cao/tha-dieu/${UNIT}/${FIRST_DAY.slice(0, 7)}`;
  {
    await using guest = await come('truongtram', '/bao-cao');
    const { page } = guest;
    await page.getByText('Báo cáo tháng của câu lạc bộ thả diều').first().waitFor();
    await page.goto(sheet);
    const cell = (row: string, column: string) =>
      page.locator(`td[role=gridcell][aria-label^="${row}, ${column}:"]`);
    await cell('Hội viên cuối kỳ', 'Tổng số').filter({ hasText: '1' }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('tab', { name: 'Người phía sau' }).waitFor();
    await page.getByText(club.villagers[0]!.name).first().waitFor();
    await cell('Diều mắc cây (đếm bằng mắt)', 'Tổng số').click();
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await page.getByText('Đã lưu').waitFor();
    await look(page, 'report');
    await page.getByRole('button', { name: 'Nộp' }).first().click();
    await page.getByText('Đã nộp').first().waitFor();
    assert.deepEqual(guest.complaints, []);
  }
  await using guest = await come('dieuhanh', sheet);
  await guest.page.getByRole('button', { name: 'Duyệt' }).first().click();
  await guest.page.getByText('Đã duyệt').first().waitFor();
  await guest.page.goto('/chi-so');
  await guest.page
    .getByRole('combobox', { name: /Chỉ số/ })
    .selectOption({ label: 'D-01 Hội viên thả diều trên 1.000 dân từ 5 tuổi' });
  await guest.page.getByText('Hội viên cuối kỳ chia cho dân số từ 5 tuổi.').waitFor();
  await look(guest.page, 'indicators');
  assert.deepEqual(guest.complaints, []);
});

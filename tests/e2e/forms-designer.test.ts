/** The designer of forms: written by keyboard, tried, published with a day, filled in by a doctor, changed, rolled back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from './support/accessible.ts';
import { Consulting } from './support/consulting.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
let consulting: Consulting;

before(async () => {
  province = await openProvince({ people: 20 });
  consulting = new Consulting(province);
});
after(() => province[Symbol.asyncDispose]());

/** Headings that lie more than one level under the one before them. */
const skippedHeadings = (page: Page) =>
  page.locator('h1, h2, h3, h4').evaluateAll((all) => {
    const levels = all.map((one) => Number(one.tagName.slice(1)));
    return all.filter((_, at) => levels[at]! > (levels[at - 1] ?? 0) + 1).map((one) => one.textContent);
  });

test('an officer writes a form, tries it, publishes it, changes it and rolls back; doctors fill in what is in force', async () => {
  await using guest = await province.signIn('noidung');
  const { page } = guest;
  await page.goto('/thiet-ke-bieu-mau');
  await page.getByRole('grid', { name: 'Thiết kế biểu mẫu' }).waitFor();
  await photograph(page, 'designs', ['staff', 'citizen']);
  await assertAccessible(page, 'the list of forms');
  await page.getByRole('button', { name: 'Biểu mẫu mới' }).click();
  await page.getByLabel('Tên biểu mẫu').fill('Phiếu thả diều');
  await page.getByText('Mã: phieu-tha-dieu').waitFor();
  await page.getByRole('button', { name: 'Soạn', exact: true }).click();
  await page.getByRole('button', { name: 'Thêm câu hỏi' }).waitFor();

  // Two questions; the second is asked only when the first is answered, and its options are pasted.
  await page.getByRole('button', { name: 'Thêm câu hỏi' }).click();
  await page.getByLabel('Lời hỏi').fill('Chiều dài dây');
  await page.getByLabel('Loại', { exact: true }).selectOption('integer');
  await page.getByLabel('Bắt buộc', { exact: true }).check();
  await page.getByLabel('Lớn nhất').fill('500');
  await page.getByRole('treeitem', { name: /Chiều dài dây/ }).focus();
  await page.keyboard.press('Insert');
  await page.getByRole('treeitem', { name: /Câu hỏi mới/ }).waitFor();
  await page.getByLabel('Lời hỏi').fill('Loại diều');
  await page.getByLabel('Loại', { exact: true }).selectOption('choice');
  await page.getByLabel('Các lựa chọn, mỗi dòng một').fill('1\tDiều sáo\n2\tDiều giấy');
  await page.getByRole('button', { name: 'Thêm điều kiện' }).click();
  await page.getByRole('group', { name: 'Loại diều' }).waitFor({ state: 'detached' });
  await page.getByLabel(/^Chiều dài dây/).fill('600');
  await page.getByLabel('Diều sáo').waitFor();
  await photograph(page, 'designer', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'the designer');

  // A test case of what stands there: too long a string is wrong.
  await page.getByLabel(/làm ca thử/).fill('Dây quá dài');
  await page.getByRole('button', { name: 'Ghi ca thử' }).click();
  await page.getByRole('tab', { name: 'Ca thử (1)' }).click();
  await page.getByText('Đạt', { exact: true }).waitFor();

  // A fault stands at its item and keeps the form from being published.
  await page.getByText('Nâng cao: FHIRPath').click();
  await page.getByLabel('Tính ra từ').fill('%resource.item.where(');
  await page.getByRole('treeitem', { name: /Loại diều 1 lỗi/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Công bố' }).isDisabled(), true);
  // The sentence stays in sight beside the field that it speaks of.
  await page
    .getByText(/where\(/)
    .first()
    .waitFor();
  await photograph(page, 'designer-fault', ['staff', 'citizen']);
  await page.getByLabel('Tính ra từ').fill('');
  await page.getByRole('treeitem', { name: /Loại diều Chọn/ }).waitFor();

  await page.getByRole('button', { name: 'Công bố' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Công bố' }).click();
  await page.getByText(/^Đã công bố phiên bản/).waitFor();

  const { patient } = await consulting.arrive('Nguyễn Văn Diều');
  await using doctor = await consulting.doctor();
  await doctor.page.goto(`/bieu-mau/phieu-tha-dieu?nguoi=${patient}`);
  await doctor.page.getByLabel(/^Chiều dài dây/).fill('120');
  await doctor.page.keyboard.press('Control+s');
  await doctor.page.getByText(/^Đã ghi nháp/).waitFor();

  // Another version: an item deleted and undone, a title changed, what changes is shown, the draft in use is counted.
  await page.reload();
  await page.getByRole('treeitem', { name: /Loại diều/ }).click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Hoàn tác', exact: true }).click();
  await page.getByRole('treeitem', { name: /Loại diều/ }).click();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByLabel('Lời hỏi').fill('Diều gì');
  await page.getByLabel('Lời hỏi').blur();
  await page.getByRole('tab', { name: 'Thay đổi' }).click();
  await page.getByRole('cell', { name: 'lời hỏi' }).waitFor();
  await page.getByText(/1 phiếu đang điền dở/).waitFor();
  await page.getByRole('cell', { name: 'Loại diều', exact: true }).waitFor();
  await page.getByRole('cell', { name: 'Diều gì', exact: true }).first().waitFor();
  await photograph(page, 'designer-changes', ['staff', 'citizen']);
  assert.deepEqual(await skippedHeadings(page), []);
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('button', { name: 'Công bố' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Công bố' }).click();
  await page.getByText(/^Đã công bố phiên bản/).waitFor();
  await page.getByRole('tab', { name: 'Các phiên bản' }).click();
  await page.getByRole('button', { name: 'Quay lại bản này' }).click();
  await page.getByLabel('Lý do').fill('Câu hỏi mới làm người dân hiểu nhầm');
  await photograph(page, 'designer-roll-back', ['staff', 'citizen']);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Quay lại bản/ })
    .click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Các phiên bản' }).click();
  await page.getByRole('cell', { name: /Câu hỏi mới làm người dân hiểu nhầm/ }).waitFor();
  const back = page.getByRole('button', { name: 'Quay lại bản này' }).first();
  assert.ok((await back.boundingBox())!.width > 80);
  assert.equal(
    await back.evaluate((one) => {
      const { right, left } = one.getBoundingClientRect();
      const table = one.closest('table')!.parentElement!.getBoundingClientRect();
      return left >= table.left && right <= table.right + 1;
    }),
    true,
    'the button to roll back stands whole beside its version',
  );
  await photograph(page, 'designer-versions', ['staff', 'citizen']);
  await assertAccessible(page, 'the versions of a form');
  assert.deepEqual(await skippedHeadings(page), []);
  assert.equal(await page.locator('th:empty').count(), 0);

  await doctor.page.goto(
    `/bieu-mau/phieu-tha-dieu?nguoi=${(await consulting.arrive('Trần Thị Sáo')).patient}`,
  );
  await doctor.page.getByLabel(/^Chiều dài dây/).fill('80');
  await doctor.page.getByRole('group', { name: 'Loại diều' }).waitFor();
  const found = await province.program.house.kernel.gate
    .system('e2e')
    .search('Questionnaire', [['url', 'http://yba.vn/fhir/Questionnaire/phieu-tha-dieu']]);
  assert.equal(found.matches.length, 3);
  assert.deepEqual(guest.complaints, []);
});

test('what is wrong is said in the words of the designer, leads to its item, and is gone when it is mended', async () => {
  await using guest = await province.signIn('noidung');
  const { page } = guest;
  await page.goto('/thiet-ke-bieu-mau');
  await page.getByRole('button', { name: 'Biểu mẫu mới' }).click();
  await page.getByLabel('Tên biểu mẫu').fill('Phiếu còn sai');
  await page.getByRole('button', { name: 'Soạn', exact: true }).click();
  await page.getByRole('button', { name: 'Thêm câu hỏi' }).click();
  await page.getByLabel('Lời hỏi').fill('Số diều');
  await page.getByLabel('Loại', { exact: true }).selectOption('integer');
  await page.getByText('Nâng cao: FHIRPath').click();
  await page.getByLabel('Tính ra từ').fill("%resource.item.where(linkId = 'cau-1').answer.value + 1");
  await page.getByText('Tính ra từ: tính vòng quanh', { exact: false }).waitFor();
  await page.getByLabel('Tính ra từ').fill('');
  await page.getByLabel('Phải đúng rằng').fill('$this > 0');
  await page.getByText('Phải đúng rằng: thiếu câu nói', { exact: false }).waitFor();
  await page.getByLabel('Câu nói khi sai').fill('Phải có ít nhất một con diều.');

  await page.getByRole('button', { name: 'Thêm câu hỏi' }).click();
  await page.getByLabel('Lời hỏi').fill('Dân tộc');
  await page.getByLabel('Loại', { exact: true }).selectOption('choice');
  await page.getByText('Các lựa chọn: chưa có gì để chọn', { exact: false }).waitFor();
  await page.getByLabel('Mã mục (linkId)').fill('cau-1');
  await page.getByText('Mục khác đã có mã này; mã cũ được giữ.').waitFor();
  await page.getByLabel('Lời hỏi').focus();
  await page.getByRole('treeitem', { name: 'Dân tộc' }).and(page.locator('[data-link="cau-2"]')).waitFor();
  await page.getByLabel('Hoặc theo bộ mã (ValueSet)').fill('http://yba.vn/fhir/vs/khong-co');
  await page.getByText('Bộ mã: không ai ở đây biết bộ mã', { exact: false }).waitFor();

  // All of them beside the form itself, each a way to its item.
  await page.getByRole('button', { name: 'Cả biểu mẫu' }).click();
  assert.equal(await page.getByRole('button', { name: 'Công bố' }).isDisabled(), true);
  await photograph(page, 'designer-faults', ['staff', 'citizen']);
  await assertAccessible(page, 'the faults of a form');
  await page.getByRole('button', { name: /^Dân tộc: Bộ mã/ }).click();
  await page.getByLabel('Hoặc theo bộ mã (ValueSet)').fill('http://yba.vn/fhir/vs/dan-toc');
  await page.getByText('Bộ mã: không ai ở đây biết bộ mã', { exact: false }).waitFor({ state: 'detached' });

  // A new group, and what follows behind it, stand in the preview at once; a new linkId is carried into what asks it.
  await page.getByRole('treeitem', { name: 'Dân tộc' }).click();
  await page.getByRole('button', { name: 'Thêm nhóm' }).click();
  await page.getByLabel('Lời hỏi').fill('Người trong nhà');
  await page.getByLabel('Nhiều lần', { exact: true }).check();
  await page.getByRole('button', { name: 'Thêm câu hỏi' }).click();
  await page.getByLabel('Lời hỏi').fill('Tuổi');
  await page.getByLabel('Loại', { exact: true }).selectOption('integer');
  await page.getByRole('button', { name: 'Cả biểu mẫu' }).click();
  await page.getByRole('button', { name: 'Thêm câu hỏi' }).click();
  await page.getByLabel('Lời hỏi').fill('Tổng tuổi');
  await page.getByLabel('Loại', { exact: true }).selectOption('integer');
  await page.getByText('Nâng cao: FHIRPath').click();
  await page
    .getByLabel('Tính ra từ')
    .fill("%resource.item.where(linkId = 'nhom-1').item.where(linkId = 'cau-3').answer.value.sum()");
  await page.getByRole('treeitem', { name: /^Tuổi/ }).click();
  await page.getByLabel('Mã mục (linkId)').fill('tuoi');
  await page.getByLabel('Lời hỏi').focus();
  await page.getByLabel('Tuổi', { exact: true }).fill('30');
  await page.getByRole('button', { name: 'Thêm: Người trong nhà' }).click();
  await page.getByLabel('Tuổi', { exact: true }).nth(1).fill('12');
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLInputElement>('[data-field] input')].some(
      ({ value }) => value === '42',
    ),
  );
  // A test case says in words what comes out otherwise; what comes out now may be taken for right.
  await page.getByLabel(/làm ca thử/).fill('Hai người');
  await page.getByRole('button', { name: 'Ghi ca thử' }).click();
  await page.getByRole('tab', { name: 'Ca thử (1)' }).click();
  await page.getByText('Đạt', { exact: true }).waitFor();
  await page.getByRole('treeitem', { name: /^Tổng tuổi/ }).click();
  await page.getByText('Nâng cao: FHIRPath').click();
  await page
    .getByLabel('Tính ra từ')
    .fill("%resource.item.where(linkId = 'nhom-1').item.where(linkId = 'tuoi').answer.value.first()");
  await page.getByText('Tổng tuổi: mong đợi 42, ra 30').waitFor();
  await page.getByRole('button', { name: 'Kết quả bây giờ mới đúng' }).click();
  await page.getByText('Đạt', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Công bố' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Công bố' }).click();
  await page.getByText(/^Đã công bố phiên bản/).waitFor();
  // The browser writes down that the server did not know the value set.
  assert.deepEqual(
    guest.complaints.filter((one) => !/404/.test(one)),
    [],
  );
});

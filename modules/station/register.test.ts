import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { registerGrid } from '../../engines/reports/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { registerOn } from './register.ts';

const content = openContent(join(import.meta.dirname, '../../content'));

test('the book is the one in force on the day, and none is invented outside its dates', () => {
  assert.equal(registerOn(content, 'so-kham-benh', '2026-11-22')?.definition.code, 'A1/CSYT');
  assert.equal(registerOn(content, 'so-kham-benh', '2027-03-02'), null);
  assert.equal(registerOn(content, 'so-kham-benh', '2022-12-31'), null);
  assert.equal(registerOn(content, 'so-khong-co', '2026-11-22'), null);
});

/** Titles of the printed columns, from the last line of the head with words. */
function printed(key: string): string[] {
  const { definition } = registerOn(content, key, '2026-11-22')!;
  const grid = registerGrid(definition, [], { left: [], unit: '', period: '' });
  const numbers = grid.head.at(-1)!;
  const titles = definition.columns.filter(({ screen }) => !screen).map(({ title }) => title);
  const said = grid.head.slice(0, -1).flat();
  for (const title of titles)
    assert.ok(
      said.some(({ text }) => text === title),
      `${key}: ${title}`,
    );
  assert.deepEqual(
    numbers.map(({ text }) => text),
    titles.map((_, at) => String(at + 1)),
  );
  return titles;
}

test('A1/CSYT is printed with its 14 columns, sex and birth date as two under one heading (shared reference, statistics forms 3)', () => {
  assert.deepEqual(printed('so-kham-benh'), [
    ...['STT', 'Họ và tên', 'Nam', 'Nữ', 'Số định danh', 'Số thẻ BHYT', 'Địa chỉ', 'Dân tộc', 'Nghề nghiệp'],
    ...['Triệu chứng', 'Chẩn đoán', 'Điều trị', 'Người khám', 'Ghi chú'],
  ]);
  const { definition } = registerOn(content, 'so-kham-benh', '2026-11-22')!;
  const [top] = registerGrid(definition, [], { left: [], unit: '', period: '' }).head;
  assert.equal(top!.find(({ text }) => text === 'Giới tính, ngày sinh')?.across, 2);
});

test('books of deaths, malaria, long diseases, mental disorders, tuberculosis and HIV have the columns of their series, those without facts for the pen', () => {
  const has = (key: string, titles: readonly string[]) => {
    const all = printed(key);
    for (const title of titles) assert.ok(all.includes(title), `${key}: ${title}`);
  };
  has('so-tu-vong', [
    ...['Họ và tên', 'Ngày sinh', 'Tuổi', 'Giới', 'Dân tộc', 'Nghề nghiệp', 'Địa chỉ', 'Số định danh'],
    ...['Ngày tử vong', 'Giờ tử vong', 'Nơi tử vong', 'Nguyên nhân chính', 'Mã ICD-10', 'Tử vong mẹ'],
    ...['Người xác minh', 'Ngày ghi sổ', 'Ghi chú'],
  ]);
  has('so-sot-ret', [
    'Nơi phát hiện',
    'Ngày phát hiện',
    'Sốt',
    'Lam máu',
    'Test nhanh',
    'Có thai',
    'Số lần kiểm tra',
  ]);
  const months = Array.from({ length: 12 }, (_, at) => `T${at + 1}`);
  has('so-khong-lay-nhiem', [
    ...['Điện thoại', 'Số định danh', 'Số thẻ BHYT', 'Bệnh', 'Ngày phát hiện', 'Nơi phát hiện'],
    ...['Ngày đưa vào quản lý', ...months, 'Biến chứng', 'Chuyển đi', 'Ra khỏi quản lý', 'Tử vong'],
  ]);
  has('so-tam-than', ['Bệnh', ...months, 'Kiểm tra tại nhà', 'Phục hồi chức năng']);
  has('so-lao', ['Ngày về xã quản lý', 'Số phiếu điều trị có kiểm soát', 'Phân loại người bệnh', 'Ghi chú']);
  has('so-hiv', [
    'Nhóm đối tượng',
    'Giai đoạn thai kỳ',
    'Ngày phát hiện',
    'Nơi chẩn đoán',
    'Nơi điều trị ARV',
    'Ghi chú',
  ]);
});

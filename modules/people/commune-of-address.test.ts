import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { communeOn, splitAddress } from './commune-of-address.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const today = '2026-11-22';
const code = (address: string) => splitAddress(address, today, content).commune?.code ?? null;

test('an old commune with district and province is followed through the mergers of 2025', () => {
  assert.equal(code('Tổ 3, Tích Sơn, Vĩnh Yên, Vĩnh Phúc'), '08707');
  assert.equal(code('Số 5, Phường Liên Bảo, Thành phố Vĩnh Yên, Tỉnh Vĩnh Phúc'), '08716');
});
test('the two-tier address of today', () => {
  assert.deepEqual(splitAddress('Thôn Đông, Xã Tam Hồng, Tỉnh Phú Thọ', today, content).commune, {
    code: '09043',
    name: 'Xã Tam Hồng',
    province: 'Tỉnh Phú Thọ',
  });
});
test('marks and kinds do not matter', () => assert.equal(code('thon dong, tam hong, phu tho'), '09043'));
test('a name without its parents, or with others, is no commune', () => {
  assert.equal(code('Tam Hồng'), null);
  assert.equal(code('Tam Hồng, Hà Nội'), null);
  assert.equal(code('Xã A, tỉnh B'), null);
  assert.equal(code(''), null);
});
test('a unit that has ended is not in force', () => {
  assert.equal(communeOn('08710', today, content), null);
  assert.equal(communeOn('99999', today, content), null);
});

test('a commune that shares its name with the district above is told from it', () => {
  assert.equal(
    code('Thôn 2, Đồng Cương, Yên Lạc, Vĩnh Phúc'),
    code('Xã Đồng Cương, Huyện Yên Lạc, Tỉnh Vĩnh Phúc'),
  );
  assert.notEqual(code('Thôn 2, Đồng Cương, Yên Lạc, Vĩnh Phúc'), null);
});
test('what stands before the commune is the line', () => {
  const { line } = splitAddress('Số 5, Tổ 3, Tích Sơn, Vĩnh Yên, Vĩnh Phúc', today, content);
  assert.equal(line, 'Số 5, Tổ 3');
});

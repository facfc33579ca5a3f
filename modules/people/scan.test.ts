import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../kernel/failure.ts';
import { parseScan } from './scan.ts';

const CITIZEN = '079080000001|020000001|NGUYỄN VĂN A|01011980|Nam|Xã A, tỉnh B|15042021';
const INSURANCE = 'DN4790000000001|4e677579e1bb856e2056c4836e2041|01/01/1980|1';

const kinds: [string, string][] = [
  [CITIZEN, 'citizen-card'],
  [`\uFEFF]Q1${CITIZEN}\r\n`, 'citizen-card'],
  [INSURANCE, 'insurance-card'],
  ['0000000001|4e677579e1bb856e2056c4836e2041|1980|1$', 'insurance-card'],
  ['DN4790000000001', 'insurance-card'],
  ['DN479000000000179024', 'insurance-card'],
  ['0000000001', 'insurance-card'],
  ['099185000001', 'citizen-number'],
  ['099 185 000 001', 'citizen-number'],
  [`"${CITIZEN}"`, 'citizen-card'],
];
for (const [text, kind] of kinds) {
  test(`${text.trim().slice(0, 30)} is a ${kind}`, () => assert.equal(parseScan(text).kind, kind));
}

const refused: [string, RegExp][] = [
  ['', /Chưa đọc được mã/],
  ['https://vneid.gov.vn/x', /đường dẫn trang web/],
  ['00020101021238570010A000000727', /mã chuyển tiền/],
  ['IDVNM0800000012079080000001<<6', /máy đọc ở mặt sau/],
  ['12345678901|x|y|z|a|b|c', /11 chữ số/],
  ['12345678', /8 chữ số/],
  ['020000001', /chứng minh nhân dân cũ.*ô tìm/],
  ['079080000001|020000001', /bị thiếu/],
  ['hello world', /Không nhận ra mã này/],
  ['{"a":1}', /Không nhận ra mã này/],
];
for (const [text, wanted] of refused) {
  test(`refuses “${text.slice(0, 20)}” with a sentence`, () => {
    assert.throws(
      () => parseScan(text),
      (error) =>
        error instanceof Failure && error.code === 'invalid-request' && wanted.test(error.issues[0]!.text),
    );
  });
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../../kernel/failure.ts';
import { parseCitizenCardQr } from './citizen-card.ts';

/** Example of citizen-identity-and-payment.md section 2. */
const EXAMPLE = '079080000001|020000001|NGUYỄN VĂN A|01011980|Nam|Xã A, tỉnh B|15042021';

const sentence = (text: string): string => {
  try {
    parseCitizenCardQr(text);
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.equal(error.status, 400);
    return error.issues[0]!.text;
  }
  assert.fail(`accepted: ${text}`);
};

describe('QR of the citizen card (section 2)', () => {
  test('the example of the page', () => {
    assert.deepEqual(parseCitizenCardQr(EXAMPLE), {
      kind: 'citizen-card',
      number: '079080000001',
      oldNumber: '020000001',
      name: 'NGUYỄN VĂN A',
      birthDate: '1980-01-01',
      sex: 'male',
      address: 'Xã A, tỉnh B',
      issuedOn: '2021-04-15',
      extra: [],
      remarks: [],
    });
  });

  test('further fields of cards issued since 01/07/2024 are kept untouched', () => {
    const card = parseCitizenCardQr(`${EXAMPLE}|Trần Văn B|Lê Thị C||`);
    assert.deepEqual(card.extra, ['Trần Văn B', 'Lê Thị C', '', '']);
  });

  for (const [written, read] of [
    ['07021985', '1985-02-07'],
    ['021985', '1985-02'],
    ['1985', '1985'],
    ['00001985', '1985'],
    ['00021985', '1985-02'],
    ['29022024', '2024-02-29'],
    ['', null],
  ] as const) {
    test(`birth date ${written || '(empty)'} is ${read}`, () => {
      assert.equal(parseCitizenCardQr(EXAMPLE.replace('01011980', written)).birthDate, read);
    });
  }

  for (const impossible of ['31021985', '01131985', '29022023', '1985x', '12345']) {
    test(`the impossible birth date ${impossible} becomes a remark, the rest is kept`, () => {
      const card = parseCitizenCardQr(EXAMPLE.replace('01011980', impossible));
      assert.equal(card.birthDate, null);
      assert.equal(card.remarks[0]?.code, 'birth-date-unreadable');
      assert.equal(card.name, 'NGUYỄN VĂN A');
    });
  }

  test('an empty old number is none; a name written with combining marks is composed', () => {
    const decomposed = '099080000001||NGUYỄN  VĂN A |01011980|Nữ|x|15042021'.normalize('NFD');
    const card = parseCitizenCardQr(decomposed);
    assert.equal(card.oldNumber, null);
    assert.equal(card.name, 'NGUYỄN VĂN A');
    assert.equal(card.sex, 'female');
  });

  test('line ends and spaces around the scan do not matter', () => {
    assert.equal(parseCitizenCardQr(`  ${EXAMPLE}\r\n`).number, '079080000001');
  });
});

describe('wrong codes get a sentence that says what to do', () => {
  test('cut off: says how many of the seven fields came', () => {
    assert.match(sentence('079080000001|020000001|NGUYỄN VĂN A'), /chỉ đọc được 3 trong 7 mục/);
  });
  test('eleven digits', () => assert.match(sentence(EXAMPLE.slice(1)), /11 chữ số, phải đủ 12/));
  test('no card at all', () =>
    assert.match(sentence('https://example.org'), /không phải mã QR của thẻ căn cước/));
  test('no name', () => assert.match(sentence('079080000001|||01011980|Nam|x|15042021'), /không có họ tên/));
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../../kernel/failure.ts';
import { parseInsuranceCardQr } from './insurance-card.ts';

/** Example of citizen-identity-and-payment.md section 3. */
const EXAMPLE =
  'DN4790000000001|4e677579e1bb856e2056c4836e2041|01/01/1980|1|58c3a320412c2074e1bb896e682042|79 - 024|01/01/2026|' +
  '31/12/2026|05/01/2026|79000000000001|-|4|01/01/2023|0000$';

describe('QR of the insurance card (section 3)', () => {
  test('the example of the page: names and address from hexadecimal', () => {
    assert.deepEqual(parseInsuranceCardQr(EXAMPLE), {
      kind: 'insurance-card',
      cardNumber: 'DN4790000000001',
      insuranceNumber: '0000000001',
      name: 'Nguyễn Văn A',
      birthDate: '1980-01-01',
      sex: 'male',
      address: 'Xã A, tỉnh B',
      facility: '79024',
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
      issuedOn: '2026-01-05',
      office: '79000000000001',
      parent: null,
      livingArea: '4',
      fiveYearsOn: '2023-01-01',
      extra: ['0000'],
      remarks: [],
    });
  });

  test('one-digit days and months, year only, "-" for none', () => {
    const card = parseInsuranceCardQr(
      EXAMPLE.replace('01/01/1980', '1980').replace('01/01/2026', '1/1/2026').replace('31/12/2026', '-'),
    );
    assert.equal(card.birthDate, '1980');
    assert.equal(card.validFrom, '2026-01-01');
    assert.equal(card.validTo, null);
  });

  test('missing trailing fields are none', () => {
    const card = parseInsuranceCardQr('DN4790000000001|4e677579e1bb856e2056c4836e2041|1/1/1980|2$');
    assert.equal(card.name, 'Nguyễn Văn A');
    assert.equal(card.sex, 'female');
    assert.equal(card.validFrom, null);
  });

  test('a newer card shows the 10-digit number only', () => {
    const card = parseInsuranceCardQr(EXAMPLE.replace('DN4790000000001', '0000000001'));
    assert.equal(card.cardNumber, null);
    assert.equal(card.insuranceNumber, '0000000001');
  });

  test('a 20-character scan carries the facility', () => {
    const card = parseInsuranceCardQr('dn479000000000179024');
    assert.equal(card.cardNumber, 'DN4790000000001');
    assert.equal(card.facility, '79024');
  });

  test('a name that is no hexadecimal is taken as it stands', () => {
    const plain = EXAMPLE.replace('4e677579e1bb856e2056c4836e2041', 'Nguyễn Văn A');
    assert.equal(parseInsuranceCardQr(plain).name, 'Nguyễn Văn A');
  });

  test("a child's card keeps the parent's name", () => {
    const card = parseInsuranceCardQr(EXAMPLE.replace('|-|4|', '|4e677579e1bb856e2056c4836e2041|K1|'));
    assert.equal(card.parent, 'Nguyễn Văn A');
    assert.equal(card.livingArea, 'K1');
  });

  test('an impossible date becomes a remark at its label', () => {
    const card = parseInsuranceCardQr(EXAMPLE.replace('31/12/2026', '31/11/2026'));
    assert.equal(card.validTo, null);
    assert.deepEqual(
      card.remarks.map((each) => each.code),
      ['valid-to-unreadable'],
    );
  });

  test('a level digit outside 1–5 is said, not refused', () => {
    const card = parseInsuranceCardQr(EXAMPLE.replace('DN4', 'DN9'));
    assert.deepEqual(
      card.remarks.map((each) => each.code),
      ['insurance-level'],
    );
  });
});

describe('wrong codes get a sentence', () => {
  const sentence = (text: string) => {
    try {
      parseInsuranceCardQr(text);
    } catch (error) {
      return error instanceof Failure ? error.issues[0]!.text : String(error);
    }
    return 'accepted';
  };
  test('another code', () => assert.match(sentence('ABC|def'), /không phải mã QR của thẻ BHYT/));
  test('a scan that Telex has eaten: hexadecimal with Vietnamese letters', () => {
    assert.match(sentence(EXAMPLE.replace('4e677579e1bb856e', '4e677579ê1b856e')), /Tắt Telex/);
  });
  test('hexadecimal that is no UTF-8', () => {
    assert.match(sentence(EXAMPLE.replace('e1bb856e', 'e1bb')), /Tắt Telex/);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../kernel/failure.ts';
import { cardText, hexText, isBroken } from './card-text.ts';
import { parseCitizenCardQr } from './citizen-card.ts';
import { parseInsuranceCardQr } from './insurance-card.ts';

const CARD = '099080000001||NGUYỄN VĂN ĐÀO|01011980|Nam|Xã Vĩnh Tường, tỉnh Phú Thọ|15042021';
const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');
/** What a scanner shows that takes the bytes of UTF-8 for characters of another code page. */
const misread = (text: string, codePage: string) =>
  new TextDecoder(codePage).decode(Buffer.from(text, 'utf8'));
/** “Nguyễn Văn A” in Windows-1258: ê, combining tilde, ă. */
const OLD_NAME = Buffer.from([
  0x4e, 0x67, 0x75, 0x79, 0xea, 0xde, 0x6e, 0x20, 0x56, 0xe3, 0x6e, 0x20, 0x41,
]).toString('hex');

const sentence = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error.issues[0]!.text;
  }
  return '';
};

test('a card whose UTF-8 was read as Windows-1252 or Latin-1 is read again', () => {
  for (const text of [misread(CARD, 'windows-1252'), Buffer.from(CARD, 'utf8').toString('latin1')]) {
    const card = parseCitizenCardQr(text);
    assert.equal(card.name, 'NGUYỄN VĂN ĐÀO');
    assert.equal(card.address, 'Xã Vĩnh Tường, tỉnh Phú Thọ');
    assert.equal(card.sex, 'male');
  }
});

test('names that are right stay as they are', () => {
  for (const name of ['NGUYỄN VĂN ĐÀO', 'Lê Á', "H'Hen Niê", 'Trần Thị Ơ', 'José Ñandú', 'Müller']) {
    assert.equal(cardText(name), name);
    assert.equal(isBroken(name), false);
    assert.equal(hexText(hex(name)), name);
  }
});

test('a name of the insurance card in Windows-1258 is read as Vietnamese', () => {
  assert.equal(parseInsuranceCardQr(`GD4000000000001|${OLD_NAME}|1980|1`).name, 'Nguyễn Văn A');
  assert.equal(hexText('4e677579e1bb2056c4836e2041'), null);
});

test('a name that was lost on the way is refused with what to do, never taken over', () => {
  for (const name of ['Nguy\uFFFDn V\uFFFDn A', 'NGUY?N V?N A', 'Nguyá»n V'])
    assert.match(
      sentence(() => parseCitizenCardQr(CARD.replace('NGUYỄN VĂN ĐÀO', name))),
      /sai bảng mã.*UTF-8.*099080000001/,
    );
  assert.match(
    sentence(() => parseInsuranceCardQr('GD4000000000001|NGUY?N V?N A|1980|1')),
    /bảng mã/,
  );
});

test('an address that was lost is left to type; a name with digits (VNI) is shown for correction', () => {
  const card = parseCitizenCardQr(CARD.replace('Xã Vĩnh', 'X\uFFFD V\uFFFDnh'));
  assert.equal(card.address, '');
  assert.deepEqual(
    card.remarks.map((each) => each.code),
    ['address-unreadable'],
  );
  const typed = parseCitizenCardQr(CARD.replace('NGUYỄN', 'NGUYE64N'));
  assert.deepEqual(
    typed.remarks.map((each) => each.code),
    ['name-strange'],
  );
});

test('control characters of scanners and a closing $ are no part of a card', () => {
  const card = parseCitizenCardQr(`${CARD.replace('NGUYỄN VĂN', 'NGUYỄN\u0000 \u001dVĂN')}$`);
  assert.equal(card.name, 'NGUYỄN VĂN ĐÀO');
  assert.equal(card.issuedOn, '2021-04-15');
  assert.deepEqual(card.remarks, []);
});

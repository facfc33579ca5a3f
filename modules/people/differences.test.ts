import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differencesOf } from './differences.ts';
import type { PersonFacts } from './person-facts.ts';

const facts = (more: Partial<PersonFacts> = {}): PersonFacts => ({
  name: 'Nguyễn Thị Hòa',
  birthDate: '1985-02-07',
  sex: 'female',
  citizenNumber: '099185000001',
  oldNumber: null,
  passport: null,
  insuranceNumber: null,
  phones: [],
  address: null,
  commune: null,
  mother: null,
  ...more,
});
const kinds = (card: Partial<PersonFacts>, record: Partial<PersonFacts>) =>
  differencesOf(facts(card), facts(record)).map((each) => [each.field, each.kind]);

test('the same person without a difference', () => assert.deepEqual(kinds({}, {}), []));
test('the other placing of a tone is no difference, another mark is', () => {
  assert.deepEqual(kinds({ name: 'NGUYỄN THỊ HOÀ' }, {}), []);
  assert.deepEqual(kinds({ name: 'Nguyễn Thị Hóa' }, {}), [['name', 'different']]);
});
test('what the record does not have yet is missing', () => {
  assert.deepEqual(kinds({ oldNumber: '020000001' }, {}), [['oldNumber', 'missing']]);
});
test('what the card does not say is no difference; a card that knows less neither', () => {
  assert.deepEqual(kinds({ birthDate: null, sex: null, citizenNumber: null }, {}), []);
  assert.deepEqual(kinds({ birthDate: '1985' }, {}), []);
});
test('a card that knows the day of a birth year says so', () => {
  assert.deepEqual(kinds({}, { birthDate: '1985' }), [['birthDate', 'less-exact']]);
});
test('another birth date, shown as people read it', () => {
  const [difference] = differencesOf(facts({ birthDate: '1986-02-07' }), facts());
  assert.deepEqual([difference?.card, difference?.record], ['07/02/1986', '07/02/1985']);
});
test('an address is shown but not written over', () => {
  const [difference] = differencesOf(facts({ address: 'Xã A' }), facts({ address: 'Xã B' }));
  assert.equal(difference?.applicable, false);
});
test('the old name of the same commune is no difference, another commune is', () => {
  const card = { address: 'Tổ 3, Tích Sơn, Vĩnh Yên, Vĩnh Phúc', commune: '08707' };
  assert.deepEqual(kinds(card, { address: 'Tổ 3, Phường Vĩnh Yên, Tỉnh Phú Thọ', commune: '08707' }), []);
  const elsewhere = { address: 'Xã Tam Hồng, Tỉnh Phú Thọ', commune: '09043' };
  assert.deepEqual(kinds(card, elsewhere), [['address', 'different']]);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../../kernel/content/content.ts';
import {
  familyOf,
  type Habits,
  houseOf,
  judge,
  type Look,
  type Looker,
  networkOf,
  type Person,
} from './judge.ts';
import { isWithin, RULES, readRules } from './rules.ts';

const rules = readRules(
  openContent(join(import.meta.dirname, '..', '..', '..', 'content')).inForce(
    'access/privacy-rules',
    '2026-11-22',
  ),
);
const LOOK: Look = { account: 'bs', patient: 'p', action: 'read', outcome: 'ok', minute: 10 * 60 };
const WHO: Looker = { staff: true, own: ['me'], family: 'nguyễn', house: 'số 5|a|b|c', closed: false };
const PERSON: Person = { family: 'trần', house: 'số 9|a|b|c', protected: false, staff: false };
const HABITS: Habits = {
  persons: 20,
  personsAtNight: 0,
  ownMean: 25,
  unitMedian: 25,
  nightsBefore: 0,
  daysBefore: 20,
  newPlace: false,
  refusedBefore: null,
};

const met = (
  look: Partial<Look>,
  who: Partial<Looker>,
  person: Partial<Person>,
  habits: Partial<Habits> = {},
) =>
  judge(rules, { ...LOOK, ...look }, { ...WHO, ...who }, { ...PERSON, ...person }, { ...HABITS, ...habits });

test('content has a row for every rule, with words in two languages', () => {
  assert.deepEqual([...rules.keys()].toSorted(), RULES.toSorted());
  for (const { words, wordsEn, severity } of rules.values()) {
    assert.ok(words !== '' && wordsEn !== '');
    assert.match(severity, /^(low|medium|high)$/);
  }
  assert.throws(() => readRules([{ rule: 'astrology' }]), /astrology/);
});

test('an ordinary look meets nothing', () => {
  assert.deepEqual(met({}, {}, {}), []);
});

test('own record; a refused look, a sign-in and a machine do not', () => {
  assert.deepEqual(met({ patient: 'me' }, {}, { family: 'nguyễn', house: 'số 5|a|b|c' }), ['own-record']);
  assert.deepEqual(met({ patient: 'me', outcome: 'refused' }, {}, {}), []);
  assert.deepEqual(met({ patient: null, action: 'sign-in' }, {}, {}), []);
  assert.deepEqual(met({ patient: 'me' }, { staff: false }, {}), []);
});

test('same house needs both the family name and the house', () => {
  const house = WHO.house;
  assert.deepEqual(met({}, {}, { family: 'nguyễn', house }), ['same-household']);
  assert.deepEqual(met({}, {}, { family: 'trần', house }), []);
  assert.deepEqual(met({}, {}, { family: 'nguyễn' }), [], 'two in five people are called Nguyễn');
  assert.deepEqual(
    met({}, { house: '' }, { family: 'nguyễn', house: '' }),
    [],
    'an unknown house is no house',
  );
});

test('protected persons and colleagues', () => {
  assert.deepEqual(met({}, {}, { protected: true }), ['vip']);
  assert.deepEqual(met({}, {}, { staff: true }), ['colleague']);
  assert.deepEqual(met({ patient: 'me' }, {}, { staff: true }), ['own-record']);
});

test('mass reading: above the number, and beyond the own habit and that of the unit', () => {
  assert.deepEqual(met({}, {}, {}, { persons: 90, ownMean: 25, unitMedian: 20 }), ['mass-reading']);
  assert.deepEqual(
    met({}, {}, {}, { persons: 90, ownMean: 40, unitMedian: 20 }),
    [],
    'a reception always reads so many',
  );
  assert.deepEqual(
    met({}, {}, {}, { persons: 90, ownMean: 10, unitMedian: 80 }),
    [],
    'a campaign: all of the unit do',
  );
  assert.deepEqual(met({}, {}, {}, { persons: 59, ownMean: 1, unitMedian: 1 }), [], 'a new colleague');
});

test('out of hours: several persons at night, by somebody who does not work nights', () => {
  const night = { minute: 23 * 60 };
  assert.deepEqual(met(night, {}, {}, { personsAtNight: 5 }), ['out-of-hours']);
  assert.deepEqual(met(night, {}, {}, { personsAtNight: 4 }), []);
  assert.deepEqual(met(night, {}, {}, { personsAtNight: 9, nightsBefore: 2 }), [], 'on duty');
  assert.deepEqual(met({ minute: 7 * 60 }, {}, {}, { personsAtNight: 9 }), []);
  assert.equal(isWithin({ from: 1320, to: 300 }, 299), true);
  assert.equal(isWithin({ from: 1320, to: 300 }, 300), false);
});

test('refused, then opened by emergency within the time', () => {
  const glass = { action: 'break-glass' };
  assert.deepEqual(met(glass, {}, {}, { refusedBefore: 5 }), ['refused-then-opened']);
  assert.deepEqual(met(glass, {}, {}, { refusedBefore: 300 }), []);
  assert.deepEqual(met(glass, {}, {}), [], 'an emergency without a refusal is reviewed as every opening is');
});

test('a closed account, also when it fails to sign in; a new place, once the account has habits', () => {
  assert.deepEqual(met({ patient: null, action: 'sign-in', outcome: 'failed' }, { closed: true }, {}), [
    'after-leave',
  ]);
  assert.deepEqual(met({}, {}, {}, { newPlace: true }), ['new-place']);
  assert.deepEqual(met({}, {}, {}, { newPlace: true, daysBefore: 1 }), [], 'the first days of an account');
  assert.deepEqual(
    met({ patient: null, outcome: 'failed', action: 'sign-in' }, {}, {}, { newPlace: true }),
    [],
  );
});

test('networks, families and houses', () => {
  assert.deepEqual(
    ['10.1.2.3', '::ffff:10.1.2.9', '2001:db8:1:2::5', '127.0.0.1', '::1', ''].map(networkOf),
    ['10.1.2', '10.1.2', '2001:db8:1', null, null, null],
  );
  assert.deepEqual(
    [
      familyOf([{ text: ' Nguyễn  Thị Lan' }]),
      familyOf([{ family: 'TRẦN', text: 'x' }]),
      familyOf(undefined),
    ],
    ['nguyễn', 'trần', ''],
  );
  const one = houseOf([{ line: ['Số 5  ngõ 2'], district: 'Xã A', city: 'B' }]);
  assert.equal(one, houseOf([{ line: ['số 5 ngõ 2'], district: 'xã a', city: 'b' }]));
  assert.equal(houseOf([{ district: 'Xã A' }]), '');
});

/** When medicine is fetched again, what a shelf is asked for, and of which lot it is taken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import { amountOf, demandsOf, type Line, needOf, standingOf } from './supply.ts';

const RULES = { interval: 30, first: 5, early: 7, late: 7, lost: 90, horizon: 30 };
const TODAY = '2026-11-22';
const LINE: Line = {
  request: 'dong-1',
  person: 'nguoi-1',
  number: 'don-1',
  encounter: 'luot-1',
  medicine: 'T080',
  name: 'Amlodipin 5 mg',
  atc: 'C08CA01',
  unit: 'viên',
  quantity: 60,
  days: 60,
  authored: '2026-10-20',
  handed: 0,
  firstHanded: null,
  lastHanded: null,
};

test('nothing was handed out: the first pick-up is due on the day of signing and holds one interval', () => {
  assert.deepEqual(standingOf(LINE, RULES, TODAY, false), {
    handed: 0,
    remaining: 60,
    next: '2026-10-20',
    amount: 30,
    lateDays: 33,
  });
});

test('the second pick-up is due when the first is used up, and holds what is left', () => {
  const line = { ...LINE, handed: 40, firstHanded: '2026-10-21', lastHanded: '2026-10-21' };
  const standing = standingOf(line, RULES, TODAY, false);
  assert.deepEqual([standing.next, standing.amount, standing.lateDays], ['2026-11-30', 20, 0]);
});

test('where the unit kept no stock yet, the whole line counts as handed out when it was signed', () => {
  const standing = standingOf(LINE, RULES, TODAY, true);
  assert.deepEqual([standing.remaining, standing.next, standing.amount], [0, '2026-12-19', 0]);
});

test('two tablets a day for 60 days: a pick-up holds 60; a short course is fetched at once', () => {
  assert.equal(amountOf({ quantity: 120, days: 60 }, RULES), 60);
  assert.equal(amountOf({ quantity: 10, days: 5 }, RULES), 10);
  assert.equal(amountOf({ quantity: 31, days: 31 }, { ...RULES, interval: 31 }), 31);
});

test('the need of the coming days: who is late comes today, who has enough until later does not count, who was lost neither', () => {
  const late = standingOf(LINE, RULES, TODAY, false);
  assert.deepEqual(
    demandsOf(LINE, late, RULES, TODAY).map(({ day, amount }) => [day, amount]),
    [['2026-11-22', 30]],
  );
  const enough = { ...LINE, authored: '2026-11-20' };
  assert.deepEqual(demandsOf(enough, standingOf(enough, RULES, TODAY, true), RULES, TODAY), []);
  const gone = { ...LINE, authored: '2026-05-01' };
  assert.deepEqual(demandsOf(gone, standingOf(gone, RULES, TODAY, true), RULES, TODAY), []);
});

test('a shelf runs out on the day of the first pick-up that it cannot fill, in the order of days', () => {
  const demand = (person: string, day: string, amount: number) => ({
    person,
    request: person,
    medicine: 'T080',
    day,
    amount,
    until: addDays(day, 30),
  });
  const shelf = (balance: number, expires = '2028-01-31') => [{ lot: 'L', expires, balance }];
  const demands = [
    demand('b', '2026-12-01', 30),
    demand('a', '2026-11-25', 30),
    demand('c', '2026-12-10', 30),
  ];
  assert.deepEqual(needOf(demands, shelf(70)), { amount: 90, people: 3, runsOut: '2026-12-10' });
  assert.deepEqual(needOf(demands, shelf(90)), { amount: 90, people: 3, runsOut: null });
  assert.equal(needOf(demands, shelf(29)).runsOut, '2026-11-25');
  assert.equal(
    needOf(demands, shelf(90, '2026-12-31')).runsOut,
    '2026-12-10',
    'what would expire in use is not counted on',
  );
});

/** The same dose of both sides stands once, whoever told it how often and in whatever order; what differs is never joined silently. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareDoses, type LinkedDose, type LinkRow } from './compare.ts';

const COMPONENTS: Record<string, string[]> = {
  penta: ['bach-hau', 'ho-ga', 'uon-van', 'viem-gan-b', 'hib'],
  hexa: ['bach-hau', 'ho-ga', 'uon-van', 'viem-gan-b', 'hib', 'bai-liet'],
  soi: ['soi'],
  bcg: ['lao'],
};
const RULES = { daysApart: 3, componentsOf: (product: string) => COMPONENTS[product] ?? [] };
const dose = (id: string, product: string, day: string, lot = '', known: string[] = []): LinkedDose => ({
  id,
  product,
  name: product || 'Lạ',
  day,
  lot,
  place: '',
  known,
});
const said = (rows: readonly LinkRow[]) =>
  rows.map(({ state, ours, theirs, differences, copies }) =>
    [state, ours?.id ?? '-', theirs?.id ?? '-', differences.join(' '), copies].join('|'),
  );
const compare = (ours: LinkedDose[], theirs: LinkedDose[]) => said(compareDoses(ours, theirs, RULES));

test('one dose that both know stands once, a lot that one does not say is no difference', () => {
  assert.deepEqual(
    compare(
      [dose('a', 'penta', '2026-01-10', 'P-1'), dose('b', 'soi', '2026-08-01', 'S1')],
      [dose('x', 'penta', '2026-01-10', 'p 1'), dose('y', 'soi', '2026-08-01')],
    ),
    ['same|a|x||1', 'same|b|y||1'],
  );
});

test('what only one side has is told as such; a code that is not known here is not guessed', () => {
  assert.deepEqual(
    compare([dose('a', 'bcg', '2026-01-02')], [dose('x', 'soi', '2026-08-01'), dose('y', '', '2026-09-01')]),
    ['ours|a|-||0', 'theirs|-|x||1', 'unknown-code|-|y||1'],
  );
});

test('another lot, another day nearby, another vaccine of the same antigens on the day: differences, not two doses', () => {
  assert.deepEqual(
    compare([dose('a', 'penta', '2026-01-10', 'P1')], [dose('x', 'penta', '2026-01-10', 'P2')]),
    ['differs|a|x|lot|1'],
  );
  assert.deepEqual(
    compare([dose('a', 'penta', '2026-01-10', 'P1')], [dose('x', 'penta', '2026-01-12', 'P1')]),
    ['differs|a|x|day|1'],
  );
  assert.deepEqual(
    compare([dose('a', 'penta', '2026-01-10', 'P1')], [dose('x', 'hexa', '2026-01-10', 'H1')]),
    ['differs|a|x|vaccine lot|1'],
  );
});

test('the next dose of a series, four weeks later, is another dose', () => {
  assert.deepEqual(
    compare([dose('a', 'penta', '2026-01-10', 'P1')], [dose('x', 'penta', '2026-02-07', 'P1')]),
    ['ours|a|-||0', 'theirs|-|x||1'],
  );
});

test('what they have twice is one line with its copies; two lots on one day stay two', () => {
  assert.deepEqual(
    compare(
      [],
      [
        dose('x', 'soi', '2026-08-01', 'S1'),
        dose('y', 'soi', '2026-08-01'),
        dose('x', 'soi', '2026-08-01', 'S1'),
      ],
    ),
    ['theirs|-|x||3'],
  );
  assert.deepEqual(
    compare([], [dose('x', 'soi', '2026-08-01', 'S1'), dose('y', 'soi', '2026-08-01', 'S2')]),
    ['theirs|-|x||1', 'theirs|-|y||1'],
  );
});

test('a number by which they know it joins before all else, and says what differs', () => {
  assert.deepEqual(
    compare(
      [dose('a', 'penta', '2026-01-10', 'P1', ['y']), dose('b', 'penta', '2026-01-11', 'P1')],
      [dose('x', 'penta', '2026-01-11', 'P1'), dose('y', 'penta', '2026-03-01', 'P1')],
    ),
    ['same|b|x||1', 'differs|a|y|day|1'],
  );
});

test('for 300 made-up histories: every dose of both sides stands in one line, and order does not matter', () => {
  let seed = 12_345;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const products = ['penta', 'hexa', 'soi', 'bcg', ''];
  const history = (side: string, count: number) =>
    Array.from({ length: count }, (_, at) =>
      dose(
        `${side}${at}`,
        products[random(side === 'o' ? 4 : 5)]!,
        `2026-0${1 + random(3)}-${String(1 + random(28)).padStart(2, '0')}`,
        ['', 'L1', 'L2'][random(3)]!,
      ),
    );
  for (let round = 0; round < 300; round += 1) {
    const [ours, theirs] = [history('o', random(6)), history('t', random(6))];
    const rows = compareDoses(ours, theirs, RULES);
    assert.deepEqual(rows.flatMap(({ ours: own }) => own?.id ?? []).sort(), ours.map(({ id }) => id).sort());
    assert.equal(
      rows.reduce((all, { copies }) => all + copies, 0),
      theirs.length,
    );
    assert.deepEqual(said(compareDoses([...ours].reverse(), [...theirs].reverse(), RULES)), said(rows));
  }
});

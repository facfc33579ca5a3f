import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nameMatches, nameRank, planSearch } from './search-query.ts';

describe('what was typed', () => {
  const plans: [string, unknown][] = [
    ['', { kind: 'too-short' }],
    ['ng', { kind: 'too-short' }],
    ['1234567', { kind: 'too-short' }],
    ['099 185 000 001', { kind: 'number', values: ['099185000001'], phone: null, card: null }],
    ['0000 111 222', { kind: 'number', values: ['0000111222'], phone: '0000111222', card: null }],
    ['+84 912 345 678', { kind: 'number', values: ['84912345678'], phone: '0912345678', card: null }],
    ['gd4000000000001', { kind: 'number', values: ['0000000001'], phone: null, card: 'GD4000000000001' }],
    ['25D01.000123', { kind: 'number', values: ['25D01.000123'], phone: null, card: null }],
    ['nguyen', { kind: 'name', words: ['nguyen'], marked: null, birth: null }],
    ['ng v a', { kind: 'name', words: ['ng', 'v', 'a'], marked: null, birth: null }],
    ['Đỗ Ánh 1985', { kind: 'name', words: ['do', 'anh'], marked: ['đỗ', 'ánh'], birth: '1985' }],
    ['hoa 7/2/1985', { kind: 'name', words: ['hoa'], marked: null, birth: '1985-02-07' }],
  ];
  for (const [text, plan] of plans) test(`“${text}”`, () => assert.deepEqual(planSearch(text), plan));

  test('a year alone is no person', () => assert.equal(planSearch('1985').kind, 'too-short'));
});

describe('names are found by any order, fold and beginning (EHR-02)', () => {
  const found: [string, string, boolean][] = [
    ['Nguyễn Thị Hòa', 'hoa nguyen', true],
    ['Đỗ Văn Đạt', 'dat do', true],
    ['Nguyễn Văn An', 'ng v a', true],
    ['Nguyễn Văn Bình', 'ng v a', false],
    ['Nguyễn An', 'an an', false],
    ['Nguyễn Thị Hòa', 'hoang', false],
    ['Khuất Thị Mỹ Duyên', 'khuat mi duyen', true],
    ['Khuất Thị Minh', 'khuat my', false],
  ];
  for (const [name, query, is] of found) {
    test(`${query} ${is ? 'finds' : 'does not find'} ${name}`, () =>
      assert.equal(nameMatches(name, query.split(' ')), is));
  }
});

describe('order: exact marks first', () => {
  const order = (query: string, names: string[]) => {
    const plan = planSearch(query);
    assert.equal(plan.kind, 'name');
    if (plan.kind !== 'name') return [];
    return [...names].sort((a, b) => nameRank(a, plan) - nameRank(b, plan));
  };
  test('Hòa before Hoa and Hóa when the mark was typed, with either placing of the tone', () => {
    const names = ['Nguyễn Thị Hoa', 'Nguyễn Thị Hóa', 'Nguyễn Thị Hoà'];
    assert.equal(order('nguyễn thị hòa', names)[0], 'Nguyễn Thị Hoà');
    assert.equal(order('hòa', names)[0], 'Nguyễn Thị Hoà');
  });
  test('the whole name before a longer one, the given name before a family name', () => {
    assert.equal(order('nguyen van an', ['Nguyễn Văn Anh', 'Nguyễn Văn An'])[0], 'Nguyễn Văn An');
    assert.equal(order('hoàng', ['Hoàng Văn Bình', 'Nguyễn Văn Hoàng'])[0], 'Nguyễn Văn Hoàng');
  });
  test('a marked word still being typed keeps its place', () => {
    assert.equal(order('nguyễn thị hò', ['Nguyễn Thị Hoa', 'Nguyễn Thị Hòa'])[0], 'Nguyễn Thị Hòa');
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { compareBirth, compareName, compareNumber } from './compare-fields.ts';
import { matchScore } from './matching.ts';
import type { PersonFacts } from './person-facts.ts';

const content = openContent(join(import.meta.dirname, '../../content'));

const person = (more: Partial<PersonFacts> = {}): PersonFacts => ({
  name: 'Nguyễn Thị Hòa',
  birthDate: '1985-02-07',
  sex: 'female',
  citizenNumber: null,
  oldNumber: null,
  passport: null,
  insuranceNumber: null,
  phones: [],
  address: null,
  commune: null,
  mother: null,
  ...more,
});

const level = (a: Partial<PersonFacts>, b: Partial<PersonFacts>) =>
  matchScore(person(a), person(b), content).level;

describe('same person', () => {
  test('an equal citizen number alone is certain', () => {
    const number = { citizenNumber: '099185000001' };
    const bare = { name: '', birthDate: null, sex: null };
    assert.equal(level({ ...bare, ...number }, number), 'certain');
  });
  test('an equal citizen number with another birth date is certain, and the difference is a reason', () => {
    const number = { citizenNumber: '099185000001' };
    const match = matchScore(person(number), person({ ...number, birthDate: '1986-05-09' }), content);
    assert.equal(match.level, 'certain');
    assert.ok(match.reasons.some((each) => each.field === 'birth' && each.weight < 0));
  });
  test('equal name, birth date and commune without any number is probable, never certain', () => {
    assert.equal(
      level({ commune: '08707', phones: ['0000111222'] }, { commune: '08707', phones: ['0000111222'] }),
      'probable',
    );
  });
  test('a name typed without marks', () => assert.equal(level({ name: 'nguyen thi hoa' }, {}), 'probable'));
  test('a name spelled with i instead of y', () => {
    assert.equal(compareName('Khuất Thị Mĩ Duyên', 'Khuất Thị Mỹ Duyên'), 'other-spelling');
    assert.equal(level({ name: 'Lí Thị Hòa' }, { name: 'Lý Thị Hòa' }), 'probable');
  });
  test('a mistyped digit of the citizen number', () => {
    assert.equal(level({ citizenNumber: '099185000012' }, { citizenNumber: '099185000021' }), 'probable');
    assert.equal(level({ citizenNumber: '099185000012' }, { citizenNumber: '099185000013' }), 'probable');
  });
  test('day and month swapped', () => assert.equal(level({ birthDate: '1985-07-02' }, {}), 'probable'));
  test('one digit of the birth year wrong, same commune', () => {
    assert.equal(level({ birthDate: '1986-02-07', commune: '08707' }, { commune: '08707' }), 'probable');
  });
  test('only the birth year known, same commune', () => {
    assert.equal(level({ birthDate: '1985', commune: '08707' }, { commune: '08707' }), 'probable');
  });
});

describe('near-duplicates that are other people', () => {
  const home = { phones: ['0000111222'], commune: '08707', mother: 'Trần Thị Mai' };

  test('twins: same day, same mother, another given name → at most possible, and said so', () => {
    const match = matchScore(
      person({ ...home, name: 'Lê Gia Bảo', birthDate: '2024-03-01' }),
      person({ ...home, name: 'Lê Gia Huy', birthDate: '2024-03-01' }),
      content,
    );
    assert.equal(match.level, 'possible');
    assert.ok(match.reasons.some((each) => each.field === 'twin'));
  });
  test('twins whose citizen numbers differ by one digit stay possible', () => {
    const twins = { ...home, birthDate: '2024-03-01' };
    assert.equal(
      level(
        { ...twins, name: 'Lê Gia Bảo', citizenNumber: '099224000001' },
        { ...twins, name: 'Lê Gia Huy', citizenNumber: '099224000002' },
      ),
      'possible',
    );
  });
  test('same name, same year, other day and month', () => {
    assert.equal(level({ birthDate: '1985-11-23' }, {}), 'possible');
  });
  test('same name and day with two different citizen numbers is no more than possible', () => {
    assert.equal(level({ citizenNumber: '099185000001' }, { citizenNumber: '099185777777' }), 'possible');
  });
  test('father and son of one name', () => {
    assert.equal(
      level(
        { name: 'Lê Văn An', sex: 'male', ...home },
        { name: 'Lê Văn An', sex: 'male', ...home, birthDate: '2012-09-30' },
      ),
      'none',
    );
  });
  test('a stranger is none', () => {
    assert.equal(level({ name: 'Phạm Văn Đức', sex: 'male', birthDate: '1960-12-01' }, {}), 'none');
  });
});

describe('contradictions ask a person', () => {
  test("a citizen number typed from someone else's card is never certain and never silent", () => {
    const number = { citizenNumber: '099185000001' };
    assert.equal(
      level({ ...number, name: 'Phạm Văn Đức', sex: 'male', birthDate: '1960-12-01' }, number),
      'probable',
    );
  });
  test('equal insurance number with different citizen numbers is not certain', () => {
    const insurance = { insuranceNumber: '0000000001' };
    assert.equal(
      level({ ...insurance, citizenNumber: '099185000001' }, { ...insurance, citizenNumber: '099185999999' }),
      'probable',
    );
  });
});

describe('every reason is a sentence with its weight, and they add up to the score', () => {
  test('sum', () => {
    const match = matchScore(
      person({ commune: '08707' }),
      person({ commune: '08710', birthDate: '1985' }),
      content,
    );
    assert.equal(
      match.reasons.reduce((sum, each) => sum + each.weight, 0),
      match.score,
    );
    for (const reason of match.reasons) assert.ok(reason.vi.length > 0 && reason.en.length > 0);
  });
  test('phone, mother, address and commune of one home count once', () => {
    const home = {
      phones: ['0000111222'],
      commune: '08707',
      mother: 'Trần Thị Mai',
      address: 'Thôn Đông, xã X',
    };
    const both = matchScore(person(home), person(home), content);
    assert.equal(both.reasons.filter((each) => each.field === 'home').length, 1);
  });
});

describe('comparisons', () => {
  const names: [string, string, string][] = [
    ['Nguyễn Thị Hòa', 'NGUYỄN THỊ HOÀ', 'same-marks'],
    ['Nguyễn Thị Hòa', 'nguyen thi hoa', 'same-folded'],
    ['Nguyễn Thị Hòa', 'Nguyễn Thị Hoa', 'other-marks'],
    ['Đỗ Văn A', 'Văn A Đỗ', 'reordered'],
    ['Nguyễn Thị Hòa', 'Nguyễn Hòa', 'near'],
    ['Nguyễn Văn An', 'Ng V An', 'near'],
    ['Nguyễn Văn Minh', 'Nguyễn Văn Ninh', 'near'],
    ['Nguyễn Văn Minh', 'Nguyễn Văn Đức', 'given-differs'],
    ['Nguyễn Văn Minh', 'Trần Thị Đức', 'different'],
  ];
  for (const [a, b, wanted] of names)
    test(`${a} / ${b}: ${wanted}`, () => assert.equal(compareName(a, b), wanted));

  const births: [string, string, string][] = [
    ['1985-02-07', '1985-02-07', 'same'],
    ['1985-02', '1985-02-07', 'same-month'],
    ['1985', '1985-02-07', 'same-year'],
    ['1985-07-02', '1985-02-07', 'swapped'],
    ['1985-02-17', '1985-02-07', 'one-part'],
    ['1985-03-17', '1985-02-07', 'year-only'],
    ['1985-03', '1985-02-07', 'year-only'],
    ['1984', '1985-02-07', 'different'],
    ['1990-11-30', '1985-02-07', 'different'],
  ];
  for (const [a, b, wanted] of births)
    test(`${a} / ${b}: ${wanted}`, () => assert.equal(compareBirth(a, b), wanted));

  test('numbers: one digit, two swapped, two wrong', () => {
    assert.equal(compareNumber('099185000012', '099185000013'), 'near');
    assert.equal(compareNumber('099185000012', '099185000021'), 'near');
    assert.equal(compareNumber('099185000012', '099185000034'), 'different');
  });
});

test('matching is symmetric', () => {
  const a = person({ citizenNumber: '099185000012', commune: '08707', name: 'Ng T Hòa' });
  const b = person({ citizenNumber: '099185000013', birthDate: '1985', phones: ['0000111222'] });
  assert.equal(matchScore(a, b, content).score, matchScore(b, a, content).score);
});

/** Patterns: against the engine of JavaScript on random ones, the ones that hang it, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../failure.ts';
import { pick, type Random, randomFrom } from '../../validation/random.testing.ts';
import { Work } from '../work.ts';
import { Pattern } from './index.ts';

const SEED = Number(process.env.YBA_SEED ?? 20261122);

function patternOf(text: string): Pattern {
  const pattern = Pattern.read(text);
  assert.ok(pattern instanceof Pattern, `${text}: ${(pattern as { whyEn?: string }).whyEn}`);
  return pattern;
}
const finds = (pattern: string, text: string) => patternOf(pattern).finds(text, new Work());
const fits = (pattern: string, text: string) => patternOf(pattern).fits(text, new Work());
const replaced = (pattern: string, text: string, by: string) =>
  patternOf(pattern).replaced(text, by, new Work());

function randomPattern(random: Random, depth: number): string {
  const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomPiece(random, depth));
  return random() < 0.25 && depth > 0
    ? `${parts.join('')}|${randomPattern(random, depth - 1)}`
    : parts.join('');
}

function randomPiece(random: Random, depth: number): string {
  const atoms = [
    'a',
    'b',
    'ă',
    '.',
    '[ab]',
    '[^a]',
    '[a-c1]',
    '\\d',
    '\\w',
    '\\s',
    '\\p{L}',
    '\\P{L}',
    '\\.',
    '^',
    '$',
    '\\b',
    '𝒂',
  ];
  const atom =
    depth > 0 && random() < 0.3
      ? `${pick(random, ['(', '(?:', '(?=', '(?!'])}${randomPattern(random, depth - 1)})`
      : pick(random, atoms);
  const mayRepeat = !/^(?:\^|\$|\\b|\(\?[=!])/.test(atom);
  return mayRepeat && random() < 0.4
    ? atom + pick(random, ['*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?', '??'])
    : atom;
}

test('random patterns find and fit what the engine of JavaScript finds and fits', (context) => {
  context.diagnostic(`YBA_SEED=${SEED}`);
  const random = randomFrom(SEED);
  let found = 0;
  for (let round = 0; round < 2_000; round++) {
    const source = randomPattern(random, 3);
    const text = Array.from({ length: Math.floor(random() * 9) }, () =>
      pick(random, ['a', 'b', 'c', '1', ' ', 'ă', '.', '𝒂', '\n']),
    ).join('');
    const place = `seed ${SEED}: /${source}/ on ${JSON.stringify(text)}`;
    // JavaScript looks ahead from between the halves of a character.
    if (source.includes('(?') && text.includes('𝒂')) continue;
    const theirs = new RegExp(source, 'su');
    assert.equal(finds(source, text), theirs.test(text), place);
    assert.equal(fits(source, text), new RegExp(`^(?:${source})$`, 'su').test(text), place);
    const match = theirs.exec(text);
    if (match?.[0]) found += 1;
    // Where an empty match may be the first one, the two differ in where they go on.
    if (!new RegExp(source, 'su').test('') && !/\(\?[=!]|\\b|[*?]|\{0|[$^|]/.test(source))
      assert.equal(replaced(source, text, '<$0>'), text.replace(new RegExp(source, 'gsu'), '<$&>'), place);
  }
  assert.ok(found > 250, `${found} with letters`);
});

test('patterns that take other engines for ever cost their length times that of the text', () => {
  const long = 'a'.repeat(5_000);
  for (const [pattern, text] of [
    ['(a+)+$', `${long}!`],
    ['^(a|aa)+$', `${long}!`],
    ['^(a|a)*$', `${long}!`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', long],
    ['(x+x+)+y', 'x'.repeat(5_000)],
    ['^(.*a){12}b$', long],
    [
      '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
      `${long}!`,
    ],
    ['\\s+b$', ' '.repeat(5_000)],
    ['(a?){300}a{300}b', 'a'.repeat(300)],
    ['(?=(a+)+b)c', 'a'.repeat(200)],
  ] as const)
    assert.equal(finds(pattern, text), false, pattern);
});

test('a text that is too long for its pattern, or too many texts, stop with a failure', () => {
  assert.throws(
    () => finds('(a?){900}b', 'a'.repeat(100_000)),
    (error) => error instanceof Failure && error.code === 'too-costly',
  );
  const work = new Work();
  const pattern = patternOf('(a|b|ab|ba|aba)*c');
  assert.throws(
    () => {
      for (;;) pattern.finds('ab'.repeat(2_000), work);
    },
    (error) => error instanceof Failure && error.code === 'too-large',
  );
});

test('the syntax of XML Schema, Java and JavaScript that they have in common', () => {
  const cases: [pattern: string, text: string, whole: boolean][] = [
    ['[A-Z]([A-Za-z0-9_]){0,254}', 'Abc_1', true],
    ['\\d{4}-\\d{2}', '2026-11', true],
    ['[\\w\\-\\.]+', 'a-b.c', true],
    ['[^\\s]+', 'không', true],
    ['[\\p{Lu}][\\p{Ll}]+', 'Đau', true],
    ['\\u0041\\x42\\t', 'AB\t', true],
    ['a.b', 'a\nb', true],
    ['(?i)đau', 'ĐAU', true],
    ['[]-]', ']', true],
    ['(?<năm>\\d+)', '12', true],
    ['x(?=y)y', 'xy', true],
    ['x(?!y).', 'xy', false],
    ['\\[x\\]]{', '[x]]{', true],
    ['[a-]+', 'a-', true],
    ['', '', true],
  ];
  for (const [pattern, text, whole] of cases) {
    const read = Pattern.read(pattern);
    assert.equal(read instanceof Pattern && read.fits(text, new Work()), whole, pattern);
  }
});

test('replacing: groups by number and name, every match, an empty pattern is nothing', () => {
  assert.equal(replaced('(\\d{2})/(?<tháng>\\d{2})/(\\d{4})', '22/11/2026', '$3-$<tháng>-$1'), '2026-11-22');
  assert.equal(replaced('a+', 'caaat a', '<$0>'), 'c<aaa>t <a>');
  assert.equal(replaced('(b)|a', 'ab', '[$1]'), '[][b]');
  assert.equal(replaced('a', 'aba', '$$\\$$9'), '$$$9b$$$9');
  assert.equal(replaced('', 'abc', 'x'), 'abc');
  assert.equal(replaced('x*', 'ab', '-'), '-a-b-');
});

test('what cannot be matched in bounded time, or is no pattern, is refused with its reason', () => {
  const refused: [string, RegExp][] = [
    ['(a)\\1', /back references/],
    ['(?<=a)b', /lookbehind/],
    ['(?>a)', /atomic/],
    ['a++', /possessive/],
    ['a**', /behind a quantifier/],
    ['*a', /behind nothing/],
    ['(a', /\) is missing/],
    ['a)', /closes nothing/],
    ['[a', /too early/],
    ['[z-a]', /wrong way round/],
    ['a{3,2}', /wrong way round/],
    ['\\q', /no meaning/],
    ['\\p{Wobble}', /no property/],
    ['[[:alpha:]]', /POSIX/],
    ['((a{100}){100}){100}', /becomes too large/],
    ['(?:(?=(?:(?=a{900})b){900})c){900}', /becomes too large/],
    ['(((((){1000}){1000}){1000}){1000}){1000}', /becomes too large/],
    ['(?:(?:(?:(?:){1000}){1000}){1000}){1000}', /becomes too large/],
    ['a'.repeat(1_001), /more than 1000/],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, /nested more than 50/],
  ];
  for (const [text, why] of refused) {
    const read = Pattern.read(text);
    assert.ok(
      !(read instanceof Pattern) && why.test(read.whyEn),
      `${text}: ${(read as { whyEn?: string }).whyEn}`,
    );
  }
});

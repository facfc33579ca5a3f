/** The choice of a language, without a browser: what is remembered, and when the page changes. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chooseLanguage, language, type Messages, rememberedLanguage, t } from './language.ts';

const kept = new Map<string, string>();

before(() => {
  const localStorage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  Object.assign(globalThis, { window: { localStorage }, document: { documentElement: { lang: 'vi' } } });
});

/** Words that arrive when the test says so. */
function onTheWay() {
  const words = Promise.withResolvers<Messages>();
  return {
    load: () => words.promise,
    arrive: () => words.resolve({ 'a.key': 'English' }),
    fail: words.reject,
  };
}

test('words that never arrive leave the page as it is, and the choice for the next visit', async () => {
  const words = onTheWay();
  const choice = chooseLanguage('en', words.load);
  assert.equal(rememberedLanguage(), 'en', 'remembered before the words are there');
  words.fail(new Error('no network'));
  await assert.rejects(choice, /no network/);
  assert.equal(language(), 'vi');
  assert.equal(t('a.key', 'Tiếng Việt'), 'Tiếng Việt');
});

test('of two choices the later one counts, whichever words arrive first', async () => {
  const words = onTheWay();
  const first = chooseLanguage('en', words.load);
  await chooseLanguage('vi', words.load);
  words.arrive();
  await first;
  assert.equal(language(), 'vi');
  assert.equal(rememberedLanguage(), 'vi');
  assert.equal(document.documentElement.lang, 'vi');
});

test('the page changes when the words are there', async () => {
  await chooseLanguage('en', onTheWay().load);
  assert.equal(language(), 'en');
  assert.equal(document.documentElement.lang, 'en');
  assert.equal(t('a.key', 'Tiếng Việt'), 'English');
  assert.equal(t('b.key', 'Còn {n} dòng', { n: 3 }), 'Còn 3 dòng', 'what has no English stays Vietnamese');
});

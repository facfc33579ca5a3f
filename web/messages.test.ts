/** Text comes from message files; English complete (ui.md, Behaviour 6). */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

interface Use {
  file: string;
  key: string;
  vietnamese: string;
}

const STRING = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const CALL = new RegExp(String.raw`\bt\(\s*(?:(${STRING}),\s*(${STRING})|([^)\s][^)]{0,40}))`, 'g');

/** Every `t('key', 'Việt')` of a file; what is called with anything else is a fault. */
function usesIn(file: string): { uses: Use[]; faults: string[] } {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/^\s*(\*|\/\/|\/\*).*$/gm, '');
  const uses: Use[] = [];
  const faults: string[] = [];
  for (const [, key, vietnamese, other] of text.matchAll(CALL)) {
    if (key && vietnamese) uses.push({ file, key: unquoted(key), vietnamese: unquoted(vietnamese) });
    else faults.push(`${file}: t(${other}…: key and Vietnamese must stand there as plain strings`);
  }
  return { uses, faults };
}

function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, '$1');
}

function places(text: string): string {
  return [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name)
    .sort()
    .join();
}

const sources = globSync(['web/{ui,shell}/**/*.{ts,tsx}', 'modules/*/screens/**/*.{ts,tsx}'], {
  cwd: ROOT,
}).filter((file) => !file.includes('.test.') && file !== 'web/ui/i18n/language.ts');
const read = sources.map(usesIn);
const uses = read.flatMap((one) => one.uses);

/** The file a key's English belongs in: the module's own, or the kit's and the shell's. */
function homeOf({ file, key }: Use): string {
  const [floor, module] = file.split('/');
  return floor === 'modules' && !key.startsWith('ui.')
    ? `modules/${module}/screens/en.json`
    : 'web/messages/en.json';
}

function english(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

test('every sentence has its English, with the same places to fill', () => {
  assert.ok(uses.length > 100);
  const missing = uses.flatMap((use) => {
    const { key, vietnamese } = use;
    const home = homeOf(use);
    const sentence = english(home)[key];
    if (sentence === undefined) return [`${home}: "${key}": "${vietnamese}"`];
    return places(sentence) === places(vietnamese) ? [] : [`${home}: "${key}" has other places: ${sentence}`];
  });
  assert.deepEqual([...new Set(missing)], []);
});

test('one key is one sentence, written as plain strings', () => {
  assert.deepEqual(
    read.flatMap((one) => one.faults),
    [],
  );
  const known = new Map<string, Use>();
  const faults = uses.flatMap((use) => {
    const first = known.get(use.key) ?? use;
    known.set(use.key, first);
    return first.vietnamese === use.vietnamese
      ? []
      : [`${use.key}: "${first.vietnamese}" in ${first.file}, "${use.vietnamese}" in ${use.file}`];
  });
  assert.deepEqual(faults, []);
});

test('no English is left over from a sentence that is gone', () => {
  const used = new Set(uses.map((use) => `${homeOf(use)} ${use.key}`));
  const homes = new Set(uses.map(homeOf));
  const left = [...homes].flatMap((home) =>
    Object.keys(english(home))
      .filter((key) => !used.has(`${home} ${key}`))
      .map((key) => `${home}: "${key}"`),
  );
  assert.deepEqual(left, []);
});

/** The text of a call, from its opening bracket to the closing one that belongs to it. */
function argumentsFrom(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return text.slice(open, at + 1);
  }
  return text.slice(open);
}

test('every refusal of a module is said in English too, since the screens show it in the language of the person', () => {
  const silent: string[] = [];
  for (const file of globSync('modules/**/*.ts', { cwd: ROOT })) {
    if (file.includes('test')) continue;
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const { index } of text.matchAll(/new Failure\(/g)) {
      const said = argumentsFrom(text, index + 'new Failure'.length);
      if (!/textEn|issues/.test(said)) silent.push(`${file}: ${said.slice(0, 80)}`);
    }
  }
  assert.deepEqual(silent, []);
});

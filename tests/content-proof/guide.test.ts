/** The guide of `docs/content/` followed to the letter: its files are the club's pack, sound, and each mistake that it names is told as it says. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPapers, openDocuments } from '../../engines/documents/index.ts';
import { checkForms } from '../../engines/forms/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { checkViews } from '../../main/commands/check-views.ts';
import { checkDefinitions } from '../../main/commands/definitions.ts';
import { PACK } from './club.testing.ts';
import { guideFiles, guideMistakes, layGuide } from './guide.testing.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OWN = join(ROOT, 'content');
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'noi-dung-'));
  layGuide(folder);
});
after(() => rmSync(folder, { recursive: true }));

test('the guide prints every file of the pack that the other tests walk, letter for letter, and no other', () => {
  const pack = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: PACK,
    encoding: 'utf8',
  })
    .split('\0')
    .filter(Boolean)
    .sort();
  assert.deepEqual([...guideFiles().keys()].sort(), pack);
  for (const [name, text] of guideFiles()) assert.equal(text, readFileSync(join(PACK, name), 'utf8'), name);
});

test('a reader who copied every file gets no error from the command that the guide names', () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(ROOT, 'main', 'yba.ts'), 'content', 'check', '--with', folder],
    { encoding: 'utf8', cwd: folder },
  );
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^0 errors/m);
});

test('each mistake of the last page is told by the sentence that stands there', async () => {
  const mistakes = guideMistakes();
  assert.ok(mistakes.length >= 15, `${mistakes.length} mistakes`);
  for (const { file, from, to, says } of mistakes) {
    const path = join(folder, file);
    const sound = readFileSync(path, 'utf8');
    assert.ok(sound.includes(from), `${file} has ${from}`);
    writeFileSync(path, sound.replace(from, to));
    const told = await sentencesOf(file.startsWith('documents/'));
    writeFileSync(path, sound);
    assert.ok(
      told.some((one) => one.includes(says)),
      `${file} ${from} → ${to}: ${told.join(' | ') || 'nothing is told'}`,
    );
  }
});

/** What `yba content check --with` says in Vietnamese; papers are set only where one was changed. */
async function sentencesOf(papers: boolean): Promise<string[]> {
  try {
    const content = openContent(OWN, [folder]);
    const told = [...checkViews(content), ...checkDefinitions(content), ...checkForms(content)].map(
      ({ textVi }) => textVi,
    );
    if (!papers) return told;
    const documents = openDocuments(content);
    try {
      return [...told, ...(await checkPapers(content, documents)).map(({ text }) => text)];
    } finally {
      documents.close();
    }
  } catch (error) {
    if (error instanceof Failure) return error.issues.map(({ text }) => text);
    throw error;
  }
}

/** The club by its own words; `dieu` alone is a syllable of many others. Tests of the engines may try a kite by themselves. */
const CLUB = /thả diều|tha-dieu|tha_dieu|\bkites?\b|\bkite[-_]/iu;
const ITS_PLACES = /^(tests\/content-proof|docs\/content)\/|\.(test|testing)\.tsx?$/;

test('nothing that the program carries knows the club: not a line of code was written for it', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((name) => /\.(ts|tsx|md|sql|json|csv|typ|css|html|js)$/.test(name) && !ITS_PLACES.test(name));
  const found = files.filter((name) => {
    const text = textOf(join(ROOT, name));
    return text !== null && CLUB.test(text);
  });
  assert.deepEqual(found, []);
});

/** Null for a file that another took away meanwhile. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** A start with a province's folder of which some files are wrong: these are left out with a sentence, the others work. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { datedFiles } from '../kernel/content/dated.ts';
import { openSoundContent } from './sound-content.ts';

const OWN = join(import.meta.dirname, '../content');
const CLUB = join(import.meta.dirname, '../tests/content-proof/pack');
const root = mkdtempSync(join(tmpdir(), 'yba-sound-'));
after(() => rmSync(root, { recursive: true }));
let count = 0;

/** The club's folder with some files changed. */
function clubWith(files: Record<string, string | ((text: string) => string)>): string {
  const folder = join(root, `${count++}`);
  cpSync(CLUB, folder, { recursive: true });
  for (const [name, change] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const text = typeof change === 'string' ? change : change(readFileSync(join(folder, name), 'utf8'));
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function leftOutOf(files: Parameters<typeof clubWith>[0]) {
  const folder = clubWith(files);
  const { content, leftOut } = await openSoundContent(OWN, [], [folder]);
  return {
    content,
    leftOut: leftOut.map(({ file, why }) => `${file.slice(folder.length + 1)}: ${why}`).sort(),
  };
}

test('a sound folder is carried out whole', async () => {
  const { leftOut } = await openSoundContent(OWN, [], [CLUB]);
  assert.deepEqual(leftOut, []);
});

test('a file that cannot be read costs itself alone; of a form the version before goes on', async () => {
  const { content, leftOut } = await leftOutOf({
    'forms/phieu-bay/2026-06-01.json': '{ "resourceType": "Questionnaire", ',
    'forms/phieu-bay/2026-7-1.json': '{}',
    'programmes/tha-dieu/2026-06-01.json': '[]',
  });
  assert.equal(leftOut.length, 3, leftOut.join('\n'));
  assert.match(leftOut[0]!, /^forms\/phieu-bay\/2026-06-01\.json: 1:\d+: viết sai JSON/);
  assert.match(leftOut[1]!, /^forms\/phieu-bay\/2026-7-1\.json: không ai đọc/);
  const days = datedFiles(content, 'forms').filter(({ key }) => key === 'phieu-bay');
  assert.deepEqual(
    days.map(({ from, to }) => [from, to]),
    [['2026-01-01', null]],
  );
});

test('what stands on a file that is left out is left out, too, and says why', async () => {
  const { content, leftOut } = await leftOutOf({
    'views/kite_note.json': (text) => text.replace('status != ', 'stats != '),
  });
  assert.deepEqual(
    leftOut.map((line) => line.split(':')[0]),
    [
      'indicators/tha-dieu-tren-nghin/2026-01-01.json',
      'registers/so-tha-dieu/2026-01-01.json',
      'reports/tha-dieu/2026-01-01.json',
      'views/kite_note.json',
    ],
  );
  assert.ok(!content.files('views').includes('kite_note.json'));
  assert.ok(content.files('forms').includes('phieu-bay/2026-01-01.json'));
});

test('a rule, a paper, a list and a version of the program itself', async () => {
  const { leftOut } = await leftOutOf({
    'rules/gio-qua-manh/2026-01-01.json': (text) => text.replace('%wind >= 7', '%gio >= 7'),
    'documents/giay-hoi-vien/2026-01-01.typ': (text) => text.replace('d.joined', 'd.joind'),
    'forms/findrisc/2026-07-01.json': '{"resourceType":"Questionnaire","status":"active"}',
    'terminology/lists.csv': (text) => text.replace('club/loai-dieu,', 'club/loai-dieuu,'),
  });
  assert.deepEqual(
    leftOut.map((line) => line.split(':')[0]),
    [
      'documents/giay-hoi-vien/2026-01-01.json',
      'documents/giay-hoi-vien/2026-01-01.sample.json',
      'documents/giay-hoi-vien/2026-01-01.typ',
      'forms/don-xin-tha-dieu/2026-01-01.json',
      'forms/findrisc/2026-07-01.json',
      'rules/gio-qua-manh/2026-01-01.json',
      'terminology/lists.csv',
    ],
  );
  assert.match(
    leftOut.find((line) => line.startsWith('forms/findrisc'))!,
    /một bản đã ban hành không bị thay/,
  );
});

test('a folder that is missing is a mistake of the setting, not of a file', async () => {
  await assert.rejects(openSoundContent(OWN, [], [join(root, 'nowhere')]), /YBA_CONTENT/);
});

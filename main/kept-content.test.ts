/** What a start works with stays what it was at the start, for whoever begins later. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { contentInUse, keepContent, namedAsGiven } from './kept-content.ts';
import { SettingError } from './settings.ts';

const root = mkdtempSync(join(tmpdir(), 'yba-kept-'));
after(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, file)), { recursive: true });
    writeFileSync(join(root, name, file), text);
  }
  return join(root, name);
}

test('a folder that is changed, or taken away, after the start is still what it was', () => {
  const [province, clinic] = [
    folder('tinh', { 'access/sensitivity.csv': 'category\nHIV\n', '.git/HEAD': 'x', 'ghi-chu.md': 'x' }),
    folder('xa', { 'forms/a/2026-01-01.json': '{}' }),
  ];
  const data = join(root, 'data');
  const { folders, forget } = keepContent([province, clinic], data);
  writeFileSync(join(province, 'access/sensitivity.csv'), 'category\nPSY\n');
  rmSync(clinic, { recursive: true });
  assert.equal(readFileSync(join(folders[0]!, 'access/sensitivity.csv'), 'utf8'), 'category\nHIV\n');
  assert.equal(readFileSync(join(folders[1]!, 'forms/a/2026-01-01.json'), 'utf8'), '{}');
  assert.deepEqual(
    [existsSync(join(folders[0]!, '.git')), existsSync(join(folders[0]!, 'ghi-chu.md'))],
    [false, false],
  );
  assert.equal(
    namedAsGiven(`${folders[1]}/forms/a: sai`, folders),
    `${clinic}/forms/a: sai`,
    'officers read the name of their own folder',
  );
  forget();
  assert.equal(existsSync(folders[0]!), false);
});

test('a link is kept as one: it is not followed, and told of', () => {
  const province = folder('lien-ket', { 'forms/a/2026-01-01.json': '{}' });
  symlinkSync('/etc/hostname', join(province, 'forms/a/2026-02-01.json'));
  const { folders, forget } = keepContent([province], join(root, 'data'));
  const kept = join(folders[0]!, 'forms/a/2026-02-01.json');
  rmSync(province, { recursive: true });
  assert.equal(existsSync(kept), false);
  forget();
});

test('a command beside the program finds what it works with; what a start left behind that was killed is removed', async () => {
  const province = folder('lenh', { 'forms/a/2026-01-01.json': '{}' });
  const data = join(root, 'lenh-data');
  assert.equal(contentInUse(data), null);
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const theirs = join(data, 'content-in-use', String(other.pid));
  mkdirSync(join(theirs, '0'), { recursive: true });
  mkdirSync(join(theirs, '10'));
  mkdirSync(join(theirs, '2'));
  assert.deepEqual(
    contentInUse(data),
    ['0', '2', '10'].map((name) => join(theirs, name)),
  );
  keepContent([province], data).forget();
  assert.ok(existsSync(theirs), 'it is running');
  const ended = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGKILL');
  await ended;
  assert.equal(contentInUse(data), null);
  keepContent([province], data).forget();
  assert.ok(!existsSync(theirs));
});

test('a missing folder and a data folder that takes no copy are one sentence each', () => {
  assert.throws(
    () => keepContent([join(root, 'khong-co')], join(root, 'data')),
    /YBA_CONTENT|YBA_DATA|không|There is no/i,
  );
  const province = folder('day', { 'forms/a/2026-01-01.json': '{}' });
  writeFileSync(join(root, 'tep'), '');
  assert.throws(() => keepContent([province], join(root, 'tep/data')), SettingError);
  assert.deepEqual(keepContent([], join(root, 'tep/data')).folders, []);
});

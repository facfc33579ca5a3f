/** `yba keys` on the embedded database, as an operator runs it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

const YBA = join(import.meta.dirname, '..', 'bin', 'yba');
const folder = mkdtempSync(join(tmpdir(), 'yba-keys-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'data', 'keys', 'master.key');

async function yba(...words: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', YBA_DATA: join(folder, 'data'), YBA_DEMO: 'off' };
  return (await promisify(execFile)(YBA, words, { cwd: folder, env })).stdout;
}

test('the embedded database gets a key file of its own; rotations add keys, and another file is refused with a sentence', async () => {
  assert.match(await yba('keys', 'list'), /^d\w+ .* wrapped by m\w+\n$/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(await yba('keys', 'rotate'), /Khóa mới: d\w+[\s\S]*nội dung được niêm phong\./);
  assert.match(await yba('keys', 'seal'), /^0 nội dung được niêm phong\./m);
  const first = readFileSync(file, 'utf8');
  await yba('keys', 'rotate', '--master');
  const masters = readFileSync(file, 'utf8').match(/^m\w+/gm)!;
  assert.equal(masters.length, 2);
  const listed = await yba('keys', 'list');
  assert.equal(listed.match(new RegExp(`wrapped by ${masters[0]}`, 'g'))?.length, 2, 'all by the newest');
  writeFileSync(file, first);
  await assert.rejects(yba('keys', 'list'), (error: { stderr: string }) => {
    assert.match(error.stderr, /^yba: .*YBA_KEY_FILE/);
    assert.equal(error.stderr.trim().split('\n').length, 1);
    return true;
  });
});

/** `npm test` as a person or CI calls it: what its last line says, and with which status it ends. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'yba-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the tests of the folder with the runner; a runner that knows to be run by tests would not report. */
function run() {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, [join(root, 'tests/run.ts'), folder], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return { last: stdout.trimEnd().split('\n').at(-1), status };
}

test('the last line counts what passed and what failed, each test once; the status says whether all passed', () => {
  const head = "import { describe, test } from 'node:test';\n";
  writeFileSync(
    join(folder, 'good.test.ts'),
    `${head}describe('a', () => { test('b', () => {}); });\ntest('c', () => {});`,
  );
  assert.deepEqual(run(), { last: '2 passed, 0 failed', status: 0 });
  writeFileSync(
    join(folder, 'bad.test.ts'),
    `${head}describe('a', () => { test('b', () => { throw new Error('no'); }); });`,
  );
  assert.deepEqual(run(), { last: '2 passed, 1 failed', status: 1 });
});

test('npm test and CI call the same runner', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  assert.equal(scripts.test, 'node tests/run.ts');
  assert.match(readFileSync(join(root, '.ci/run'), 'utf8'), /^npm ci\nnpm test$/m);
});

/**
 * `npm test`: gates, then unit and integration tests on a real PostgreSQL, then the path in a real browser.
 * Ends with a plain line `N passed, N failed`; exit status 1 when anything failed.
 *
 * `node tests/run.ts kernel/store main/endpoints.test.ts` runs only the tests under folders and in files, without gates.
 */
import { type Dirent, globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { startTestServer } from '../kernel/store/testing.ts';
import { allGates } from './gates/index.ts';

const root = join(import.meta.dirname, '..');
const tally = { passed: 0, failed: 0 };

async function runGates(): Promise<void> {
  for await (const gate of allGates(root)) {
    tally[gate.ok ? 'passed' : 'failed'] += 1;
    console.log(`${gate.ok ? '✔' : '✖'} gate: ${gate.name}`);
    if (!gate.ok) console.log(gate.output);
  }
}

/** Counts leaf tests only: a suite that holds a failed test is not a second failure. */
function runTests(files: string[], concurrency: number): Promise<void> {
  if (files.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stream = run({ files, concurrency, timeout: 600_000 });
    stream.on('test:pass', (event) => {
      if (event.details.type !== 'suite' && !event.skip) tally.passed += 1;
    });
    stream.on('test:fail', (event) => {
      if (event.details.type !== 'suite') tally.failed += 1;
    });
    stream.compose(new spec()).pipe(process.stdout, { end: false });
    stream.on('end', resolve);
    stream.on('error', reject);
  });
}

/** @param asked folders, or test files */
function testFiles(asked: readonly string[]): string[] {
  // `data` at the root is the folder of a database; there are rooms of that name.
  const exclude = ({ name, parentPath }: Dirent) =>
    name === 'node_modules' || name === 'dist' || (name === 'data' && resolve(parentPath) === resolve(root));
  const patterns = asked.map((one) =>
    one.endsWith('.test.ts') ? one : `${one.replace(/\/$/, '')}/**/*.test.ts`,
  );
  return globSync(patterns, { cwd: root, exclude, withFileTypes: true })
    .map(({ name, parentPath }) => relative(root, join(parentPath, name)))
    .sort();
}

const only = process.argv.slice(2);
const files = testFiles(only.length > 0 ? only : ['.']);
const isOfBrowser = (path: string) => path.startsWith('tests/e2e/') || path.endsWith('.browser.test.ts');
const browser = files.filter(isOfBrowser);
const others = files.filter((path) => !isOfBrowser(path));

// Each file is a process of its own and would compile the same thousand modules anew.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled');

if (only.length === 0) await runGates();
const server = await startTestServer();
try {
  process.env.YBA_TEST_DATABASE_URL = server.url;
  await runTests(others, 2);
  await runTests(browser, 1);
} finally {
  await server.stop();
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed === 0 && tally.passed > 0 ? 0 : 1);

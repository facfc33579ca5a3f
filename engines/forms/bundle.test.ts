import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** KB, gzip: a further screen has 150 in all (architecture 7). */
const MOST = 90;

test('the form in the browser needs nothing of Node and stays small', async () => {
  const built = await build({
    logLevel: 'silent',
    configFile: false,
    root: import.meta.dirname,
    build: {
      write: false,
      target: 'chrome109',
      lib: { entry: join(import.meta.dirname, 'browser.ts'), formats: ['es'], fileName: 'forms' },
      minify: true,
    },
  });
  const [first] = [built].flat();
  assert.ok(first && 'output' in first);
  const code = first.output.map((one) => ('code' in one ? one.code : '')).join('\n');
  assert.doesNotMatch(code, /["']node:|__vite-browser-external/);
  const size = gzipSync(code).length / 1024;
  assert.ok(size < MOST, `${size.toFixed(1)} KB of ${MOST}`);
});

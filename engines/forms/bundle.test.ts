import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** The whole of what a door brings into the browser, minified. */
async function codeOf(entry: string): Promise<string> {
  const built = await build({
    logLevel: 'silent',
    configFile: false,
    root: import.meta.dirname,
    build: {
      write: false,
      target: 'chrome109',
      lib: { entry: join(import.meta.dirname, entry), formats: ['es'], fileName: 'forms' },
      minify: true,
    },
  });
  const [first] = [built].flat();
  assert.ok(first && 'output' in first);
  return first.output.map((one) => ('code' in one ? one.code : '')).join('\n');
}

/** KB, gzip, at most: a further screen has 150 in all (architecture 7). Who fills a form in does not check it as one that is written. */
const DOORS = [
  ['form/open.ts', 85],
  ['browser.ts', 95],
] as const;

test('the form in the browser needs nothing of Node and stays small', async () => {
  for (const [door, most] of DOORS) {
    const code = await codeOf(door);
    assert.doesNotMatch(code, /["']node:|__vite-browser-external/);
    const size = gzipSync(code).length / 1024;
    assert.ok(size < most, `${door}: ${size.toFixed(1)} KB of ${most}`);
  }
});

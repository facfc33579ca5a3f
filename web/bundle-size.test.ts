import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_SCREEN_LIMIT, type Manifest, SCREEN_LIMIT, screenSizes } from './bundle-size.ts';

const manifest: Manifest = {
  'index.html': { file: 'index.js', isEntry: true, imports: ['_ui.js'], dynamicImports: ['a.tsx', 'b.tsx'] },
  '_ui.js': { file: 'ui.js' },
  '_chart.js': { file: 'chart.js', imports: ['_ui.js'] },
  'a.tsx': { file: 'a.js', isDynamicEntry: true, imports: ['_ui.js', '_chart.js'] },
  'b.tsx': { file: 'b.js', isDynamicEntry: true, imports: ['index.html'] },
};
const bytes: Record<string, number> = { 'index.js': 100, 'ui.js': 50, 'chart.js': 30, 'a.js': 7, 'b.js': 3 };

test('the first screen is the entry with all it imports; a screen counts what comes on top of it', () => {
  const sizes = screenSizes(manifest, (file) => bytes[file]!);
  assert.deepEqual(sizes, [
    { screen: 'first screen', bytes: 150, limit: FIRST_SCREEN_LIMIT },
    { screen: 'a.tsx', bytes: 37, limit: SCREEN_LIMIT },
    { screen: 'b.tsx', bytes: 3, limit: SCREEN_LIMIT },
  ]);
});

test('the limits are 250 KB and 150 KB (architecture 7)', () => {
  assert.equal(FIRST_SCREEN_LIMIT, 256_000);
  assert.equal(SCREEN_LIMIT, 153_600);
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { hashOfSources, isBuilt } from './build.ts';

function house(
  files: Record<string, string>,
): { root: string; put: (name: string, text: string) => void } & Disposable {
  const root = mkdtempSync(join(tmpdir(), 'yba-build-'));
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const [name, text] of Object.entries(files)) put(name, text);
  return { root, put, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

const FILES = {
  'web/ui/button.tsx': 'a',
  'modules/clinic/screens/index.ts': 'b',
  'kernel/text/fold.ts': 'c',
  'modules/clinic/rules.ts': 'd',
};
const IMPORTED = ['kernel/text/fold.ts'];

test('the web is built again when a source, an imported file or a new screen changes, and only then', () => {
  using at = house(FILES);
  const first = hashOfSources(at.root, IMPORTED);
  at.put('modules/clinic/rules.ts', 'server only');
  at.put('web/ui/button.test.ts', 'a test');
  assert.equal(hashOfSources(at.root, IMPORTED), first);
  for (const [name, text] of [
    ['web/ui/button.tsx', 'changed'],
    ['kernel/text/fold.ts', 'changed'],
    ['modules/station/screens/index.ts', 'new'],
  ] as const) {
    const before = hashOfSources(at.root, IMPORTED);
    at.put(name, text);
    assert.notEqual(hashOfSources(at.root, IMPORTED), before, name);
  }
});

test('a build is good while its stamp matches the sources', () => {
  using at = house(FILES);
  const out = join(at.root, 'dist');
  assert.equal(isBuilt(at.root, out), false);
  at.put('dist/sources.json', JSON.stringify({ imported: IMPORTED, hash: hashOfSources(at.root, IMPORTED) }));
  assert.equal(isBuilt(at.root, out), true);
  at.put('kernel/text/fold.ts', 'changed');
  assert.equal(isBuilt(at.root, out), false);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { lostPaths } from './documents.ts';
import { fileFaults } from './files.ts';
import { commandGate } from './gate.ts';
import { licenceAllowed } from './licences.ts';

const ARROWS = join(import.meta.dirname, '../fixtures/arrows');

test('every arrow that points up, or past a front door, shuts the gate', async () => {
  const config = join(import.meta.dirname, '../../.dependency-cruiser.cjs');
  const script = `cd '${ARROWS}' && depcruise --config '${config}' kernel engines modules web main`;
  const gate = await commandGate('arrows', 'sh', ['-c', script]);
  assert.equal(gate.ok, false);
  for (const [rule, file] of [
    ['kernel-knows-nothing-above', 'kernel/store/climbs.ts'],
    ['engines-know-only-the-kernel', 'engines/rules/climbs.ts'],
    ['modules-do-not-know-main-or-web', 'modules/beta/index.ts'],
    ['modules-do-not-know-main-or-web', 'modules/alpha/screens/index.ts'],
    ['only-screens-import-the-ui-kit', 'modules/beta/index.ts'],
    ['web-ui-is-a-leaf', 'web/ui/button.ts'],
    ['a-module-is-entered-by-its-front-door', 'modules/beta/index.ts'],
    ['an-engine-is-entered-by-its-front-door', 'modules/beta/index.ts'],
    ['no-cycles', 'web/shell/one.ts'],
    ['every-import-resolves', 'main/lost.ts'],
  ] as const) {
    assert.match(gate.output, new RegExp(`${rule}: ${file.replaceAll('.', '\\.')}`), `${rule} is not caught`);
  }
});

test('a licence outside the list is refused, a choice with one good half is not', () => {
  assert.equal(licenceAllowed('MIT'), true);
  assert.equal(licenceAllowed('(GPL-3.0 OR MIT)'), true);
  assert.equal(licenceAllowed('GPL-3.0-only'), false);
  assert.equal(licenceAllowed('MIT AND AGPL-3.0'), false);
  assert.equal(licenceAllowed('none given'), false);
});

test('a long file, a left-over note and a switched-off test are faults', () => {
  assert.equal(fileFaults('kernel/a.ts', 'x\n'.repeat(460)).length, 1);
  assert.equal(fileFaults('kernel/a.gen.ts', 'x\n'.repeat(460)).length, 0);
  assert.equal(fileFaults('kernel/a.ts', `// ${'TO'}${'DO'} later`).length, 1);
  assert.equal(fileFaults('kernel/a.test.ts', `test.${'skip'}('x', () => {})`).length, 1);
});

test('a document that names a file which is gone is a fault; examples and names without a folder are not', () => {
  const tracked = new Set(['kernel/store/commit.ts', 'README.md']);
  assert.deepEqual(lostPaths('see `kernel/store/commit.ts` and `kernel/store/gone.test.ts`', tracked), [
    'kernel/store/gone.test.ts',
  ]);
  assert.deepEqual(
    lostPaths('`commit.ts`, `schema/000N-name.sql`, `yba.config.json`, kernel/x.ts', tracked),
    [],
  );
});

test('a command that fails or cannot be found shuts its gate with its words', async () => {
  assert.deepEqual(await commandGate('n', 'sh', ['-c', 'echo no; exit 3']), {
    name: 'n',
    ok: false,
    output: 'no\n',
  });
  assert.equal((await commandGate('n', 'no-such-command-here', [])).ok, false);
});

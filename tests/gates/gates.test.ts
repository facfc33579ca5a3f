import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lostPaths } from './documents.ts';
import { fileFaults } from './files.ts';
import { commandGate } from './gate.ts';
import { licenceAllowed } from './licences.ts';
import { pinningFaults } from './pinned.ts';
import { secretFaults } from './secrets.ts';

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
    ['only-screens-enter-by-the-door-of-screens', 'modules/beta/index.ts'],
    ['an-engine-is-entered-by-its-front-door', 'modules/beta/index.ts'],
    ['screens-enter-an-engine-by-its-browser-door', 'modules/alpha/screens/engine.ts'],
    ['the-browser-door-leads-to-nothing-of-node', 'engines/forms/browser.ts'],
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

test('the program needs nothing of the reference data beside the repository; its converters do', () => {
  const line = "readFileSync('../shared/data/x.csv')";
  assert.equal(fileFaults('modules/demo/a.ts', line).length, 1);
  assert.equal(fileFaults('content/convert/a.ts', line).length, 0);
});

test('the licence is Apache-2.0, and NOTICE says what the owners of the data ask for', () => {
  const read = (name: string) =>
    readFileSync(join(import.meta.dirname, '../..', name), 'utf8').replace(/\s+/g, ' ');
  assert.match(read('LICENSE'), /^ ?Apache License Version 2\.0, January 2004/);
  const { license } = JSON.parse(read('package.json')) as { license: string };
  assert.equal(license, 'Apache-2.0');
  const notice = read('NOTICE');
  for (const asked of [
    'This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license.',
    'LOINC® is a registered United States trademark of Regenstrief Institute, Inc.',
    'International Statistical Classification of Diseases and Related Health Problems, 10th revision: © World Health Organization.',
    'Medical Services Administration (Cục Quản lý Khám, chữa bệnh)',
    'The Unified Code for Units of Measure (UCUM) is copyright © 1999-2024 Regenstrief Institute, Inc.',
    'WHO Collaborating Centre for Drug Statistics Methodology',
    'World Population Prospects',
    'CC BY 3.0 IGO',
    'CC BY 4.0',
  ])
    assert.ok(notice.includes(asked), asked);
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

test('a version that floats, a lock of another version and a package without a hash are faults', () => {
  const locked = (version: string) => ({
    packages: { '': { dependencies: { a: version } }, 'node_modules/a': { integrity: 'sha512-x' } },
  });
  assert.deepEqual(pinningFaults({ dependencies: { a: '1.2.3' } }, locked('1.2.3')), []);
  assert.equal(pinningFaults({ dependencies: { a: '^1.2.3' } }, locked('^1.2.3')).length, 1);
  assert.equal(pinningFaults({ dependencies: { a: '1.2.4' } }, locked('1.2.3')).length, 1);
  assert.equal(pinningFaults({}, { packages: { 'node_modules/b': {} } }).length, 1);
});

test('keys, tokens and passwords in a file are faults; what only speaks of them is not', () => {
  const bad = [
    `-----BEGIN PRIVATE ${''}KEY-----\\nMIGHAgEAMBMGByqGSM49AgEG`,
    `AGE-SECRET-${''}KEY-1${'Q'.repeat(58)}`,
    `token = "gh${''}p_${'a'.repeat(36)}"`,
    `AK${''}IAABCDEFGHIJKLMNOP`,
    `ey${''}J${'a'.repeat(20)}.ey${''}J${'b'.repeat(20)}.${'c'.repeat(30)}`,
    `postgres${''}://yba:Tr0ub4dor@10.1.2.3/yba`,
  ];
  for (const line of bad) assert.equal(secretFaults('a.ts', line).length, 1, line);
  for (const line of ['AGE-SECRET-KEY-…', 'postgres://user:password@host/database', '/-----[^-]+-----/'])
    assert.deepEqual(secretFaults('a.ts', line), [], line);
});

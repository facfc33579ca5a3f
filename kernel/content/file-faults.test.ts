/** Files of a province's folder that cannot be right whatever they mean: each is named with its place, none is passed over. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileFaults } from './file-faults.ts';

const root = mkdtempSync(join(tmpdir(), 'yba-files-'));
after(() => rmSync(root, { recursive: true }));
const own = join(root, 'own');
let count = 0;

function folder(files: Record<string, string | Buffer>): string {
  const path = join(root, `${count++}`);
  write(path, files);
  return path;
}

function write(path: string, files: Record<string, string | Buffer>): void {
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
}

write(own, {
  'prices/services.csv': 'code,price,valid_from,valid_to\nA,1,,\n',
  'terminology/lists.csv': 'list,file\n',
});

const told = (files: Record<string, string | Buffer>) =>
  fileFaults(folder(files), own).map(({ file, place, textEn }) =>
    `${file} ${place}: ${textEn}`.slice(0, 120),
  );

test('what is right, and notes beside it, are no fault', () => {
  assert.deepEqual(
    told({
      'forms/phieu-ong/2026-01-01.json': '\uFEFF{}',
      'documents/the/2026-01-01.typ': 'x',
      'documents/the/2026-01-01.sample.json': '{}',
      'rules/ong/cases.json': '[]',
      'prices/services.csv': 'code,price,valid_from,valid_to\nB,2,2026-01-01,\n',
      'terminology/lists.csv': 'list,file\ngiong,ong/giong\n',
      'ong/giong.csv': 'code,display\na,"A, B"\n',
      'README.md': 'notes',
      '.gitkeep': '',
    }),
    [],
  );
});

for (const [name, says] of [
  ['forms/phieu-ong/2026-1-1.json', /nobody reads a file of this name: it must be forms\/<key>/],
  ['forms/phieu-ong/2026-02-30.json', /there is no day 2026-02-30/],
  ['forms/Phieu-Ong/2026-01-01.json', /nobody reads a file of this name/],
  ['forms/2026-01-01.json', /nobody reads a file of this name/],
  ['form/phieu-ong/2026-01-01.json', /nobody reads this file: it belongs into one of forms/],
  ['views/Bee-Note.json', /it must be views\/<name>\.json/],
  ['phieu.json', /nobody reads this file/],
  ['rules/ong/cases.JSON', /nobody reads a file of this name/],
] as const)
  test(`a name that nobody reads is told: ${name}`, () => {
    const [only, ...more] = told({ [name]: '{}' });
    assert.match(only ?? 'nothing', says);
    assert.deepEqual(more, []);
  });

const FORM = 'forms/a/2026-01-01.json';

test('broken JSON is told with line and column, also where it ends too soon', () => {
  assert.match(told({ [FORM]: '{\n  "a": 1\n  "b": 2\n}' })[0]!, /json 3:3: is no JSON/);
  assert.match(told({ [FORM]: '{\n  "a": [1,\n' })[0]!, /json 2:11: is no JSON/);
  assert.match(told({ [FORM]: '"text"' })[0]!, /must begin with {/);
  assert.match(told({ [FORM]: '' })[0]!, /the file is empty/);
  assert.match(told({ [FORM]: `${'{"a":'.repeat(300)}1${'}'.repeat(300)}` })[0]!, /nested deeper/);
});

test('other encodings, links and sizes', () => {
  assert.match(told({ [FORM]: Buffer.from('\uFEFF{"a":"ơ"}', 'utf16le') })[0]!, /no text in UTF-8/);
  assert.match(told({ [FORM]: Buffer.from([0x7b, 0xe0, 0x20, 0x7d]) })[0]!, /no text in UTF-8/);
  assert.match(told({ [FORM]: `{"a":"${'x'.repeat(5_000_000)}"}` })[0]!, /too large \(5 MB\)/);
  const linked = folder({ 'forms/b/2026-01-01.json': '{}' });
  symlinkSync('/etc/hostname', join(linked, 'forms/b/2026-02-01.json'));
  symlinkSync('/etc', join(linked, 'reports'));
  assert.deepEqual(
    fileFaults(linked, own).map(({ file, textEn }) => `${file} ${textEn.slice(0, 9)}`),
    ['forms/b/2026-02-01.json is a link', 'reports is a link'],
  );
});

test('tables: columns of the program, as many cells as the head, days, and somebody who reads them', () => {
  const rows = (text: string) => told({ 'prices/services.csv': text });
  assert.match(rows('code,prise,valid_from,valid_to\n')[0]!, /lacks the column "price"/);
  assert.match(
    rows('code,price,valid_from,valid_to\nA,1.000,00,2026-01-01,\n')[0]!,
    /row 1: has 5 cells, the head 4/,
  );
  assert.match(rows('code,price,valid_from,valid_to\nA,1,,\nB,"1,,\n')[0]!, /row 2: has 2 cells/);
  assert.match(
    rows('code,price,valid_from,valid_to\nA,1,01/03/2026,\n')[0]!,
    /row 1: "01\/03\/2026" is no day/,
  );
  assert.match(
    rows('code,price,valid_from,valid_to\nA,1,2026-03-01,2026-02-28\n')[0]!,
    /ends \(2026-02-28\) before/,
  );
  assert.match(rows('code,price,price,valid_to\n')[0]!, /two columns "price"/);
  assert.match(told({ 'ong/giong.csv': 'code\na\n' })[0]!, /nobody reads this table/);
});

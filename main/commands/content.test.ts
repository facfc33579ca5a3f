import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { diffTable } from '../../kernel/content/diff.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-content-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const yba = (...words: string[]) => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../yba.ts'), 'content', ...words],
    { encoding: 'utf8' },
  );
  return { stdout, stderr, status };
};

const HEAD = 'list,system,file,names,title,title_en,content,parent,synonyms,notice\n';
const MAPS =
  'map,file,title,title_en,source,source_column,target,target_column,equivalence,inexact_when,comment_column,notice\n';

function tree(name: string, rows: string): string {
  const content = join(folder, name, 'content');
  mkdirSync(join(content, 'terminology'), { recursive: true });
  writeFileSync(join(content, 'terminology', 'lists.csv'), `${HEAD}mau,,mau,,Mẫu,Sample,complete,parent,,\n`);
  writeFileSync(join(content, 'terminology', 'maps.csv'), MAPS);
  writeFileSync(join(content, 'mau.csv'), `code,display,parent,valid_from,valid_to\n${rows}`);
  return join(folder, name);
}

test('check: the content of the house is sound; a folder with errors is status 1 and names them', () => {
  const own = yba('check');
  assert.equal(own.status, 0, own.stdout);
  assert.match(own.stdout, /^0 errors, \d+ warnings$/m);
  const bad = yba('check', tree('bad', 'a,A,b,,\nb,B,a,,\nc,C,x,,\nd,D,,,\nd,D,,2025-01-01,\n'));
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /^ERROR mau loop: .*: a b$/m);
  assert.match(bad.stdout, /^ERROR mau orphan: .*: c$/m);
  assert.match(bad.stdout, /^ERROR mau overlap: .*: d$/m);
});

test('check: a profile on an unknown base is an error', () => {
  const bad = tree('bad-profile', 'a,A,,,\n');
  mkdirSync(join(bad, 'content', 'profiles'));
  const profile = { resourceType: 'StructureDefinition', id: 'x', url: 'http://example.org/x' };
  const text = JSON.stringify({ ...profile, baseDefinition: 'http://example.org/lost' });
  writeFileSync(join(bad, 'content', 'profiles', 'x.json'), text);
  const { status, stdout } = yba('check', bad);
  assert.equal(status, 1);
  assert.match(stdout, /^ERROR profiles base: http:\/\/example\.org\/lost is not known: x$/m);
});

test('check: a report whose cells loop is an error with its file and place', () => {
  const bad = tree('bad-report', 'a,A,,,\n');
  mkdirSync(join(bad, 'content', 'reports', 'dieu'), { recursive: true });
  const said = { code: 'D', title: 'D', titleEn: 'D', source: 'x', status: 'house', rowTitle: 'D' };
  const rows = [
    { code: 'a', title: 'A', formula: '[b]' },
    { code: 'b', title: 'B', formula: '[a]' },
  ];
  const more = {
    period: 'month',
    dueDays: 1,
    units: ['x'],
    sources: {},
    columns: [{ code: 'n', title: 'N' }],
    rows,
  };
  writeFileSync(
    join(bad, 'content', 'reports', 'dieu', '2026-01-01.json'),
    JSON.stringify({ ...said, ...more }),
  );
  const { status, stdout } = yba('check', bad);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /^ERROR reports\/dieu\/2026-01-01\.json rows\[0\]\.formula: cells depend on each other in a loop: a\.n → b\.n → a\.n$/m,
  );
});

test('diff: rows added, removed and changed between two trees; packed or not, a table is a table', () => {
  const [a, b] = [tree('a', 'x,Cũ,,,\ny,Y,,,\n'), tree('b', 'x,Mới,,,\nz,Z,,2026-01-01,\n')];
  writeFileSync(join(a, 'content', 'nen.csv'), 'code\n1\n');
  writeFileSync(join(b, 'content', 'nen.csv.gz'), gzipSync('code\n1\n'));
  writeFileSync(join(b, 'content', 'moi.json'), '{}');
  const { stdout, status } = yba('diff', a, join(b, 'content'));
  assert.equal(status, 0);
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    'mau: 1 added, 1 removed, 1 changed',
    '  + z · Z · 2026-01-01',
    '  - y · Y',
    '  ~ x: display "Cũ" → "Mới"',
    'moi.json: added',
  ]);
  const copy = join(folder, 'copy');
  cpSync(a, copy, { recursive: true });
  assert.equal(yba('diff', a, copy).stdout, 'no difference\n');
});

test('a row of another validity is another row; rows that nothing tells apart are counted', () => {
  const old = { code: 'a', display: 'A', valid_from: '2020-01-01' };
  const { added, removed, changed } = diffTable(
    't',
    [old],
    [
      { ...old, valid_to: '2025-12-31' },
      { ...old, valid_from: '2026-01-01' },
    ],
  );
  assert.deepEqual([added.length, removed.length], [1, 0]);
  assert.deepEqual(changed[0]?.columns, ['valid_to']);
  const twin = { k: '1', v: 'a' };
  assert.equal(diffTable('t', [twin, twin], [twin, twin, twin, { k: '1', v: 'b' }]).added.length, 2);
});

test('called wrongly it says how to call it', () => {
  for (const words of [[], ['check', 'a', 'b'], ['diff', 'a'], ['check', join(folder, 'nowhere')]]) {
    const { stderr, status } = yba(...words);
    assert.equal(status, 1, words.join(' '));
    assert.match(stderr, /^yba: (Say "yba content|There is no folder)/);
  }
});

test('check --with: a folder over the content is checked together with it, in both languages', () => {
  const over = join(folder, 'over');
  mkdirSync(join(over, 'registers', 'so-thu'), { recursive: true });
  const book = {
    code: 'S',
    title: 'Sổ thử',
    titleEn: 'Trial book',
    source: 'x',
    status: 'house',
    lines: { view: 'visit', at: 'started', unit: 'unit' },
    order: ['started'],
    columns: [{ key: 'a', title: 'A', titleEn: 'A', value: 'nothing' }],
  };
  writeFileSync(join(over, 'registers', 'so-thu', '2026-01-01.json'), JSON.stringify(book));
  const { status, stdout } = yba('check', '--with', over);
  assert.equal(status, 1, stdout);
  assert.match(
    stdout,
    /^ERROR registers\/so-thu\/2026-01-01\.json columns\[0\]\.value: .*nothing.*\n {6}.*nothing/m,
  );
  assert.match(stdout, /^1 errors,/m);
  mkdirSync(join(over, 'views'));
  const view = { resourceType: 'ViewDefinition', name: 'trial', resource: 'Observation' };
  const column = (path: string) => ({ ...view, select: [{ column: [{ name: 'a', path }] }] });
  writeFileSync(join(over, 'views', 'trial.json'), JSON.stringify(column('colour')));
  writeFileSync(join(over, 'views', 'other.json'), JSON.stringify(column('status')));
  const views = yba('check', '--with', over).stdout;
  assert.match(views, /^ERROR views\/trial\.json.*: .*colour/m);
  assert.match(views, /^ERROR views\/other\.json name: /m);
});

test('check --with: a programme that opens a form that is nowhere in the content is a gap to know of', () => {
  const over = join(folder, 'club');
  cpSync(join(import.meta.dirname, '../../tests/content-proof/pack'), over, { recursive: true });
  const file = join(over, 'programmes', 'tha-dieu', '2026-01-01.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll('Questionnaire/phieu-bay', 'Questionnaire/phieu-khac'),
  );
  const { status, stdout } = yba('check', '--with', over);
  assert.equal(status, 0, stdout);
  assert.match(
    stdout,
    /^warn {2}programmes\/tha-dieu\/2026-01-01\.json form: .*Questionnaire\/phieu-khac: it must have been/m,
  );
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Failure } from '../failure.ts';
import { openContent } from './content.ts';
import { datedFiles, datedOn } from './dated.ts';

const root = mkdtempSync(join(tmpdir(), 'yba-content-layers-'));
after(() => rmSync(root, { recursive: true, force: true }));

function folder(name: string, files: Record<string, string | Buffer>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, file)), { recursive: true });
    writeFileSync(join(root, name, file), text);
  }
  return join(root, name);
}

const own = folder('own', {
  'access/posts.csv': 'post,role\nbac-si,doctor\n',
  'forms/kham/2025-01-01.json': '{"title":"cũ"}',
  'forms/kham/2026-07-01.json': '{"title":"mới"}',
  'forms/dem/2026-01-01.json': '{"title":"đếm","effectivePeriod":{"end":"2026-03-31"}}',
  'forms/dem/sample.json': '{}',
  'forms/README.md': 'x',
});
const province = folder('province', {
  'access/posts.csv.gz': gzipSync('post,role\ntha-dieu,kite-master\n'),
  'forms/dieu/2026-02-01.json': '{"title":"diều"}',
});

test('a further folder adds rows to tables and files beside files', () => {
  const content = openContent(own, [province]);
  assert.deepEqual(
    content.table('access/posts').map(({ post }) => post),
    ['bac-si', 'tha-dieu'],
  );
  assert.deepEqual(content.json('forms/dieu/2026-02-01'), { title: 'diều' });
  assert.equal(content.path('forms/dieu/2026-02-01.json'), join(province, 'forms/dieu/2026-02-01.json'));
  assert.equal(content.path('forms/new.typ'), join(own, 'forms/new.typ'), 'what nobody has is of the first');
  assert.deepEqual(content.files('forms').slice(0, 3), [
    'README.md',
    'dem/2026-01-01.json',
    'dem/sample.json',
  ]);
  assert.deepEqual(content.files('nothing'), []);
});

test('which files there are is read once, as what is in them: nobody walks the folders for each change of the record', () => {
  const kept = folder('kept', { 'forms/mot/2026-01-01.json': '{}' });
  const content = openContent(kept);
  const first = content.files('forms');
  folder('kept', { 'forms/hai/2026-01-01.json': '{}' });
  first.push('not theirs');
  assert.deepEqual(content.files('forms'), ['mot/2026-01-01.json']);
  assert.deepEqual(openContent(kept).files('forms'), ['hai/2026-01-01.json', 'mot/2026-01-01.json']);
});

test('no folder changes what an earlier one says; a missing one is named', () => {
  const changed = folder('changed', { 'forms/kham/2025-01-01.json': '{"title":"khác"}' });
  for (const [further, says] of [
    [changed, /2025-01-01\.json đã có trong/],
    [join(root, 'nowhere'), /YBA_CONTENT/],
  ] as const)
    assert.throws(
      () => openContent(own, [further]),
      (error) =>
        error instanceof Failure && error.code === 'business-rule' && says.test(error.issues[0]!.text),
    );
});

test('a file that is no JSON is named', () => {
  const broken = openContent(folder('broken', { 'x.json': '{' }));
  assert.throws(
    () => broken.json('x'),
    (error) =>
      error instanceof Failure &&
      /x\.json is no JSON/.test(error.message) &&
      /x\.json viết sai JSON/.test(error.issues[0]!.text),
  );
});

test('the version in force is the newest that has begun, until the next or its own end', () => {
  const content = openContent(own, [province]);
  assert.deepEqual(
    datedFiles(content, 'forms').map(({ key, from, to }) => [key, from, to]),
    [
      ['dem', '2026-01-01', '2026-03-31'],
      ['dieu', '2026-02-01', null],
      ['kham', '2025-01-01', '2026-06-30'],
      ['kham', '2026-07-01', null],
    ],
  );
  const on = (key: string, day: string) =>
    datedOn<{ title: string }>(content, 'forms', key, day)?.value.title;
  assert.equal(on('kham', '2024-12-31'), undefined);
  assert.equal(on('kham', '2026-06-30'), 'cũ');
  assert.equal(on('kham', '2026-07-01'), 'mới');
  assert.equal(on('dem', '2026-03-31'), 'đếm');
  assert.equal(on('dem', '2026-04-01'), undefined);
  assert.equal(on('nothing', '2026-04-01'), undefined);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Content, openContent, type Row } from '../../content/content.ts';
import { checkLists } from './check.ts';

/** Content in memory: a name of a table → its rows. */
function contentOf(tables: Record<string, Row[]>): Content {
  const table = (name: string) => {
    const rows = name.startsWith('terminology/') ? (tables[name] ?? []) : tables[name];
    if (rows === undefined) throw Object.assign(new Error(name), { code: 'ENOENT' });
    return rows;
  };
  return {
    table,
    parts: (name) => [table(name).map((one) => ({ ...one }))],
    inForce: () => [],
    json: () => assert.fail(),
    path: (name) => name,
    files: () => [],
    folders: [],
  };
}

const LISTS = [
  { list: 'a', system: '', file: 'a', names: '', parent: 'parent', content: 'complete', synonyms: '' },
];
const row = (code: string, parent = '', from = '', to = '') => ({
  code,
  display: code,
  parent,
  valid_from: from,
  valid_to: to,
});
const found = (rows: Row[], more: Record<string, Row[]> = {}) =>
  checkLists(contentOf({ 'terminology/lists': LISTS, a: rows, ...more })).map(({ level, kind, codes }) =>
    `${level} ${kind} ${codes.join(' ')}`.trim(),
  );

test('a sound list says nothing', () => {
  assert.deepEqual(
    found([row('x'), row('y', 'x', '2020-01-01', '2025-06-30'), row('y', 'x', '2025-07-01')]),
    [],
  );
});

test('validity that overlaps, ends before it begins, or is no day', () => {
  assert.deepEqual(found([row('x', '', '2020-01-01', '2025-07-01'), row('x', '', '2025-07-01')]), [
    'error overlap x',
  ]);
  assert.deepEqual(
    found([row('x'), row('x', '', '2025-07-01')]),
    ['error overlap x'],
    'an open beginning meets all',
  );
  assert.deepEqual(found([row('x', '', '2020-01-01', '2019-01-01')]), ['error dates x']);
  assert.deepEqual(found([row('x', '', '1/7/2025')]), ['error dates x']);
});

test('orphans: a parent that is not there, or not in force with its child', () => {
  assert.deepEqual(found([row('x', 'nobody')]), ['error orphan x']);
  assert.deepEqual(found([row('x', 'p', '2025-07-01'), row('p', '', '', '2025-06-30')]), ['error orphan x']);
});

test('loops, of one code and of several; what moved from one parent to another is none', () => {
  assert.deepEqual(found([row('x', 'x')]), ['error loop x']);
  assert.deepEqual(found([row('x', 'y'), row('y', 'z'), row('z', 'x'), row('w', 'x')]), ['error loop x y z']);
  const moved = [
    row('x', 'y', '', '2024-12-31'),
    row('x', '', '2025-01-01'),
    row('y', '', '', '2024-12-31'),
    row('y', 'x', '2025-01-01'),
  ];
  assert.deepEqual(found(moved), []);
});

test('codes with spaces, without a name, without a code; a missing file or column', () => {
  assert.deepEqual(found([row('x '), { ...row('y'), display: '' }, row('')]), [
    'warning code y',
    'warning code',
    'error code x',
  ]);
  assert.deepEqual(
    checkLists(contentOf({ 'terminology/lists': LISTS })).map(({ kind }) => kind),
    ['file'],
  );
  assert.deepEqual(found([{ code: 'x', display: 'X' }]), ['error file']);
});

test('synonyms and maps that lead nowhere, and codes without a target', () => {
  const lists = [{ ...LISTS[0]!, synonyms: 's' }];
  assert.deepEqual(found([row('x')], { 'terminology/lists': lists, s: [{ text: 'ích', code: 'z' }] }), [
    'error synonym z',
  ]);
  const maps = [
    {
      map: 'm',
      file: 'm',
      source: 'http://yba.vn/fhir/cs/a',
      source_column: 'f',
      target: 'http://yba.vn/fhir/cs/a',
      target_column: 't',
    },
  ];
  const m = [
    { f: 'x', t: 'x;y' },
    { f: 'q', t: 'x' },
    { f: 'x', t: '' },
  ];
  assert.deepEqual(found([row('x')], { 'terminology/maps': maps, m }), [
    'warning source q',
    'warning target y',
    'warning unmapped x',
  ]);
});

test('the content of the house has gaps that are known, and no errors', () => {
  const findings = checkLists(openContent(join(import.meta.dirname, '../../../content')));
  assert.deepEqual(
    findings.filter(({ level }) => level === 'error'),
    [],
  );
  assert.ok(findings.some(({ where, kind }) => where === 'hoat-chat-atc' && kind === 'unmapped'));
});

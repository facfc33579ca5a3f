/** A description is refused before anybody works with it, with the place named (issue 6, "Bad input"). */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import { checkRegister, checkReport } from './check.ts';
import type { RegisterDefinition, ReportDefinition } from './definition.ts';
import { planReport } from './plan.ts';
import { failedChecks, makeSheet } from './sheet.ts';
import { viewsOf } from './views.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const views = viewsOf(content);

const form = (more: Partial<ReportDefinition> = {}): ReportDefinition => ({
  code: 'X',
  title: 'Biểu thử',
  titleEn: 'A form',
  source: 'test',
  status: 'house',
  period: 'month',
  dueDays: 5,
  units: ['tram-y-te'],
  rowTitle: 'Dòng',
  sources: { visits: { view: 'visit', at: 'started', unit: 'unit' } },
  columns: [{ code: 'all', title: 'Tổng' }],
  rows: [
    { code: 'a', title: 'A', source: 'visits' },
    { code: 'b', title: 'B' },
  ],
  ...more,
});

const joined = (joins: object) =>
  form({ sources: { visits: { view: 'visit', at: 'started', unit: 'unit', joins: joins as never } } });

const placesOf = (definition: ReportDefinition) =>
  checkReport(definition, views).map(({ expression }) => expression);

test('every book and form of the content is sound', () => {
  for (const { file, value } of datedFiles<ReportDefinition>(content, 'reports'))
    assert.deepEqual(checkReport(value, views), [], file);
  for (const { file, value } of datedFiles<RegisterDefinition>(content, 'registers'))
    assert.deepEqual(checkRegister(value, views), [], file);
  assert.ok(datedFiles(content, 'reports').length >= 4 && datedFiles(content, 'registers').length >= 4);
});

test('unknown views, columns, sources, functions and wrong expressions are named with their place', () => {
  assert.deepEqual(placesOf(form()), []);
  const source = { view: 'visit', at: 'started', unit: 'unit' };
  const wrong: [Partial<ReportDefinition>, string][] = [
    [{ sources: { visits: { ...source, view: 'kites' } } }, 'sources.visits.view'],
    [{ sources: { visits: { ...source, at: 'flown' } } }, 'sources.visits.at'],
    [{ sources: { visits: { ...source, at: 'status' } } }, 'sources.visits.at'],
    [{ sources: { visits: { ...source, unit: 'started' } } }, 'sources.visits.unit'],
    [{ sources: { visits: { ...source, person: 'started' } } }, 'sources.visits.person'],
    [{ sources: { visits: { ...source, where: "status = 'x" } } }, 'sources.visits.where'],
    [{ sources: { visits: { ...source, where: 'started' } } }, 'sources.visits.where'],
    [{ sources: { visits: { ...source, where: "started > '2026-02-30'" } } }, 'sources.visits.where'],
    [
      { sources: { visits: { ...source, list: [{ title: 'Lý do', value: 'kite' }] } } },
      'sources.visits.list[0].value',
    ],
    [
      { sources: { visits: { ...source, joins: { p: { view: 'patient', key: 'id', by: 'person' } } } } },
      'sources.visits.joins.p.key',
    ],
    [{ rows: [{ code: 'a', title: 'A', source: 'kites' }] }, 'rows[0].source'],
    [{ rows: [{ code: 'a', title: 'A', source: 'visits', where: 'height > 1' }] }, 'rows[0].where'],
    [{ rows: [{ code: 'a', title: 'A', source: 'visits', where: 'status = 1' }] }, 'rows[0].where'],
    [{ rows: [{ code: 'a', title: 'A', source: 'visits', where: 'drop(status)' }] }, 'rows[0].where'],
    [{ rows: [{ code: 'a', title: 'A', source: 'visits', sum: 'status' }] }, 'rows[0].sum'],
    [{ rows: [{ code: '', title: 'A' }] }, 'rows[0].code'],
    [
      {
        rows: [
          { code: 'a', title: 'A' },
          { code: 'a', title: 'B' },
        ],
      },
      'rows[1].code',
    ],
    [{ rows: [{ code: 'a', title: 'A', formula: '[z]' }] }, 'rows[0].formula'],
    [{ rows: [{ code: 'a', title: 'A', formula: '[a' }] }, 'rows[0].formula'],
    [{ rows: [{ code: 'a', title: 'A', formula: 'eval([a])' }] }, 'rows[0].formula'],
    [{ cells: { 'a.none': { typed: true } } }, "cells['a.none']"],
    [
      { checks: [{ code: 'c', rule: '[a.z] > 0', level: 'warning', text: 't', textEn: 't' }] },
      'checks[0].rule',
    ],
    [{ title: '' }, 'title'],
    [{ period: 'week' as 'month' }, 'period'],
  ];
  for (const [more, place] of wrong)
    assert.ok(placesOf(form(more)).includes(place), `${place}: ${placesOf(form(more))}`);
});

test('what would be passed over without a word, or count something else, is refused with its place', () => {
  const check = { code: 'c', rule: '[a.all] > 0', level: 'warning' as const, text: 't', textEn: 't' };
  const row = { code: 'a', title: 'A', source: 'visits' };
  const wrong: [object, string][] = [
    [{ rows: [{ ...row, wher: "status = 'finished'" }] }, 'rows[0].wher'],
    [{ rows: [{ ...row, count: 'people' }] }, 'rows[0].count'],
    [{ rows: [{ ...row, formula: '[b] + 1' }] }, 'rows[0].source'],
    [{ rows: [{ code: 'a', title: 'A', where: "status = 'finished'" }] }, 'rows[0].where'],
    [{ rows: [{ ...row, source: 'constructor' }] }, 'rows[0].source'],
    [{ cells: { 'b.all': { source: 'kites' } } }, "cells['b.all'].source"],
    [{ cells: { 'b.all': { typed: true, none: true } } }, "cells['b.all'].typed"],
    [{ cells: { 'b.all': { typed: true, min: 5, max: 4 } } }, "cells['b.all'].max"],
    [{ cells: { 'b.all': { formula: '[a.all] > 1' } } }, "cells['b.all'].formula"],
    [{ cells: { 'b.all': { formula: '[a.all] / 0' } } }, "cells['b.all'].formula"],
    [{ cells: { 'b.all': { formula: '[a.all] / (2 - 2)' } } }, "cells['b.all'].formula"],
    [{ cells: { 'b.all': { formula: '1 + 1' } } }, "cells['b.all'].formula"],
    [{ cells: { 'b.all': { formula: 'round([a.all], 2)' } } }, "cells['b.all'].formula"],
    [{ cells: { 'b.all': { formula: 'toString([a.all])' } } }, "cells['b.all'].formula"],
    [{ checks: [{ ...check, rule: '[a.all] + 1' }] }, 'checks[0].rule'],
    [{ checks: [{ ...check, rule: '1 = 1' }] }, 'checks[0].rule'],
    [{ checks: [check, check] }, 'checks[1].code'],
    [
      { columns: [{ code: 'all', title: 'Tổng', where: 'true', columns: [{ code: 'x', title: 'X' }] }] },
      'columns[0].where',
    ],
    [{ rows: [{ ...row, where: 'true / 0 > 1' }] }, 'rows[0].where'],
    [{ rows: [null] }, 'rows[0]'],
    [{ checks: {} }, 'checks'],
    [{ validTo: '2027-02-29' }, 'validTo'],
    [{ units: [] }, 'units'],
  ];
  for (const [more, place] of wrong)
    assert.ok(placesOf(form(more)).includes(place), `${place}: ${placesOf(form(more))}`);
  assert.deepEqual(placesOf(null as never), ['{}']);
});

test('joins: what the database could not carry out is refused with its place', () => {
  const card = { view: 'coverage', key: 'person', by: 'person' };
  const wrong: [object, string][] = [
    [{ p: { view: 'patient', key: 'resource_key', by: 'started' } }, 'sources.visits.joins.p.by'],
    [{ c: { ...card, many: true, where: 'c.kite = 1' } }, 'sources.visits.joins.c.where'],
    [{ c: { ...card, where: 'd.card_number is null' }, d: card }, 'sources.visits.joins.c.where'],
    [{ c: { ...card, many: true, where: 'any(c)' } }, 'sources.visits.joins.c.where'],
    [
      { b: { ...card, many: true }, c: { ...card, many: true, where: 'any(b, any(c))' } },
      'sources.visits.joins.c.where',
    ],
    [{ c: card, C: card }, 'sources.visits.joins.C'],
    [{ c: { view: 'coverage', key: 'person' } }, 'sources.visits.joins.c.by'],
  ];
  for (const [joins, place] of wrong)
    assert.ok(placesOf(joined(joins)).includes(place), `${place}: ${placesOf(joined(joins))}`);
  assert.deepEqual(
    placesOf(
      joined({ c: { ...card, where: 'c.valid_to is null' }, d: { ...card, where: 'c.valid_to is null' } }),
    ),
    [],
  );
});

test('a check of every row or column: one for each that has the cells, × and headings left out, its title before the text', () => {
  const wide = (rule: string) =>
    form({
      columns: [
        { code: 'all', title: 'Tổng' },
        { code: 'girls', title: 'Nữ', where: "status = 'finished'" },
      ],
      rows: [
        { code: 'h', title: 'Nhóm', heading: true },
        { code: 'a', title: 'Đẻ', source: 'visits' },
        { code: 'b', title: 'Chết' },
        { code: 'c', title: 'Giường' },
      ],
      cells: { 'c.girls': { none: true } },
      checks: [{ code: 'nu', rule, level: 'compulsory', text: 'nữ ≤ tổng.', textEn: 'girls ≤ all.' }],
    });
  const codes = (rule: string) => {
    const { plan, faults } = planReport(wide(rule), views);
    assert.deepEqual(faults, []);
    return plan.checks.map(({ code, text }) => [code, text]);
  };
  assert.deepEqual(codes('[*.girls] <= [*.all]'), [
    ['nu.a', 'Đẻ: nữ ≤ tổng.'],
    ['nu.b', 'Chết: nữ ≤ tổng.'],
  ]);
  assert.deepEqual(
    codes('[b.*] <= [a.*] + [c.*@-1]').map(([code]) => code),
    ['nu.all'],
  );
  assert.deepEqual(placesOf(wide('[*.boys] <= [*.all]')), ['checks[0].rule']);
  assert.deepEqual(placesOf(wide('[khac/*.girls] <= [a.all]')), ['checks[0].rule']);
  const { plan } = planReport(wide('[*.girls] <= [*.all]'), views);
  const typed = new Map([
    ['b.girls', 3],
    ['b.all', 2],
  ]);
  const failed = failedChecks(plan, makeSheet(plan, new Map([['a.all', 4]]), typed));
  assert.deepEqual(
    failed.map(({ code }) => code),
    ['nu.b'],
  );
});

test('cells that depend on each other in a loop are refused with the loop', () => {
  const rows = [
    { code: 'a', title: 'A', formula: '[b] + 1' },
    { code: 'b', title: 'B', formula: '[c]' },
    { code: 'c', title: 'C', formula: '[a]' },
  ];
  const [fault, ...others] = checkReport(form({ rows }), views);
  assert.equal(fault?.textEn, 'cells depend on each other in a loop: a.all → b.all → c.all → a.all');
  assert.equal(fault?.expression, 'rows[0].formula');
  assert.deepEqual(others, []);
});

test('expressions that are deep, long or foul end with a fault, never with a crash', () => {
  const deep = `${'('.repeat(5_000)}1${')'.repeat(5_000)}`;
  const nested = `${'if(true, '.repeat(55)}'a'${", 'b')".repeat(55)} = 'a'`;
  for (const where of [deep, `${'not '.repeat(900)}true`, '1'.repeat(5_000), '', "'''", '[a.all]', ';'])
    assert.ok(
      placesOf(form({ rows: [{ code: 'a', title: 'A', source: 'visits', where }] })).length > 0,
      where.slice(0, 20),
    );
  const started = performance.now();
  placesOf(form({ rows: [{ code: 'a', title: 'A', source: 'visits', where: nested }] }));
  assert.ok(performance.now() - started < 5_000);
});

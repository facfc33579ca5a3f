import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Resource } from '../../kernel/fhir/types.ts';
import { evaluateView, toInstant } from './evaluate.ts';
import { createTableSql, tableColumns, type ViewDefinition } from './view-table.ts';

const CONTENT = join(import.meta.dirname, '../../content/views');
const definition = (name: string) =>
  JSON.parse(readFileSync(join(CONTENT, `${name}.json`), 'utf8')) as ViewDefinition;

const nonsense: ViewDefinition = {
  resourceType: 'ViewDefinition',
  name: 'wobble',
  resource: 'Basic',
  status: 'active',
  select: [
    { column: [{ name: 'made', path: 'created', type: 'date' }] },
    {
      forEach: 'code.coding',
      column: [
        { name: 'wob', path: 'code' },
        { name: 'sure', path: 'userSelected', type: 'boolean' },
      ],
    },
  ],
  index: [['wob', 'made']],
};

test('the engine knows no disease: a nonsense definition becomes a table and its rows', () => {
  const { table, indexes } = createTableSql(nonsense);
  assert.equal(
    table,
    'create table views."wobble" (resource_key text, person text, sec integer, made text, wob text, sure boolean)',
  );
  assert.equal(
    indexes,
    'create index on views."wobble" (resource_key);\ncreate index on views."wobble" (person);\ncreate index on views."wobble" (wob, made)',
  );
  const basic = {
    resourceType: 'Basic',
    created: '2026-05',
    code: { coding: [{ code: 'a', userSelected: true }, { code: 'b' }] },
  } as Resource;
  assert.deepEqual(evaluateView(nonsense, basic), [
    ['2026-05', 'a', true],
    ['2026-05', 'b', null],
  ]);
  assert.deepEqual(evaluateView(nonsense, { resourceType: 'Flag' } as Resource), []);
});

test('a name that is no plain identifier never reaches SQL', () => {
  assert.throws(() => createTableSql({ ...nonsense, name: 'x; drop table res' }), /plain identifier/);
  assert.throws(() => createTableSql({ ...nonsense, index: [['wob desc']] }), /plain identifier/);
  const bad = [{ column: [{ name: 'a b', path: 'id' }] }];
  assert.throws(() => tableColumns({ ...nonsense, select: bad }), /plain identifier/);
});

test('a time without zone is +07:00; a partial date begins at its first instant', () => {
  assert.equal(toInstant('2026-11-22'), '2026-11-22T00:00:00+07:00');
  assert.equal(toInstant('2026-11'), '2026-11-01T00:00:00+07:00');
  assert.equal(toInstant('1985'), '1985-01-01T00:00:00+07:00');
  assert.equal(toInstant('2026-11-22T08:30:00.5Z'), '2026-11-22T08:30:00.5Z');
  assert.equal(toInstant('2026-11-22T08:30:00-02:00'), '2026-11-22T08:30:00-02:00');
});

test('a visit as docs/model.md writes it fills the columns of its view', () => {
  const visit = definition('visit');
  const names = tableColumns(visit).map((column) => column.name);
  const [cells] = evaluateView(visit, {
    resourceType: 'Encounter',
    id: 'e1',
    status: 'finished',
    class: { code: 'AMB' },
    type: [{ coding: [{ system: 'http://yba.vn/fhir/cs/loai-kcb', code: '01' }] }],
    serviceProvider: { reference: 'Organization/cs-25D01' },
    location: [{ location: { reference: 'Location/25D01-kham' } }],
    identifier: [
      { system: 'http://yba.vn/fhir/sid/ma-lk', value: '25D01.202611220800.007' },
      { system: 'http://yba.vn/fhir/sid/so-thu-tu', value: '007' },
    ],
    period: { start: '2026-11-22T08:00:00+07:00', end: '2026-11-22T08:20:00+07:00' },
    participant: [{ individual: { reference: 'Practitioner/bs1', display: 'BS. Bình' } }],
    diagnosis: [
      { condition: { reference: 'Condition/c2' }, rank: 2 },
      { condition: { reference: 'Condition/c1' }, rank: 1 },
    ],
    extension: [{ url: 'http://yba.vn/fhir/ext/ket-qua-dieu-tri', valueCoding: { code: '2' } }],
  } as Resource);
  const row = Object.fromEntries(names.map((name, index) => [name, cells?.[index]]));
  assert.equal(row.unit, 'cs-25D01');
  assert.equal(row.room, '25D01-kham');
  assert.equal(row.visit_type, '01');
  assert.equal(row.ticket, '007');
  assert.equal(row.started, '2026-11-22T08:00:00+07:00');
  assert.equal(row.doctor, 'bs1');
  assert.equal(row.main_condition, 'c1');
  assert.equal(row.outcome, '2');
});

test('every view of the content makes a table and reads an empty resource of its type without failing', () => {
  for (const file of globSync('*.json', { cwd: CONTENT })) {
    const view = definition(file.replace('.json', ''));
    assert.equal(view.name, file.replace('.json', ''));
    assert.match(createTableSql(view).table, /^create table views\./);
    assert.ok(evaluateView(view, { resourceType: view.resource, id: 'x' } as Resource).length <= 1);
  }
});

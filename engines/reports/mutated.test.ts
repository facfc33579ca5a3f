/**
 * Good definitions, broken by chance (issue 6, "Bad input"): each is refused with a place that is in it, or it works — its numbers are
 * counted, opened and printed without an error of the database. `YBA_SEED` repeats a run.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import { openPool } from '../../kernel/store/index.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { randomFrom, seedOfRun } from '../../tests/conformance/differential/random.ts';
import { KEY_COLUMNS, tableColumns, type ViewDefinition } from '../views/view-table.ts';
import { checkRegister, checkReport } from './check.ts';
import { countCells } from './compute.ts';
import type { RegisterDefinition, ReportDefinition } from './definition.ts';
import type { Fault } from './expression/node.ts';
import { isPlaceIn, type Mutated, mutated } from './mutated.testing.ts';
import { peopleBehind } from './people.ts';
import { type CountedCell, planReport } from './plan.ts';
import { planRegister, registerLines } from './register.ts';
import { addSheets, failedChecks, makeSheet } from './sheet.ts';
import { placesOfPersons, waysOf } from './touched.ts';
import { viewsOf } from './views.ts';
import { registerGrid, reportGrid } from './write/grid.ts';
import { htmlTable } from './write/html.ts';
import { xlsx } from './write/xlsx.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const views = viewsOf(content);
const DAYS = { start: '2026-10-01', end: '2026-10-31' };
const PERIODS = [
  { name: '2026-10', ...DAYS },
  { name: '2026-Q4', start: '2026-10-01', end: '2026-12-31' },
];
const seed = seedOfRun();
const random = randomFrom(seed);
let database: Awaited<ReturnType<typeof withDatabase>>;
let pool: Pool;

before(async () => {
  database = await withDatabase();
  pool = openPool(database.url);
  await pool.query('create schema if not exists views');
  for (const name of content.files('views')) {
    const view = content.json<ViewDefinition>(`views/${name.replace('.json', '')}`);
    const columns = [...KEY_COLUMNS, ...tableColumns(view)].map(
      (column) => `${column.name} ${column.sqlType}`,
    );
    await pool.query(`create table views.${view.name} (${columns.join(', ')})`);
    await pool.query(`insert into views.${view.name} (resource_key, person) values ('1', '1'), ('2', '2')`);
  }
});
after(async () => {
  await pool.end();
  await database.stop();
});

/** Breaks definitions so many times. @param works throws when one that was not refused does not work */
async function broken<T>(
  definitions: readonly T[],
  times: number,
  check: (definition: T) => Fault[],
  works: (definition: T) => Promise<void>,
): Promise<void> {
  let refused = 0;
  for (let at = 0; at < times; at += 1) {
    const one: Mutated<T> = mutated(definitions[at % definitions.length]!, random);
    const where = `seed ${seed}, change ${at + 1}: ${one.what}`;
    const faults = attempt(where, () => check(one.value));
    if (faults.length === 0) {
      await works(one.value).catch((error: Error) =>
        assert.fail(`${where}: not refused, and ${error.message}`),
      );
      continue;
    }
    refused += 1;
    for (const { expression, text, textEn } of faults) {
      assert.ok(text !== '' && textEn !== '', where);
      assert.ok(isPlaceIn(one.value, expression), `${where}: “${expression}” is no place (${textEn})`);
    }
  }
  assert.ok(refused > times / 3, `seed ${seed}: ${refused} of ${times} were refused`);
  assert.ok(refused < times, `seed ${seed}: every change was refused, also of words`);
}

function attempt<R>(where: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    assert.fail(`${where}: the check ended with ${(error as Error).message}`);
  }
}

async function countsAndPrints(definition: ReportDefinition): Promise<void> {
  const { plan } = planReport(definition, views);
  const counts = await countCells(pool, plan, PERIODS, ['1', '2']);
  await countCells(pool, plan, PERIODS.slice(0, 1), null);
  const sheet = makeSheet(plan, counts.get('1 2026-10'), new Map());
  failedChecks(plan, addSheets(plan, [sheet, sheet]));
  const counted = [...plan.cells.values()].filter((cell): cell is CountedCell => cell.kind === 'counted');
  const ask = { days: DAYS, units: null, after: '', count: 5 };
  for (const cell of [counted[0], counted[Math.floor(random() * counted.length)]])
    if (cell) await peopleBehind(pool, plan, cell, ask);
  for (const way of waysOf(plan)) await placesOfPersons(pool, way, ['1']);
  const grid = reportGrid(plan, sheet, { left: [], period: '', unit: '' });
  htmlTable(grid);
  xlsx(grid, definition.code);
}

test(`a form that is broken is refused with its place, or it works (seed ${seed})`, async () => {
  const forms = datedFiles<ReportDefinition>(content, 'reports').map(({ value }) => value);
  await broken(forms, 400, (form) => checkReport(form, views), countsAndPrints);
});

test(`a book that is broken is refused with its place, or it works (seed ${seed})`, async () => {
  const books = datedFiles<RegisterDefinition>(content, 'registers').map(({ value }) => value);
  await broken(
    books,
    400,
    (book) => checkRegister(book, views),
    async (book) => {
      const { register } = planRegister(book, views);
      const ask = { days: DAYS, unit: '1', first: 0, most: 5, beside: true };
      const { lines } = await registerLines(pool, register!, ask);
      htmlTable(registerGrid(book, lines, { left: [], period: '', unit: '' }));
    },
  );
});

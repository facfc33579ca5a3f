/**
 * Reports of a province: 136 stations × 20 forms × 12 months out of a record of so many resources (issue 6: 5 s; a cell opened in 1 s).
 *
 * Rows are written straight into the tables of `content/views/` (what the views cost is bench/views.ts): a third visits, a third
 * diagnoses, the rest persons, doses and measurements, of 136 stations in the year. The 20 forms are those of the content, each
 * several times under a key of its own: nothing that one form counted serves another.
 *
 * `node bench/reports.ts [resources, default 5000000]`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addSheets, type CountedCell, peopleBehind, type Sheet } from '../engines/reports/index.ts';
import { createTableSql, type ViewDefinition } from '../engines/views/view-table.ts';
import { openContent } from '../kernel/content/content.ts';
import { openPool } from '../kernel/store/index.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { type Form, formsOn } from '../modules/statistics/forms.ts';
import { markTouched } from '../modules/statistics/freshness.ts';
import { daysOfPeriod, monthsOf } from '../modules/statistics/period.ts';
import { recounterOf } from '../modules/statistics/recount.ts';
import { manySheets } from '../modules/statistics/sheets.ts';
import { type Figure, inParallel, quantile, report } from './bench.ts';
import { databaseSeconds } from './processes.ts';

const RESOURCES = Number(process.argv[2] ?? 5_000_000);
const STATIONS = 136;
const FORMS = 20;
const YEAR = '2026';
const CHANGED = 500;
const ROOT = join(import.meta.dirname, '..');

const content = openContent(join(ROOT, 'content'));
const database = await withDatabase();
const pool = openPool(database.url);
const units = Array.from({ length: STATIONS }, (_, at) => `cs-${at}`);
const months = monthsOf(YEAR);
const own = formsOn(content, `${YEAR}-12-31`);
const forms: Form[] = Array.from({ length: FORMS }, (_, at) => ({
  ...own[at % own.length]!,
  key: `form-${at}`,
}));

try {
  await makeTables();
  const figures = [
    ...(await measured('everything counted from nothing, two forms at once', countAll)),
    ...(await measured('the report again', wholeReport, { atMost: 5 })),
    ...(await measured(`${CHANGED} people change`, change)),
    ...(await measured(`the report after ${CHANGED} people changed, with the numbers kept`, wholeReport, {
      atMost: 5,
    })),
    ...(await measured('counted again behind', () => recounterOf(pool).settled())),
    ...(await opened()),
  ];
  report({
    bench: 'reports',
    what: `${RESOURCES.toLocaleString('en')} resources, ${STATIONS} stations × ${FORMS} forms × 12 months`,
    figures,
  });
} finally {
  await pool.end();
  await database.stop();
}

/** What nobody was shown yet; the first count of a form stands in the way of no other. */
async function countAll(): Promise<void> {
  await inParallel(2, forms.length, (at) => manySheets(pool, forms[at]!, units, months));
}

/** Every sheet of every station, form and month, and the province's totals of each form and month. */
async function wholeReport(): Promise<void> {
  for (const form of forms) {
    const { sheets } = await manySheets(pool, form, units, months);
    for (const month of months) {
      const ofMonth = units.map((unit) => sheets.get(`${unit} ${month}`)!) as Sheet[];
      addSheets(form.plan, ofMonth);
    }
  }
}

async function measured(
  name: string,
  work: () => Promise<void>,
  bar?: { atMost: number },
): Promise<Figure[]> {
  const [cpu, base] = [process.cpuUsage(), await databaseSeconds(pool)];
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const program = process.cpuUsage(cpu);
  return [
    { name, value: seconds, unit: 's', ...(bar ? { bar } : {}) },
    { name: `${name}, CPU of the program`, value: (program.user + program.system) / 1e6, unit: 's' },
    { name: `${name}, CPU of the database`, value: (await databaseSeconds(pool)) - base, unit: 's' },
  ];
}

/** What the follower of the record does when so many people's visits and problems change, a batch of fifty at a time. */
async function change(): Promise<void> {
  const persons = Array.from({ length: CHANGED }, (_, at) => `p${at * 7}`);
  for (let at = 0; at < CHANGED; at += 50) {
    const changes = persons
      .slice(at, at + 50)
      .flatMap((patient) => (['Encounter', 'Condition'] as const).map((type) => ({ type, patient })));
    await markTouched(forms, changes, pool);
  }
}

/** The first page behind cells of every form, at one station and in one month. */
async function opened(): Promise<Figure[]> {
  const times: number[] = [];
  for (const form of own) {
    const cells = [...form.plan.cells.values()].filter(
      (cell): cell is CountedCell => cell.kind === 'counted',
    );
    for (const cell of cells.slice(0, 12)) {
      const started = performance.now();
      await peopleBehind(pool, form.plan, cell, {
        days: daysOfPeriod(`${YEAR}-10`),
        units: [units[5]!],
        after: '',
        count: 50,
      });
      times.push(performance.now() - started);
    }
  }
  return [
    { name: 'a cell opened, median', value: quantile(times, 0.5), unit: 'ms' },
    { name: 'a cell opened, 95 of 100', value: quantile(times, 0.95), unit: 'ms', bar: { atMost: 1000 } },
  ];
}

async function makeTables(): Promise<void> {
  const names = content.files('views').map((name) => name.replace('.json', ''));
  const ddls = names.map((name) => createTableSql(content.json<ViewDefinition>(`views/${name}`)));
  await pool.query('create schema if not exists views');
  for (const { table } of ddls) await pool.query(table);
  for (const file of ['0001-statistics', '0002-figures'])
    await pool.query(readFileSync(join(ROOT, `modules/statistics/schema/${file}.sql`), 'utf8'));
  const share = (part: number) => Math.round(RESOURCES * part);
  const visits = share(0.34);
  const people = share(0.1);
  const at = `'${YEAR}-01-01T07:00:00+07:00'::timestamptz + make_interval(days => n % 365, mins => (n * 7) % 540)`;
  // Two at a time, the longest first: the machine has two cores, and nothing is measured yet.
  await inTwo([
    `insert into views.visit (resource_key, person, unit, started, status, visit_type)
       select 'v' || n, 'p' || (n % ${people}), 'cs-' || (n % ${people} % ${STATIONS}), ${at}, 'finished', case when n % 5 = 0 then '05' else '01' end
       from generate_series(0, ${visits - 1}) n`,
    `insert into views.diagnosis (resource_key, person, encounter, code, recorded)
       select 'd' || n, 'p' || (n % ${people}), 'v' || n, (array['I10', 'E11.9', 'J06.9', 'Z34.9', 'K29.7', 'M54.5'])[1 + n % 6], ${at}
       from generate_series(0, ${visits - 1}) n`,
    `insert into views.dose (resource_key, person, location, status, vaccine, dose_number, given)
       select 'm' || n, 'p' || (n % ${people}), 'phong-' || (n % ${people} % ${STATIONS}), 'completed',
         (array['19', '08', '102', '02', '10', '119', '05', '04'])[1 + n % 8], 1 + n % 3, ${at} from generate_series(0, ${share(0.1) - 1}) n`,
    `insert into views.measurement (resource_key, person, encounter, code, measured, systolic, diastolic)
       select 'o' || n, 'p' || (n % ${people}), 'v' || n, '85354-9', ${at}, 110 + n % 60, 70 + n % 30 from generate_series(0, ${share(0.1) - 1}) n`,
    `insert into views.coverage (resource_key, person, card_number, valid_from, valid_to)
       select 'b' || n, 'p' || n, 'DN' || n, '${YEAR}-01-01', '${YEAR}-12-31' from generate_series(0, ${people - 1}) n where n % 10 <> 0`,
    `insert into views.patient (resource_key, person, full_name, gender, birth_date, unit_code)
       select 'p' || n, 'p' || n, 'Người ' || n, case when n % 2 = 0 then 'female' else 'male' end,
         (1935 + n % 91) || '-0' || (1 + n % 9) || '-1' || (n % 9), (n % ${STATIONS})::text from generate_series(0, ${people - 1}) n`,
    `insert into views.problem (resource_key, person, code, clinical, verification, onset, noted)
       select 'c' || n, 'p' || (n * 3 % ${people}), (array['I10', 'E11.9', 'J44.9', 'J45.9'])[1 + n % 4], 'active', 'confirmed', ${at}, ${at} from generate_series(0, ${share(0.02) - 1}) n`,
    `insert into views.unit (resource_key, name, kind, unit_code) select 'cs-' || n, 'Trạm ' || n, 'tram-y-te', n::text from generate_series(0, ${STATIONS - 1}) n`,
    `insert into views.place (resource_key, unit) select 'phong-' || n, 'cs-' || n from generate_series(0, ${STATIONS - 1}) n`,
  ]);
  await inTwo(ddls.flatMap(({ indexes }) => indexes.split(';')));
  // Else the server cleans up by itself, in the midst of what is measured.
  await pool.query('vacuum analyze');
}

async function inTwo(statements: readonly string[]): Promise<void> {
  await inParallel(2, statements.length, (at) => pool.query(statements[at]!));
}

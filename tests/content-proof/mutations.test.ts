/**
 * Every definition that the program carries, and those of the club, spoilt at random: it is refused with a place in its own file, or it can
 * be carried out. Never a defect, neither in the check nor at the bedside. ROUNDS says how many spoilt copies of each file, YBA_SEED which.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import { formVersions, openForm } from '../../engines/forms/index.ts';
import { productsOf } from '../../engines/programmes/index.ts';
import { readProgramme } from '../../engines/programmes/read.ts';
import { course } from '../../engines/programmes/testing.ts';
import {
  cellsOfFormula,
  countCells,
  planRegister,
  planReport,
  type RegisterDefinition,
  type ReportDefinition,
  registerLines,
  viewsOf,
} from '../../engines/reports/index.ts';
import { evaluateRules, rulesOn, TRIGGERS } from '../../engines/rules/index.ts';
import { compileView, createTableSql, type ViewDefinition } from '../../engines/views/index.ts';
import { type Content, openContent } from '../../kernel/content/content.ts';
import type { Patient, PlanDefinition, Resource } from '../../kernel/fhir/types.ts';
import { openPool } from '../../kernel/store/index.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { contentFaults } from '../../main/content-faults.ts';
import type { IndicatorDefinition } from '../../modules/statistics/index.ts';
import { PACK } from './club.testing.ts';
import { mutationsOf, randomOf } from './mutations.testing.ts';

const SEED = Number(process.env.YBA_SEED ?? 20261123);
const ROUNDS = Number(process.env.ROUNDS ?? 2);
const DAY = '2026-11-23';
const NOW = new Date(`${DAY}T09:00:00+07:00`);
const PATIENT: Patient = {
  resourceType: 'Patient',
  id: 'p',
  gender: 'female',
  birthDate: '1990-05-01',
  name: [{ text: 'Nguyễn Thị Sáo', family: 'Nguyễn', given: ['Sáo'] }],
};

const sound = openContent(join(import.meta.dirname, '../../content'), [PACK]);
let database: Awaited<ReturnType<typeof withDatabase>>;
let pool: Pool;

before(async () => {
  database = await withDatabase();
  pool = openPool(database.url);
  await pool.query('create schema if not exists views');
  for (const name of sound.files('views')) {
    const view = sound.json<ViewDefinition>(`views/${name.slice(0, -5)}`);
    await pool.query(createTableSql(view).table);
  }
});
after(async () => {
  await pool.end();
  await database.stop();
});

/** The sound content with one file in the place of another; files of a folder that stand by themselves are looked at by themselves. */
function contentWith(file: string, value: unknown): Content {
  const name = file.replace(/\.json$/, '');
  const [folder = ''] = file.split('/');
  const own = file.split('/').slice(1, -1).join('/');
  const files = (inside: string) => {
    const all = known.get(inside) ?? sound.files(inside);
    known.set(inside, all);
    return inside === folder && folder === 'rules' ? all.filter((one) => one.startsWith(`${own}/`)) : all;
  };
  return { ...sound, files, json: <T>(one: string) => (one === name ? (value as T) : sound.json<T>(one)) };
}
const known = new Map<string, string[]>();

type CarryOut = (value: never, content: Content, file: string) => void | Promise<void>;

/** What would happen to the definition at work, on a person of whom little is known and on empty tables. */
const AT_WORK: Record<string, CarryOut> = {
  forms: (_value, content, file) => {
    const form = formVersions(content).find((one) => one.file === file)!.value;
    const open = openForm(form, { now: NOW, context: { patient: PATIENT } });
    open.issues(true);
    open.response('completed');
  },
  programmes: (value: PlanDefinition, content) => {
    const { programme } = readProgramme(value);
    const shelf = { programme, products: productsOf(content.table('vaccines/products')) };
    for (const gender of ['female', 'male'] as const) course(shelf, { ...PATIENT, gender }, [], DAY);
  },
  rules: (_value, content) => {
    const rules = rulesOn(content, DAY);
    for (const hook of TRIGGERS) {
      const ask = {
        hook,
        day: DAY,
        now: NOW,
        patient: PATIENT,
        resources: [],
        drafts: [],
        roles: null,
        place: null,
      };
      for (const { failure } of evaluateRules(rules, ask, content).faults)
        assert.notEqual(failure.code, 'internal', failure.message);
    }
  },
  reports: async (value: ReportDefinition, content) => {
    const { plan } = planReport(value, viewsOf(content));
    await countCells(pool, plan, [{ name: '2026-10', start: '2026-10-01', end: '2026-10-31' }], null);
  },
  registers: async (value: RegisterDefinition, content) => {
    const { register } = planRegister(value, viewsOf(content));
    const days = { start: '2026-10-01', end: '2026-10-31' };
    await registerLines(pool, register!, { days, unit: 'x', first: 0, most: 10 });
  },
  indicators: ({ numerator, denominator }: IndicatorDefinition) => {
    for (const one of [numerator, denominator]) if (typeof one === 'string') cellsOfFormula(one);
  },
  views: async (value: ViewDefinition) => {
    compileView(value).rows({
      resourceType: value.resource,
      id: 'x',
      status: 'final',
    } as unknown as Resource);
    const { table, indexes } = createTableSql(value, 'spoilt');
    await pool.query(
      `begin; ${table}; ${indexes.replaceAll(`views.${value.name} `, 'views.spoilt ')}; rollback`,
    );
  },
};

/** Papers are printed by their check, which takes a typesetter: a few of each. */
const FOLDERS = [...Object.keys(AT_WORK), 'documents', 'coverage', 'measures'];

for (const folder of FOLDERS)
  test(`${folder}: a spoilt definition is refused with a place in its file, or can be carried out`, async (context) => {
    const random = randomOf(SEED + folder.length);
    const counts = { refused: 0, carriedOut: 0 };
    const files = sound.files(folder).filter((name) => /\.json$/.test(name) && !/\.sample\.json$/.test(name));
    assert.ok(files.length > 0);
    for (const name of files) {
      const file = `${folder}/${name}`;
      const before = sound.json(file.replace(/\.json$/, ''));
      for (const { what, value } of mutationsOf(before, ROUNDS, random)) {
        const refused = await faultsOf(file, value, what);
        if (refused) counts.refused += 1;
        else {
          counts.carriedOut += 1;
          await atWork(file, value, what);
        }
      }
    }
    context.diagnostic(`YBA_SEED=${SEED}: ${counts.refused} refused, ${counts.carriedOut} carried out`);
    assert.ok(counts.refused > 0);
  });

/** True when it is refused; the fault must lie in the file and say so in both languages. */
async function faultsOf(file: string, value: unknown, what: string): Promise<boolean> {
  const base = file.replace(/\.json$/, '');
  const faults = await contentFaults(contentWith(file, value), (one) => one === file);
  for (const { where, text, textVi } of faults) {
    // A rule is tried by its cases: what the cases say is told of the rule.
    const isThere = where.startsWith(base) || (file.endsWith('/cases.json') && where.startsWith('rules/'));
    assert.ok(isThere, `${file}, ${what}: told at ${where}: ${text}`);
    assert.ok(text.trim() !== '' && (textVi ?? '').trim() !== '', `${file}, ${what}: ${where} says nothing`);
    assert.doesNotMatch(
      text,
      /is not a function|undefined \(reading|is not iterable/,
      `${file}, ${what}: ${where}`,
    );
  }
  return faults.length > 0;
}

async function atWork(file: string, value: unknown, what: string): Promise<void> {
  const [folder = ''] = file.split('/');
  try {
    await AT_WORK[folder]?.(value as never, contentWith(file, value), file);
  } catch (error) {
    assert.fail(`${file}, ${what}: accepted, and at work: ${(error as Error).stack}`);
  }
}

/**
 * Scores and pairs of the clinical reference over HTTP against a second reckoning, written here by the reference's own tables and
 * formulas (clinical-logic 9, 10, 11) and by nothing of the engine: values drawn at random by a fixed seed, edges among them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { cs } from '../../kernel/fhir/systems.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { draftOf, type HookWorld, openHookWorld } from './testing.ts';

let world: HookWorld;
let patient: string;
before(async () => {
  world = await openHookWorld();
  ({ patient } = world);
});
after(() => world.stop());

/** The same draws each time (mulberry32). */
function drawsOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}
const draw = drawsOf(20_261_123);
const oneOf = <T>(values: readonly T[]): T => values[draw(values.length)]!;

const bornYearsAgo = (years: number) => {
  const [year, ...rest] = vietnamDay(world.now()).split('-');
  return [Number(year) - years, ...rest].join('-');
};
const measured = (code: string, value: object) => ({
  resourceType: 'Observation',
  status: 'final',
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: new Date(world.now().getTime() - 3_600_000).toISOString(),
  code: { coding: [{ system: cs.loinc, code }] },
  ...value,
});
const quantity = (value: number, unit: string) => ({
  valueQuantity: { value, unit, code: unit, system: cs.ucum },
});
const bundle = (type: string, resources: readonly object[]) => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({ resource })),
});

async function told(
  hook: string,
  rule: string,
  person: object,
  observations: readonly object[],
  context: object = {},
) {
  const { status, body } = await world.ask(hook, {
    context: { userId: 'Practitioner/x', patientId: patient, ...context },
    prefetch: await world.prefetch(hook, {
      patient: { resourceType: 'Patient', id: patient, ...person },
      observation: bundle('searchset', observations),
    }),
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body.cards.filter(({ source }) => source.topic.code === rule).map(({ summary }) => summary);
}

interface Signs {
  breaths: number;
  spo2: number;
  oxygen: boolean;
  systolic: number;
  pulse: number;
  awake: boolean;
  /** Tenths of a degree. */
  tenths: number;
}

/** Reference, 9, row by row. */
function newsOf(signs: Signs): { points: number; hasThree: boolean } {
  const { breaths, spo2, systolic, pulse, tenths } = signs;
  const parts = [
    breaths >= 25 ? 3 : breaths >= 21 ? 2 : breaths >= 12 ? 0 : breaths >= 9 ? 1 : 3,
    spo2 >= 96 ? 0 : spo2 >= 94 ? 1 : spo2 >= 92 ? 2 : 3,
    signs.oxygen ? 2 : 0,
    systolic >= 220 ? 3 : systolic >= 111 ? 0 : systolic >= 101 ? 1 : systolic >= 91 ? 2 : 3,
    pulse >= 131 ? 3 : pulse >= 111 ? 2 : pulse >= 91 ? 1 : pulse >= 51 ? 0 : pulse >= 41 ? 1 : 3,
    signs.awake ? 0 : 3,
    tenths >= 391 ? 2 : tenths >= 381 ? 1 : tenths >= 361 ? 0 : tenths >= 351 ? 1 : 3,
  ];
  return { points: parts.reduce((sum, one) => sum + one, 0), hasThree: parts.includes(3) };
}

test('NEWS2: two hundred sets of signs, half of them at an edge of the chart', async () => {
  const edges = {
    breaths: [8, 9, 11, 12, 20, 21, 24, 25],
    spo2: [91, 92, 93, 94, 95, 96],
    systolic: [90, 91, 100, 101, 110, 111, 219, 220],
    pulse: [40, 41, 50, 51, 90, 91, 110, 111, 130, 131],
    tenths: [350, 351, 360, 361, 380, 381, 390, 391],
  };
  const seen = new Set<string>();
  for (let at = 0; at < 200; at += 1) {
    const near = (edge: readonly number[], least: number, span: number) =>
      at % 2 === 0 ? oneOf(edge) : least + draw(span);
    const signs: Signs = {
      breaths: near(edges.breaths, 10, 16),
      spo2: near(edges.spo2, 90, 11),
      oxygen: draw(4) === 0,
      systolic: near(edges.systolic, 85, 140),
      pulse: near(edges.pulse, 38, 100),
      awake: draw(6) > 0,
      tenths: near(edges.tenths, 348, 48),
    };
    const summaries = await told(
      'patient-view',
      'canh-bao-som',
      { gender: 'male', birthDate: bornYearsAgo(16 + draw(70)) },
      [
        measured('9279-1', quantity(signs.breaths, '/min')),
        measured('2708-6', quantity(signs.spo2, '%')),
        measured('3151-8', quantity(signs.oxygen ? 3 : 0, 'L/min')),
        measured('8480-6', quantity(signs.systolic, 'mm[Hg]')),
        measured('8867-4', quantity(signs.pulse, '/min')),
        measured('8310-5', quantity(signs.tenths / 10, 'Cel')),
        measured('67775-7', {
          valueCodeableConcept: {
            coding: [{ system: cs.loinc, code: signs.awake ? 'LA9340-6' : 'LA6559-9' }],
          },
        }),
      ],
    );
    const { points, hasThree } = newsOf(signs);
    const what = `${JSON.stringify(signs)} is ${points}: ${summaries.join()}`;
    const band = points >= 7 ? 'cao' : points >= 5 ? 'trung bình' : hasThree ? 'một thông số' : 'không';
    seen.add(band);
    if (band === 'không') assert.deepEqual(summaries, [], what);
    else {
      assert.equal(summaries.length, 1, what);
      assert.match(summaries[0]!, new RegExp(`(^|\\D)${points}(\\D|$)`), what);
      if (points >= 5) assert.match(summaries[0]!, new RegExp(`nguy cơ ${band}`), what);
    }
  }
  assert.equal(seen.size, 4, 'each band was met');
});

/** Reference, 10: CKD-EPI 2021; creatinine in mg/dL. */
function filtrationOf(creatinine: number, age: number, isFemale: boolean): number {
  const [kappa, alpha] = isFemale ? [0.7, -0.241] : [0.9, -0.302];
  const ratio = creatinine / kappa;
  const shape = ratio < 1 ? ratio ** alpha : ratio ** -1.2;
  return 142 * shape * 0.9938 ** age * (isFemale ? 1.012 : 1);
}

const stageOf = (rate: number) =>
  rate >= 90 ? 'G1' : rate >= 60 ? 'G2' : rate >= 45 ? 'G3a' : rate >= 30 ? 'G3b' : rate >= 15 ? 'G4' : 'G5';

test('filtration rate: two hundred creatinines in mg/dL and µmol/L, of women and men from 18 to 95', async () => {
  const stages = new Set<string>();
  for (let at = 0; at < 200; at += 1) {
    const age = at % 10 === 0 ? 18 : 18 + draw(78);
    const isFemale = draw(2) === 0;
    const creatinine = (40 + draw(560)) / 100;
    const inMicromoles = draw(2) === 0;
    const summaries = await told(
      'patient-view',
      'chuc-nang-than',
      { gender: isFemale ? 'female' : 'male', birthDate: bornYearsAgo(age) },
      [
        inMicromoles
          ? measured('14682-9', quantity(Math.round(creatinine * 884) / 10, 'umol/L'))
          : measured('2160-0', quantity(creatinine, 'mg/dL')),
      ],
    );
    const rate = filtrationOf(
      inMicromoles ? Math.round(creatinine * 884) / 10 / 88.4 : creatinine,
      age,
      isFemale,
    );
    stages.add(stageOf(rate));
    const what = `${creatinine} mg/dL, ${age}, ${isFemale ? 'female' : 'male'}: ${rate}; ${summaries.join()}`;
    if (rate >= 60) assert.deepEqual(summaries, [], what);
    else assert.deepEqual(summaries, [`eGFR ${Math.round(rate)} mL/phút/1,73 m² (${stageOf(rate)})`], what);
  }
  assert.equal(stages.size, 6, 'each stage was met');
});

/** Rows of a table of medicines, as a spreadsheet writes it. */
function rowsOf(name: string): Record<string, string>[] {
  const text = readFileSync(join(import.meta.dirname, '../../content/drug', `${name}.csv`), 'utf8');
  const lines = [...text.matchAll(/(?:^|\n)((?:"(?:[^"]|"")*"|[^"\n])+)/g)].map(([, line]) =>
    [...line!.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) =>
      cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!,
    ),
  );
  const [head = [], ...rows] = lines;
  return rows.map((cells) => Object.fromEntries(head.map((key, at) => [key, cells[at] ?? ''])));
}

/** Milligrams of a day in ten doses, so that no limit of a single dose is met. */
const inTen = (milligrams: number) => ({
  dosageInstruction: [
    {
      timing: { repeat: { frequency: 10, period: 1, periodUnit: 'd' } },
      doseAndRate: [{ doseQuantity: { value: milligrams / 10, unit: 'mg' } }],
    },
  ],
});
const signing = (
  rule: string,
  person: object,
  observations: readonly object[],
  ...entry: { resource: object }[]
) =>
  told('order-sign', rule, person, observations, {
    draftOrders: bundle(
      'collection',
      entry.map(({ resource }) => resource),
    ),
  });

test('highest dose of a day: every row for every age it begins at, at the limit and just above it', async () => {
  const rows = rowsOf('dose-limits').filter(
    (row) => row.route_group === '' && (row.max_mg_per_day !== '' || row.max_mg_per_kg_per_day !== ''),
  );
  assert.ok(rows.length > 20);
  for (const row of rows) {
    const age = row.age_from_years === '' ? 8 : Number(row.age_from_years);
    const kilograms = age < 12 ? 20 : 60;
    const limit = Math.min(
      row.max_mg_per_day === '' ? Number.POSITIVE_INFINITY : Number(row.max_mg_per_day),
      row.max_mg_per_kg_per_day === ''
        ? Number.POSITIVE_INFINITY
        : Number(row.max_mg_per_kg_per_day) * kilograms,
    );
    const person = { gender: 'male', birthDate: bornYearsAgo(age) };
    const weight = measured('29463-7', quantity(kilograms, 'kg'));
    for (const [milligrams, isTold] of [
      [limit, false],
      [limit * 1.01, true],
    ] as const) {
      const what = `${row.ingredient} ${milligrams} mg a day at ${age} years, ${kilograms} kg`;
      const said = await signing(
        'lieu-toi-da',
        person,
        [weight],
        draftOf(patient, row.ingredient!, inTen(milligrams)),
      );
      assert.equal(said.length > 0, isTold, `${what}: ${said.join()}`);
    }
  }
});

test('dose by filtration rate: every row just below its threshold and at it, at its limit and above', async () => {
  const rows = rowsOf('renal-limits');
  assert.ok(rows.length > 30);
  const person = { gender: 'female', birthDate: bornYearsAgo(60) };
  for (const { ingredient, egfr_below: below } of rows)
    for (const rate of [Number(below) - 1, Number(below)]) {
      const applying = rows.filter((row) => row.ingredient === ingredient && rate < Number(row.egfr_below));
      const limit = Math.min(...applying.map((row) => Number(row.max_mg_per_day)));
      const tried = Number.isFinite(limit) ? [limit, limit * 1.1 + 0.01] : [100];
      for (const milligrams of tried.filter((one) => one > 0)) {
        const reported = measured('98979-8', quantity(rate, 'mL/min/{1.73_m2}'));
        const said = await signing(
          'lieu-theo-than',
          person,
          [reported],
          draftOf(patient, ingredient!, inTen(milligrams)),
        );
        assert.equal(
          said.length > 0,
          milligrams > limit,
          `${ingredient} ${milligrams} mg at ${rate}: ${said.join()}`,
        );
      }
    }
});

test('pairs: sixty of the Ministry’s in both orders are told; sixty drawn pairs that it does not name are not', async () => {
  const rows = rowsOf('contraindicated-pairs');
  assert.equal(rows.length, 633);
  const keyOf = (a: string, b: string) => [a, b].sort().join('+');
  const named = new Set(rows.map(({ a, b }) => keyOf(a!, b!)));
  const ingredients = [...new Set(rows.flatMap(({ a, b }) => [a!, b!]))];
  const person = { gender: 'male', birthDate: bornYearsAgo(50) };
  const saidOf = (a: string, b: string) =>
    signing('tuong-tac', person, [], draftOf(patient, a), draftOf(patient, b, { id: 'draft2' }));
  const anyRoute = rows.filter((row) => row.route_a === '' && row.route_b === '');
  for (let at = 0; at < 60; at += 1) {
    const { a = '', b = '', no = '' } = oneOf(anyRoute);
    const [one, other] = [await saidOf(a, b), await saidOf(b, a)];
    assert.equal(one.length, 1, `row ${no}: ${a} and ${b}`);
    assert.deepEqual(other, one, `row ${no} the other way round`);
  }
  for (let at = 0; at < 60; ) {
    const [a, b] = [oneOf(ingredients), oneOf(ingredients)];
    if (a === b || named.has(keyOf(a, b))) continue;
    assert.deepEqual(await saidOf(a, b), [], `${a} and ${b}`);
    at += 1;
  }
});

/** Weight for age by L, M and S (WHO 2006): beyond three standard deviations in steps of the last one. */
function weightScore(kilograms: number, { l, m, s }: { l: number; m: number; s: number }): number {
  const at = (z: number) => m * (1 + l * s * z) ** (1 / l);
  const z = ((kilograms / m) ** l - 1) / (l * s);
  return z >= -3 ? z : -3 + (kilograms - at(-3)) / (at(-2) - at(-3));
}

test('growth: weight for age of a hundred children from birth to five years, thin and very thin', async () => {
  const text = gunzipSync(
    readFileSync(join(import.meta.dirname, '../../content/growth/by-day.csv.gz')),
  ).toString();
  const table = new Map(
    text.split('\n').map((line) => {
      const [indicator, sex, day, l, m, s] = line.split(',');
      return [`${indicator} ${sex} ${day}`, { l: Number(l), m: Number(m), s: Number(s) }];
    }),
  );
  const today = Date.parse(`${vietnamDay(world.now())}T00:00:00Z`);
  const seen = { silent: 0, thin: 0, veryThin: 0 };
  for (let at = 0; at < 100; at += 1) {
    const sex = oneOf(['female', 'male']);
    const days = draw(1826);
    const lms = table.get(`weight-for-age ${sex} ${days}`)!;
    const kilograms = Math.round(lms.m * (1 - lms.s * (draw(45) / 10)) * 100) / 100;
    const score = weightScore(kilograms, lms);
    if (Math.abs(score + 2) < 0.02 || score < -5.5) continue;
    const birthDate = new Date(today - days * 86_400_000).toISOString().slice(0, 10);
    const [summary = '', ...others] = await told('patient-view', 'tang-truong', { gender: sex, birthDate }, [
      measured('29463-7', quantity(kilograms, 'kg')),
    ]);
    const what = `${sex}, ${days} days, ${kilograms} kg is ${score}: ${summary}`;
    assert.deepEqual(others, [], what);
    seen[score > -2 ? 'silent' : score > -3 ? 'thin' : 'veryThin'] += 1;
    if (score > -2) assert.equal(summary, '', what);
    else {
      const [, shown] = /^Cân nặng theo tuổi: z = (-\d+(?:\.\d+)?) /.exec(summary) ?? [];
      assert.ok(Math.abs(Number(shown) - score) < 0.011, what);
    }
  }
  assert.ok(Math.min(...Object.values(seen)) > 5, JSON.stringify(seen));
});

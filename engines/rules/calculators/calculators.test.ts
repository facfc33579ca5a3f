/** Every vector of the reference on computable clinical logic: published ones first, then those computed with the formula. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { content } from '../testing.ts';
import { chartCell, type RiskInputs, riskBand, who2019Risk } from './cardiovascular-risk.ts';
import { expectedStature, isImplausible, zForAge, zForMonths, zForStature } from './growth.ts';
import { acuteInjuryStage, bodySurface, ckdEpi2021, cockcroftGault, kdigoStage, schwartz } from './kidney.ts';
import { apri, fib4, pageB } from './liver.ts';
import { news2, qSofa, type Vitals } from './news2.ts';
import { growthIn } from './tables.ts';

const near = (value: number | null, expected: number, tolerance: number) =>
  assert.ok(
    value !== null && Math.abs(value - expected) <= tolerance,
    `${value} is not ${expected} ± ${tolerance}`,
  );

test('CKD-EPI 2021: published and computed values', () => {
  for (const [creatinine, age, sex, expected] of [
    [1.2, 55, 'male', 71.42],
    [0.7, 40, 'female', 112.05],
    [0.9, 40, 'male', 110.73],
    [0.5, 30, 'female', 129.32],
    [2.5, 70, 'female', 20.18],
    [1.0, 60, 'female', 64.5],
    [1.0, 60, 'male', 86.16],
    [1.0, 50, 'male', 91.69],
  ] as const)
    near(ckdEpi2021(creatinine, age, sex), expected, 0.005);
  assert.equal(ckdEpi2021(1, 17.9, 'male'), null);
  assert.equal(ckdEpi2021(0, 40, 'male'), null);
});

test('Schwartz, Cockcroft–Gault, KDIGO stages, acute injury, body surface', () => {
  near(schwartz(0.5, 120), 99.1, 0.05);
  near(cockcroftGault(1.2, 60, 55, 'male'), 50.93, 0.005);
  near(cockcroftGault(1.0, 75, 45, 'female'), 34.53, 0.005);
  assert.deepEqual([90, 89.9, 59.9, 44.9, 29.9, 14.9].map(kdigoStage), [
    'G1',
    'G2',
    'G3a',
    'G3b',
    'G4',
    'G5',
  ]);
  assert.equal(acuteInjuryStage(80, 125, 5), 1);
  assert.equal(acuteInjuryStage(80, 100, 5), 0);
  assert.equal(acuteInjuryStage(80, 107, 2), 1);
  assert.equal(acuteInjuryStage(80, 170, 5), 2);
  assert.equal(acuteInjuryStage(80, 250, 5), 3);
  near(bodySurface(170, 60), 1.683, 0.0005);
  near(bodySurface(110, 18), 0.742, 0.0005);
});

const calm: Vitals = {
  breathing: 16,
  spo2: 97,
  oxygen: false,
  systolic: 125,
  pulse: 80,
  consciousness: 'A',
  temperature: 37,
};
const newsOf = (more: Partial<Vitals>, scale: 1 | 2 = 1) => news2({ ...calm, ...more }, scale);

test('FIB-4, APRI, PAGE-B: the vectors; what is no measurement has no score', () => {
  near(fib4(50, 60, 50, 150), 2.83, 0.005);
  near(apri(60, 40, 150), 1.0, 0.005);
  assert.deepEqual(pageB(55, 'male', 150), { points: 18, risk: 'high' });
  assert.deepEqual(pageB(35, 'female', 250), { points: 2, risk: 'low' });
  assert.deepEqual(pageB(45, 'male', 99), { points: 19, risk: 'high' });
  assert.equal(pageB(15, 'male', 150), null);
  assert.equal(fib4(50, 60, 0, 150), null);
  assert.equal(apri(60, 40, 0), null);
});

test('NEWS2: the vectors, the bands and the rule of the single 3', () => {
  const grave = news2({
    breathing: 22,
    spo2: 93,
    oxygen: true,
    systolic: 105,
    pulse: 112,
    consciousness: 'A',
    temperature: 38.5,
  });
  assert.equal(grave.score, 10);
  assert.deepEqual(Object.values(grave.parts), [2, 2, 2, 1, 2, 0, 1]);
  assert.equal(grave.risk, 'high');
  assert.deepEqual([newsOf({}).score, newsOf({}).risk], [0, 'none']);
  assert.deepEqual([newsOf({ breathing: 25 }).score, newsOf({ breathing: 25 }).risk], [3, 'low-medium']);
  assert.equal(newsOf({ consciousness: 'C' }).score, 3);
  assert.equal(newsOf({ spo2: 90, oxygen: true }, 2).score, 2);
  assert.equal(newsOf({ spo2: 98, oxygen: true }, 2).score, 5);
  assert.equal(newsOf({ spo2: 98 }, 2).score, 0);
  const at = (name: 'breathing' | 'systolic' | 'pulse' | 'temperature' | 'spo2', values: number[]) =>
    values.map((value) => newsOf({ [name]: value }).parts[name]);
  assert.deepEqual(at('breathing', [8, 9, 11, 12, 20, 21, 24, 25]), [3, 1, 1, 0, 0, 2, 2, 3]);
  assert.deepEqual(at('systolic', [90, 91, 100, 101, 110, 111, 219, 220]), [3, 2, 2, 1, 1, 0, 0, 3]);
  assert.deepEqual(at('pulse', [40, 41, 50, 51, 90, 91, 110, 111, 130, 131]), [3, 1, 1, 0, 0, 1, 1, 2, 2, 3]);
  assert.deepEqual(at('temperature', [35, 35.1, 36, 36.1, 38, 38.1, 39, 39.1]), [3, 1, 1, 0, 0, 1, 1, 2]);
  assert.deepEqual(at('spo2', [91, 92, 93, 94, 95, 96]), [3, 2, 2, 1, 1, 0]);
  const second = (spo2: number, oxygen: boolean) => newsOf({ spo2, oxygen }, 2).parts.spo2;
  assert.deepEqual(
    [83, 84, 85, 86, 87, 88, 92].map((one) => second(one, true)),
    [3, 2, 2, 1, 1, 0, 0],
  );
  assert.deepEqual(
    [93, 94, 95, 96, 97].map((one) => second(one, true)),
    [1, 1, 2, 2, 3],
  );
});

test('qSOFA', () => {
  assert.equal(qSofa({ breathing: 24, systolic: 98, glasgow: 15 }), 2);
  assert.equal(qSofa({ breathing: 21, systolic: 101, glasgow: 15 }), 0);
});

const model = content.table('cvd/who2019-model');
const chart = content.table('cvd/who2019-chart');

test('WHO 2019 risk: the vectors within 0.1, the chart exactly', () => {
  const vectors: [
    RiskInputs['sex'],
    number,
    number,
    number,
    0 | 1,
    0 | 1,
    number,
    number,
    number,
    number | null,
  ][] = [
    ['male', 62.5, 150, 5.5, 0, 0, 4.83, 5.77, 10.31, 10],
    ['male', 62.5, 150, 5.5, 1, 1, 15.62, 11.06, 24.95, 25],
    ['female', 62.5, 150, 5.5, 0, 1, 6.12, 7.34, 13.01, 13],
    ['male', 42.5, 110, 3.5, 0, 0, 0.27, 0.86, 1.13, 1],
    ['male', 72.5, 190, 7.5, 1, 1, 46.06, 23.2, 58.57, 59],
    ['female', 72.5, 190, 7.5, 1, 1, 31.87, 20.94, 46.14, 46],
    ['male', 55, 140, 5, 0, 1, 4.19, 4.68, 8.67, null],
    ['female', 55, 140, 5, 1, 0, 3.27, 4.99, 8.09, null],
  ];
  for (const [sex, age, systolic, cholesterol, diabetes, smoker, coronary, stroke, risk, cell] of vectors) {
    const inputs = { sex, age, systolic, cholesterol, diabetes: diabetes === 1, smoker: smoker === 1 };
    const found = who2019Risk(inputs, model)!;
    near(found.coronary, coronary, 0.1);
    near(found.stroke, stroke, 0.1);
    near(found.risk, risk, 0.1);
    if (cell !== null) assert.equal(chartCell(inputs, chart), cell);
  }
  assert.equal(
    who2019Risk(
      { sex: 'male', age: 39.9, systolic: 120, cholesterol: 5, diabetes: false, smoker: false },
      model,
    ),
    null,
  );
  assert.deepEqual([4.9, 5, 10, 20, 30].map(riskBand), ['green', 'yellow', 'orange', 'red', 'dark-red']);
});

test('WHO 2019 risk: the model rounds to each of the 1,400 printed cells', () => {
  assert.equal(chart.length, 1400);
  const middle = {
    systolic: ['110', '130', '150', '170', '190'],
    cholesterol: ['3.5', '4.5', '5.5', '6.5', '7.5'],
  };
  const at = (from: string, starts: string[], values: string[]) => Number(values[starts.indexOf(from)]);
  for (const row of chart) {
    const inputs: RiskInputs = {
      sex: row.sex as RiskInputs['sex'],
      age: Number(row.age_from) + 2.5,
      systolic: at(row.systolic_from!, ['', '120', '140', '160', '180'], middle.systolic),
      cholesterol: at(row.cholesterol_from!, ['', '4', '5', '6', '7'], middle.cholesterol),
      diabetes: row.diabetes === '1',
      smoker: row.smoker === '1',
    };
    assert.equal(Math.round(who2019Risk(inputs, model)!.risk), Number(row.risk), JSON.stringify(row));
  }
});

const tables = growthIn(content, '2026-11-22');
const boy = (ageDays: number, position?: 'lying' | 'standing') => ({
  sex: 'male' as const,
  ageDays,
  ...(position ? { position } : {}),
});
const girl = (ageDays: number, position?: 'lying' | 'standing') => ({
  ...boy(ageDays, position),
  sex: 'female' as const,
});

test('growth: published vectors (test suite of the WHO package)', () => {
  near(zForAge('weight-for-age', 17, girl(1522), tables), 0.24, 0.006);
  near(zForAge('height-for-age', 72.86, boy(987, 'lying'), tables), -6.09, 0.006);
  near(zForAge('height-for-age', 50, boy(44), tables), -3.29, 0.006);
  near(zForAge('height-for-age', 77.5, girl(731), tables), -2.55, 0.006);
  near(zForAge('height-for-age', 60, boy(244, 'standing'), tables), -4.81, 0.006);
  // Under nine months the package passes over "standing".
  near(zForAge('height-for-age', 60, boy(274, 'standing'), tables), -5.02, 0.006);
});

test('growth: computed vectors of 2006', () => {
  for (const [kg, days, sex, expected] of [
    [7, 365, boy, -2.9],
    [9.6, 365, boy, -0.04],
    [4.5, 180, girl, -3.87],
    [25, 1000, boy, 5.28],
  ] as const)
    near(zForAge('weight-for-age', kg, sex(days), tables), expected, 0.006);
  near(zForAge('height-for-age', 75, girl(540), tables), -1.88, 0.006);
  near(zForAge('height-for-age', 85, boy(1095), tables), -2.99, 0.006);
  near(zForAge('bmi-for-age', 20.5, girl(900), tables), 3.04, 0.006);
  near(zForAge('bmi-for-age', 11.5, boy(900), tables), -4.21, 0.006);
  near(zForAge('head-for-age', 38, boy(90), tables), -2.08, 0.006);
  near(zForStature(7.4, 75, boy(400), tables), -3.14, 0.006);
  near(zForStature(13.5, 80.3, girl(600), tables), 3.02, 0.006);
  near(zForStature(11, 100, boy(1200), tables), -4.16, 0.006);
  near(zForStature(22, 95.5, girl(1200), tables), 4.93, 0.006);
});

test('growth: computed vectors of 2007', () => {
  near(zForMonths('bmi-for-age', 20, 'female', 120, tables), 1.32, 0.006);
  near(zForMonths('bmi-for-age', 20, 'male', 120, tables), 1.57, 0.006);
  near(zForMonths('bmi-for-age', 31, 'female', 180, tables), 2.44, 0.006);
  near(zForMonths('bmi-for-age', 14, 'male', 180, tables), -3.54, 0.006);
  near(zForMonths('bmi-for-age', 36, 'male', 216, tables), 3.09, 0.006);
  near(zForMonths('height-for-age', 128, 'female', 120, tables), -1.66, 0.006);
  near(zForMonths('height-for-age', 140, 'male', 150, tables), -1.71, 0.006);
  near(zForMonths('weight-for-age', 40, 'female', 100, tables), 2.33, 0.006);
  near(zForMonths('weight-for-age', 14, 'male', 72, tables), -3.03, 0.006);
});

test('growth: sample constants of the standards', () => {
  const at = (indicator: 'weight-for-age' | 'height-for-age', sex: 'male' | 'female', day: number) =>
    Object.values(tables.byDay(indicator, sex, day)!);
  assert.deepEqual(at('weight-for-age', 'male', 0), [0.3487, 3.3464, 0.14602]);
  assert.deepEqual(at('weight-for-age', 'male', 1796), [-0.1477, 18.1732, 0.13454]);
  assert.deepEqual(at('height-for-age', 'male', 731), [1, 87.1303, 0.03508]);
  assert.deepEqual(at('weight-for-age', 'female', 731), [-0.2942, 11.4809, 0.1239]);
  assert.deepEqual(at('height-for-age', 'female', 365), [1, 74.0049, 0.03479]);
});

test('growth: position is corrected, the implausible is told, what lies outside has no z-score', () => {
  assert.equal(expectedStature(80, boy(700, 'standing')), 80.7);
  assert.equal(expectedStature(80, boy(800, 'lying')), 79.3);
  assert.equal(expectedStature(60, boy(200, 'standing')), 60);
  assert.ok(isImplausible('weight-for-age', 5.28));
  assert.ok(!isImplausible('height-for-age', -5.9));
  assert.equal(zForStature(10, 130, boy(1200), tables), null);
  assert.equal(zForAge('weight-for-age', 60, boy(365 * 15), tables), null);
});

/** Calculators of scores, as rules ask them: numbers in, a FHIR Observation or RiskAssessment out, with what it stands on. */
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation, ObservationComponent, RiskAssessment } from '../../../kernel/fhir/types.ts';
import { type Calculator, type CalculatorAsk, OPTIONAL, TABLE, VALUE } from './calculator.ts';
import { chartCell, riskBand, who2019Risk } from './cardiovascular-risk.ts';
import { type Indicator, isImplausible, type Measured, zForAge, zForStature } from './growth.ts';
import { ckdEpi2021, cockcroftGault, kdigoStage, type Sex, schwartz } from './kidney.ts';
import { apri, fib4, pageB } from './liver.ts';
import { type News2, news2, qSofa, type Vitals } from './news2.ts';
import { growthIn } from './tables.ts';

const RATE = 'mL/min/{1.73_m2}';

export function sexOf(ask: CalculatorAsk): Sex | null {
  const { gender } = ask.patient;
  return gender === 'male' || gender === 'female' ? gender : null;
}

const scored = (text: string, more: Partial<Observation>): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text },
  ...more,
});
const part = (text: string, value: number): ObservationComponent => ({
  code: { text },
  valueQuantity: { value },
});
const rounded = (value: number, places = 2) => Math.round(value * 10 ** places) / 10 ** places;

function rate(text: string, value: number | null, code = RATE): readonly Observation[] {
  if (value === null) return [];
  const quantity = {
    value: rounded(value),
    unit: code === RATE ? 'mL/phút/1,73 m²' : 'mL/phút',
    system: cs.ucum,
    code,
  };
  return [scored(text, { valueQuantity: quantity, interpretation: [{ text: kdigoStage(value) }] })];
}

const ckdEpi: Calculator = {
  code: 'ckd-epi-2021',
  gives: 'Observation',
  inputs: { creatinine: VALUE, age: VALUE },
  reads: [],
  give(ask) {
    const [creatinine, age, sex] = [ask.number('creatinine'), ask.number('age'), sexOf(ask)];
    if (creatinine === null || age === null || sex === null) return [];
    return rate('CKD-EPI 2021', ckdEpi2021(creatinine, age, sex));
  },
};

const bedsideSchwartz: Calculator = {
  code: 'schwartz',
  gives: 'Observation',
  inputs: { creatinine: VALUE, height: VALUE, age: VALUE },
  reads: [],
  give(ask) {
    const [creatinine, height, age] = [ask.number('creatinine'), ask.number('height'), ask.number('age')];
    if (creatinine === null || height === null || age === null || age < 1 || age >= 18) return [];
    return rate('Schwartz', schwartz(creatinine, height));
  },
};

const clearance: Calculator = {
  code: 'cockcroft-gault',
  gives: 'Observation',
  inputs: { creatinine: VALUE, age: VALUE, weight: VALUE },
  reads: [],
  give(ask) {
    const [creatinine, age, weight, sex] = [
      ask.number('creatinine'),
      ask.number('age'),
      ask.number('weight'),
      sexOf(ask),
    ];
    if (creatinine === null || age === null || weight === null || sex === null) return [];
    return rate('Cockcroft–Gault', cockcroftGault(creatinine, age, weight, sex), 'mL/min');
  },
};

const fibrosis: Calculator = {
  code: 'fib-4',
  gives: 'Observation',
  inputs: { age: VALUE, ast: VALUE, alt: VALUE, platelets: VALUE },
  reads: [],
  give(ask) {
    const [age, ast, alt, platelets] = numbersOf(ask, ['age', 'ast', 'alt', 'platelets']);
    if (age == null || ast == null || alt == null || platelets == null) return [];
    return valued('FIB-4', fib4(age, ast, alt, platelets));
  },
};

const plateletRatio: Calculator = {
  code: 'apri',
  gives: 'Observation',
  inputs: { ast: VALUE, upperLimit: VALUE, platelets: VALUE },
  reads: [],
  give(ask) {
    const [ast, upperLimit, platelets] = numbersOf(ask, ['ast', 'upperLimit', 'platelets']);
    if (ast == null || upperLimit == null || platelets == null) return [];
    return valued('APRI', apri(ast, upperLimit, platelets));
  },
};

const liverCancer: Calculator = {
  code: 'page-b',
  gives: 'Observation',
  inputs: { age: VALUE, platelets: VALUE },
  reads: [],
  give(ask) {
    const [age, platelets] = numbersOf(ask, ['age', 'platelets']);
    const sex = sexOf(ask);
    const found = age == null || platelets == null || sex === null ? null : pageB(age, sex, platelets);
    return found === null
      ? []
      : [
          scored('PAGE-B', {
            valueQuantity: { value: found.points },
            interpretation: [{ text: found.risk }],
          }),
        ];
  },
};

const numbersOf = (ask: CalculatorAsk, names: readonly string[]) => names.map((name) => ask.number(name));

const valued = (text: string, value: number | null): readonly Observation[] =>
  value === null ? [] : [scored(text, { valueQuantity: { value: rounded(value) } })];

const NEWS_PARTS = {
  breathing: 'breathing',
  spo2: 'spo2',
  systolic: 'systolic',
  pulse: 'pulse',
  temperature: 'temperature',
} as const;

/** Normal values: what is missing counts nothing, so that the sum is what the score is at least. */
const CALM: Vitals = {
  breathing: 16,
  spo2: 97,
  oxygen: false,
  systolic: 120,
  pulse: 70,
  consciousness: 'A',
  temperature: 37,
};

const earlyWarning: Calculator = {
  code: 'news2',
  gives: 'Observation',
  inputs: {
    age: VALUE,
    breathing: OPTIONAL,
    spo2: OPTIONAL,
    systolic: OPTIONAL,
    pulse: OPTIONAL,
    temperature: OPTIONAL,
    oxygen: OPTIONAL,
    consciousness: OPTIONAL,
    scale: OPTIONAL,
  },
  reads: [],
  give(ask) {
    const age = ask.number('age');
    if (age === null || age < 16) return [];
    const given = Object.entries(NEWS_PARTS).flatMap(([name]) => {
      const value = ask.number(name);
      return value === null ? [] : [[name, value] as const];
    });
    if (given.length === 0) return [];
    const oxygen = ask.truth('oxygen');
    const consciousness = ask.text('consciousness');
    const missing = [
      ...Object.keys(NEWS_PARTS).filter((name) => !given.some(([one]) => one === name)),
      ...(oxygen === null ? ['oxygen'] : []),
      ...(consciousness === null ? ['consciousness'] : []),
    ];
    const vitals: Vitals = {
      ...CALM,
      ...Object.fromEntries(given),
      oxygen: oxygen ?? false,
      consciousness: (consciousness ?? 'A') as Vitals['consciousness'],
    };
    return [newsObservation(news2(vitals, ask.number('scale') === 2 ? 2 : 1), missing)];
  },
};

/** A score with something missing is no score: its value is absent, and `minimum` says what it is at least. */
function newsObservation({ score, parts, single3, risk }: News2, missing: string[]): Observation {
  return scored('NEWS2', {
    ...(missing.length === 0
      ? { valueInteger: score }
      : { dataAbsentReason: { text: `missing: ${missing.join(', ')}` } }),
    interpretation: [{ text: risk }],
    component: [
      part('minimum', score),
      part('single3', Number(single3)),
      part('missing', missing.length),
      ...Object.entries(parts).map(([name, value]) => part(name, value)),
    ],
  });
}

const sepsisScreen: Calculator = {
  code: 'qsofa',
  gives: 'Observation',
  inputs: { breathing: VALUE, systolic: VALUE, glasgow: VALUE },
  reads: [],
  give(ask) {
    const [breathing, systolic, glasgow] = [
      ask.number('breathing'),
      ask.number('systolic'),
      ask.number('glasgow'),
    ];
    if (breathing === null || systolic === null || glasgow === null) return [];
    return [scored('qSOFA', { valueInteger: qSofa({ breathing, systolic, glasgow }) })];
  },
};

const cardiovascular: Calculator = {
  code: 'who2019-risk',
  gives: 'RiskAssessment',
  inputs: {
    model: TABLE,
    chart: TABLE,
    age: VALUE,
    systolic: VALUE,
    cholesterol: VALUE,
    diabetes: VALUE,
    smoker: VALUE,
  },
  reads: [],
  give(ask) {
    const [age, systolic, cholesterol, sex] = [
      ask.number('age'),
      ask.number('systolic'),
      ask.number('cholesterol'),
      sexOf(ask),
    ];
    const [diabetes, smoker] = [ask.truth('diabetes'), ask.truth('smoker')];
    if (
      age === null ||
      systolic === null ||
      cholesterol === null ||
      sex === null ||
      diabetes === null ||
      smoker === null
    )
      return [];
    const inputs = { sex, age, systolic, cholesterol, diabetes, smoker };
    const found = who2019Risk(inputs, ask.content.inForce(ask.text('model')!, ask.day));
    if (!found) return [];
    const cell = chartCell(inputs, ask.content.inForce(ask.text('chart')!, ask.day));
    const assessment: RiskAssessment = {
      resourceType: 'RiskAssessment',
      status: 'final',
      subject: { reference: `Patient/${ask.patient.id ?? ''}` },
      method: { text: 'WHO 2019, laboratory, South-East Asia' },
      prediction: [
        {
          outcome: { text: 'cardiovascular' },
          probabilityDecimal: rounded(found.risk),
          qualitativeRisk: { text: riskBand(cell ?? found.risk) },
        },
        { outcome: { text: 'coronary' }, probabilityDecimal: rounded(found.coronary) },
        { outcome: { text: 'stroke' }, probabilityDecimal: rounded(found.stroke) },
      ],
    };
    return [assessment];
  },
};

const growth: Calculator = {
  code: 'who-growth',
  gives: 'Observation',
  inputs: { days: VALUE, weight: OPTIONAL, height: OPTIONAL, head: OPTIONAL, lying: OPTIONAL },
  reads: [],
  give(ask) {
    const [ageDays, sex] = [ask.number('days'), sexOf(ask)];
    if (ageDays === null || sex === null) return [];
    const [weight, height, head, lying] = [
      ask.number('weight'),
      ask.number('height'),
      ask.number('head'),
      ask.truth('lying'),
    ];
    const measured: Measured = {
      sex,
      ageDays,
      ...(lying === null ? {} : { position: lying ? 'lying' : 'standing' }),
    };
    const tables = growthIn(ask.content, ask.day);
    const bmi = weight !== null && height !== null && height > 0 ? weight / (height / 100) ** 2 : null;
    const found: [Indicator, number | null][] = [
      ['weight-for-age', weight === null ? null : zForAge('weight-for-age', weight, measured, tables)],
      ['height-for-age', height === null ? null : zForAge('height-for-age', height, measured, tables)],
      ['bmi-for-age', bmi === null ? null : zForAge('bmi-for-age', bmi, measured, tables)],
      ['head-for-age', head === null ? null : zForAge('head-for-age', head, measured, tables)],
      [
        'weight-for-height',
        weight === null || height === null || ageDays > 1826
          ? null
          : zForStature(weight, height, measured, tables),
      ],
    ];
    return found.flatMap(([indicator, z]) =>
      z === null || !Number.isFinite(z)
        ? []
        : [
            scored(indicator, {
              valueQuantity: { value: rounded(z), unit: 'z', system: cs.ucum, code: '1' },
              interpretation: [{ text: isImplausible(indicator, z) ? 'implausible' : 'plausible' }],
            }),
          ],
    );
  },
};

export const SCORES: readonly Calculator[] = [
  ckdEpi,
  bedsideSchwartz,
  clearance,
  earlyWarning,
  sepsisScreen,
  cardiovascular,
  growth,
  fibrosis,
  plateletRatio,
  liverCancer,
];

/**
 * WHO 2019 cardiovascular risk, laboratory model (Kaptoge et al., Lancet Glob Health 2019;7:e1332). Pure: coefficients and the
 * region's constants are `content/cvd/who2019-model.csv`, the printed chart is `content/cvd/who2019-chart.csv`.
 */
import type { Row } from '../../../kernel/content/content.ts';
import type { Sex } from './kidney.ts';

export interface RiskInputs {
  sex: Sex;
  /** Years; from 40 to under 75. */
  age: number;
  /** mmHg. */
  systolic: number;
  /** mmol/L. */
  cholesterol: number;
  diabetes: boolean;
  smoker: boolean;
}

export interface CardiovascularRisk {
  /** Per cent in ten years. */
  coronary: number;
  stroke: number;
  risk: number;
}

/** Null outside 40 to under 75 years. @param model rows of the model in force */
export function who2019Risk(inputs: RiskInputs, model: readonly Row[]): CardiovascularRisk | null {
  if (inputs.age < 40 || inputs.age >= 75) return null;
  const coronary = outcomeRisk('coronary', inputs, model);
  const stroke = outcomeRisk('stroke', inputs, model);
  const percent = (part: number) => part * 100;
  return {
    coronary: percent(coronary),
    stroke: percent(stroke),
    risk: percent(1 - (1 - coronary) * (1 - stroke)),
  };
}

function outcomeRisk(
  outcome: string,
  { sex, age, systolic, cholesterol, diabetes, smoker }: RiskInputs,
  model: readonly Row[],
): number {
  const row = model.find((one) => one.sex === sex && one.outcome === outcome);
  if (!row) throw new Error(`The model of cardiovascular risk has no row for ${sex}, ${outcome}`);
  const of = (name: string) => Number(row[name]);
  const a = age - 60;
  const c = cholesterol - 6;
  const s = systolic - 120;
  const dm = Number(diabetes);
  const smk = Number(smoker);
  const sum =
    of('age') * a +
    of('cholesterol') * c +
    of('systolic') * s +
    of('diabetes') * dm +
    of('smoker') * smk +
    of('age_cholesterol') * a * c +
    of('age_systolic') * a * s +
    of('age_diabetes') * a * dm +
    of('age_smoker') * a * smk;
  const uncalibrated = 1 - of('baseline') ** Math.exp(sum);
  return 1 - Math.exp(-Math.exp(of('k0') + of('k1') * Math.log(-Math.log(1 - uncalibrated))));
}

/** Whole per cent as the printed chart has it; null outside its ages. @param chart rows of the chart in force */
export function chartCell(
  { sex, age, systolic, cholesterol, diabetes, smoker }: RiskInputs,
  chart: readonly Row[],
): number | null {
  const found = chart.find(
    (row) =>
      row.sex === sex &&
      row.diabetes === String(Number(diabetes)) &&
      row.smoker === String(Number(smoker)) &&
      inBand(age, row.age_from, row.age_below) &&
      inBand(systolic, row.systolic_from, row.systolic_below) &&
      inBand(cholesterol, row.cholesterol_from, row.cholesterol_below),
  );
  return found ? Number(found.risk) : null;
}

function inBand(value: number, from: string | undefined, below: string | undefined): boolean {
  return (from === '' || value >= Number(from)) && (below === '' || value < Number(below));
}

export type RiskBand = 'green' | 'yellow' | 'orange' | 'red' | 'dark-red';

/** Colours of the chart: under 5, 10, 20, 30 per cent, and above. */
export function riskBand(risk: number): RiskBand {
  if (risk < 5) return 'green';
  if (risk < 10) return 'yellow';
  if (risk < 20) return 'orange';
  return risk < 30 ? 'red' : 'dark-red';
}

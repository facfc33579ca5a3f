/**
 * Makes `content/growth/` and `content/cvd/who2019-chart.csv.gz` from the shared reference data.
 * Run: `node content/convert/calculators.ts [shared folder]`. `content/cvd/who2019-model.csv` is kept by hand.
 */
import { type Cells, readShared, sharedFolder, writeContent } from './files.ts';

const shared = sharedFolder(process.argv[2]);
const SEX: Record<string, string> = { M: 'male', F: 'female' };
const WHO_2006 = 'WHO Child Growth Standards 2006';
const WHO_2007 = 'WHO Reference 2007';
const CHART = 'Lancet Glob Health 2019;7:e1332 (CC BY 4.0)';
const TAIL = ['source', 'valid_from', 'valid_to'];

const DAILY = {
  'weight-for-age': 'weight-for-age',
  'length-height-for-age': 'height-for-age',
  'bmi-for-age': 'bmi-for-age',
  'head-circumference-for-age': 'head-for-age',
};
writeContent(
  'growth/by-day.csv.gz',
  ['indicator', 'sex', 'age_days', 'l', 'm', 's', ...TAIL],
  Object.entries(DAILY).flatMap(([file, indicator]) =>
    readShared(shared, `growth/who2006-${file}-days.csv`).map((row) => ({
      indicator,
      age_days: row.age_days!,
      ...lmsOf(row, WHO_2006),
    })),
  ),
);
writeContent(
  'growth/by-month.csv.gz',
  ['indicator', 'sex', 'age_months', 'l', 'm', 's', ...TAIL],
  ['weight-for-age', 'height-for-age', 'bmi-for-age'].flatMap((indicator) =>
    readShared(shared, `growth/who2007-${indicator}-months.csv`).map((row) => ({
      indicator,
      age_months: row.age_months!,
      ...lmsOf(row, WHO_2007),
    })),
  ),
);
writeContent(
  'growth/by-stature.csv.gz',
  ['kind', 'sex', 'cm', 'l', 'm', 's', ...TAIL],
  readShared(shared, 'growth/who2006-weight-for-length-height.csv').map((row) => ({
    kind: row.kind!,
    cm: row.cm!,
    ...lmsOf(row, WHO_2006),
  })),
);
const BANDS = ['age', 'systolic', 'cholesterol'].flatMap((name) => [`${name}_from`, `${name}_below`]);
writeContent(
  'cvd/who2019-chart.csv.gz',
  ['sex', 'diabetes', 'smoker', ...BANDS, 'risk', ...TAIL],
  readShared(shared, 'cvd/who2019-lab-southeast-asia.csv').map((row) => ({
    sex: SEX[row.sex!]!,
    diabetes: row.diabetes!,
    smoker: row.smoker!,
    ...band('age', row.age_band!),
    ...band('systolic', row.sbp_band!),
    ...band('cholesterol', row.chol_band_mmol!),
    risk: row.risk10y_pct!,
    source: CHART,
    valid_from: '',
    valid_to: '',
  })),
);

function lmsOf(row: Cells, source: string): Cells {
  return { sex: SEX[row.sex!]!, l: row.L!, m: row.M!, s: row.S!, source, valid_from: '', valid_to: '' };
}

/** `40-44`, `<120`, `120-139`, `>=180`, `4-4.9` → first value and the value after the last, '' = open. */
function band(name: string, text: string): Cells {
  const of = (from: string, below: string) => ({ [`${name}_from`]: from, [`${name}_below`]: below });
  if (text.startsWith('<')) return of('', text.slice(1));
  if (text.startsWith('>=')) return of(text.slice(2), '');
  const [from = '', to = ''] = text.split('-');
  return of(from, String(Math.floor(Number(to)) + 1));
}

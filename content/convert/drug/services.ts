/** What a station may order and charge for: examination and laboratory services, and the tests that each reports. */
import { type Cells, readInput, readTable } from './tables.ts';

export const SERVICE_COLUMNS = [
  'code',
  'kind',
  'name_vi',
  'loinc',
  'loinc_name',
  'tests',
  'facility_types',
  'insured',
  'pay_rate',
  'price',
  'cost_group',
  'source',
  'valid_from',
  'valid_to',
];

export const TEST_COLUMNS = [
  'key',
  'name_vi',
  'loinc',
  'loinc_name',
  'specimen',
  'unit',
  'result_type',
  'options',
  'abnormal',
  'plausible_low',
  'plausible_high',
  'sex',
  'age_from_years',
  'age_to_years',
  'low',
  'high',
  'critical_low',
  'critical_high',
  'source',
];

export function buildServices(shared: string): Cells[] {
  const prices = new Map(
    readTable(shared, 'data/catalog/dvkt-price-reference-2024.csv').map((row) => [row.service_code!, row]),
  );
  const tests = new Map(readTable(shared, 'data/lab/common-tests-loinc.csv').map((row) => [row.loinc!, row]));
  const common = { insured: '1', pay_rate: '100', valid_from: '2026-01-01', valid_to: '' };
  const examinations = readInput('examinations').map((row) => ({
    ...common,
    code: row.service_code!,
    kind: 'exam',
    name_vi: row.name_vi!,
    loinc: '',
    loinc_name: '',
    tests: '',
    facility_types: row.facility_types!,
    price: row.price!,
    cost_group: '13',
    source: `QĐ 2010/QĐ-BYT 19/06/2025 Phụ lục 2; ${row.price_source}`,
  }));
  const laboratory = readInput('lab-services').map((row) => {
    const listed = prices.get(row.service_code!);
    if (!listed) throw new Error(`No price line for service ${row.service_code}`);
    return {
      ...common,
      code: row.service_code!,
      kind: 'lab',
      name_vi: listed.name_vi!,
      loinc: row.loinc!,
      loinc_name: row.loinc_name || (tests.get(row.loinc!)?.loinc_name ?? ''),
      tests: row.tests!.replaceAll(' ', '|'),
      facility_types: '',
      price: listed.price_vnd!,
      cost_group: '1',
      source: 'QĐ 3467/QĐ-BYT 2024 (mẫu một bệnh viện) – giá trình diễn',
    };
  });
  return [...examinations, ...laboratory];
}

/** One row a reference range: adult ranges by sex from the common list, children's where a source gives one. */
export function buildTests(shared: string): Cells[] {
  const known = new Map(readTable(shared, 'data/lab/common-tests-loinc.csv').map((row) => [row.key!, row]));
  const children = readInput('lab-child-ranges');
  return readInput('lab-values').flatMap((values) => {
    const test = known.get(values.key!);
    if (!test) throw new Error(`No test ${values.key}`);
    const base = {
      key: values.key!,
      name_vi: test.name_vi!,
      loinc: test.loinc!,
      loinc_name: test.loinc_name!,
      specimen: test.specimen!,
      unit: values.result_type === 'coded' ? '' : test.ucum!,
      result_type: values.result_type!,
      options: values.options!,
      abnormal: values.abnormal!,
      plausible_low: values.plausible_low!,
      plausible_high: values.plausible_high!,
      critical_low: test.critical_low!,
      critical_high: test.critical_high!,
      source: 'common-tests-loinc (biên soạn); thay bằng khoảng của phòng xét nghiệm',
    };
    const adults = [
      { sex: 'male', low: test.low_male!, high: test.high_male! },
      { sex: 'female', low: test.low_female!, high: test.high_female! },
    ].map((range) => ({ ...base, ...range, age_from_years: values.age_from_years!, age_to_years: '' }));
    const young = children
      .filter((row) => row.key === values.key)
      .map(({ key: _key, ...range }) => ({ ...base, ...range }));
    return [...young, ...adults];
  });
}

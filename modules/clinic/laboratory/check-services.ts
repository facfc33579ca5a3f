/** What is wrong with the services that can be ordered and their tests: an unknown test would be found by the first doctor who orders it. Pure. */
import type { Content, Row } from '../../../kernel/content/content.ts';

export interface ServiceFault {
  /** Table and code, `clinic/services DIEU.01`. */
  where: string;
  text: string;
  textVi: string;
}

const SERVICES = 'clinic/services';
const TESTS = 'clinic/lab-tests';
const KINDS = ['exam', 'lab'];
const NUMBER = /^-?\d+(\.\d+)?$/;
const RANGE = ['plausible_low', 'plausible_high', 'low', 'high', 'critical_low', 'critical_high'];
/** From the low end to the high one. */
const ENDS = [
  ['plausible_low', 'plausible_high'],
  ['low', 'high'],
  ['critical_low', 'critical_high'],
  ['age_from_years', 'age_to_years'],
] as const;

export function checkServices(content: Content): ServiceFault[] {
  const tests = content.table(TESTS);
  const known = new Set(tests.map(({ key }) => key));
  const services = content.table(SERVICES);
  return [
    ...services.flatMap((row) => serviceFaults(row, known)),
    ...unpriced(services, content.table('prices/services')),
    ...tests.flatMap(testFaults),
  ];
}

const teller =
  (where: string) =>
  (text: string, textVi: string): ServiceFault[] => [{ where, text, textVi }];

function serviceFaults(row: Row, tests: ReadonlySet<string | undefined>): ServiceFault[] {
  const say = teller(`${SERVICES} ${row.code}`);
  const isLab = row.kind === 'lab';
  const named = isLab ? (row.tests ?? '').split('|') : [];
  return [
    ...['code', 'name_vi', ...(isLab ? ['loinc', 'tests'] : [])]
      .filter((name) => (row[name] ?? '').trim() === '')
      .flatMap((name) => say(`has no ${name}`, `còn thiếu cột ${name}`)),
    ...(KINDS.includes(row.kind ?? '')
      ? []
      : say(`kind must be one of ${KINDS.join(', ')}`, `cột kind phải là một trong: ${KINDS.join(', ')}`)),
    ...named
      .filter((key) => key !== '' && !tests.has(key))
      .flatMap((key) =>
        say(`there is no test ${key} in ${TESTS}`, `không có xét nghiệm ${key} trong bảng ${TESTS}`),
      ),
  ];
}

/** What is ordered is billed when the visit ends. */
function unpriced(services: readonly Row[], prices: readonly Row[]): ServiceFault[] {
  const priced = new Set(prices.map(({ code }) => code));
  return services
    .filter(({ kind, code }) => kind === 'lab' && !priced.has(code))
    .flatMap(({ code }) =>
      teller(`${SERVICES} ${code}`)(
        'has no price in prices/services',
        'chưa có giá: thêm dòng của mã này vào prices/services.csv, mỗi hạng cơ sở một dòng',
      ),
    );
}

function testFaults(row: Row): ServiceFault[] {
  const say = teller(`${TESTS} ${row.key}`);
  const options = (row.options ?? '').split('|').filter(Boolean);
  const value = (name: string) => row[name] ?? '';
  return [
    ...['key', 'name_vi', 'loinc']
      .filter((name) => value(name).trim() === '')
      .flatMap((name) => say(`has no ${name}`, `còn thiếu cột ${name}`)),
    ...(['quantity', 'coded'].includes(value('result_type'))
      ? []
      : say(
          'result_type must be quantity or coded',
          'cột result_type phải là quantity (số) hoặc coded (chọn)',
        )),
    ...(value('result_type') === 'coded' && !options.includes(value('abnormal'))
      ? say(
          `abnormal "${value('abnormal')}" is none of its options`,
          `cột abnormal ghi “${value('abnormal')}”, không có trong cột options`,
        )
      : []),
    ...[...RANGE, 'age_from_years', 'age_to_years']
      .filter((name) => value(name) !== '' && !NUMBER.test(value(name)))
      .flatMap((name) =>
        say(
          `${name} "${value(name)}" is no number`,
          `cột ${name} ghi “${value(name)}”: chỉ ghi số, phần lẻ sau dấu chấm`,
        ),
      ),
    ...ENDS.filter(
      ([low, high]) => value(low) !== '' && value(high) !== '' && Number(value(low)) > Number(value(high)),
    ).flatMap(([low, high]) => say(`${low} is above ${high}`, `cột ${low} lớn hơn cột ${high}`)),
    ...(['', 'male', 'female'].includes(value('sex'))
      ? []
      : say('sex must be male, female or empty', 'cột sex phải là male, female hoặc để trống')),
  ];
}

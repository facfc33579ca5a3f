/** What a laboratory service reports, its reference range for one person, and what a value means. Pure. */
import { ageInYears } from '../../../engines/rules/index.ts';
import type { Content, Row } from '../../../kernel/content/content.ts';
import type { ObservationReferenceRange, Patient } from '../../../kernel/fhir/types.ts';

export interface LabService {
  code: string;
  name: string;
  loinc: string;
  loincName: string;
  /** Keys of the tests it reports, in order. */
  tests: string[];
}

/** A test for one person on one day. */
export interface LabTest {
  key: string;
  name: string;
  loinc: string;
  kind: 'quantity' | 'coded';
  unit: string;
  options: string[];
  abnormal: string;
  plausible: [number | null, number | null];
  /** Null when no range is stated for this sex and age: the value is then not judged. */
  normal: [number | null, number | null] | null;
  critical: [number | null, number | null];
}

/** HL7 v3 ObservationInterpretation. */
export type Flag = 'N' | 'L' | 'H' | 'LL' | 'HH' | 'A' | '';

export const FLAG_WORDS: Record<Flag, string> = {
  N: 'bình thường',
  L: 'thấp',
  H: 'cao',
  LL: 'thấp nguy kịch',
  HH: 'cao nguy kịch',
  A: 'bất thường',
  '': 'chưa có khoảng tham chiếu',
};

export function labServices(content: Content, day: string): LabService[] {
  return content
    .inForce('clinic/services', day)
    .filter((row) => row.kind === 'lab')
    .map((row) => ({
      code: row.code!,
      name: row.name_vi!,
      loinc: row.loinc!,
      loincName: row.loinc_name!,
      tests: row.tests!.split('|'),
    }));
}

/** The tests of a service as they apply to a person; unknown keys are a defect of the content. */
export function testsFor(service: LabService, content: Content, patient: Patient, day: string): LabTest[] {
  const age = ageInYears(patient.birthDate, day);
  return service.tests.map((key) => {
    const rows = content.table('clinic/lab-tests').filter((row) => row.key === key);
    const first = rows[0];
    if (!first) throw new Error(`content/clinic/lab-tests.csv has no test ${key}`);
    return labTest(first, rangeFor(rows, patient.gender, age));
  });
}

/** A range of the person's sex and age; without a known sex only a range that both sexes share. */
function rangeFor(rows: Row[], gender: string | undefined, age: number | null): Row | null {
  const fitting = rows.filter((row) => ageFits(row, age) && (row.low !== '' || row.high !== ''));
  const own = fitting.find((row) => row.sex === gender) ?? fitting.find((row) => row.sex === '');
  if (own) return own;
  const [one, ...others] = fitting;
  return one && others.every((row) => row.low === one.low && row.high === one.high) ? one : null;
}

function ageFits(row: Row, age: number | null): boolean {
  if (age === null) return row.age_from_years === '' && row.age_to_years === '';
  const from = row.age_from_years === '' ? 0 : Number(row.age_from_years);
  return from <= age && (row.age_to_years === '' || age < Number(row.age_to_years));
}

function labTest(row: Row, range: Row | null): LabTest {
  const number = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
  return {
    key: row.key!,
    name: row.name_vi!,
    loinc: row.loinc!,
    kind: row.result_type === 'coded' ? 'coded' : 'quantity',
    unit: row.unit!,
    options: row.options === '' ? [] : row.options!.split('|'),
    abnormal: row.abnormal!,
    plausible: [number(row.plausible_low), number(row.plausible_high)],
    normal: range ? [number(range.low), number(range.high)] : null,
    critical: [number(row.critical_low), number(row.critical_high)],
  };
}

/** Critical limits come first; both ends of the reference range are inside it. */
export function flagOf(test: LabTest, value: number | string): Flag {
  if (typeof value === 'string') return value === test.abnormal ? 'A' : 'N';
  const [criticalLow, criticalHigh] = test.critical;
  if (criticalLow !== null && value < criticalLow) return 'LL';
  if (criticalHigh !== null && value > criticalHigh) return 'HH';
  if (!test.normal) return '';
  const [low, high] = test.normal;
  if (low !== null && value < low) return 'L';
  return high !== null && value > high ? 'H' : 'N';
}

export function rangeText(test: LabTest): string {
  if (test.kind === 'coded') return test.options.find((option) => option !== test.abnormal) ?? '';
  const [low, high] = test.normal ?? [null, null];
  const shown = (value: number) => String(value).replace('.', ',');
  if (low !== null && high !== null) return `${shown(low)} – ${shown(high)}`;
  if (low !== null) return `≥ ${shown(low)}`;
  return high === null ? '' : `≤ ${shown(high)}`;
}

export function referenceRange(test: LabTest): ObservationReferenceRange[] | undefined {
  const text = rangeText(test);
  if (text === '') return undefined;
  const quantity = (value: number | null | undefined) =>
    value === null || value === undefined
      ? undefined
      : { value, unit: test.unit, system: UCUM, code: test.unit };
  const [low, high] = test.normal ?? [];
  return [
    {
      ...(quantity(low) ? { low: quantity(low) } : {}),
      ...(quantity(high) ? { high: quantity(high) } : {}),
      text,
    },
  ];
}

const UCUM = 'http://unitsofmeasure.org';

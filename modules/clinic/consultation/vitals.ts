/** Vital signs: limits by age from content, values read from and written as Observations (docs/model.md). Pure. */
import { ageInYears } from '../../../engines/rules/index.ts';
import type { Content, Row } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation, Quantity } from '../../../kernel/fhir/types.ts';
import type { VitalKey, VitalLimits, Vitals } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { codeOf } from '../text.ts';

export const VITAL_KEYS: readonly VitalKey[] = [
  'systolic',
  'diastolic',
  'pulse',
  'temperature',
  'breathing',
  'spo2',
  'weight',
  'height',
];

export const NO_VITALS: Vitals = {
  systolic: null,
  diastolic: null,
  pulse: null,
  temperature: null,
  breathing: null,
  spo2: null,
  weight: null,
  height: null,
};

const PRESSURE_PANEL = '85354-9';
const PRESSURE: readonly VitalKey[] = ['systolic', 'diastolic'];

/** @param birthDate unknown = adult limits, since an infant's birth date is always asked */
export function vitalLimits(content: Content, birthDate: string | undefined, day: string): VitalLimits[] {
  const age = ageInYears(birthDate, day) ?? 40;
  return content
    .table('clinic/vitals')
    .filter((row) => within(age, row.age_from_years!, row.age_to_years!))
    .map((row) => ({
      key: row.key as VitalLimits['key'],
      name: row.name_vi!,
      nameEn: row.name_en!,
      unit: row.unit!,
      decimals: Number(row.decimals),
      plausible: span(row, 'plausible'),
      normal: span(row, 'normal'),
      critical: span(row, 'critical'),
    }));
}

function within(age: number, from: string, to: string): boolean {
  return (from === '' || Number(from) <= age) && (to === '' || age < Number(to));
}

function span(row: Row, name: string): [number | null, number | null] {
  const end = (side: string) => (row[`${name}_${side}`] === '' ? null : Number(row[`${name}_${side}`]));
  return [end('low'), end('high')];
}

/** Reads `body.vitals`; values that a person cannot have become field faults. */
export function readVitals(body: Record<string, unknown>, fields: Fields, limits: VitalLimits[]): Vitals {
  const vitals = { ...NO_VITALS };
  const given = body.vitals ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    fields.fault(
      'vitals',
      'Sinh hiệu không đọc được: tải lại trang rồi lưu lại.',
      'vitals must be an object.',
    );
    return vitals;
  }
  for (const key of VITAL_KEYS) {
    const value = fields.number(given as Record<string, unknown>, key, `vitals.${key}`);
    const limit = limits.find((one) => one.key === key);
    if (value !== null && limit) checkPlausible(value, limit, fields);
    vitals[key] = value;
  }
  if (vitals.systolic !== null && vitals.diastolic !== null && vitals.systolic <= vitals.diastolic) {
    fields.fault(
      'vitals.diastolic',
      'Huyết áp tâm trương phải nhỏ hơn tâm thu.',
      'Diastolic pressure must be below systolic.',
    );
  }
  if ((vitals.systolic === null) !== (vitals.diastolic === null)) {
    const missing = vitals.systolic === null ? 'systolic' : 'diastolic';
    fields.fault(`vitals.${missing}`, 'Huyết áp cần cả hai số.', 'Blood pressure needs both numbers.');
  }
  return vitals;
}

function checkPlausible(value: number, limit: VitalLimits, fields: Fields): void {
  const [low, high] = limit.plausible;
  const shown = (number: number | null) => String(number).replace('.', ',');
  if (Number(value.toFixed(limit.decimals)) !== value) {
    const most = limit.decimals === 0 ? 'số nguyên' : `tối đa ${limit.decimals} chữ số sau dấu phẩy`;
    fields.fault(
      `vitals.${limit.key}`,
      `${limit.name} ${shown(value)}: ghi ${most}.`,
      `${limit.nameEn} ${value}: at most ${limit.decimals} decimals.`,
    );
    return;
  }
  if ((low === null || value >= low) && (high === null || value <= high)) return;
  fields.fault(
    `vitals.${limit.key}`,
    `${limit.name} ${shown(value)} ${limit.unit} không thể có ở tuổi này (từ ${shown(low)} đến ${shown(high)}). Xem lại số đã gõ.`,
    `${limit.nameEn} ${value} ${limit.unit} is not possible at this age (${low} to ${high}). Check the number.`,
  );
}

/** kg/m² with one decimal; null unless both are known. */
export function bodyMassIndex(vitals: Vitals): number | null {
  if (vitals.weight === null || vitals.height === null || vitals.height <= 0) return null;
  return Math.round((vitals.weight / (vitals.height / 100) ** 2) * 10) / 10;
}

/** What an Observation of the vital signs must say; `code` is its LOINC code. */
export interface VitalFact {
  code: string;
  name: string;
  value?: Quantity;
  parts?: { code: string; name: string; value: Quantity }[];
  derived: boolean;
}

/** The Observations that vital signs stand for: pressure as one with two components, BMI derived. */
export function vitalFacts(content: Content, vitals: Vitals): VitalFact[] {
  const rows = new Map(content.table('clinic/vitals').map((row) => [row.key!, row]));
  const quantity = (key: string, value: number): Quantity => {
    const row = rows.get(key)!;
    return { value, unit: row.unit!, system: cs.ucum, code: row.ucum! };
  };
  const single = (key: string, value: number, derived = false): VitalFact => {
    const row = rows.get(key)!;
    return { code: row.loinc!, name: row.name_vi!, value: quantity(key, value), derived };
  };
  const facts = VITAL_KEYS.filter((key) => !PRESSURE.includes(key)).flatMap((key) =>
    vitals[key] === null ? [] : [single(key, vitals[key])],
  );
  const parts = PRESSURE.flatMap((key) => {
    const value = vitals[key];
    const row = rows.get(key)!;
    return value === null ? [] : [{ code: row.loinc!, name: row.name_vi!, value: quantity(key, value) }];
  });
  if (parts.length > 0) facts.unshift({ code: PRESSURE_PANEL, name: 'Huyết áp', parts, derived: false });
  const index = bodyMassIndex(vitals);
  if (index !== null) facts.push(single('bmi', index, true));
  return facts;
}

/** Codes whose Observations this part of the record owns. */
export function vitalCodes(content: Content): Set<string> {
  return new Set([PRESSURE_PANEL, ...content.table('clinic/vitals').map((row) => row.loinc!)]);
}

/** Values of the newest Observations of a visit. */
export function vitalsOf(observations: Observation[], content: Content): Vitals {
  const vitals = { ...NO_VITALS };
  const keyOf = new Map(content.table('clinic/vitals').map((row) => [row.loinc!, row.key!]));
  for (const observation of byTime(observations)) {
    const parts = [
      { code: observation.code, valueQuantity: observation.valueQuantity },
      ...(observation.component ?? []),
    ];
    for (const part of parts) {
      const key = keyOf.get(codeOf(part.code, cs.loinc));
      const value = part.valueQuantity?.value;
      if (key && key in vitals && value !== undefined) vitals[key as VitalKey] = value;
    }
  }
  return vitals;
}

/** Oldest first. */
export function byTime(observations: Observation[]): Observation[] {
  return [...observations].sort((a, b) =>
    (a.effectiveDateTime ?? '').localeCompare(b.effectiveDateTime ?? ''),
  );
}

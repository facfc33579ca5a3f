/** Vital signs: limits by age from content, values read from and written as Observations (docs/model.md). Pure. */
import { ageInYears } from '../../../engines/rules/index.ts';
import type { Content, Row } from '../../../kernel/content/content.ts';
import type { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation, Quantity } from '../../../kernel/fhir/types.ts';
import type { VitalLimits, Vitals } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { codeOf } from '../text.ts';
import { calculate, compileCalculation } from './calculated.ts';

/** One line of `content/clinic/measured.csv`. */
interface Measured {
  key: string;
  /** LOINC of the Observation that holds it as a component; '' = an Observation of its own. */
  panel: string;
  panelName: string;
  /** Key of what it must lie below; with it both are needed. */
  lessThan: string;
  /** FHIRPath over what is measured; null = it is measured itself. */
  calculated: string | null;
}

function measured(content: Content): Measured[] {
  return content.table('clinic/measured').map((row) => ({
    key: row.key!,
    panel: row.panel!,
    panelName: row.panel_name!,
    lessThan: row.less_than!,
    calculated: row.calculated || null,
  }));
}

/** Lines of `clinic/measured.csv` with an expression that cannot be calculated: the place, and why in English and Vietnamese. */
export function checkMeasured(content: Content): { where: string; text: string; textVi: string }[] {
  const lines = measured(content);
  const names = lines.filter(({ calculated }) => calculated === null).map(({ key }) => key);
  return lines.flatMap(({ key, calculated }) => {
    try {
      if (calculated !== null) compileCalculation(calculated, names);
      return [];
    } catch (error) {
      const { message, issues } = error as Failure;
      return [{ where: `clinic/measured.csv ${key}`, text: message, textVi: issues[0]!.text }];
    }
  });
}

/**
 * What is measured, in the order of the screen.
 * @param birthDate unknown = adult limits, since an infant's birth date is always asked
 */
export function vitalLimits(content: Content, birthDate: string | undefined, day: string): VitalLimits[] {
  const age = ageInYears(birthDate, day) ?? 40;
  const rows = content
    .table('clinic/vitals')
    .filter((row) => within(age, row.age_from_years!, row.age_to_years!));
  return measured(content).flatMap(({ key, calculated }) => {
    const row = rows.find((one) => one.key === key);
    if (row) return [{ ...limitsOf(row), calculated }];
    // What is calculated is shown at every age, judged where limits are stated.
    const other = calculated && content.table('clinic/vitals').find((one) => one.key === key);
    return other ? [{ ...limitsOf(other), ...UNLIMITED, calculated }] : [];
  });
}

const UNLIMITED: Pick<VitalLimits, 'plausible' | 'normal' | 'critical'> = {
  plausible: [null, null],
  normal: [null, null],
  critical: [null, null],
};

const limitsOf = (row: Row): Omit<VitalLimits, 'calculated'> => ({
  key: row.key!,
  name: row.name_vi!,
  nameEn: row.name_en!,
  unit: row.unit!,
  decimals: Number(row.decimals),
  plausible: span(row, 'plausible'),
  normal: span(row, 'normal'),
  critical: span(row, 'critical'),
});

function within(age: number, from: string, to: string): boolean {
  return (from === '' || Number(from) <= age) && (to === '' || age < Number(to));
}

function span(row: Row, name: string): [number | null, number | null] {
  const end = (side: string) => (row[`${name}_${side}`] === '' ? null : Number(row[`${name}_${side}`]));
  return [end('low'), end('high')];
}

/** Reads `body.vitals`; values that a person cannot have become field faults. */
export function readVitals(
  body: Record<string, unknown>,
  fields: Fields,
  limits: VitalLimits[],
  content: Content,
): Vitals {
  const given = body.vitals ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    fields.fault(
      'vitals',
      'Sinh hiệu không đọc được: tải lại trang rồi lưu lại.',
      'vitals must be an object.',
    );
    return {};
  }
  const asked = measured(content).filter(({ calculated }) => calculated === null);
  const vitals: Vitals = {};
  for (const { key } of asked) {
    const value = fields.number(given as Record<string, unknown>, key, `vitals.${key}`);
    const limit = limits.find((one) => one.key === key);
    if (value !== null && limit) checkPlausible(value, limit, fields);
    vitals[key] = value;
  }
  for (const one of asked) if (one.lessThan !== '') checkPair(vitals, one, content, fields);
  return vitals;
}

/** Two numbers that are one measurement: both or none, and the one below the other. */
function checkPair(
  vitals: Vitals,
  { key, lessThan, panelName }: Measured,
  content: Content,
  fields: Fields,
): void {
  const [low, high] = [vitals[key] ?? null, vitals[lessThan] ?? null];
  const row = (of: string) => content.table('clinic/vitals').find((one) => one.key === of)!;
  if (low !== null && high !== null && low >= high)
    fields.fault(
      `vitals.${key}`,
      `${row(key).name_vi} phải nhỏ hơn ${row(lessThan).name_vi}.`,
      `${row(key).name_en} must be below ${row(lessThan).name_en}.`,
    );
  if ((low === null) === (high === null)) return;
  const missing = low === null ? key : lessThan;
  fields.fault(
    `vitals.${missing}`,
    `${panelName} cần cả hai số.`,
    `${row(missing).name_en} is needed, too: both numbers or none.`,
  );
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

/** What follows from what was measured, by key. */
export function calculatedOf(content: Content, vitals: Vitals): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { key, calculated } of measured(content)) {
    const value = calculated === null ? null : calculate(calculated, vitals);
    if (value !== null) found[key] = value;
  }
  return found;
}

/** What an Observation of the vital signs must say; `code` is its LOINC code. */
export interface VitalFact {
  code: string;
  name: string;
  value?: Quantity;
  parts?: { code: string; name: string; value: Quantity }[];
  derived: boolean;
}

/** The Observations that vital signs stand for: those of a panel as one with components, the calculated ones marked. */
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
  const panels = new Map<string, VitalFact>();
  const facts: VitalFact[] = [];
  for (const { key, panel, panelName, calculated } of measured(content)) {
    const value = calculated ? calculate(calculated, vitals) : (vitals[key] ?? null);
    if (value === null) continue;
    if (panel === '') {
      facts.push(single(key, value, calculated !== null));
      continue;
    }
    const row = rows.get(key)!;
    const whole = panels.get(panel) ?? { code: panel, name: panelName, parts: [], derived: false };
    whole.parts!.push({ code: row.loinc!, name: row.name_vi!, value: quantity(key, value) });
    panels.set(panel, whole);
  }
  return [...panels.values(), ...facts];
}

/** Codes whose Observations this part of the record owns. */
export function vitalCodes(content: Content): Set<string> {
  const panels = measured(content).flatMap(({ panel }) => (panel === '' ? [] : [panel]));
  return new Set([...panels, ...content.table('clinic/vitals').map((row) => row.loinc!)]);
}

/** Values of the newest Observations of a visit. */
export function vitalsOf(observations: Observation[], content: Content): Vitals {
  const vitals: Vitals = {};
  for (const { key, calculated } of measured(content)) if (!calculated) vitals[key] = null;
  const keyOf = new Map(content.table('clinic/vitals').map((row) => [row.loinc!, row.key!]));
  for (const observation of byTime(observations)) {
    const parts = [
      { code: observation.code, valueQuantity: observation.valueQuantity },
      ...(observation.component ?? []),
    ];
    for (const part of parts) {
      const key = keyOf.get(codeOf(part.code, cs.loinc));
      const value = part.valueQuantity?.value;
      if (key && key in vitals && value !== undefined) vitals[key] = value;
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

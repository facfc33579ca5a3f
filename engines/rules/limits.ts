/** Limits of dose, age and disease, as far as `content/drug/` states them. */
import type { Row } from '../../kernel/content/content.ts';
import type { Alert, AlertKind, Severity } from './alert.ts';
import { icdMatches } from './icd.ts';
import { isUnweighable, largestDose, mgPerDay } from './masses.ts';
import { identityOf, implicatedOf, isActing, type Taken } from './medicine.ts';
import type { RuleTables } from './tables.ts';

export interface PersonFacts {
  /** Years with fractions; null = unknown. */
  age: number | null;
  weightKg: number | null;
  /** ICD-10 codes of current conditions. */
  icd10: string[];
}

/** @param rules rows of a table of highest doses */
export function doseAlerts(
  rules: readonly Row[],
  lines: Taken[],
  earlier: Taken[],
  person: PersonFacts,
  tables: RuleTables,
): Alert[] {
  const acting = [...lines, ...earlier.filter((medicine) => isActing(medicine, tables.day))];
  const found = rules.flatMap((rule) => doseAlert(rule, acting, person, tables) ?? []);
  const keys = new Set(found.map(({ key }) => key));
  return found.filter(({ key }) => !key.endsWith(AT_ONCE) || !keys.has(key.slice(0, -AT_ONCE.length)));
}

/** Of a dose that is too much at one time: said only where the day's is not said already. */
const AT_ONCE = ':mot-lan';

/** Halves and thirds are no exact decimals. */
const exceeds = (value: number, most: string): boolean => value > Number(most) + 1e-9;

/** @param rules rows of a table of least ages */
export const ageAlerts = (rules: readonly Row[], lines: Taken[], person: PersonFacts): Alert[] =>
  rules.flatMap((rule) => ageAlert(rule, lines, person) ?? []);

/** @param rules rows of a table of diseases in which a medicine is not given */
export const conditionAlerts = (rules: readonly Row[], lines: Taken[], person: PersonFacts): Alert[] =>
  rules.flatMap((rule) => conditionAlert(rule, lines, person) ?? []);

/**
 * Highest doses by kidney function; the narrowest band of an ingredient counts, a highest dose of 0 is a contraindication.
 * @param rules rows of a table with `egfr_below` and `max_mg_per_day`
 * @param egfr mL/min/1.73 m²; null: not known, nothing is said
 */
export function renalAlerts(
  rules: readonly Row[],
  lines: Taken[],
  earlier: Taken[],
  egfr: number | null,
  tables: RuleTables,
): Alert[] {
  if (egfr === null) return [];
  const acting = [...lines, ...earlier.filter((medicine) => isActing(medicine, tables.day))];
  const narrowest = new Map<string, Row>();
  for (const rule of rules.filter((one) => egfr < Number(one.egfr_below))) {
    const known = narrowest.get(rule.ingredient!);
    if (!known || Number(rule.egfr_below) < Number(known.egfr_below)) narrowest.set(rule.ingredient!, rule);
  }
  return [...narrowest.values()].flatMap((rule) => renalAlert(rule, acting, egfr, tables) ?? []);
}

function renalAlert(rule: Row, medicines: Taken[], egfr: number, tables: RuleTables): Alert | null {
  const holders = holdersOf(rule, medicines).filter((medicine) => medicine.systemic);
  if (!holders.some((medicine) => medicine.line !== null)) return null;
  const most = Number(rule.max_mg_per_day);
  const perDay = totalPerDay(rule, holders, tables);
  if (most > 0 && !exceeds(perDay, rule.max_mg_per_day!)) return null;
  const found = most === 0 ? 'Chống chỉ định khi' : `Quá liều (tổng ${mg(perDay)}/ngày) khi`;
  return alert('lieu-theo-than', rule, holders, `${found} eGFR ${Math.round(egfr)}`, rule.text_vi!);
}

/** Adds up an ingredient over all medicines that are taken now, new and earlier. */
function doseAlert(rule: Row, medicines: Taken[], person: PersonFacts, tables: RuleTables): Alert | null {
  const holders = holdersOf(rule, medicines).filter(
    (medicine) => medicine.systemic && (rule.route_group === '' || medicine.routeGroup === rule.route_group),
  );
  if (!holders.some((medicine) => medicine.line !== null) || !withinAge(rule, person.age)) return null;
  if (rule.schedule === 'weekly') return weeklyAlert(rule, holders);
  return (
    dailyAlert(rule, holders, person, tables) ??
    singleAlert(rule, holders, person, tables) ??
    strengthAlert(rule, holders, tables)
  );
}

/** A dose of a new medicine that nobody can compare with the row. */
function strengthAlert(rule: Row, holders: Taken[], tables: RuleTables): Alert | null {
  const strange = holders.filter(
    (medicine) => medicine.line !== null && isUnweighable(medicine, rule.ingredient!, tables),
  );
  if (strange.length === 0) return null;
  const title = 'Chưa kiểm tra được liều: không rõ hàm lượng';
  return unchecked(rule, strange, title, 'Ghi liều bằng mg, hoặc ghi hàm lượng của thuốc.');
}

/** More in one day than the row allows. */
function dailyAlert(rule: Row, holders: Taken[], person: PersonFacts, tables: RuleTables): Alert | null {
  const perDay = totalPerDay(rule, holders, tables);
  if (perDay === 0) return null;
  if (rule.max_mg_per_day !== '' && exceeds(perDay, rule.max_mg_per_day!))
    return overDose(rule, holders, `${mg(perDay)}/ngày`);
  if (rule.max_mg_per_kg_per_day === '') return null;
  if (person.weightKg === null || person.weightKg <= 0) return unweighed(rule, holders);
  const perKg = perDay / person.weightKg;
  if (!exceeds(perKg, rule.max_mg_per_kg_per_day!)) return null;
  return overDose(rule, holders, `${mg(perDay)}/ngày, tức ${mg(perKg)}/kg/ngày`);
}

/** More at one time than the row allows; a table may have no such columns. */
function singleAlert(rule: Row, holders: Taken[], person: PersonFacts, tables: RuleTables): Alert | null {
  const [most = '', mostPerKg = ''] = [rule.max_mg_per_dose, rule.max_mg_per_kg_per_dose];
  if (most === '' && mostPerKg === '') return null;
  const dose = largestDose(holders, rule.ingredient!, tables);
  if (dose === 0) return null;
  const tooMuch = (found: string): Alert => {
    const made = alert('qua-lieu', rule, holders, `Quá liều một lần: ${found}`, rule.text_vi!);
    return { ...made, key: `${made.key}${AT_ONCE}` };
  };
  if (most !== '' && exceeds(dose, most)) return tooMuch(`${mg(dose)}/lần`);
  if (mostPerKg === '') return null;
  if (person.weightKg === null || person.weightKg <= 0) return unweighed(rule, holders);
  const perKg = dose / person.weightKg;
  return exceeds(perKg, mostPerKg) ? tooMuch(`${mg(dose)}/lần, tức ${mg(perKg)}/kg/lần`) : null;
}

function totalPerDay(rule: Row, holders: Taken[], tables: RuleTables): number {
  return holders.reduce((total, medicine) => total + (mgPerDay(medicine, rule.ingredient!, tables) ?? 0), 0);
}

function ageAlert(rule: Row, lines: Taken[], person: PersonFacts): Alert | null {
  const holders = holdersOf(rule, lines).filter((medicine) => medicine.systemic);
  if (holders.length === 0 || person.age === null || person.age >= Number(rule.age_to_years)) return null;
  return alert('chong-chi-dinh-tuoi', rule, holders, 'Không hợp với tuổi người bệnh', rule.text_vi!);
}

function conditionAlert(rule: Row, lines: Taken[], person: PersonFacts): Alert | null {
  const holders = holdersOf(rule, lines).filter((medicine) => medicine.systemic);
  const met = [...new Set(person.icd10)].filter((code) => icdMatches(code, rule.icd10!)).sort();
  if (holders.length === 0 || met.length === 0) return null;
  return alert(
    'chong-chi-dinh-benh',
    rule,
    holders,
    `Không hợp với chẩn đoán ${met.join(', ')}`,
    rule.text_vi!,
  );
}

/** A medicine that may be taken only once a week is written for every day. */
function weeklyAlert(rule: Row, holders: Taken[]): Alert | null {
  const daily = holders.filter((medicine) => {
    const repeat = medicine.request.dosageInstruction?.[0]?.timing?.repeat;
    const isWeekly = repeat?.periodUnit === 'wk' || (repeat?.dayOfWeek?.length ?? 7) < 7;
    return medicine.line !== null && !isWeekly && (medicine.request.dosageInstruction?.length ?? 0) > 0;
  });
  return daily.length === 0 ? null : alert('qua-lieu', rule, daily, 'Kê uống hằng ngày', rule.text_vi!);
}

function overDose(rule: Row, holders: Taken[], found: string): Alert {
  return alert('qua-lieu', rule, holders, `Quá liều: tổng ${found}`, rule.text_vi!);
}

const unweighed = (rule: Row, holders: Taken[]): Alert =>
  unchecked(rule, holders, 'Chưa kiểm tra được liều theo cân nặng', 'Cân người bệnh rồi kiểm tra lại liều.');

function unchecked(rule: Row, holders: Taken[], title: string, management: string): Alert {
  const found = alert('khong-kiem-tra-duoc', rule, holders, title, rule.text_vi!);
  return { ...found, severity: 'low', needsReason: false, management };
}

function alert(kind: AlertKind, rule: Row, medicines: Taken[], title: string, text: string): Alert {
  return {
    key: `${kind}:${rule.ingredient}:${medicines.map(identityOf).sort().join('+')}`,
    kind,
    severity: rule.severity as Severity,
    needsReason: true,
    title: `${title} – ${medicines.map((medicine) => medicine.name).join(', ')}`,
    reason: text.endsWith('.') ? text : `${text}.`,
    management: '',
    source: rule.source!,
    implicated: medicines.map(implicatedOf),
  };
}

function holdersOf(rule: Row, medicines: Taken[]): Taken[] {
  return medicines.filter((medicine) => medicine.ingredients.includes(rule.ingredient!));
}

/** An unknown age is judged by adult rules only where the rule has no lower limit. */
function withinAge(rule: Row, age: number | null): boolean {
  if (age === null) return rule.age_from_years === '' && rule.age_to_years === '';
  const from = rule.age_from_years === '' ? 0 : Number(rule.age_from_years);
  const to = rule.age_to_years === '' ? Number.POSITIVE_INFINITY : Number(rule.age_to_years);
  return from <= age && age < to;
}

function mg(value: number): string {
  return `${String(Math.round(value * 10) / 10).replace('.', ',')} mg`;
}

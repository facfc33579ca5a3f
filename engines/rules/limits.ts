/** Limits of dose, age and disease, as far as `content/drug/` states them. */
import type { Row } from '../../kernel/content/content.ts';
import type { Alert, AlertKind, Severity } from './alert.ts';
import { scheduleOf } from './dosing/request.ts';
import { dailyAmount } from './dosing/schedule.ts';
import { icdMatches } from './icd.ts';
import { identityOf, implicatedOf, isActing, type Taken } from './medicine.ts';
import type { RuleTables } from './tables.ts';

export interface PersonFacts {
  /** Years with fractions; null = unknown. */
  age: number | null;
  weightKg: number | null;
  /** ICD-10 codes of current conditions. */
  icd10: string[];
}

export function limitAlerts(
  lines: Taken[],
  earlier: Taken[],
  person: PersonFacts,
  tables: RuleTables,
): Alert[] {
  const acting = [...lines, ...earlier.filter((medicine) => isActing(medicine, tables.day))];
  return [
    ...tables.doseLimits.flatMap((rule) => doseAlert(rule, acting, person, tables) ?? []),
    ...tables.ageLimits.flatMap((rule) => ageAlert(rule, lines, person) ?? []),
    ...tables.conditionLimits.flatMap((rule) => conditionAlert(rule, lines, person) ?? []),
  ];
}

/** Adds up an ingredient over all medicines that are taken now, new and earlier. */
function doseAlert(rule: Row, medicines: Taken[], person: PersonFacts, tables: RuleTables): Alert | null {
  const holders = holdersOf(rule, medicines).filter(
    (medicine) => medicine.systemic && (rule.route_group === '' || medicine.routeGroup === rule.route_group),
  );
  if (!holders.some((medicine) => medicine.line !== null) || !withinAge(rule, person.age)) return null;
  if (rule.schedule === 'weekly') return weeklyAlert(rule, holders);
  const perDay = holders.reduce(
    (total, medicine) => total + (mgPerDay(medicine, rule.ingredient!, tables) ?? 0),
    0,
  );
  if (perDay === 0) return null;
  if (rule.max_mg_per_kg_per_day === '') {
    return perDay > Number(rule.max_mg_per_day) ? overDose(rule, holders, `${mg(perDay)}/ngày`) : null;
  }
  if (person.weightKg === null) return unweighed(rule, holders);
  const perKg = perDay / person.weightKg;
  if (perKg <= Number(rule.max_mg_per_kg_per_day)) return null;
  return overDose(rule, holders, `${mg(perDay)}/ngày, tức ${mg(perKg)}/kg/ngày`);
}

function ageAlert(rule: Row, lines: Taken[], person: PersonFacts): Alert | null {
  const holders = holdersOf(rule, lines).filter((medicine) => medicine.systemic);
  if (holders.length === 0 || person.age === null || person.age >= Number(rule.age_to_years)) return null;
  return alert('chong-chi-dinh-tuoi', rule, holders, 'Không hợp với tuổi người bệnh', rule.text_vi!);
}

function conditionAlert(rule: Row, lines: Taken[], person: PersonFacts): Alert | null {
  const holders = holdersOf(rule, lines).filter((medicine) => medicine.systemic);
  const met = person.icd10.filter((code) => icdMatches(code, rule.icd10!));
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

function unweighed(rule: Row, holders: Taken[]): Alert {
  const found = alert(
    'khong-kiem-tra-duoc',
    rule,
    holders,
    'Chưa kiểm tra được liều theo cân nặng',
    rule.text_vi!,
  );
  return {
    ...found,
    severity: 'low',
    needsReason: false,
    management: 'Cân người bệnh rồi kiểm tra lại liều.',
  };
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

/** Milligrams of an ingredient a day; null when the medicine's strength or dosage is not known. */
function mgPerDay(medicine: Taken, ingredient: string, tables: RuleTables): number | null {
  const facts = medicine.medicine ? tables.medicines.get(medicine.medicine) : undefined;
  const strength = facts?.amountsMg[facts.ingredients.indexOf(ingredient)];
  const schedule = scheduleOf(medicine.request);
  if (strength === undefined || !schedule || schedule.kind === 'times') return null;
  const perDay = dailyAmount(schedule);
  return (strength * perDay.n) / perDay.d;
}

function mg(value: number): string {
  return `${String(Math.round(value * 10) / 10).replace('.', ',')} mg`;
}

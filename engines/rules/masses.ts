/** How many milligrams of an ingredient somebody takes, in a day and at one time, by strength or by doses that are written in mg. Pure. */
import { toNumber } from './dosing/amount.ts';
import { scheduleOf } from './dosing/request.ts';
import { dailyAmount, type TimeKey } from './dosing/schedule.ts';
import type { Taken } from './medicine.ts';
import type { RuleTables } from './tables.ts';

/** Milligrams of an ingredient a day; null when the medicine's strength or dosage is not known. */
export function mgPerDay(medicine: Taken, ingredient: string, tables: RuleTables): number | null {
  const weighed = weighedDoses(medicine);
  if (weighed !== null) return weighed.reduce((total, { mg, perDay }) => total + mg * perDay, 0);
  const strength = strengthOf(medicine, ingredient, tables);
  const schedule = scheduleOf(medicine.request);
  if (strength === null || !schedule || schedule.kind === 'times') return null;
  return strength * toNumber(dailyAmount(schedule));
}

/** The most of an ingredient that is taken at one time of the day, over all medicines; 0 when none can be told. */
export function largestDose(medicines: readonly Taken[], ingredient: string, tables: RuleTables): number {
  const together = new Map<TimeKey, number>();
  let largest = 0;
  for (const medicine of medicines) {
    const weighed = weighedDoses(medicine);
    if (weighed !== null) {
      largest = Math.max(largest, ...weighed.map(({ mg }) => mg));
      continue;
    }
    const strength = strengthOf(medicine, ingredient, tables);
    const schedule = scheduleOf(medicine.request);
    if (strength === null || !schedule || schedule.kind === 'times') continue;
    for (const { at, amount } of schedule.doses)
      together.set(at, (together.get(at) ?? 0) + strength * toNumber(amount));
  }
  return Math.max(largest, ...together.values());
}

/** Milligrams in one dose unit; null when the list of medicines does not say. */
function strengthOf({ medicine }: Taken, ingredient: string, tables: RuleTables): number | null {
  const facts = medicine ? tables.medicines.get(medicine) : undefined;
  return facts?.amountsMg[facts.ingredients.indexOf(ingredient)] ?? null;
}

/** Milligrams in one of a unit of mass. */
const MASS: Readonly<Record<string, number>> = { mg: 1, g: 1000, ug: 0.001, mcg: 0.001, kg: 1e6 };
const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24, wk: 168, min: 1 / 60 };

/** Doses that other systems write in mg, of a medicine with one ingredient; null when a dose is written otherwise, or there is none. */
function weighedDoses({ request, ingredients }: Taken): { mg: number; perDay: number }[] | null {
  if (ingredients.length !== 1) return null;
  const doses: { mg: number; perDay: number }[] = [];
  for (const { doseAndRate, timing } of request.dosageInstruction ?? []) {
    const dose = doseAndRate?.[0]?.doseQuantity ?? doseAndRate?.[0]?.doseRange?.high;
    const mass = MASS[dose?.code ?? dose?.unit ?? ''];
    const { frequency, frequencyMax, period, periodUnit, when } = timing?.repeat ?? {};
    const hours = HOURS[periodUnit ?? 'd'];
    if (dose?.value === undefined || mass === undefined || hours === undefined) return null;
    const times = frequencyMax ?? frequency ?? when?.length ?? 1;
    doses.push({ mg: dose.value * mass, perDay: (times * 24) / ((period ?? 1) * hours) });
  }
  return doses.some(({ mg }) => mg > 0) ? doses : null;
}

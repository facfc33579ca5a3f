/** The schedule of a MedicationRequest, to and from FHIR (docs/model.md: one dosageInstruction a time of day). */
import { cs, sid } from '../../../kernel/fhir/systems.ts';
import type { Dosage, Duration, MedicationRequest } from '../../../kernel/fhir/types.ts';
import { fromDecimal, isZero, toNumber } from './amount.ts';
import { type Packing, type Schedule, TIMES_OF_DAY } from './schedule.ts';
import { insuranceDose } from './words.ts';

/** @param route coding of `cs.route`; @param advice what the prescriber adds ("sau ăn") */
export function dosageOf(
  schedule: Schedule,
  packing: Packing,
  more: { route: { code: string; display: string }; text: string; advice?: string },
): Dosage[] {
  const common = {
    text: more.text,
    ...(more.advice ? { additionalInstruction: [{ text: more.advice }] } : {}),
    route: { coding: [{ system: cs.route, ...more.route }] },
  };
  const bounds = { value: schedule.days, unit: 'ngày', system: cs.ucum, code: 'd' };
  if (schedule.kind === 'times') {
    const repeat = {
      boundsDuration: bounds,
      frequency: schedule.perDay,
      period: 1,
      periodUnit: 'd' as const,
    };
    return [{ sequence: 1, ...common, timing: { repeat } }];
  }
  const given = TIMES_OF_DAY.flatMap((time) => {
    const dose = schedule.doses.find((one) => one.at === time.key && !isZero(one.amount));
    return dose ? [{ when: time.when, value: toNumber(dose.amount) }] : [];
  });
  return given.map(({ when, value }, index) => ({
    sequence: index + 1,
    ...common,
    timing: {
      repeat: { boundsDuration: bounds, frequency: 1, period: 1, periodUnit: 'd' as const, when: [when] },
    },
    doseAndRate: [{ doseQuantity: { value, unit: packing.doseUnit } }],
  }));
}

/**
 * Reads the schedule of a request written as above, and of plain "n times a day" orders of other systems.
 * @returns null when the dosage says neither a time of day nor a number of times a day
 */
export function scheduleOf(request: MedicationRequest): Schedule | null {
  const dosages = request.dosageInstruction ?? [];
  const days = supplyDays(request) ?? 0;
  const doses = dosages.flatMap((dosage) => {
    const value = dosage.doseAndRate?.[0]?.doseQuantity?.value;
    const named = TIMES_OF_DAY.filter((time) => dosage.timing?.repeat?.when?.includes(time.when));
    return value === undefined ? [] : named.map((time) => ({ at: time.key, amount: fromDecimal(value) }));
  });
  if (doses.length > 0) return { kind: 'doses', doses, days };
  const perDay = dosages.reduce((count, dosage) => count + perDayOf(dosage), 0);
  if (perDay === 0) return null;
  const value = dosages[0]?.doseAndRate?.[0]?.doseQuantity?.value;
  const keys = perDay <= TIMES_OF_DAY.length ? TIMES_OF_DAY.slice(0, perDay) : null;
  if (value === undefined || !keys) return { kind: 'times', perDay, days };
  return { kind: 'doses', doses: keys.map((time) => ({ at: time.key, amount: fromDecimal(value) })), days };
}

/** Days the supply lasts, from expectedSupplyDuration or the bounds of the timing; null when neither says. */
export function supplyDays(request: MedicationRequest): number | null {
  const supply = request.dispenseRequest?.expectedSupplyDuration;
  const candidates = [supply, ...(request.dosageInstruction ?? []).map((one) => boundsOf(one))];
  for (const duration of candidates) {
    if (duration?.value === undefined) continue;
    const factor = { d: 1, wk: 7, mo: 30, h: 1 / 24 }[duration.code ?? 'd'];
    if (factor !== undefined) return Math.ceil(duration.value * factor);
  }
  return null;
}

/** How the request is measured and packed, from its own quantities. */
export function packingOf(request: MedicationRequest): Packing {
  const doseUnit = request.dosageInstruction?.[0]?.doseAndRate?.[0]?.doseQuantity?.unit ?? '';
  return { doseUnit, unit: request.dispenseRequest?.quantity?.unit ?? doseUnit, dosePerUnit: 1 };
}

/** LIEU_DUNG of a stored request; its own text when the dosage cannot be read. */
export function insuranceDoseOf(request: MedicationRequest): string {
  const schedule = scheduleOf(request);
  if (!schedule) return request.dosageInstruction?.[0]?.text ?? '';
  return insuranceDose(schedule, packingOf(request));
}

/** CACH_DUNG: the advice the prescriber added, each once. */
export function adviceOf(request: MedicationRequest): string {
  const texts = (request.dosageInstruction ?? []).flatMap((one) =>
    (one.additionalInstruction ?? []).flatMap((advice) => advice.text ?? []),
  );
  return [...new Set(texts)].join('; ');
}

/** The days a dosage runs: its bounds, or the older spelling `repeat.duration`. */
function boundsOf(dosage: Dosage): Duration | undefined {
  const repeat = dosage.timing?.repeat;
  if (repeat?.boundsDuration || repeat?.duration === undefined) return repeat?.boundsDuration;
  return { value: repeat.duration, code: repeat.durationUnit };
}

function perDayOf(dosage: Dosage): number {
  const repeat = dosage.timing?.repeat;
  if (!repeat?.frequency || (repeat.periodUnit ?? 'd') !== 'd') return 0;
  return Math.round(repeat.frequency / (repeat.period ?? 1));
}

/** Requests in the order the prescriber wrote their lines (docs/model.md); those without a line number as they came. */
export function inLineOrder(requests: readonly MedicationRequest[]): MedicationRequest[] {
  return [...requests].sort((a, b) => lineNumber(a) - lineNumber(b));
}

function lineNumber(request: MedicationRequest): number {
  const value = request.identifier?.find((one) => one.system === sid.prescriptionLine)?.value;
  return Number(value?.split('.').at(-1) ?? 0) || 0;
}

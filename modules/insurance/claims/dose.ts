/** LIEU_DUNG and CACH_DUNG of table 2 from the dosage instructions of a prescription (one a time of day, docs/model.md). */
import type { Dosage, MedicationRequest } from '../../../kernel/fhir/types.ts';
import { add, decimal, formatDecimal, ZERO } from '../../billing/index.ts';

const TIMES: Record<string, string> = { MORN: 'sáng', NOON: 'trưa', AFT: 'chiều', EVE: 'tối', NIGHT: 'đêm' };

interface Dose {
  time: string;
  amount: number | undefined;
  unit: string;
}

/**
 * Outpatient: amount per time * times per day * days [total per day] (Decision 3176, LIEU_DUNG):
 * `1 viên * 2 lần/ngày * 5 ngày [2 viên/ngày]`. Unequal doses are spelled out by time of day; a medicine without an
 * exact dose (drops, ointment) is times per day * days.
 */
export function doseText(request: MedicationRequest): string {
  const doses = dosesOf(request);
  const days = daysOf(request);
  const perDay = `${doses.length} lần/ngày`;
  const during = days === undefined ? '' : ` * ${days} ngày`;
  if (doses.length === 0) return request.dosageInstruction?.[0]?.text ?? '';
  if (doses.some((each) => each.amount === undefined)) return `${perDay}${during}`;
  const unit = doses[0]?.unit ?? '';
  const total = formatDecimal(add(ZERO, ...doses.map((each) => decimal(each.amount ?? 0))));
  const inTotal = ` [${total} ${unit}/ngày]`;
  const equal = doses.every((each) => each.amount === doses[0]?.amount);
  if (equal) return `${doses[0]?.amount} ${unit} * ${perDay}${during}${inTotal}`;
  const spelled = doses.map((each) => `${each.time} ${each.amount} ${each.unit}`.trim()).join(', ');
  return `${spelled}${during}${inTotal}`;
}

/** When and how: `Uống sáng, tối; sau ăn`. */
export function howToUse(request: MedicationRequest): string {
  const instructions = request.dosageInstruction ?? [];
  const route = instructions[0]?.route?.coding?.[0]?.display ?? instructions[0]?.route?.text ?? '';
  const times = dosesOf(request)
    .map((each) => each.time)
    .filter(Boolean)
    .join(', ');
  const advice = instructions.flatMap(
    (each) => each.additionalInstruction?.map((extra) => extra.text ?? '') ?? [],
  );
  const parts = [`${route} ${times}`.trim(), ...new Set(advice)].filter(Boolean);
  return parts.join('; ');
}

/** Longest duration in days of the instructions, else the supply. */
export function daysOf(request: MedicationRequest): number | undefined {
  const stated = (request.dosageInstruction ?? [])
    .map((each) => inDays(each))
    .filter((days) => days !== undefined);
  return stated.length > 0 ? Math.max(...stated) : request.dispenseRequest?.expectedSupplyDuration?.value;
}

function dosesOf(request: MedicationRequest): Dose[] {
  return (request.dosageInstruction ?? []).flatMap((instruction) => {
    const dose = instruction.doseAndRate?.[0]?.doseQuantity;
    const whens = instruction.timing?.repeat?.when ?? [];
    const times = whens.length > 0 ? whens.map((when) => TIMES[when] ?? '') : timesPerDay(instruction);
    return times.map((time) => ({ time, amount: dose?.value, unit: dose?.unit ?? '' }));
  });
}

function timesPerDay(instruction: Dosage): string[] {
  const repeat = instruction.timing?.repeat;
  if (repeat?.frequency === undefined || (repeat.periodUnit ?? 'd') !== 'd') return [];
  return new Array<string>(Math.max(1, Math.round(repeat.frequency / (repeat.period ?? 1)))).fill('');
}

const UNIT_DAYS: Record<string, number> = { d: 1, wk: 7, mo: 30 };

function inDays(instruction: Dosage): number | undefined {
  const repeat = instruction.timing?.repeat;
  const length = repeat?.boundsDuration?.value ?? repeat?.duration;
  const unit = repeat?.boundsDuration?.code ?? repeat?.durationUnit ?? 'd';
  return length === undefined ? undefined : length * (UNIT_DAYS[unit] ?? 1);
}

/** The words of a prescription: for the patient's paper and for the insurance table. */
import { formatAmount, formatDecimal, isZero } from './amount.ts';
import { dailyAmount, evenDose, type Packing, type Schedule, TIMES_OF_DAY, timesPerDay } from './schedule.ts';

/**
 * `Ngày uống 2 lần: sáng 1 viên, tối 1/2 viên; dùng 5 ngày`.
 * @param verb of the route (`uống`, `bôi`, `nhỏ mắt`), from `content/drug/routes.csv`
 */
export function usageText(schedule: Schedule, packing: Packing, verb: string): string {
  const count = timesPerDay(schedule);
  const days = `dùng ${schedule.days} ngày`;
  if (schedule.kind === 'times') return `Ngày ${verb} ${count} lần; ${days}`;
  const doses = inOrder(schedule).map(
    ({ vi, amount }) => `${vi} ${formatAmount(amount)} ${packing.doseUnit}`,
  );
  return `Ngày ${verb} ${count} lần: ${doses.join(', ')}; ${days}`;
}

/**
 * LIEU_DUNG of insurance table 2 (Decision 130/QĐ-BYT, field 12, as kept by 3176/QĐ-BYT), outpatient:
 * `2 viên/lần * 2 lần/ngày * 5 ngày [4 viên/ngày]`; doses that differ through the day are spelled out:
 * `Sáng: 3 viên, Chiều: 2 viên, Tối: 1 viên [6 viên/ngày]`; without an exact dose: `2 lần/ngày * 5 ngày`.
 */
export function insuranceDose(schedule: Schedule, packing: Packing): string {
  const count = timesPerDay(schedule);
  if (schedule.kind === 'times') return `${count} lần/ngày * ${schedule.days} ngày`;
  const unit = packing.doseUnit;
  const total = `[${formatDecimal(dailyAmount(schedule))} ${unit}/ngày]`;
  const even = evenDose(schedule);
  if (even) return `${formatDecimal(even)} ${unit}/lần * ${count} lần/ngày * ${schedule.days} ngày ${total}`;
  const doses = inOrder(schedule).map(({ vi, amount }) => `${capital(vi)}: ${formatDecimal(amount)} ${unit}`);
  return `${doses.join(', ')} ${total}`;
}

/** Quantities below ten carry a leading zero (Circular 26/2025/TT-BYT, article 6). */
export function quantityText(quantity: number): string {
  return quantity < 10 ? `0${quantity}` : String(quantity);
}

function inOrder(schedule: Extract<Schedule, { kind: 'doses' }>) {
  return TIMES_OF_DAY.flatMap(({ key, vi }) => {
    const dose = schedule.doses.find((one) => one.at === key && !isZero(one.amount));
    return dose ? [{ vi, amount: dose.amount }] : [];
  });
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

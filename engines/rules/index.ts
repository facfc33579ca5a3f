/** Decision support and prescription arithmetic. Pure functions; the law is content. See README.md. */
export { ALERT_KINDS, type Alert, type AlertKind, type Implicated, type Severity } from './alert.ts';
export { checkPrescription, type PrescriptionCheck } from './check.ts';
export { ageInMonths, ageInYears, dayOf, daysBetween } from './dates.ts';
export { type DayLimit, longestSupply } from './days.ts';
export {
  type Amount,
  amount,
  formatAmount,
  formatDecimal,
  isZero,
  parseAmount,
  toNumber,
} from './dosing/amount.ts';
export {
  adviceOf,
  dosageOf,
  inLineOrder,
  insuranceDoseOf,
  packingOf,
  scheduleOf,
  supplyDays,
} from './dosing/request.ts';
export {
  dailyAmount,
  evenDose,
  type Packing,
  quantityFor,
  type Schedule,
  TIMES_OF_DAY,
  type TimeKey,
  timesPerDay,
} from './dosing/schedule.ts';
export { insuranceDose, quantityText, usageText } from './dosing/words.ts';
export { icdMatches } from './icd.ts';
export { takenEarlier } from './medicine.ts';
export { type RuleTables, rulesInForce } from './tables.ts';

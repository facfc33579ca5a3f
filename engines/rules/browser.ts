/** Prescription arithmetic that screens do while somebody types. Pure, without I/O. */
export { parseAmount } from './dosing/amount.ts';
export { quantityFor, type Schedule } from './dosing/schedule.ts';

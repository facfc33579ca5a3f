import type { Role } from '../contract.ts';

/** Roles that accounts of staff may have; citizens and machines have ways of their own. */
export const STAFF_ROLES: readonly Role[] = [
  'reception',
  'nurse',
  'doctor',
  'laboratory',
  'cashier',
  'station-head',
  'insurance',
  'surveillance',
  'province-operator',
  'administrator',
  'privacy-officer',
  'content-officer',
];

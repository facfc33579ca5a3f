/** Roles of the platform, each named here alone; what it may do is a table, `content/access/policies.csv`. */
const STAFF = [
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
] as const;

export type Role = (typeof STAFF)[number] | 'citizen' | 'system-client';

/** Roles that accounts of staff may have; citizens and machines have ways of their own. */
export const STAFF_ROLES: readonly Role[] = STAFF;

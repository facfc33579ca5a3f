import type { Role } from '../../../kernel/access/contract.ts';

/** Roles that an administrator gives; citizens and machines come by other ways. */
export function assignableRoles(): Role[] {
  return [
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
}

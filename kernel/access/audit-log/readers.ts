/** Who reads the audit. */
import type { Actor } from '../contract.ts';

export const mayReadAudit = ({ roles }: Pick<Actor, 'roles'>) =>
  roles.includes('administrator') || roles.includes('privacy-officer');

/** For what somebody acts (HL7 v3 PurposeOfUse): the standard of a role, and what else may be stated. Content `access/purposes`. */
import type { Row } from '../../content/content.ts';
import { Failure } from '../../failure.ts';
import type { Actor } from '../contract.ts';

/** Header by which a request states its purpose. */
export const PURPOSE_HEADER = 'x-purpose-of-use';

export interface Purposes {
  /** Of who states none; HOPERAT for a role of which nothing is said. */
  standard(roles: readonly string[]): string;
  /** Whether one of the roles may state the purpose. */
  allowed(roles: readonly string[], purpose: string): boolean;
  /** The actor with the purpose that is stated. Fails with `forbidden` for one that the roles do not allow. */
  stated(actor: Actor, purpose: string): Actor;
}

/** Compiles the rows (role, purpose, standard). The first role that has a standard gives it. */
export function compilePurposes(rows: readonly Row[]): Purposes {
  const allowed = new Map<string, Set<string>>();
  const standards = new Map<string, string>();
  for (const row of rows) {
    const fault = purposeFault(row);
    if (fault !== null) throw new Error(`purposes.csv: ${fault}`);
    const { role, purpose, standard } = row as Record<'role' | 'purpose' | 'standard', string>;
    allowed.set(role, (allowed.get(role) ?? new Set()).add(purpose));
    if (standard === 'yes') standards.set(role, purpose);
  }
  return {
    standard(roles) {
      const own = roles.flatMap((role) => standards.get(role) ?? []);
      // Whoever treats treats; the others are what they are.
      return own.includes('TREAT') ? 'TREAT' : (own[0] ?? 'HOPERAT');
    },
    allowed: (roles, purpose) => roles.some((role) => allowed.get(role)?.has(purpose)),
    stated(actor, purpose) {
      if (actor.purpose.code === 'BTG' || purpose === actor.purpose.code) return actor;
      const ofRoles = new Set(actor.roles.flatMap((role) => [...(allowed.get(role) ?? [])]));
      const open = [...ofRoles].filter((one) => actor.purposes?.includes(one) ?? true);
      if (open.includes(purpose)) return { ...actor, purpose: { code: purpose } };
      const known = open.join(', ');
      throw new Failure('forbidden', `Vai trò của bạn không được nêu mục đích sử dụng "${purpose}".`, {
        textEn: `Your role may not state the purpose of use "${purpose}"; it may state: ${known}.`,
        expression: 'X-Purpose-Of-Use',
      });
    },
  };
}

/** What is wrong with a row of the table; null when nothing is. Emergencies are stated by opening a record. */
export function purposeFault({ role = '', purpose = '', standard = '' }: Row): string | null {
  if (role === '' || !/^[A-Z]{3,12}$/.test(purpose))
    return `"${role},${purpose}" is no role and v3 PurposeOfUse`;
  if (purpose === 'BTG') return 'BTG is stated by breaking the glass, with a reason';
  return standard === '' || standard === 'yes' ? null : `"${standard}" is neither yes nor empty`;
}

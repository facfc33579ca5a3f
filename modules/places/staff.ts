/** Staff as Practitioner and PractitionerRole (docs/model.md). Pure. */

import { cs, sid } from '../../kernel/fhir/systems.ts';
import type { Coding, Practitioner, PractitionerRole } from '../../kernel/fhir/types.ts';

export interface StaffMember {
  /** Practitioner id. */
  id: string;
  /** Whole name with marks. */
  name: string;
  /** Codes of the list `vai-tro` with their names. */
  roles: { code: string; display: string }[];
  /** Organization id. */
  unit: string;
  /** Location id of the room worked in; null for offices. */
  room: string | null;
  /** Practice licence; null for staff who do not practise. */
  licence: string | null;
  /** Sign-in name; null without an account. */
  username: string | null;
  security?: Coding;
}

export function practitionerOf(member: StaffMember): Practitioner {
  const [family, ...given] = member.name.split(' ');
  const identifier = [
    ...(member.licence ? [{ system: sid.gphn, value: member.licence }] : []),
    ...(member.username ? [{ system: sid.user, value: member.username }] : []),
  ];
  return {
    resourceType: 'Practitioner',
    id: member.id,
    ...(member.security ? { meta: { security: [member.security] } } : {}),
    ...(identifier.length > 0 ? { identifier } : {}),
    active: true,
    name: [{ use: 'official', text: member.name, family, given }],
  };
}

/** One role per member: an Organization, the codes, and the room when there is one. */
export function practitionerRoleOf(member: StaffMember): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    id: `vt-${member.id}`,
    ...(member.security ? { meta: { security: [member.security] } } : {}),
    active: true,
    practitioner: { reference: `Practitioner/${member.id}`, display: member.name },
    organization: { reference: `Organization/${member.unit}` },
    code: [{ coding: member.roles.map((role) => ({ system: cs.role, ...role })) }],
    ...(member.room ? { location: [{ reference: `Location/${member.room}` }] } : {}),
  };
}

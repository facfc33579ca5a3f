/**
 * Who holds data (R4 Consent.provision.actor of role CST, custodian): facilities. A role, a team or a group holds what its facilities hold,
 * and they hold more than it does: so a denial takes them, and a permission does not.
 */
import type { CareTeam, Group, PractitionerRole } from '../../fhir/types.ts';
import { DEEPEST, type LookUp } from './known.ts';

export interface Held {
  /** Ids of Organizations that hold at least what is meant; null = nobody can say which. */
  most: string[] | null;
  /** Ids of Organizations that are meant themselves. */
  least: string[];
}

const REFERENCE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;
const NOBODY_KNOWS: Held = { most: null, least: [] };
/** They hold nothing that a facility has written; what names no facility is hidden by every denial. */
const HOLDING_NOTHING = new Set(['Patient', 'RelatedPerson']);

/** @param reference `Type/id` @param sources takes the names of what was read, or would be */
export function heldBy(reference: string, lookUp: LookUp, sources: string[]): Held {
  const { most, least } = heldWithin(reference, lookUp, sources, []);
  // Whoever has no facility at all cannot be told by it.
  return { most: most?.length === 0 ? null : most, least };
}

/** @param above teams around this one: a team that holds itself adds nobody */
function heldWithin(reference: string, lookUp: LookUp, sources: string[], above: readonly string[]): Held {
  const [, type = '', id = ''] = REFERENCE.exec(reference) ?? [];
  if (type === 'Organization') return { most: [id], least: above.length === 0 ? [id] : [] };
  if (HOLDING_NOTHING.has(type) && above.length > 0) return { most: [], least: [] };
  if (above.includes(reference)) return { most: [], least: [] };
  if (above.length === DEEPEST || !['PractitionerRole', 'CareTeam', 'Group'].includes(type))
    return NOBODY_KNOWS;
  if (!sources.includes(reference)) sources.push(reference);
  const resource = lookUp(reference);
  if (!resource) return NOBODY_KNOWS;
  const parts = partsOf(resource as PractitionerRole | CareTeam | Group);
  if (parts === null) return NOBODY_KNOWS;
  const found = parts.map((one) => heldWithin(one, lookUp, sources, [...above, reference]).most);
  return { most: found.includes(null) ? null : [...new Set(found.flatMap((one) => one ?? []))], least: [] };
}

/** References of those by whom it holds data; null when they are not all named. */
function partsOf(resource: PractitionerRole | CareTeam | Group): string[] | null {
  const named = (one: { reference?: string } | undefined) => one?.reference ?? '';
  // An ended role holds on to what it wrote.
  if (resource.resourceType === 'PractitionerRole') return [named(resource.organization)];
  if (resource.resourceType === 'CareTeam') {
    const { managingOrganization = [], participant = [] } = resource;
    // R4: the organization responsible for the team.
    if (managingOrganization.length > 0) return managingOrganization.map(named);
    return participant.length === 0
      ? null
      : participant.map(({ member, onBehalfOf }) => named(onBehalfOf ?? member));
  }
  const { actual, member = [] } = resource;
  return actual && member.length > 0 ? member.map(({ entity }) => named(entity)) : null;
}

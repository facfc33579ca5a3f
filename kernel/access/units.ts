/** To which unit a resource belongs, as far as the resource itself says. Pure. */
import type { Resource } from '../fhir/types.ts';

export interface UnitLinks {
  /** Organization ids named as provider or performer. */
  organizations: string[];
  /** Encounter ids whose service provider owns the resource. */
  encounters: string[];
  /** `Location/x`, `PractitionerRole/x`: their organization is the unit. */
  places: string[];
  /** Practitioner ids named as author or performer. */
  practitioners: string[];
}

/** Elements whose references say who wrote or provides; payors, insurers and patients' managing units do not. */
const OWNING = new Set([
  'serviceProvider',
  'provider',
  'performer',
  'actor',
  'agent',
  'who',
  'requester',
  'recorder',
  'asserter',
  'author',
  'custodian',
  'organization',
  'managingOrganization',
  'encounter',
  'context',
  'enterer',
  'individual',
  'participant',
  'sender',
  'owner',
  'partOf',
]);

/** Demographics belong to no unit: whoever may write them, may. */
const UNOWNED = new Set(['Patient', 'Coverage', 'RelatedPerson', 'Person', 'Group']);

/** Looks at the owning elements of the top level and one level below (`performer[].actor`, `participant[].individual`). */
export function unitLinks(resource: Resource): UnitLinks {
  const links: UnitLinks = { organizations: [], encounters: [], places: [], practitioners: [] };
  if (!UNOWNED.has(resource.resourceType)) collect(resource as unknown as Record<string, unknown>, links, 0);
  return links;
}

function collect(holder: Record<string, unknown>, links: UnitLinks, depth: number): void {
  for (const name in holder) {
    if (!OWNING.has(name)) continue;
    const value = holder[name];
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item !== 'object' || item === null) continue;
      const reference = (item as { reference?: unknown }).reference;
      if (typeof reference === 'string') add(reference, links);
      else if (depth < 2) collect(item as Record<string, unknown>, links, depth + 1);
    }
  }
}

function add(reference: string, links: UnitLinks): void {
  const match =
    /^(Organization|Encounter|Location|PractitionerRole|Practitioner)\/([A-Za-z0-9\-.]{1,64})$/.exec(
      reference,
    );
  if (!match) return;
  const [, type, id] = match as unknown as [string, string, string];
  if (type === 'Organization') links.organizations.push(id);
  else if (type === 'Encounter') links.encounters.push(id);
  else if (type === 'Practitioner') links.practitioners.push(id);
  else links.places.push(reference);
}

/** What a patient summary consists of, as `content/record/patient-summary.json` says it; and which resources go into it. Pure. */
import type { CodeableConcept, Coding, Resource, ResourceType } from '../../../kernel/fhir/types.ts';
import { factOf } from './facts.ts';

export interface SummaryPlan {
  type: Coding;
  /** Canonical addresses of the profiles of Composition and Bundle. */
  profile: string;
  bundleProfile: string;
  title: string;
  /** Versions of the guide that the document is valid by. */
  versions: string[];
  /** Said where a section has nothing. */
  none: string;
  /** Said by a reference to what is not in the document. */
  outside: string;
  /** Heads of the columns of a narrative. */
  columns: [string, string, string];
  sections: SectionPlan[];
}

export interface SectionPlan {
  title: string;
  code: Coding;
  /** Searches beside the person; all that they find goes into the section. */
  queries: { type: ResourceType; params: Record<string, string> }[];
  /** Codes of an element that keep a resource out. */
  without?: Record<string, string[]>;
  /** The newest of each thing alone. */
  distinct?: boolean;
  /** Entries at most; default all. */
  most?: number;
  /** Stands for "nothing is known" where the section may not be empty. */
  absent?: Resource;
}

/** Of what a section's searches found, in their order, what goes into it. */
export function chosen(plan: SectionPlan, found: readonly Resource[]): Resource[] {
  const seen = new Set<string>();
  const kept = found.filter((resource) => {
    if (isKeptOut(plan, resource) || isForbidden(resource)) return false;
    const thing = factOf(resource).what;
    if (plan.distinct && seen.has(thing)) return false;
    seen.add(thing);
    return true;
  });
  return kept.slice(0, plan.most ?? kept.length);
}

/** IPS: nothing that was written in error, and no order to leave a medication. */
function isForbidden(resource: Resource): boolean {
  const { status, doNotPerform } = resource as { status?: string; doNotPerform?: boolean };
  return status === 'entered-in-error' || doNotPerform === true;
}

function isKeptOut({ without = {} }: SectionPlan, resource: Resource): boolean {
  return Object.entries(without).some(([element, codes]) => {
    const value = (resource as unknown as Record<string, CodeableConcept | string | undefined>)[element];
    if (typeof value === 'string') return codes.includes(value);
    return value?.coding?.some(({ code }) => code !== undefined && codes.includes(code));
  });
}

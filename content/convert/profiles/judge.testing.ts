/** A resource by R4 and by a profile of the content, as `$validate` sees it, without a database. */
import type { Content } from '../../../kernel/content/content.ts';
import { profilesOf } from '../../../kernel/content/profiles.ts';
import type { Issue } from '../../../kernel/failure.ts';
import { openProfiles, profileSources } from '../../../kernel/fhir/profiles/index.ts';
import { openCodeLists } from '../../../kernel/fhir/terminology/index.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';

/** @param today ISO day */
export function openJudge(content: Content, today: string) {
  const lists = openCodeLists(content, () => today, `${today}T00:00:00Z`);
  const nothingStored = async () => ({ matches: [], includes: [] });
  const sources = profileSources({ content, lists, search: nothingStored, pool: undefined as never });
  const profiles = openProfiles({ ...sources, generation: async () => today });
  const urls = new Map(profilesOf(content).map(({ id, url }) => [id, url]));
  /** Errors and warnings. @param id of a profile; left out: by R4 and the definitions of the extensions alone */
  return async (resource: Resource, id?: string): Promise<Issue[]> => {
    const asked = { profiles: id === undefined ? [] : [urls.get(id)!] };
    const check = await profiles.checkOf([resource], asked);
    const found = [...validateResource(resource), ...check(resource, { ...asked, warnings: true })];
    return found.filter(({ severity }) => severity !== 'information');
  };
}

/** Which profile of the content a resource of this program is meant to fit; undefined for types without one. */
export function profileFor(resource: Resource): string | undefined {
  const { resourceType, mode, category, derivedFrom } = resource as {
    resourceType: string;
    mode?: string;
    category?: { coding?: { code?: string }[] }[];
    derivedFrom?: { reference?: string }[];
  };
  if (resourceType === 'Location') return mode === 'kind' ? 'don-vi-hanh-chinh' : 'noi-lam-viec';
  if (resourceType === 'Observation') {
    const kind = category?.[0]?.coding?.[0]?.code ?? '';
    // A test that a form tells of is the result of no order.
    const isTold = derivedFrom?.some(({ reference }) => reference?.startsWith('QuestionnaireResponse/'));
    return kind === 'laboratory' && isTold ? undefined : OBSERVATIONS[kind];
  }
  return PROFILES[resourceType];
}

const OBSERVATIONS: Record<string, string> = {
  'vital-signs': 'sinh-hieu',
  laboratory: 'ket-qua-xet-nghiem',
};

const PROFILES: Record<string, string> = {
  AllergyIntolerance: 'di-ung',
  ChargeItem: 'dong-chi-phi',
  Claim: 'ho-so-thanh-toan',
  Condition: 'chan-doan',
  Coverage: 'the-bhyt',
  Encounter: 'luot-kham',
  Group: 'ho-gia-dinh',
  Immunization: 'tiem-chung',
  MedicationRequest: 'dong-don-thuoc',
  Organization: 'co-so',
  Patient: 'cong-dan',
  Practitioner: 'nhan-vien',
  PractitionerRole: 'vai-tro-nhan-vien',
  ServiceRequest: 'chi-dinh-xet-nghiem',
};

/** A patient summary as an IPS document: Composition, person, author, and the resources of every section. Pure. */
import { randomUUID } from 'node:crypto';
import type {
  Bundle,
  BundleEntry,
  Composition,
  CompositionSection,
  Device,
  Patient,
  Reference,
  Resource,
} from '../../../kernel/fhir/types.ts';
import { completed } from './complete.ts';
import { withReferencesInside } from './inside.ts';
import { escaped, narrative, tableOf } from './narrative.ts';
import { chosen, type SectionPlan, type SummaryPlan } from './sections.ts';

export interface SummaryParts {
  plan: SummaryPlan;
  patient: Patient;
  /** What the searches of each section found, in the plan's order. */
  found: readonly (readonly Resource[])[];
  /** What the resources refer to and belongs to nobody: practitioners, organizations. */
  mentioned: readonly Resource[];
  /** `http://host/fhir` */
  base: string;
  /** ISO instant with zone. */
  at: string;
}

const LOINC = 'http://loinc.org';

/**
 * The document by the profiles of IPS 1.1 and 2.0: what they require and the record lacks carries the reason for its absence, and
 * every reference leads to an entry or says that what it names is not in here.
 */
export function summaryDocument(parts: SummaryParts): Bundle {
  const { plan, patient, mentioned, base, at } = parts;
  const entries = new Map<string, Resource>();
  const add: Add = (resource, fullUrl = `${base}/${resource.resourceType}/${resource.id}`) => {
    entries.set(fullUrl, resource);
    return fullUrl;
  };
  const author = authorDevice();
  const authorUrl = add(author, `urn:uuid:${author.id}`);
  const section = sectionsOf(parts, add);
  for (const resource of mentioned) add(resource);
  const composition: Composition = {
    ...compositionOf(parts, authorUrl),
    ...custodianOf(patient, base, entries),
    section,
  };
  const inside = namesOf([patient, ...entries.values()]);
  const whole = (resource: Resource) => withReferencesInside(completed(resource), inside, plan.outside);
  return {
    resourceType: 'Bundle',
    id: randomUUID(),
    meta: { profile: [plan.bundleProfile], lastUpdated: at },
    language: 'vi',
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${randomUUID()}` },
    type: 'document',
    timestamp: at,
    entry: [
      { fullUrl: `urn:uuid:${composition.id}`, resource: composition },
      { fullUrl: `${base}/Patient/${patient.id}`, resource: whole(patient) as Patient },
      ...[...entries].map(([fullUrl, resource]): BundleEntry => ({ fullUrl, resource: whole(resource) })),
    ],
  };
}

/** Takes a resource into the document; answers its address there. */
type Add = (resource: Resource, fullUrl?: string) => string;

const authorDevice = (): Device => ({
  resourceType: 'Device',
  id: randomUUID(),
  manufacturer: 'Y Bạ',
  deviceName: [{ name: 'Y Bạ', type: 'manufacturer-name' }],
});

/** Absolute, because the composition has no address below which a relative one could be found. */
const subjectOf = ({ patient, base }: SummaryParts): Reference => ({
  reference: `${base}/Patient/${patient.id}`,
  display: nameOf(patient),
});

function sectionsOf(parts: SummaryParts, add: Add): CompositionSection[] {
  const { plan, found } = parts;
  return plan.sections.flatMap((one, at) => {
    const resources = chosen(one, found[at] ?? []);
    return resources.length > 0 || one.absent ? [sectionOf(plan, one, resources, subjectOf(parts), add)] : [];
  });
}

function compositionOf(parts: SummaryParts, author: string): Composition {
  const { plan, patient, at } = parts;
  return {
    resourceType: 'Composition',
    id: randomUUID(),
    meta: { profile: [plan.profile] },
    language: 'vi',
    text: narrative(`<p>${escaped(plan.title)}: ${escaped(nameOf(patient))}</p>`),
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${randomUUID()}` },
    status: 'final',
    type: { coding: [plan.type], text: plan.title },
    subject: subjectOf(parts),
    date: at,
    author: [{ reference: author, display: 'Y Bạ' }],
    title: plan.title,
    confidentiality: 'N',
    event: [{ code: [{ coding: [CARE] }], period: { end: at } }],
  };
}

/** What a summary is about: the provision of care until now. */
const CARE = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActClass',
  code: 'PCPR',
  display: 'care provision',
};

const namesOf = (resources: Resource[]) =>
  new Set(resources.map(({ resourceType, id }) => `${resourceType}/${id}`));

/** The facility that keeps the person's record, when it is known here. */
function custodianOf(
  { managingOrganization }: Patient,
  base: string,
  entries: ReadonlyMap<string, Resource>,
): Pick<Composition, 'custodian'> {
  const fullUrl = `${base}/${managingOrganization?.reference}`;
  const organization = entries.get(fullUrl) as { name?: string } | undefined;
  if (organization === undefined) return {};
  const { name } = organization;
  return { custodian: { reference: fullUrl, ...(name !== undefined && { display: name }) } };
}

function nameOf({ name = [] }: Patient): string {
  const { text, family, given = [] } = name[0] ?? {};
  return text ?? ([family, ...given].filter((part) => part !== undefined).join(' ') || 'Không rõ tên');
}

/** An empty section that must not be empty says by a resource of its own that nothing is known. */
function sectionOf(
  plan: SummaryPlan,
  { title, code, absent }: SectionPlan,
  resources: readonly Resource[],
  subject: Reference,
  add: Add,
): CompositionSection {
  const entry: Reference[] = resources.map((resource) => ({ reference: add(resource) }));
  if (entry.length === 0 && absent) entry.push({ reference: addAbsent(absent, subject, add) });
  return {
    title,
    code: { coding: [{ system: LOINC, ...code }] },
    text: tableOf(resources, plan.columns, plan.none),
    entry,
  };
}

function addAbsent(absent: Resource, subject: Reference, add: Add): string {
  const id = randomUUID();
  const about = absent.resourceType === 'AllergyIntolerance' ? { patient: subject } : { subject };
  return add({ ...absent, id, ...about } as Resource, `urn:uuid:${id}`);
}

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

export function summaryDocument(parts: SummaryParts): Bundle {
  const { plan, patient, found, mentioned, base, at } = parts;
  const author: Device = {
    resourceType: 'Device',
    id: randomUUID(),
    deviceName: [{ name: 'Y Bạ', type: 'manufacturer-name' }],
  };
  // Absolute, because the composition has no address below which a relative one could be found.
  const subject: Reference = { reference: `${base}/Patient/${patient.id}` };
  const entries = new Map<string, BundleEntry>();
  const add = (resource: Resource, fullUrl = `${base}/${resource.resourceType}/${resource.id}`): string => {
    entries.set(fullUrl, { fullUrl, resource });
    return fullUrl;
  };
  const authorUrl = add(author, `urn:uuid:${author.id}`);
  const section = plan.sections.flatMap((one, at) => {
    const resources = chosen(one, found[at] ?? []);
    return resources.length > 0 || one.absent ? [sectionOf(plan, one, resources, subject, add)] : [];
  });
  for (const resource of mentioned) add(resource);
  const composition: Composition = {
    resourceType: 'Composition',
    id: randomUUID(),
    meta: { profile: [plan.profile] },
    language: 'vi',
    text: narrative(`<p>${escaped(plan.title)}</p>`),
    status: 'final',
    type: { coding: [plan.type], text: plan.title },
    subject,
    date: at,
    author: [{ reference: authorUrl }],
    title: plan.title,
    section,
  };
  return {
    resourceType: 'Bundle',
    id: randomUUID(),
    meta: { profile: [plan.bundleProfile], lastUpdated: at },
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${randomUUID()}` },
    type: 'document',
    timestamp: at,
    entry: [
      { fullUrl: `urn:uuid:${composition.id}`, resource: composition },
      { fullUrl: `${base}/Patient/${patient.id}`, resource: patient },
      ...entries.values(),
    ],
  };
}

/** An empty section that must not be empty says by a resource of its own that nothing is known. */
function sectionOf(
  plan: SummaryPlan,
  { title, code, absent }: SectionPlan,
  resources: readonly Resource[],
  subject: Reference,
  add: (resource: Resource, fullUrl?: string) => string,
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

function addAbsent(
  absent: Resource,
  subject: Reference,
  add: (resource: Resource, fullUrl?: string) => string,
): string {
  const id = randomUUID();
  const about = absent.resourceType === 'AllergyIntolerance' ? { patient: subject } : { subject };
  return add({ ...absent, id, ...about } as Resource, `urn:uuid:${id}`);
}

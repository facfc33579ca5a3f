/** What a client has sent along: read by key, and what is still missing. Pure. */
import { Failure } from '../../../kernel/failure.ts';
import type { Source } from '../../../kernel/fhir/person/index.ts';
import type { Patient, Resource } from '../../../kernel/fhir/types.ts';
import { wrong } from './request.ts';

export interface Prefetched {
  patient: Patient | null;
  resources: Resource[];
  queried: Map<string, Resource[]>;
  /** `Source.key` of what was sent; `Patient` for the person. */
  given: Set<string>;
}

/** @throws Failure `invalid-request` for what is no resource, or of somebody else */
export function readPrefetch(
  prefetch: Readonly<Record<string, unknown>>,
  sources: ReadonlyMap<string, Source>,
  patientId: string,
): Prefetched {
  const read: Prefetched = { patient: null, resources: [], queried: new Map(), given: new Set() };
  const persons = resourcesIn(prefetch.patient, 'Patient', 'prefetch.patient');
  if (persons?.[0]) {
    read.patient = persons[0] as Patient;
    if (read.patient.id !== patientId)
      throw wrong(
        'prefetch.patient',
        `là của người khác, không phải ${patientId}`,
        `is of somebody else than ${patientId}`,
      );
    read.given.add('Patient');
  }
  for (const [key, { key: source, type }] of sources) {
    const found = resourcesIn(prefetch[key], type, `prefetch.${key}`);
    if (found === null) continue;
    read.given.add(source);
    if (source === type) read.resources.push(...found);
    else read.queried.set(source, found);
  }
  return read;
}

/**
 * Resources of a value: one, a searchset, or null for nothing found. Null (here) when it was not sent, or cannot be relied on: an
 * OperationOutcome, or a page that has a next one.
 */
function resourcesIn(value: unknown, type: string, place: string): Resource[] | null {
  if (value === undefined) return null;
  if (value === null) return [];
  const {
    resourceType,
    entry = [],
    link = [],
  } = value as { resourceType?: unknown; entry?: unknown; link?: unknown };
  if (resourceType === type) return [value as Resource];
  if (resourceType === 'OperationOutcome') return null;
  if (resourceType !== 'Bundle' || !Array.isArray(entry) || !Array.isArray(link))
    throw wrong(place, `phải là ${type}, Bundle hoặc null`, `must be a ${type}, a Bundle or null`);
  if (link.some((one: { relation?: unknown } | null) => one?.relation === 'next')) return null;
  const resources = entry.map(
    (one: { resource?: unknown } | null) => one?.resource as Resource | null | undefined,
  );
  if (resources.some((one) => one?.resourceType === 'OperationOutcome')) return null;
  const types: readonly string[] = type === 'MedicationRequest' ? [type, 'Medication'] : [type];
  return resources.filter((one): one is Resource => types.includes(one?.resourceType ?? ''));
}

export function missingPrefetch(keys: readonly string[]): Failure {
  const named = keys.join(', ');
  return new Failure(
    'precondition-failed',
    `Thiếu dữ liệu gửi kèm: ${named}. Hãy gửi prefetch như /cds-services nêu, hoặc gọi bằng mã truy cập được đọc các dữ liệu này.`,
    {
      textEn: `Prefetch is missing: ${named}. Send it as /cds-services says, or call with an access token of this server that may read it.`,
      expression: keys.map((key) => `prefetch.${key}`)[0]!,
      details: { missing: keys },
    },
  );
}

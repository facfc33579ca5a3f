/** Who changed or took back the facts of an answered form, and from which version of it. Pure. */
import { randomUUID } from 'node:crypto';
import type {
  BundleEntry,
  Provenance,
  QuestionnaireResponse,
  Reference,
} from '../../../kernel/fhir/types.ts';
import { isTakenBack } from './retract.ts';

const OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';

/**
 * @param response with its id, as it is written now
 * @param facts entries of its extraction
 * @param who name of the actor, where the response names no author
 * @param reason why the response was cancelled; '' for none
 * @returns one Provenance of what is updated, and one of what is taken back
 */
export function changeOf(
  response: QuestionnaireResponse,
  facts: readonly BundleEntry[],
  who: string,
  reason = '',
): BundleEntry[] {
  const standing = facts.filter(
    ({ request, resource }) => request?.method === 'PUT' && resource !== undefined,
  );
  const back = standing.filter(({ resource }) => isTakenBack(resource!));
  const changed = standing.filter((one) => !back.includes(one));
  const isDeleted = facts.some(({ request }) => request?.method === 'DELETE');
  const source = `QuestionnaireResponse/${response.id}`;
  const made: BundleEntry[] = [];
  const isCancelled = response.status === 'entered-in-error';
  if (changed.length > 0) made.push(entryOf('UPDATE', changed, response, source, { who, reason: '' }));
  if (back.length > 0 || isDeleted || isCancelled)
    made.push(entryOf('NULLIFY', back, response, source, { who, reason }));
  return made;
}

function entryOf(
  code: 'UPDATE' | 'NULLIFY',
  facts: readonly BundleEntry[],
  response: QuestionnaireResponse,
  source: string,
  { who, reason }: { who: string; reason: string },
): BundleEntry {
  const { author, authored, meta, subject } = response;
  const before = meta?.versionId === undefined ? source : `${source}/_history/${meta.versionId}`;
  const targets = facts.map(({ request }): Reference => ({ reference: request!.url! }));
  const resource: Provenance = {
    resourceType: 'Provenance',
    // By the person it is found, kept and forgotten with the rest of the person's record.
    target: [{ reference: source }, ...targets, ...(isPerson(subject) ? [subject] : [])],
    recorded: authored ?? new Date().toISOString(),
    ...(reason === '' ? {} : { reason: [{ text: reason }] }),
    activity: { coding: [{ system: OPERATION, code }] },
    agent: [{ who: author ?? { display: who } }],
    entity: [{ role: 'revision', what: { reference: before } }],
  };
  return { fullUrl: `urn:uuid:${randomUUID()}`, resource, request: { method: 'POST', url: 'Provenance' } };
}

const isPerson = (one: Reference | undefined): one is Reference =>
  one?.reference?.startsWith('Patient/') === true;

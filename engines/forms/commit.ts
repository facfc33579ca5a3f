/** A filled form and everything that comes of it, in one transaction. */
import { randomUUID } from 'node:crypto';
import type { RecordSession } from '../../kernel/access/contract.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type {
  Bundle,
  Questionnaire,
  QuestionnaireResponse,
  Resource,
  ResourceType,
} from '../../kernel/fhir/types.ts';
import { type Extraction, extractInto, identifiersOf } from './extract/extract.ts';

/** Identifiers in one question of the record. */
const AT_ONCE = 50;

/**
 * Writes a response with its extraction: all or nothing, so that a fact that is typed once is everywhere at once. A response without
 * an identifier gets one, by which its facts are found again when it is amended.
 * @returns the response as it was stored. Fails like a transaction
 */
export async function commitResponse(
  session: RecordSession,
  form: Questionnaire,
  given: QuestionnaireResponse,
): Promise<QuestionnaireResponse> {
  const identifier = given.identifier ?? { system: sid.response, value: randomUUID() };
  const { resourceType, ...rest } = given;
  const response: QuestionnaireResponse = { resourceType, identifier, ...rest };
  const fullUrl = `urn:uuid:${randomUUID()}`;
  const source = response.id === undefined ? fullUrl : `QuestionnaireResponse/${response.id}`;
  const { bundle } = await extracted(session, form, response, source);
  const version = response.meta?.versionId;
  const own =
    response.id === undefined
      ? { method: 'POST' as const, url: 'QuestionnaireResponse' }
      : {
          method: 'PUT' as const,
          url: source,
          ...(version === undefined ? {} : { ifMatch: `W/"${version}"` }),
        };
  const answer = await session.transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ fullUrl, resource: response, request: own }, ...(bundle.entry ?? [])],
  });
  return stored(session, answer);
}

/** The extraction of a response, as updates of what came of it before. */
export async function extracted(
  session: RecordSession,
  form: Questionnaire,
  response: QuestionnaireResponse,
  source?: string,
): Promise<Extraction> {
  const named = source === undefined ? {} : { source };
  const first = extractInto(response, form, named);
  const existing = await existingOf(session, first, response);
  return existing.size === 0 ? first : extractInto(response, form, { ...named, existing });
}

async function existingOf(
  session: RecordSession,
  first: Extraction,
  response: QuestionnaireResponse,
): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>();
  // What was never stored has nothing that came of it.
  if (response.id === undefined) return found;
  const wanted = new Set(identifiersOf(first, response));
  const types = new Set((first.bundle.entry ?? []).map(({ resource }) => resource!.resourceType));
  const tokens = [...wanted].map(
    (value) => `${sid.answer}|${value.replace(/[\\,$|]/g, (sign) => `\\${sign}`)}`,
  );
  for (const type of types)
    for (let from = 0; from < tokens.length; from += AT_ONCE) {
      const { matches } = await session.search(type as ResourceType, [
        ['identifier', tokens.slice(from, from + AT_ONCE).join(',')],
        ['_count', '500'],
      ]);
      for (const one of matches as (Resource & { identifier?: { value?: string }[] })[])
        for (const { value } of one.identifier ?? []) if (value && wanted.has(value)) found.set(value, one);
    }
  return found;
}

async function stored(session: RecordSession, { entry }: Bundle): Promise<QuestionnaireResponse> {
  const [, id] = /QuestionnaireResponse\/([^/]+)/.exec(entry?.[0]?.response?.location ?? '') ?? [];
  return session.read('QuestionnaireResponse', id!);
}

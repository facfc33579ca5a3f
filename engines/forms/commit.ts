/** A filled form and everything that comes of it, in one transaction. */
import { randomUUID } from 'node:crypto';
import type { RecordSession } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type {
  Bundle,
  BundleEntry,
  Coding,
  Questionnaire,
  QuestionnaireResponse,
  Resource,
  ResourceType,
  StructureDefinition,
} from '../../kernel/fhir/types.ts';
import { type Extraction, extractInto, identifiersOf } from './extract/extract.ts';
import { type Profiles, profilesNamed } from './extract/profile.ts';
import { changeOf } from './extract/provenance.ts';
import { isTakenBack, takenBack } from './extract/retract.ts';
import { factsOf, ownVisit, withoutVisits } from './own-visit.ts';

/** Identifiers in one question of the record. */
const AT_ONCE = 50;
/** Earlier versions of a response that are asked what came of them. */
const MOST_VERSIONS = 20;

export interface CommitWith {
  /** Why it is cancelled, for a response `entered-in-error`: all that came of it is taken back. */
  reason?: string;
  /** Security labels of the people whom it makes. */
  labels?: readonly Coding[];
}

/**
 * Writes a response with its extraction: all or nothing, so that a fact that is typed once is everywhere at once. A response without
 * an identifier gets one, by which its facts are found again when it is amended: what changed is updated, what is answered no
 * longer is taken back, and a Provenance says who did so.
 * @returns the response as it was stored. Fails like a transaction
 */
export async function commitResponse(
  session: RecordSession,
  form: Questionnaire,
  given: QuestionnaireResponse,
  { reason = '', labels = [] }: CommitWith = {},
): Promise<QuestionnaireResponse> {
  const identifier = given.identifier ?? { system: sid.response, value: randomUUID() };
  const { resourceType, ...rest } = given;
  const begun: QuestionnaireResponse = { resourceType, identifier, ...rest };
  const fullUrl = `urn:uuid:${randomUUID()}`;
  const source = begun.id === undefined ? fullUrl : `QuestionnaireResponse/${begun.id}`;
  const { response, facts } = await withVisit(session, form, begun, source);
  const version = response.meta?.versionId;
  const own =
    response.id === undefined
      ? { method: 'POST' as const, url: 'QuestionnaireResponse' }
      : {
          method: 'PUT' as const,
          url: source,
          ...(version === undefined ? {} : { ifMatch: `W/"${version}"` }),
        };
  const mayTell = session.reach('create', 'Provenance') !== 'none';
  const told =
    response.id !== undefined && mayTell ? changeOf(response, facts, session.actor.name, reason) : [];
  const answer = await session.transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ fullUrl, resource: response, request: own }, ...labelled(facts, labels), ...told],
  });
  return stored(session, answer);
}

/** Whoever is new carries these labels from the first version on. */
function labelled(facts: readonly BundleEntry[], labels: readonly Coding[]): readonly BundleEntry[] {
  if (labels.length === 0) return facts;
  return facts.map((entry) => {
    const { request, resource } = entry;
    if (request?.method !== 'POST' || resource?.resourceType !== 'Patient') return entry;
    const security = [...(resource.meta?.security ?? []), ...labels];
    return { ...entry, resource: { ...resource, meta: { ...resource.meta, security } } };
  });
}

/** What comes of a response, and the response with the visit that it makes itself. */
async function withVisit(
  session: RecordSession,
  form: Questionnaire,
  response: QuestionnaireResponse,
  source: string,
): Promise<{ response: QuestionnaireResponse; facts: BundleEntry[] }> {
  const first = (await extracted(session, form, response, source)).bundle.entry ?? [];
  const visit = ownVisit(response, first, session.actor.unit);
  if (!visit)
    return { response, facts: response.encounter ? factsOf(response, first) : withoutVisits(first) };
  const ofVisit = { ...response, encounter: { reference: visit.fullUrl } };
  const again = (await extracted(session, form, ofVisit, source)).bundle.entry ?? [];
  return { response: ofVisit, facts: [visit, ...factsOf(ofVisit, again)] };
}

/** The extraction of a response: updates of what came of it before, and the taking back of what comes of it no longer. */
export async function extracted(
  session: RecordSession,
  form: Questionnaire,
  response: QuestionnaireResponse,
  source?: string,
): Promise<Extraction> {
  const profiles = await profilesOf(session, form);
  const named = source === undefined ? { profiles } : { source, profiles };
  // What was never stored has nothing that came of it.
  if (response.id === undefined) return extractInto(response, form, named);
  const isWrong = response.status === 'entered-in-error';
  const first = extractInto(response, form, named);
  const before = (await earlierOf(session, response)).map((one) => ({
    response: one,
    extraction: extractInto(one, form, named),
  }));
  const existing = await existingOf(session, [{ response, extraction: first }, ...before]);
  if (existing.size === 0) return isWrong ? NOTHING : first;
  const now = isWrong ? NOTHING : extractInto(response, form, { ...named, existing });
  const kept = new Set(identifiersOf(now, response));
  const gone = [...existing].filter(([name, one]) => !kept.has(name) && !isTakenBack(one));
  const entry = [...(now.bundle.entry ?? []), ...gone.map(([, one]) => takenBack(one))];
  return { issues: now.issues, bundle: { ...now.bundle, ...(entry.length > 0 ? { entry } : {}) } };
}

/** Profiles that the form extracts into, as far as the record has them and the client may read them. */
export async function profilesOf(session: RecordSession, form: Questionnaire): Promise<Profiles> {
  const found = new Map<string, StructureDefinition>();
  for (const canonical of profilesNamed(form)) {
    const [url = '', version] = canonical.split('|');
    const asked: [string, string][] = [
      ['url', url],
      ...(version ? ([['version', version]] as [string, string][]) : []),
    ];
    try {
      const { matches } = await session.search('StructureDefinition', [...asked, ['_count', '1']]);
      const [profile] = matches;
      if (profile) found.set(canonical, profile);
    } catch (error) {
      // Without it the answers are put where their definitions say, and nothing beside them.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return found;
}

const NOTHING: Extraction = { bundle: { resourceType: 'Bundle', type: 'transaction' }, issues: [] };

/** Stored versions of a response, newest first: each may have given facts. */
async function earlierOf(
  session: RecordSession,
  { id, meta }: QuestionnaireResponse,
): Promise<QuestionnaireResponse[]> {
  const last = Number(meta?.versionId ?? 0);
  const found: QuestionnaireResponse[] = [];
  for (let version = last; version > 0 && version > last - MOST_VERSIONS; version -= 1) {
    try {
      const { body } = await session.readStored('QuestionnaireResponse', id!, version);
      found.push(JSON.parse(body.toString('utf8')) as QuestionnaireResponse);
    } catch (error) {
      // A response that is handed in need not stand in the record.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return found;
}

interface Given {
  response: QuestionnaireResponse;
  extraction: Extraction;
}

/** Resources of the record that these extractions name, by their identifier. */
async function existingOf(session: RecordSession, given: readonly Given[]): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>();
  const wanted = new Set(given.flatMap(({ response, extraction }) => identifiersOf(extraction, response)));
  const types = new Set(
    given.flatMap(({ extraction }) =>
      (extraction.bundle.entry ?? []).map((one) => one.resource!.resourceType),
    ),
  );
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

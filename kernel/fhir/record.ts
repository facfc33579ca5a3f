/** The gate of the record: every read and write in the name of an actor, by policy, validated and audited. */
import type { FastifyRequest } from 'fastify';
import { auditLine } from '../access/audit.ts';
import type { AuditEvents } from '../access/audit-events.ts';
import type {
  AboutAnswers,
  AboutQuery,
  Actor,
  Found,
  Gate,
  RecordSession,
  Role,
} from '../access/contract.ts';
import type { Guard } from '../access/guard.ts';
import { Failure } from '../failure.ts';
import type { SearchManner, Store, StoredVersion, WriteResult } from '../store/contract.ts';
import { searchTargetsOf } from '../store/search/supported.ts';
import { Together } from '../together.ts';
import { parseBundle } from './bundle/entry.ts';
import { type EraseParts, purgeHistory, purgePerson } from './erasure/erase.ts';
import type { Hold } from './erasure/retention.ts';
import type { Answer } from './http/context.ts';
import { answerGet } from './http/get.ts';
import { mannerOf } from './http/manner.ts';
import { responseBundle } from './http/response-bundle.ts';
import { readStoredJson } from './json/read.ts';
import { everythingStored } from './operations/record.ts';
import type { Profiles } from './profiles/index.ts';
import { searchAbout } from './session/about.ts';
import { recordsAmong } from './session/among.ts';
import { explainStored } from './session/explain.ts';
import type { Keeps } from './session/kept.ts';
import { findStored, historyStored, readStored, searchStored } from './session/reads.ts';
import { runBundle } from './session/run.ts';
import type { EntryAnswer, FhirSession, Validate } from './session/session.ts';
import { commitEntries, type WriteParts } from './session/writes.ts';
import type { Topics } from './subscriptions/topics.ts';
import type { CodeLists } from './terminology/code-lists.ts';
import type { Bundle, Resource, ResourceOf, ResourceType } from './types.ts';

/** What the gate needs of access control. */
export interface GateAccess {
  guard: Guard;
  auditEvents: AuditEvents;
  /** The actor that the sign-in of a request proved; null when nobody is signed in. */
  actorOf(request: FastifyRequest): Actor | null;
  /** An actor of the program itself, known to the guard as such. */
  systemActor(name: string): Actor;
}

export interface GateParts {
  store: Store;
  access: GateAccess;
  validate: Validate;
  profiles: Profiles;
  /** Whether a search of the type knows the parameter; for `handling=lenient`. */
  knowsParameter(type: ResourceType, name: string): boolean;
  lists: CodeLists;
  /** What can be subscribed to. */
  topics: Topics;
  /** What of a person's resources must be kept today. */
  holds(resources: readonly Resource[]): Hold[];
  /** What is not deleted, and why. */
  keeps: Keeps;
}

export interface FhirGate extends Gate {
  /** The content's lists and R4's own codes. */
  readonly lists: CodeLists;
  as(actor: Actor): FhirSession;
  session(request: FastifyRequest): FhirSession;
  system(name: string): FhirSession;
}

/** For screens, and for work that the program does by itself. */
const AT_ONCE = (): SearchManner => ({});
const UNHURRIED = (): SearchManner => ({ unhurried: true });

export function openGate(given: GateParts): FhirGate {
  const { store, access, validate, profiles, knowsParameter, lists, topics, holds, keeps } = given;
  const parts: SessionParts = {
    store,
    guard: access.guard,
    auditEvents: access.auditEvents,
    lists,
    topics,
    validate: new Together((resource) => resource.resourceType, validate),
    profiles,
    targetsOf,
    holds,
    keeps,
  };
  const as = (actor: Actor, manner: () => SearchManner) => openSession(parts, actor, knowsParameter, manner);
  const actorOf = (request: FastifyRequest): Actor => {
    const actor = access.actorOf(request);
    if (actor) return actor;
    throw new Failure('sign-in-required', 'Bạn cần đăng nhập.', {
      textEn: 'Sign in, or send a bearer token.',
    });
  };
  return {
    lists,
    as: (actor) => as(actor, AT_ONCE),
    actorOf,
    session: (request) => as(actorOf(request), () => mannerOf(request)),
    system: (name) => as(access.systemActor(name), UNHURRIED),
    require(request, ...roles) {
      const actor = actorOf(request);
      if (roles.some((role: Role) => actor.roles.includes(role))) return actor;
      throw new Failure('forbidden', 'Vai trò của bạn không được làm việc này.', {
        textEn: 'Your role does not allow this.',
      });
    },
  };
}

/** Any type is `Resource`, which only those reach who reach everything. */
function targetsOf(type: string, param: string): readonly string[] | undefined {
  const targets = searchTargetsOf(type, param);
  return targets?.length === 0 ? ['Resource'] : targets;
}

type SessionParts = WriteParts & EraseParts;

function openSession(
  parts: SessionParts,
  actor: Actor,
  knowsParameter: GateParts['knowsParameter'],
  manner: () => SearchManner,
): FhirSession {
  const { store } = parts;
  const writeOne: FhirSession['write'] = async (intent, demand) =>
    (await commitEntries(parts, actor, [{ place: null, intent }], demand))[0]!;
  const found = async (type: ResourceType, params: [string, string][]) =>
    searchStored(parts, actor, type, params, manner());

  const session: FhirSession = {
    actor,
    lists: parts.lists,
    write: writeOne,
    readStored: (type, id, version) => readStored(parts, actor, type, id, version),
    searchStored: found,
    explainStored: (type, params) => explainStored(parts, actor, type, params),
    holdersOf: async (type) =>
      (await store.holdersOf(type)).filter((holder) => parts.guard.reach(actor, 'search', holder) !== 'none'),
    historyStored: (scope, page) => historyStored(parts, actor, scope, page),
    everything: (ask) => everythingStored(parts, actor, ask),
    reach: (action, type) => {
      const reach = parts.guard.reach(actor, action, type);
      // What the scopes of a token leave of the province is not the province.
      return reach === 'province' && !parts.guard.reachesAll(actor, action, type) ? 'care' : reach;
    },
    cares: async (patient) =>
      parts.guard.reachesAll(actor, 'read', 'Encounter') ||
      (await parts.guard.inCare(actor, [patient])).has(patient),
    caredAmong: async (patients) =>
      parts.guard.reachesAll(actor, 'read', 'Encounter')
        ? new Set(patients)
        : parts.guard.inCare(actor, [...patients]),
    inCare: () => parts.guard.persons(actor),
    seesWhole: (type) =>
      // Persons' rules of consent bind people.
      actor.roles.every((role) => role === 'system-client') &&
      parts.guard.reachesAll(actor, 'search', type) &&
      parts.guard.seesAll(actor, type),
    async visible(versions) {
      const seen = new Set(await parts.guard.visible(actor, versions, 'search'));
      return versions.map((version) => seen.has(version));
    },
    findUntold: (type, params) => findStored(parts, actor, type, params, manner()),
    audit: (lines) => store.audit(lines),
    purge: (patient, reason) => purgePerson(parts, actor, patient, reason),
    purgeHistory: (type, id, reason) => purgeHistory(parts, actor, type, id, reason),
    run: (bundle, answerRead, demand) => runBundle(parts, session, bundle, answerRead, demand),
    async read<T extends ResourceType>(type: T, id: string) {
      return parsed<ResourceOf<T>>(await readStored(parts, actor, type, id));
    },
    async search<T extends ResourceType>(type: T, query: string | [string, string][]) {
      const params =
        typeof query === 'string' ? ([...new URLSearchParams(query)] as [string, string][]) : query;
      const { matches, includes, ...rest } = await found(type, params);
      return {
        ...rest,
        matches: matches.map(parsed<ResourceOf<T>>),
        included: includes.map(parsed),
      } as Found<ResourceOf<T>>;
    },
    async searchAbout<const Q extends readonly AboutQuery[]>(patient: string, queries: Q) {
      const found = await searchAbout(parts, actor, patient, queries);
      return found.map((versions) => versions.map(parsed)) as AboutAnswers<Q>;
    },
    async recordsAmong(patients, types) {
      const records = await recordsAmong(parts, actor, patients, types);
      return new Map([...records].map(([patient, versions]) => [patient, versions.map(parsed<Resource>)]));
    },
    async create<T extends Resource>(resource: T) {
      return written<T>(await writeOne({ do: 'create', resource }));
    },
    async update<T extends Resource>(resource: T, ifMatch?: number) {
      const expected = ifMatch === undefined ? {} : { ifMatch };
      const { resourceType: type, id } = resource;
      if (id === undefined)
        throw new Failure('invalid-request', 'Tài nguyên cần sửa chưa có mã.', {
          textEn: 'The resource has no id.',
        });
      return written<T>(await writeOne({ do: 'update', resource, type, id, ...expected }));
    },
    async remove(type, id, ifMatch) {
      await writeOne({ do: 'delete', type, id, ...(ifMatch === undefined ? {} : { ifMatch }) });
    },
    transaction: (bundle) => transaction(session, bundle, knowsParameter),
    note: (action, what, patient) => store.audit([auditLine(actor, action, what, patient)]),
  };
  return session;
}

/** The contract's transaction: its answer carries no resources but those of GET entries and failures of a batch. */
async function transaction(
  session: FhirSession,
  bundle: Bundle,
  knowsParameter: GateParts['knowsParameter'],
): Promise<Bundle> {
  const parsedBundle = parseBundle(bundle);
  const answers = await session.run(
    parsedBundle,
    async ({ intent, ifNoneMatch, ifModifiedSince }, within) => {
      if (intent.do === 'call') throw new Failure('not-supported', `Không gọi được ${intent.url} ở đây.`);
      const [path = '', query = ''] = intent.url.replace(/^\//, '').split('?', 2);
      const context = {
        session: within,
        base: '',
        lenient: false,
        knowsParameter,
        ifNoneMatch,
        ifModifiedSince,
      };
      return readAnswer(
        await answerGet(context, path, [...new URLSearchParams(query)] as [string, string][]),
      );
    },
  );
  const bytes = responseBundle(parsedBundle.type, answers, { base: '', prefer: 'minimal' });
  return JSON.parse(bytes.toString('utf8')) as Bundle;
}

export function readAnswer({ status, body, etag, lastModified }: Answer): EntryAnswer {
  return { kind: 'read', status, body, ...(etag && { etag }), ...(lastModified && { lastModified }) };
}

function parsed<T extends Resource>(version: StoredVersion): T {
  return readStoredJson(version.body) as T;
}

function written<T>(result: WriteResult): T {
  return readStoredJson(result.body!) as T;
}

export type { RecordSession };

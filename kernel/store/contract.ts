/** What the store gives to the floors above it. The store knows FHIR and PostgreSQL; it knows no user and no medicine. */
import type { Resource, ResourceType } from '../fhir/types.ts';
import type { Sight } from './sight.ts';

/** Raw bytes of one stored version. `body` is the JSON as it is served: nothing parses it on the way to a reader. */
export interface StoredVersion {
  type: ResourceType;
  id: string;
  version: number;
  /** meta.lastUpdated, ISO instant. */
  lastUpdated: string;
  deleted: boolean;
  /** The patient whose compartment holds it (`Patient/x` → x), null for shared resources. */
  patient: string | null;
  body: Buffer;
  /** Bits of its categories (`search/labels.ts`), where the row was read by its id. */
  sec?: number;
  /** Whether the person has rules of consent, where the row was read by its id. */
  ruled?: boolean;
}

/** Search criteria that must match exactly one resource, or none, inside the commit; fails with `conflict` when they do not. */
export interface Criteria {
  query: string;
  /** Id of the one match, null = none. */
  match: string | null;
}

/** What of the record criteria are asked of; everything when absent. */
export interface SearchBounds {
  /** Restricts matches, and what chains look at, to rows of these persons (policy); undefined = no restriction. */
  patients?: string[];
  /** What the reader sees of any row. */
  sight?: Sight;
  /** Matches are only what is the reader's own (`sight` says whose). */
  ownOnly?: boolean;
  /** Matches are also what is the reader's own, of whatever person. */
  orOwn?: boolean;
  /** Matches are also what these persons have opened to the reader by name; of `patients` alone, chains look at nothing else. */
  granted?: readonly string[];
}

/** Which of the versions, in their order, the reader may have. */
export type Judge = (versions: readonly StoredVersion[]) => Promise<readonly boolean[]>;

/** One intended change. The store sets meta.versionId and meta.lastUpdated. */
export type Write = { /** For ifNoneExist and criteria. */ bounds?: SearchBounds } & AnyWrite;

type AnyWrite =
  | {
      op: 'create';
      resource: Resource /** refuse if a resource matches, resolved inside the commit */;
      ifNoneExist?: string;
      criteria?: Criteria;
    }
  | {
      op: 'update';
      resource: Resource;
      /** Expected current version; null = must not exist yet (PUT-as-create); undefined = whatever is there. */
      ifMatch?: number | null;
      criteria?: Criteria;
    }
  | { op: 'delete'; type: ResourceType; id: string; ifMatch?: number; criteria?: Criteria };

/** One line of the audit, written in the same transaction as the change it describes. */
export interface AuditLine {
  /** User or client id. */
  who: string;
  /** Practitioner/x, Client/x … */
  whoDisplay: string;
  /** Patient id, or null for data of no person. */
  patient: string | null;
  /** read, search, create, update, delete, sign-in, sign-out, print, break-glass … */
  action: string;
  /** Resource or address touched, `Observation/abc`, `Patient?name=…`. */
  what: string;
  /** Purpose of use or the stated reason. */
  why: string;
  outcome: 'ok' | 'refused' | 'failed';
  ip: string;
  /** Unit (Organization id) the actor worked for. */
  unit: string | null;
  /** OAuth client through which a person acted. */
  client?: string;
  /** Id of the HTTP request (X-Request-Id). */
  request?: string;
  /** Id of the access token (`jti`). */
  token?: string;
}

export interface WriteResult {
  type: ResourceType;
  id: string;
  version: number;
  lastUpdated: string;
  /** created: new; updated; deleted; matched: ifNoneExist found one; unchanged: same content as the current version. */
  outcome: 'created' | 'updated' | 'deleted' | 'matched' | 'unchanged';
  patient: string | null;
  body: Buffer | null;
}

/** For whom a search is done (`patience.ts`). */
export interface SearchManner {
  /** Answered later: it may take long. */
  unhurried?: boolean;
  /** True when nobody waits for the answer any more; asked each second while a statement runs. */
  isGone?: () => boolean;
}

export interface SearchRequest extends SearchManner, SearchBounds {
  type: ResourceType;
  /** Name/value pairs as they stood in the query, in order. Unknown or malformed ones fail by name. */
  params: [string, string][];
  /** What only facts beside the row decide: matches that are judged away are passed over, as if they were not there. */
  judge?: Judge;
  /** The same of what comes with the matches. */
  judgeIncluded?: Judge;
  /** Matches fulfil one of these, too (scopes of a token); undefined = no restriction, empty = nothing matches. */
  anyOf?: readonly Alternative[];
  /** How it would be answered instead of the answer: nothing of the record is read. */
  explain?: boolean;
  /** No further page will be asked for: among others that are answered together, `next` and `total` may be missing. */
  onlyPage?: boolean;
}

/** Rows of these persons (undefined = whosever) that fulfil all criteria; only such as one resource answers by itself. */
export interface Alternative {
  persons?: readonly string[];
  query: readonly (readonly [string, string])[];
}

/** Where a match stands in the order that was asked for. */
export interface MatchPlace {
  /** A value for each key of `_sort`: epoch milliseconds, a number, a folded text; null = it has none, and stands last. */
  values: (number | string | null)[];
  /** `_cursor` of the page that begins behind it. */
  cursor: string;
}

export interface SearchAnswer {
  /** Matches in order. */
  matches: StoredVersion[];
  /** The place of the n-th match, for who puts several answers in one order; absent where nothing was to be sorted. */
  placeOf?: (at: number) => MatchPlace;
  includes: StoredVersion[];
  /** Present when `_total=accurate` or `_summary=count`, or when everything fitted on one page. */
  total?: number;
  /** Query string of the next page, or undefined at the end. */
  next?: string;
  /** Query string of the page before, or undefined on the first. */
  previous?: string;
  /** The steps of the search, when it was to be explained. */
  explanation?: object;
}

/** What of one record is asked for, a piece at a time. */
export interface PersonRows {
  /** Whose record; null = the resources of nobody, of which `referring` names some. */
  patient: string | null;
  types?: readonly ResourceType[];
  /** Changed at this instant or later, epoch milliseconds. */
  since?: number;
  /** Clinical date that overlaps [from, to), epoch milliseconds; what has no date is always in. */
  from?: number;
  to?: number;
  /** Only rows that refer to this `Type/id`, and none that lie elsewhere. */
  referring?: string;
  /** Only what is stored under the person, or only what lies elsewhere; both one after the other when absent. */
  part?: 'own' | 'elsewhere';
  /** `next` of the piece before. */
  after?: string;
  count: number;
  sight?: Sight;
}

export interface PersonPiece {
  /** Stored under the person, by type and key. */
  own: StoredVersion[];
  /** In the person's compartment by another reference (R4 CompartmentDefinition patient), stored elsewhere. */
  elsewhere: StoredVersion[];
  next?: string;
}

/** What lies under each of many persons, of some types. */
export interface PersonsRows {
  patients: readonly string[];
  types: readonly ResourceType[];
  sight?: Sight;
}

export interface PersonRecord {
  patient: string;
  /** By type and key. */
  own: StoredVersion[];
}

/** One change as a consumer of the feed sees it; positions grow in commit order and never repeat. */
export interface Change {
  position: string;
  at: string;
  type: ResourceType;
  id: string;
  version: number;
  op: 'create' | 'update' | 'delete';
  patient: string | null;
  /** Deleted with all its versions: whoever kept a copy forgets that, too. */
  erased?: true;
}

/** What of a history is asked for. */
export interface HistoryAsk {
  count: number;
  /** Answer of `next` of the page before. */
  before?: string;
  /** ISO instant: versions made then or later. */
  since?: string;
  /** Epoch milliseconds: only versions that were current at some point in [low, high). */
  at?: { low: number; high: number };
  /** Standard is newest first. */
  oldestFirst?: boolean;
  /** Only versions of these resources. */
  only?: readonly ResourceName[];
}

export interface ResourceName {
  type: ResourceType;
  id: string;
}

/**
 * Decides under the locks of an erasure: refuses by throwing, and names what of the shared resources goes with the person.
 * @param versions every version with a body of everything that is stored under the person
 * @param read current versions of other resources, within the same transaction
 */
export type ErasureJudge = (
  versions: readonly StoredVersion[],
  read: (refs: ResourceName[]) => Promise<StoredVersion[]>,
) => Promise<ResourceName[]>;

export interface Store {
  /** Reserves an id. For a resource of a person pass the person's id: the new id then carries the shard key. */
  newId(type: ResourceType, patientId?: string): string;
  /**
   * Applies all writes or none, in one transaction; one round trip when they concern one person (or none).
   * References must already be resolved (no urn:uuid). Fails with `version-conflict`, `multiple-matches`, `gone`, and with
   * `conflict` when criteria match something else than they did (`details.criteria`).
   */
  commit(writes: Write[], audit: AuditLine[]): Promise<WriteResult[]>;
  /**
   * Erases a person: every version and index row of everything stored under the person, but one tombstone each, and told
   * by the feed as `erased`. Answers what was erased. Fails with `not-found` and with what the judge throws.
   */
  erase(patient: string, judge: ErasureJudge, audit: AuditLine[]): Promise<ResourceName[]>;
  /** Erases the superseded versions of a resource; the judge sees everything of its person. Answers how many. */
  eraseHistory(current: StoredVersion, judge: ErasureJudge, audit: AuditLine[]): Promise<number>;
  read(type: ResourceType, id: string): Promise<StoredVersion | null>;
  readMany(refs: { type: ResourceType; id: string }[]): Promise<StoredVersion[]>;
  vread(type: ResourceType, id: string, version: number): Promise<StoredVersion | null>;
  /** Which of the versions, in their order, are seen; the same that searches with the sight find. */
  seen(versions: readonly StoredVersion[], sight: Sight): Promise<boolean[]>;
  /** Persons who permit something to a reader of these names, now or later; ten thousand at most. */
  granters(names: readonly string[]): Promise<string[]>;
  /** Which of the versions, in their order, their persons open to the reader by name, beyond what policy opens. */
  granted(versions: readonly StoredVersion[], reader: NonNullable<Sight['reader']>): Promise<boolean[]>;
  /** Instance, type or system history. */
  history(
    scope: { type?: ResourceType; id?: string },
    page: HistoryAsk,
  ): Promise<{ versions: StoredVersion[]; next?: string }>;
  search(request: SearchRequest): Promise<SearchAnswer>;
  /** Types of which some resource contains one of a type, for `_contained`. Fails with `index-incomplete`. */
  holdersOf(type: ResourceType): Promise<ResourceType[]>;
  /** Several searches in one round trip, answered in their order; for small ones whose shape the program knows. */
  searchTogether(requests: readonly SearchRequest[]): Promise<SearchAnswer[]>;
  /** The next piece of one record: everything stored under a person, then what names the person from elsewhere. */
  personRows(ask: PersonRows): Promise<PersonPiece>;
  /**
   * What is stored under many persons, each once, in their order, a piece of persons at a time; a person of whom nothing is there, or
   * seen, has an empty record. What names them from elsewhere is not read.
   */
  personsRows(ask: PersonsRows): AsyncGenerator<PersonRecord[]>;
  /** Appends audit lines of reads; resolves when they are durable. Concurrent calls share one round trip. */
  audit(lines: AuditLine[]): Promise<void>;
  /** Changes after a position (undefined = from the beginning), in commit order, at most `limit`. */
  changes(after: string | undefined, limit: number): Promise<Change[]>;
  /**
   * The changed resources as they are now, or at least as the changes left them: `Type/id` → resource, deleted ones
   * absent. The objects are shared by all followers of the feed: nobody changes them.
   */
  latest(changes: readonly Change[]): Promise<ReadonlyMap<string, Resource>>;
  /** Every current resource of the types as of one moment, piece by piece; holds a connection until it is read or left. */
  scan(types: readonly ResourceType[]): AsyncGenerator<StoredVersion[]>;
  /** How many resources of the types there are. */
  countOf(types: readonly ResourceType[]): Promise<number>;
  /** Resolves when a commit of this process or a notice of another may have added changes. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

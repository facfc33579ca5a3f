/** The record in the name of one actor, as the FHIR edge needs it: the contract's session with bytes and versions. */
import type { RecordSession } from '../../access/contract.ts';
import type { Failure, Issue } from '../../failure.ts';
import type {
  AuditLine,
  HistoryAsk,
  ResourceName,
  SearchAnswer,
  StoredVersion,
  WriteResult,
} from '../../store/contract.ts';
import type { Entry, Intent, ParsedBundle } from '../bundle/entry.ts';
import type { EverythingAsk, EverythingPiece } from '../operations/record.ts';
import type { CodeLists } from '../terminology/code-lists.ts';
import type { Resource, ResourceType } from '../types.ts';

export type WriteIntent = Exclude<Intent, { do: 'read' | 'call' }>;

/** A GET or HEAD of a Bundle, or an operation by POST in a batch. */
export type ReadEntry = Entry & { intent: Extract<Intent, { do: 'read' | 'call' }> };

/** Checks one resource; errors carry FHIRPath expressions that begin with the resource's type. */
export type Validate = (resource: Resource) => Issue[];

export interface HistoryPage {
  versions: StoredVersion[];
  next?: string;
}

/** The answer to one entry, in the order of the Bundle. */
export type EntryAnswer =
  | { kind: 'written'; result: WriteResult }
  | { kind: 'read'; status: number; etag?: string; lastModified?: string; body: Buffer | null }
  /** An operation's answer; of a refusal `body` is the OperationOutcome. */
  | { kind: 'called'; status: number; body: Buffer | null }
  | { kind: 'failed'; failure: Failure };

export type AnswerRead = (entry: ReadEntry, session: FhirSession) => Promise<EntryAnswer>;

/** How a write is to be handled. */
export interface WriteDemand {
  /** `Prefer: handling=strict`: references must lead somewhere. */
  strict?: boolean;
}

export interface FhirSession extends RecordSession {
  /** What is known of codes without being stored. */
  readonly lists: CodeLists;
  /** One write with its conditions. Fails like the contract's create, update and remove. */
  write(intent: WriteIntent, demand?: WriteDemand): Promise<WriteResult>;
  /** How a search would be run. Fails with `forbidden` for those who do not operate the server. */
  explainStored(type: ResourceType, params: [string, string][]): Promise<object>;
  /** Types that the actor may search and of which some resource contains one of a type. Fails with `index-incomplete`. */
  holdersOf(type: ResourceType): Promise<ResourceType[]>;
  /**
   * Runs a batch or transaction. A transaction fails as a whole, with `Bundle.entry[n]` in the expression.
   * @param answerRead carries out a GET entry or an operation in a session: this one, after the writes, or one that only tries before
   */
  run(bundle: ParsedBundle, answerRead: AnswerRead, demand?: WriteDemand): Promise<EntryAnswer[]>;
  /** Only versions that the actor may see. */
  historyStored(scope: { type?: ResourceType; id?: string }, page: HistoryAsk): Promise<HistoryPage>;
  /** A record or a visit whole, piece by piece; only what the actor may see. */
  everything(ask: EverythingAsk): AsyncGenerator<EverythingPiece>;
  /** Removes everything of a person for good; answers what it was. */
  purge(patient: string, reason: string): Promise<ResourceName[]>;
  /** Removes the superseded versions of a resource for good; answers how many. */
  purgeHistory(type: ResourceType, id: string, reason: string): Promise<number>;
  /** Ids of the persons whose record is open to the actor's unit; nobody for who acts in no unit. */
  inCare(): Promise<string[]>;
  /** Whether the actor sees everything of the type: neither roles, scopes, categories nor persons leave anything out. */
  seesWhole(type: ResourceType): boolean;
  /**
   * Which of the versions, in their order, a search of the actor would find. Leaves no line of the audit: whoever hands them
   * on writes it.
   */
  visible(versions: readonly StoredVersion[]): Promise<boolean[]>;
  /** What the actor's search finds, without a line of the audit: whoever hands it on writes it. Fails with `forbidden`. */
  findUntold(type: ResourceType, params: [string, string][]): Promise<SearchAnswer>;
  /** Writes lines of the audit in the actor's name. */
  audit(lines: AuditLine[]): Promise<void>;
}

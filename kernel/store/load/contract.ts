/** What a load is asked for and what it tells. */
import type { Issue } from '../../failure.ts';
import type { Resource } from '../../fhir/types.ts';
import type { BodyKey } from '../sealed-body.ts';
import type { LabelRule } from '../search/labels.ts';

/** Why a line, or an entry of a Bundle on it, was not taken. */
export interface Refusal {
  /** From 1; a document that is one JSON over many lines counts as its first line. */
  line: number;
  /** FHIRPath of the fault, '' when it is the line itself. */
  place: string;
  text: string;
  textEn: string;
}

export interface Counts {
  created: number;
  updated: number;
  /** There already with the same content. */
  unchanged: number;
  deleted: number;
  refused: number;
}

export interface LoadProgress extends Counts {
  /** Bytes of all sources as they lie on disk (compressed, when they are), and how many of them are read; 0 = not known. */
  bytes: number;
  bytesRead: number;
  /** Milliseconds since the beginning of this run. */
  elapsed: number;
  /** Resources that an earlier run had loaded. */
  before: number;
}

export interface LoadSummary extends Counts {
  /** Names the load in the audit. */
  id: string;
  /** Resources that an earlier run of the same load had taken; they are in the counts. */
  before: number;
  /** False when it was stopped; the same command goes on. */
  complete: boolean;
  /** Bytes of JSON read by this run. */
  bytes: number;
  /** Whether the indexes were built at the end. */
  deferred: boolean;
  seconds: { rows: number; indexes: number };
}

/** Bytes that a program makes itself; the same name must always give the same bytes. */
export interface MadeSource {
  name: string;
  /** How many bytes, about. */
  about: number;
  bytes(): AsyncIterable<Buffer>;
}

export interface LoadOptions {
  /** Files, folders (everything below them), `-`, or what the caller makes. */
  sources: (string | MadeSource)[];
  /** Whose act it is, and what for: the audit says so. */
  who: string;
  whoDisplay: string;
  why: string;
  /** `auto` defers when the store is small beside what comes. */
  indexes?: 'auto' | 'live' | 'deferred';
  /** Checks every resource by R4; default true. */
  validate?: boolean;
  /** By profiles: of each resource that names one, and is right by R4, what is wrong. */
  judge?(resources: readonly Resource[]): Promise<Issue[][]>;
  /** Loads sources that were loaded before a second time. */
  again?: boolean;
  /** Threads; default: as many as there are cores, at most 8. */
  threads?: number;
  /** Stops after the pieces in hand. */
  signal?: AbortSignal;
  onProgress?(progress: LoadProgress): void;
  onRefused?(source: string, refusals: Refusal[]): void;
  /** Told of every piece of a source that is done. */
  onCounts?(source: string, counts: Counts): void;
  /** Told when the rows are in and indexes are built. */
  onIndexes?(name: string): void;
}

/** A piece of a source on its way to a thread. */
export interface Piece {
  n: number;
  source: string;
  /** Bytes of the source before it, after decompression. */
  at: number;
  /** Number of its first line. */
  line: number;
  /** Whole lines, or one document. */
  bytes: Uint8Array<ArrayBuffer>;
  /** One JSON over many lines. */
  document: boolean;
}

export interface ThreadSettings {
  url: string;
  load: string;
  who: string;
  whoDisplay: string;
  why: string;
  validate: boolean;
  /** Resources that name profiles are judged by the program. */
  judges: boolean;
  era: number;
  distributed: boolean;
  /** Rules by which rows are labelled (`search/labels.ts`). */
  labels: readonly LabelRule[];
  /** The newest first: what bodies are sealed by; none = they lie open. */
  bodyKeys: readonly BodyKey[];
  /** Epoch milliseconds; a person's audit line of this load is not older. */
  began: number;
}

export type ToThread =
  | { do: 'load'; piece: Piece }
  | { do: 'go'; n: number }
  /** In the order of what was asked. */
  | { do: 'judged'; n: number; issues: Issue[][] };

export type FromThread =
  | { say: 'ready' }
  /** The database does not answer; the thread tries again. */
  | { say: 'unreachable' }
  /** Waits for what profiles say of these. */
  | { say: 'judge'; n: number; resources: Resource[] }
  /** What it is about to write; `alone` when it looks things up in the record. */
  | { say: 'prepared'; n: number; ids: BigInt64Array; alone: boolean }
  | { say: 'done'; n: number; counts: Counts; before: boolean; refused: Refusal[] }
  | { say: 'failed'; n: number; code: string; text: string; textEn: string; stack: string };

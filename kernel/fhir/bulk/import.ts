/**
 * An import: files of others are fetched one after the other and loaded as `yba load` does, all in one load; what was refused is
 * told by line, what cannot be had by file.
 */
import { createHash } from 'node:crypto';
import { Failure } from '../../failure.ts';
import { type Outbound, OutboundError } from '../../outbound/outbound.ts';
import type { Counts, MadeSource, Refusal } from '../../store/load/contract.ts';
import { goodOutcome } from '../outcome.ts';
import type { AtWork } from './at-work.ts';
import type { ExportWriter } from './export-files.ts';
import type { ImportAsk } from './import-ask.ts';
import { boundedBytes } from './import-stream.ts';
import { Refused } from './refused.ts';

/** What a load tells while it works, by the name of the source. */
export interface LoadTold {
  refused(source: string, refusals: Refusal[]): void;
  counts(source: string, counts: Counts): void;
}

export interface ImportParts {
  outbound: Outbound;
  /** Loads the sources in their order. */
  load(sources: MadeSource[], told: LoadTold): Promise<unknown>;
  atWork: AtWork;
  writer: ExportWriter;
  /** Tells how far it is; fails when nobody waits any more. */
  report(progress: string): Promise<void>;
}

/** Milliseconds without a byte; a file that is made while it is read may begin late. */
const PATIENCE_MS = 120_000;
/** One file may be a whole type of a province. */
const MOST_BYTES = 2 ** 40;

interface ImportedFile {
  url: string;
  counts: Counts;
  refused: Refused;
  /** Why it could not be read, or not to its end. */
  fault: object | null;
}

const NONE: Counts = { created: 0, updated: 0, unchanged: 0, deleted: 0, refused: 0 };

/** Files that cannot be had, and lines that are refused, stand in the report; the others are in the record. */
export async function runImport(parts: ImportParts, { input }: ImportAsk): Promise<void> {
  const { load, writer } = parts;
  const files = new Map<string, ImportedFile>();
  const sources = input.map(({ type, url }, at): MadeSource => {
    const file: ImportedFile = { url, counts: NONE, refused: new Refused(), fault: null };
    const name = nameOf(url);
    files.set(name, file);
    const progress = `${at} / ${input.length}: ${type}`;
    return { name, about: 0, bytes: () => bytesOf(parts, file, progress) };
  });
  try {
    await load(sources, {
      refused: (name, refusals) => files.get(name)?.refused.add(refusals),
      counts: (name, counts) => {
        const file = files.get(name);
        if (file) file.counts = sumOf(file.counts, counts);
      },
    });
    for (const file of files.values()) await writeReport(writer, file);
  } finally {
    await writer.close();
  }
}

/** A long file tells so often that it is still read, and learns whether somebody still waits. */
const REPORT_MS = 1_000;

/** What stops one file stops no other: it ends there, and its fault is told. */
async function* bytesOf(
  { outbound, atWork, report }: ImportParts,
  file: ImportedFile,
  progress: string,
): AsyncGenerator<Buffer> {
  await report(progress);
  let reportedAt = performance.now();
  const chunks = boundedBytes(fetchFile(outbound, file.url, atWork.signal));
  const next = async () => {
    try {
      return await chunks.next();
    } catch (error) {
      atWork.check();
      file.fault = faultOf(error);
      return null;
    }
  };
  try {
    for (let chunk = await next(); chunk && !chunk.done; chunk = await next()) {
      yield chunk.value;
      if (performance.now() - reportedAt < REPORT_MS) continue;
      reportedAt = performance.now();
      await report(progress);
    }
  } finally {
    await chunks.return(undefined);
  }
}

async function* fetchFile(outbound: Outbound, url: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const headers = { accept: 'application/fhir+ndjson' };
  const { status, body } = await outbound.send({
    method: 'GET',
    url,
    headers,
    patience: PATIENCE_MS,
    most: MOST_BYTES,
    signal,
  });
  if (status !== 200) {
    throw new Failure('no-match', `${url} trả lời ${status}, không phải 200.`, {
      textEn: `${url} answered ${status}, not 200.`,
    });
  }
  yield* body;
}

async function writeReport(
  writer: ExportWriter,
  { url, counts, refused, fault }: ImportedFile,
): Promise<void> {
  const all = counts.created + counts.updated + counts.unchanged + counts.deleted + counts.refused;
  if (fault === null || all > 0)
    await writer.write('OperationOutcome', [lineOf(summaryOf(counts))], 'output', url);
  const faults = [...(fault === null ? [] : [fault]), ...refused.outcomes()];
  if (faults.length > 0) await writer.write('OperationOutcome', faults.map(lineOf), 'error', url);
}

function summaryOf({ created, updated, unchanged, deleted, refused }: Counts): object {
  return goodOutcome(
    `${created} mới, ${updated} phiên bản mới, ${unchanged} không đổi, ${deleted} xóa, ${refused} bị từ chối.`,
    `created=${created} updated=${updated} unchanged=${unchanged} deleted=${deleted} refused=${refused}`,
  );
}

function sumOf(a: Counts, b: Counts): Counts {
  return {
    created: a.created + b.created,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    deleted: a.deleted + b.deleted,
    refused: a.refused + b.refused,
  };
}

/** A fault of the file; a defect of the program is none. */
function faultOf(error: unknown): object {
  if (error instanceof OutboundError) return errorOutcome('transient', error.text, error.message);
  if (!(error instanceof Failure)) throw error;
  const [issue] = error.issues;
  return errorOutcome(issue!.code, issue!.text, issue!.textEn ?? issue!.text);
}

function errorOutcome(code: string, text: string, diagnostics: string): object {
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code, details: { text }, diagnostics }],
  };
}

/** The same address is the same source; a load that was broken off goes on by it. */
function nameOf(url: string): string {
  if (url.length <= 500) return url;
  return `${url.slice(0, 400)}#${createHash('sha256').update(url).digest('hex')}`;
}

const lineOf = (resource: object) => Buffer.from(JSON.stringify(resource));

/** An import: files of others are fetched one after the other and loaded as `yba load` does; what was refused is told by line. */
import { Failure } from '../../failure.ts';
import { type Outbound, OutboundError } from '../../outbound/outbound.ts';
import type { LoadSummary, MadeSource, Refusal } from '../../store/load/contract.ts';
import { goodOutcome } from '../outcome.ts';
import type { ExportWriter } from './export-files.ts';
import type { ImportAsk } from './import-ask.ts';

export interface ImportParts {
  outbound: Outbound;
  load(source: MadeSource, refused: (refusals: Refusal[]) => void): Promise<LoadSummary>;
  writer: ExportWriter;
  /** Tells how far it is; fails when nobody waits any more. */
  report(progress: string): Promise<void>;
}

/** Milliseconds without a byte; a file that is made while it is read may begin late. */
const PATIENCE_MS = 120_000;
/** One file may be a whole type of a province. */
const MOST_BYTES = 2 ** 40;

/** Files that cannot be had, and lines that are refused, stand in the report; the others are in the record. */
export async function runImport(parts: ImportParts, { input }: ImportAsk): Promise<void> {
  try {
    for (const [at, { type, url }] of input.entries()) {
      await parts.report(`${at} / ${input.length}: ${type}`);
      await importFile(parts, url);
    }
  } finally {
    await parts.writer.close();
  }
}

async function importFile({ outbound, load, writer }: ImportParts, url: string): Promise<void> {
  const refused: Refusal[] = [];
  const source: MadeSource = { name: url.slice(0, 500), about: 0, bytes: () => fetchFile(outbound, url) };
  let told: object;
  let role: 'output' | 'error' = 'output';
  try {
    told = summaryOf(await load(source, (more) => void refused.push(...more)));
  } catch (error) {
    told = faultOf(error);
    role = 'error';
  }
  await writer.write('OperationOutcome', [lineOf(told)], role, url);
  const lines = refused.map((one) => lineOf(refusalOutcome(one)));
  if (lines.length > 0) await writer.write('OperationOutcome', lines, 'error', url);
}

async function* fetchFile(outbound: Outbound, url: string): AsyncGenerator<Buffer> {
  const headers = { accept: 'application/fhir+ndjson' };
  const { status, body } = await outbound.send({
    method: 'GET',
    url,
    headers,
    patience: PATIENCE_MS,
    most: MOST_BYTES,
  });
  if (status !== 200) {
    throw new Failure('no-match', `${url} trả lời ${status}, không phải 200.`, {
      textEn: `${url} answered ${status}, not 200.`,
    });
  }
  yield* body;
}

function summaryOf({ created, updated, unchanged, deleted, refused }: LoadSummary): object {
  return goodOutcome(
    `${created} mới, ${updated} phiên bản mới, ${unchanged} không đổi, ${deleted} xóa, ${refused} bị từ chối.`,
    `created=${created} updated=${updated} unchanged=${unchanged} deleted=${deleted} refused=${refused}`,
  );
}

/** What stopped one file stops no other; a defect and a full disk stop all. */
function faultOf(error: unknown): object {
  if (error instanceof OutboundError) return errorOutcome('transient', error.text, error.message);
  if (!(error instanceof Failure) || ['internal', 'disk-full', 'database-unavailable'].includes(error.code))
    throw error;
  const [issue] = error.issues;
  return errorOutcome(issue!.code, issue!.text, issue!.textEn ?? issue!.text);
}

function refusalOutcome({ line, place, text, textEn }: Refusal): object {
  return errorOutcome('invalid', `Dòng ${line}: ${text}`, `Line ${line}: ${textEn}`, place);
}

function errorOutcome(code: string, text: string, diagnostics: string, place = ''): object {
  const expression = place === '' ? {} : { expression: [place] };
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code, details: { text }, diagnostics, ...expression }],
  };
}

const lineOf = (resource: object) => Buffer.from(JSON.stringify(resource));

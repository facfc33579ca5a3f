/** `$export` (Bulk Data Access 2.0: system, patient and group level) and `$import` over HTTP. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import type { LoadSummary, MadeSource, Refusal } from '../../store/load/contract.ts';
import { findJob, noJob, takeForLater } from '../http/async.ts';
import { refuseParams } from '../http/context.ts';
import { readDemand, readPrefer } from '../http/demand.ts';
import { bodyOf, idOf, JSON_TYPES, param, queryOf, requireMediaType } from '../http/request.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { readJson } from '../json/read.ts';
import type { FhirGate } from '../record.ts';
import type { ResourceType } from '../types.ts';
import { exportedTypes, membersOf, runExport } from './export.ts';
import { type Level, readExportAsk } from './export-ask.ts';
import type { ExportFiles, ExportWriter } from './export-files.ts';
import { type ImportParts, runImport } from './import.ts';
import { readImportAsk } from './import-ask.ts';
import type { ExportResult } from './manifest.ts';
import { exportPairs } from './parameters.ts';

export interface BulkRoutes {
  gate: FhirGate;
  jobs: Jobs;
  files: ExportFiles;
  /** Epoch milliseconds: nothing that was written then or before can still appear. */
  settledUntil(): Promise<number>;
  /** Calls to addresses that others gave. */
  outbound: Outbound;
  /** Loads one file into the record in the name of who asked. */
  load(actor: Actor, source: MadeSource, refused: (refusals: Refusal[]) => void): Promise<LoadSummary>;
}

/** Files of what expired, or was forgotten by an erasure, go at most so much later; nobody can read them before. */
const SWEEP_MS = 60_000;

/** Registers `$export`, `$import` and their files below `/fhir`. */
export function bulkRoutes(app: FastifyInstance, parts: BulkRoutes): void {
  const at = (level: Level) => (request: FastifyRequest, reply: FastifyReply) =>
    handleExport(parts, level, request, reply);
  const method: HTTPMethods[] = ['GET', 'POST'];
  app.route({ method, url: '/$export', handler: at('system') });
  app.route({ method, url: '/Patient/$export', handler: at('patient') });
  app.route({ method, url: '/Group/:id/$export', handler: at('group') });
  app.post('/$import', (request, reply) => handleImport(parts, request, reply));
  app.get('/_job/:id/files/:name', (request, reply) => handleFile(parts, request, reply));

  parts.jobs.onCancelled((id) => parts.files.remove(id));
  const sweep = () => parts.files.sweep((ids) => parts.jobs.kept(ids)).catch(() => undefined);
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  app.addHook('onReady', sweep);
  app.addHook('onClose', async () => clearInterval(timer));
}

async function handleExport(parts: BulkRoutes, level: Level, request: FastifyRequest, reply: FastifyReply) {
  const { lenient } = readPrefer(request.headers.prefer);
  const posted = request.method === 'POST' && bodyOf(request).length > 0;
  const given = queryOf(request);
  if (posted) {
    requireMediaType(request, JSON_TYPES);
    given.push(...exportPairs(readJson(bodyOf(request))));
  }
  const ask = readExportAsk(level, given, { posted, lenient });
  const session = parts.gate.session(request);
  const types = exportedTypes(session, ask);
  const patients = level === 'group' ? await membersOf(session, idOf(request), ask) : ask.patients;
  return takeFiles(parts, request, reply, async (writer, report) => {
    const until = await parts.settledUntil();
    await runExport({ session, ask, until, writer, report }, types, patients);
    return until;
  });
}

async function handleImport(parts: BulkRoutes, request: FastifyRequest, reply: FastifyReply) {
  refuseParams(readDemand(queryOf(request)).params);
  requireMediaType(request, JSON_TYPES);
  const { actor, reach } = parts.gate.session(request);
  const acts = ['create', 'update', 'delete'] as const;
  if (!acts.every((act) => reach(act, 'Resource' as ResourceType) === 'province')) throw mayNotImport();
  const ask = readImportAsk(readJson(bodyOf(request)), (url) => parts.outbound.check(url));
  return takeFiles(parts, request, reply, async (writer, report) => {
    const began = Date.now();
    const load: ImportParts['load'] = (source, refused) => parts.load(actor, source, refused);
    await runImport({ load, outbound: parts.outbound, writer, report }, ask);
    return began;
  });
}

/** Work that leaves files. @param work answers the time up to which they speak */
function takeFiles(
  parts: BulkRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (writer: ExportWriter, report: (progress: string) => Promise<void>) => Promise<number>,
) {
  return takeForLater(
    parts,
    request,
    reply,
    async (job) => {
      const writer = await parts.files.writer(job.id);
      try {
        const until = await work(writer, (progress) => job.report(progress));
        const result: ExportResult = { transactionTime: new Date(until).toISOString(), files: writer.files };
        return { status: 200, body: Buffer.from(JSON.stringify(result)) };
      } catch (error) {
        await parts.files.remove(job.id);
        throw error;
      }
    },
    'export',
  );
}

function mayNotImport(): Failure {
  return new Failure('forbidden', 'Chỉ máy khách được ghi mọi loại dữ liệu của cả tỉnh mới được nhập.', {
    textEn: 'Only a client that may write everything in the whole province may import.',
  });
}

/** One file, to whom asked for the export. */
async function handleFile(parts: BulkRoutes, request: FastifyRequest, reply: FastifyReply) {
  refuseParams(readDemand(queryOf(request)).params);
  const job = await findJob(parts, request);
  if (job.state !== 'done' || job.kind !== 'export') throw noJob(job.id);
  const name = param(request, 'name');
  const { files } = JSON.parse(job.answer!.toString('utf8')) as ExportResult;
  const found = files.some((file) => file.name === name) ? await parts.files.read(job.id, name) : null;
  if (!found) {
    throw new Failure('not-found', `Không có tệp "${name}" ở máy này. Hãy xem lại danh sách tệp.`, {
      textEn: `There is no file "${name}" here: look at the manifest again.`,
    });
  }
  return reply.header('Content-Type', typeOf(name)).header('Content-Length', found.size).send(found.stream);
}

function typeOf(name: string): string {
  if (name.endsWith('.csv')) return 'text/csv; charset=utf-8';
  return name.endsWith('.parquet') ? 'application/vnd.apache.parquet' : 'application/fhir+ndjson';
}

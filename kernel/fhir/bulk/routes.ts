/** `$export` (Bulk Data Access 2.0: system, patient and group level) and `$import` over HTTP. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import type { MadeSource } from '../../store/load/contract.ts';
import { findJob, noJob, takeForLater } from '../http/async.ts';
import { refuseParams } from '../http/context.ts';
import { readDemand, readPrefer } from '../http/demand.ts';
import { baseOf, bodyOf, idOf, JSON_TYPES, param, queryOf, requireMediaType } from '../http/request.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { readJson } from '../json/read.ts';
import { pairsOfParameters } from '../operations/parameters.ts';
import type { FhirGate } from '../record.ts';
import type { FhirSession } from '../session/session.ts';
import type { ResourceType } from '../types.ts';
import { AtWork } from './at-work.ts';
import { checkPatients, type ExportParts, exportedTypes, exportTypes, writeFailure } from './export.ts';
import { type ExportAsk, type Level, readExportAsk } from './export-ask.ts';
import { exportDeleted } from './export-deleted.ts';
import type { ExportFiles, ExportWriter } from './export-files.ts';
import { exportRecords } from './export-records.ts';
import { sendFile } from './file-answer.ts';
import { groupMembers } from './group-members.ts';
import { type ImportParts, type LoadTold, runImport } from './import.ts';
import { readImportAsk } from './import-ask.ts';
import type { ExportResult } from './manifest.ts';

export interface BulkRoutes {
  gate: FhirGate;
  jobs: Jobs;
  files: ExportFiles;
  /**
   * Epoch milliseconds: nothing that was written then or before can still appear. What runs is waited for.
   * @param waiting told again and again meanwhile; what it throws ends the wait
   */
  settledUntil(waiting: () => Promise<void>): Promise<number>;
  /** Calls to addresses that others gave. */
  outbound: Outbound;
  /** Loads files into the record in the name of who asked. */
  load(actor: Actor, sources: MadeSource[], told: LoadTold): Promise<unknown>;
}

interface Parts extends BulkRoutes {
  atWork: AtWork;
}

/** Files of what expired, or was forgotten by an erasure, go at most so much later; nobody can read them before. */
const SWEEP_MS = 60_000;

/** Registers `$export`, `$import` and their files below `/fhir`. */
export function bulkRoutes(app: FastifyInstance, given: BulkRoutes): void {
  const parts: Parts = { ...given, atWork: new AtWork() };
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
  app.addHook('onClose', async () => {
    clearInterval(timer);
    await parts.atWork.stop();
  });
}

async function handleExport(parts: Parts, level: Level, request: FastifyRequest, reply: FastifyReply) {
  const { lenient } = readPrefer(request.headers.prefer);
  const posted = request.method === 'POST' && bodyOf(request).length > 0;
  const given = queryOf(request);
  if (posted) {
    requireMediaType(request, JSON_TYPES);
    given.push(...pairsOfParameters(readJson(bodyOf(request))));
  }
  const ask = readExportAsk(level, given, { posted, lenient });
  const session = parts.gate.session(request);
  const types = exportedTypes(session, ask);
  const patients = await personsOf(session, ask, request);
  const base = baseOf(request);
  await session.note('export', request.url.replace(/^.*?\/fhir\//, '').slice(0, 1000), null);
  return takeFiles(parts, request, reply, async (writer, report) => {
    const until = await parts.settledUntil(() => report('settling'));
    await runExport({ session, ask, types, base, until, writer, report }, patients);
    return until;
  });
}

/** Whose records an export is of; undefined = by type, everybody's. Fails before anything is taken. */
async function personsOf(
  session: FhirSession,
  ask: ExportAsk,
  request: FastifyRequest,
): Promise<string[] | undefined> {
  if (ask.level !== 'group') {
    if (ask.patients) await checkPatients(session, ask.patients);
    return ask.patients && [...new Set(ask.patients)];
  }
  const group = idOf(request);
  const members = await groupMembers(session, group, Date.now());
  const stranger = ask.patients?.find((id) => !members.includes(id));
  if (stranger !== undefined) {
    throw new Failure('invalid-parameter', `Patient/${stranger} không thuộc nhóm Group/${group}.`, {
      textEn: `Patient/${stranger} is no member of Group/${group}.`,
      expression: 'patient',
    });
  }
  return ask.patients ? [...new Set(ask.patients)] : members;
}

async function runExport(parts: ExportParts, patients: readonly string[] | undefined): Promise<void> {
  const { ask, writer } = parts;
  try {
    for (const failure of ask.leftOut) await writeFailure(writer, failure);
    if (patients) await exportRecords(parts, patients);
    else await exportTypes(parts);
    if (ask.since !== undefined) await exportDeleted(parts, patients && new Set(patients));
  } finally {
    await writer.close();
  }
}

async function handleImport(parts: Parts, request: FastifyRequest, reply: FastifyReply) {
  refuseParams(readDemand(queryOf(request)).params);
  requireMediaType(request, JSON_TYPES);
  const { actor, reach } = parts.gate.session(request);
  const acts = ['create', 'update', 'delete'] as const;
  if (!acts.every((act) => reach(act, 'Resource' as ResourceType) === 'province')) throw mayNotImport();
  const ask = readImportAsk(readJson(bodyOf(request)), (url) => parts.outbound.check(url));
  return takeFiles(parts, request, reply, async (writer, report) => {
    const began = Date.now();
    const load: ImportParts['load'] = (sources, told) => parts.load(actor, sources, told);
    await runImport({ load, outbound: parts.outbound, atWork: parts.atWork, writer, report }, ask);
    return began;
  });
}

/** Work that leaves files. @param work answers the time up to which they speak */
function takeFiles(
  parts: Parts,
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
        const report = (progress: string) => {
          parts.atWork.check();
          return job.report(progress);
        };
        const until = await parts.atWork.run(() => work(writer, report));
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
async function handleFile(parts: Parts, request: FastifyRequest, reply: FastifyReply) {
  refuseParams(readDemand(queryOf(request)).params);
  const job = await findJob(parts, request);
  if (job.state !== 'done' || job.kind !== 'export') throw noJob(job.id);
  const name = param(request, 'name');
  const { files } = JSON.parse(job.answer!.toString('utf8')) as ExportResult;
  const found = files.some((file) => file.name === name) ? await parts.files.find(job.id, name) : null;
  if (!found) {
    throw new Failure('not-found', `Không có tệp "${name}" ở máy này. Hãy xem lại danh sách tệp.`, {
      textEn: `There is no file "${name}" here: look at the manifest again.`,
    });
  }
  reply.header('Expires', job.expires.toUTCString());
  return sendFile(request, reply, found);
}

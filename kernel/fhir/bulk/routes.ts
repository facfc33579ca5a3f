/** `$export` over HTTP: Bulk Data Access 2.0, system, patient and group level. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Failure } from '../../failure.ts';
import { findJob, noJob, takeForLater } from '../http/async.ts';
import { refuseParams } from '../http/context.ts';
import { readDemand, readPrefer } from '../http/demand.ts';
import { bodyOf, idOf, JSON_TYPES, param, queryOf, requireMediaType } from '../http/request.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { readJson } from '../json/read.ts';
import type { FhirGate } from '../record.ts';
import { exportedTypes, membersOf, runExport } from './export.ts';
import { type Level, readExportAsk } from './export-ask.ts';
import type { ExportFiles } from './export-files.ts';
import type { ExportResult } from './manifest.ts';
import { exportPairs } from './parameters.ts';

export interface ExportRoutes {
  gate: FhirGate;
  jobs: Jobs;
  files: ExportFiles;
  /** Epoch milliseconds: nothing that was written then or before can still appear. */
  settledUntil(): Promise<number>;
}

/** Files of what expired, or was forgotten by an erasure, go at most so much later; nobody can read them before. */
const SWEEP_MS = 60_000;

/** Registers `$export` and the files of exports below `/fhir`. */
export function exportRoutes(app: FastifyInstance, parts: ExportRoutes): void {
  const at = (level: Level) => (request: FastifyRequest, reply: FastifyReply) =>
    handleExport(parts, level, request, reply);
  const method: HTTPMethods[] = ['GET', 'POST'];
  app.route({ method, url: '/$export', handler: at('system') });
  app.route({ method, url: '/Patient/$export', handler: at('patient') });
  app.route({ method, url: '/Group/:id/$export', handler: at('group') });
  app.get('/_job/:id/files/:name', (request, reply) => handleFile(parts, request, reply));

  parts.jobs.onCancelled((id) => parts.files.remove(id));
  const sweep = () => parts.files.sweep((ids) => parts.jobs.kept(ids)).catch(() => undefined);
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  app.addHook('onReady', sweep);
  app.addHook('onClose', async () => clearInterval(timer));
}

async function handleExport(parts: ExportRoutes, level: Level, request: FastifyRequest, reply: FastifyReply) {
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
  return takeForLater(
    parts,
    request,
    reply,
    async (job) => {
      const until = await parts.settledUntil();
      const writer = await parts.files.writer(job.id);
      const report = (progress: string) => job.report(progress);
      try {
        const files = await runExport({ session, ask, until, writer, report }, types, patients);
        const result: ExportResult = { transactionTime: new Date(until).toISOString(), files };
        return { status: 200, body: Buffer.from(JSON.stringify(result)) };
      } catch (error) {
        await parts.files.remove(job.id);
        throw error;
      }
    },
    'export',
  );
}

/** One file, to whom asked for the export. */
async function handleFile(parts: ExportRoutes, request: FastifyRequest, reply: FastifyReply) {
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
  return reply
    .header('Content-Type', 'application/fhir+ndjson')
    .header('Content-Length', found.size)
    .send(found.stream);
}

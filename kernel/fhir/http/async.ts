/**
 * `Prefer: respond-async` over HTTP. R4 async.html: 202 with Content-Location, polled until it answers 200. Who accepts
 * application/json gets the manifest of R4; who accepts application/fhir+json the Bundle that R5 (async-bundle.html) gives.
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { exportManifest } from '../bulk/manifest.ts';
import type { JobKind, JobRow } from '../jobs/job-table.ts';
import type { JobAtWork, Jobs } from '../jobs/jobs.ts';
import { PollMeter } from '../jobs/poll-meter.ts';
import { goodOutcome } from '../outcome.ts';
import type { FhirGate } from '../record.ts';
import { bundleBytes, responseEntry } from './bundle-bytes.ts';
import { type Answer, refuseParams } from './context.ts';
import { readDemand, readPrefer } from './demand.ts';
import { answeredLater } from './manner.ts';
import { FHIR_JSON, send } from './reply.ts';
import { baseOf, param, queryOf } from './request.ts';

export interface AsyncParts {
  gate: FhirGate;
  jobs: Jobs;
}

/** Seconds between two looks. */
const LOOK_AGAIN = '1';
const meter = new PollMeter();

/** Answers now, or takes the work for later when that is preferred. */
export async function answerOrTake(
  { gate, jobs }: AsyncParts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<Answer>,
): Promise<FastifyReply> {
  if (!readPrefer(request.headers.prefer).respondAsync || request.method === 'HEAD')
    return send(reply, await work());
  return takeForLater({ gate, jobs }, request, reply, work);
}

/** 202: the answer will be at Content-Location. */
export async function takeForLater(
  { gate, jobs }: AsyncParts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (job: JobAtWork) => Promise<Answer>,
  kind: JobKind = 'answer',
): Promise<FastifyReply> {
  answeredLater(request);
  const id = await jobs.start(gate.actorOf(request), requestOf(request), work, kind);
  const outcome = goodOutcome(
    'Đã nhận yêu cầu; hãy xem kết quả ở Content-Location.',
    'Accepted: poll Content-Location.',
  );
  return reply
    .code(202)
    .header('Content-Location', addressOf(request, id))
    .header('Preference-Applied', 'respond-async')
    .header('Retry-After', LOOK_AGAIN)
    .header('Content-Type', FHIR_JSON)
    .send(Buffer.from(JSON.stringify(outcome)));
}

/** `GET [base]/_job/id`: 202 while it runs, the failure's own status when it failed, 200 with the answer. */
export async function handleJob({ gate, jobs }: AsyncParts, request: FastifyRequest, reply: FastifyReply) {
  const { params, pretty } = readDemand(queryOf(request));
  refuseParams(params);
  const job = await findJob({ gate, jobs }, request);
  if (job.state === 'running') {
    const wait = meter.look(job.id, performance.now());
    if (wait > 0) throw tooOften();
    return reply.code(202).header('X-Progress', job.progress).header('Retry-After', LOOK_AGAIN).send();
  }
  reply.header('Expires', job.expires.toUTCString());
  if (job.state === 'failed') return send(reply, { status: job.status, body: job.answer }, pretty);
  if (job.kind === 'export') {
    return reply.type('application/json').send(exportManifest(job, addressOf(request, job.id)));
  }
  if (wantsManifest(request.headers.accept)) {
    return reply.type('application/json').send(manifestOf(job, addressOf(request, job.id)));
  }
  const status = `${job.status} ${STATUS_CODES[job.status]}`;
  const entry = responseEntry({ status }, job.answer);
  return send(reply, { status: 200, body: bundleBytes('batch-response', {}, [entry]) }, pretty);
}

/** `GET [base]/_job/id/answer`: the answer alone, one resource on one line. */
export async function handleJobAnswer(parts: AsyncParts, request: FastifyRequest, reply: FastifyReply) {
  refuseParams(readDemand(queryOf(request)).params);
  const job = await findJob(parts, request);
  if (job.state !== 'done' || job.kind === 'export') throw noJob(job.id);
  return reply.type('application/fhir+ndjson').send(job.answer);
}

/** `DELETE [base]/_job/id`: nobody waits for it any more. */
export async function handleCancel({ gate, jobs }: AsyncParts, request: FastifyRequest, reply: FastifyReply) {
  refuseParams(readDemand(queryOf(request)).params);
  const id = param(request, 'id');
  if (!(await jobs.cancel(gate.actorOf(request), id))) throw noJob(id);
  const outcome = goodOutcome('Đã hủy yêu cầu.', 'The request was cancelled.');
  return send(reply, { status: 202, body: Buffer.from(JSON.stringify(outcome)) });
}

/** The job of the address, when it is the actor's. Fails with `not-found`, `gone`, `interrupted`. */
export async function findJob({ gate, jobs }: AsyncParts, request: FastifyRequest): Promise<JobRow> {
  const id = param(request, 'id');
  const job = await jobs.find(gate.actorOf(request), id);
  if (!job) throw noJob(id);
  if (job.silent) {
    throw new Failure('interrupted', 'Chương trình đã dừng trước khi làm xong yêu cầu này. Hãy gửi lại.', {
      textEn: 'The program stopped before this request was done. Send it again.',
    });
  }
  if (job.state !== 'running' && job.answer === null) {
    throw new Failure('gone', 'Kết quả đã bị xóa cùng dữ liệu của một người. Hãy gửi lại yêu cầu.', {
      textEn:
        'The answer was forgotten when the data of a person were erased. What the request wrote stays; ask again.',
    });
  }
  return job;
}

/** The work goes on. */
function tooOften(): Failure {
  return new Failure(
    'too-many-requests',
    'Hỏi quá dồn dập; hãy đợi vài giây rồi hỏi lại, việc vẫn đang chạy.',
    {
      textEn: 'You look too often: wait as Retry-After says and look again. The work goes on.',
    },
  );
}

function manifestOf(job: JobRow, address: string): object {
  return {
    transactionTime: job.asked.toISOString(),
    request: job.request.replace(/^\S+ /, ''),
    requiresAccessToken: true,
    output: [{ type: 'Bundle', url: `${address}/answer`, count: 1 }],
    error: [],
  };
}

function wantsManifest(accept = ''): boolean {
  return /(^|,)\s*application\/json\b/.test(accept) && !accept.includes('fhir+json');
}

function requestOf(request: FastifyRequest): string {
  return `${request.method} ${baseOf(request)}${request.url.slice('/fhir'.length)}`;
}

function addressOf(request: FastifyRequest, id: string): string {
  return `${baseOf(request)}/_job/${id}`;
}

export function noJob(id: string): Failure {
  return new Failure('not-found', `Không có yêu cầu "${id}", hoặc kết quả đã hết hạn.`, {
    textEn: `There is no request "${id}" of yours, or its answer has expired.`,
  });
}

/**
 * Asynchronous requests (`Prefer: respond-async`, R4 async.html): few at a time, kept in a table, so that any program on
 * the database tells how far they are. A job whose program has ended is told as failed.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Actor } from '../../access/contract.ts';
import { formatScope } from '../../access/scopes.ts';
import { Failure } from '../../failure.ts';
import type { Answer } from '../http/context.ts';
import { asFailure, outcomeOf } from '../outcome.ts';
import { BEAT_MS, type JobKind, type JobRow, JobTable } from './job-table.ts';

/** Jobs worked on at once in one program; the others wait for their turn. An export or a measure takes long and nobody's turn but that of its own kind. */
const AT_ONCE: Record<JobKind, number> = { answer: 2, export: 1, measure: 1 };
/** Jobs that one owner may have waiting. */
const MOST_WAITING = 20;
const SWEEP_MS = 600_000;

/** A job at work. */
export interface JobAtWork {
  id: string;
  /** Tells how far it is (`X-Progress`). Fails when nobody waits for it any more. */
  report(progress: string): Promise<void>;
}

export interface Jobs {
  /** Takes a request; resolves with the job's id. Fails with `too-many-requests`. */
  start(
    actor: Actor,
    request: string,
    work: (job: JobAtWork) => Promise<Answer>,
    kind?: JobKind,
  ): Promise<string>;
  /** Null for a job that is not there, was cancelled, has expired, or belongs to somebody else. */
  find(actor: Actor, id: string): Promise<JobRow | null>;
  /** False when there is nothing to cancel. What a transaction has written stays written. */
  cancel(actor: Actor, id: string): Promise<boolean>;
  /** Told of each job that was cancelled in this program. */
  onCancelled(listener: (id: string) => Promise<void>): void;
  /** Those of the jobs whose answer is still kept, or worked on. */
  kept(ids: string[]): Promise<Set<string>>;
  /** Tells what is still worked on as broken off. */
  close(): Promise<void>;
}

type Work = (job: JobAtWork) => Promise<Answer>;

interface Lane {
  queue: (() => Promise<void>)[];
  running: number;
}

/** @param onDefect told of errors that are none of the request's */
export function openJobs(pool: Pool, onDefect: (error: unknown, request: string) => void): Jobs {
  const table = new JobTable(pool);
  const program = randomUUID();
  const listeners: ((id: string) => Promise<void>)[] = [];
  const lanes: Record<JobKind, Lane> = {
    answer: { queue: [], running: 0 },
    export: { queue: [], running: 0 },
    measure: { queue: [], running: 0 },
  };

  const next = async (kind: JobKind): Promise<void> => {
    const lane = lanes[kind];
    if (lane.running >= AT_ONCE[kind]) return;
    const run = lane.queue.shift();
    if (!run) return;
    lane.running += 1;
    await run();
    lane.running -= 1;
    void next(kind);
  };

  const report = async (id: string, progress: string): Promise<void> => {
    if (!(await table.progress(id, progress))) throw cancelled();
  };

  const carryOut = async (id: string, request: string, work: Work): Promise<void> => {
    try {
      if (!(await table.begin(id))) return;
      const job: JobAtWork = { id, report: (progress) => report(id, progress) };
      const { state, status, body } = await outcome(
        () => work(job),
        (error) => onDefect(error, request),
      );
      // Told as broken off already, and the table may be gone.
      if (closed) return;
      await table.finish(id, state, status, body);
    } catch (error) {
      // The table cannot be written: the job falls silent and is told as broken off.
      onDefect(error, request);
    }
  };

  let closed = false;
  const ignore = () => undefined;
  const timers = [
    setInterval(() => table.beat(program).catch(ignore), BEAT_MS),
    setInterval(() => table.sweep().catch(ignore), SWEEP_MS),
  ];
  for (const timer of timers) timer.unref();

  return {
    async start(actor, request, work, kind = 'answer') {
      const owner = ownerOf(actor);
      if ((await table.waiting(owner)) >= MOST_WAITING) throw tooMany();
      const id = randomUUID();
      await table.add(id, owner, program, request, kind);
      lanes[kind].queue.push(() => carryOut(id, request, work));
      void next(kind);
      return id;
    },
    async find(actor, id) {
      const row = await table.find(id, ownerOf(actor));
      return row?.state === 'cancelled' ? null : row;
    },
    async cancel(actor, id) {
      const done = await table.cancel(id, ownerOf(actor));
      if (done) for (const listener of listeners) await listener(id);
      return done;
    },
    onCancelled: (listener) => void listeners.push(listener),
    kept: (ids) => table.kept(ids),
    async close() {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      for (const lane of Object.values(lanes)) lane.queue.length = 0;
      await table.abandon(program).catch(ignore);
    },
  };
}

async function outcome(
  work: () => Promise<Answer>,
  onDefect: (error: unknown) => void,
): Promise<{ state: 'done' | 'failed'; status: number; body: Buffer }> {
  try {
    const { status, body } = await work();
    return { state: 'done', status, body: body ?? Buffer.alloc(0) };
  } catch (error) {
    const failure = asFailure(error) ?? defect(error, onDefect);
    return { state: 'failed', status: failure.status, body: Buffer.from(JSON.stringify(outcomeOf(failure))) };
  }
}

/** Nothing of the error's text leaves the program. */
function defect(error: unknown, onDefect: (error: unknown) => void): Failure {
  onDefect(error);
  return new Failure('internal', 'Máy chủ gặp lỗi. Sự việc đã được ghi lại.', { textEn: 'Internal error.' });
}

/** Who may see the answer: the same account or client, in the same unit and roles, with the same scopes and patient of a launch. */
function ownerOf({ id, unit, roles, scopes, client, launch }: Actor): string {
  const allowed = scopes?.map(formatScope).sort() ?? null;
  return JSON.stringify([
    roles.includes('system-client') ? 'client' : 'account',
    id,
    unit,
    [...roles].sort(),
    allowed,
    ...(client === undefined ? [] : [client, launch?.patient ?? null]),
  ]);
}

/** Nobody reads it: the job's row says already what became of it. */
function cancelled(): Failure {
  return new Failure('gone', 'Yêu cầu đã được hủy.', { textEn: 'The request was cancelled.' });
}

function tooMany(): Failure {
  return new Failure('too-many-requests', `Đã có ${MOST_WAITING} yêu cầu đang chờ. Hãy đợi kết quả trước.`, {
    textEn: `${MOST_WAITING} requests are waiting already: read or cancel them first.`,
  });
}

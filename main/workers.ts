/**
 * The processes that serve, seen from the one that started them (`node:cluster`): they share the port, connection by
 * connection. The first one also follows the change feed and keeps the clock. One that dies is started again; all end
 * with this one, however it ends.
 */
import cluster, { type Worker } from 'node:cluster';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Snapshot } from './health.ts';
import type { ProgramSettings } from './settings.ts';

/** To a worker. */
export type Order =
  | { start: { settings: ProgramSettings; first: boolean; embedded: boolean } }
  | { announce: true }
  | { stop: true }
  /** Its counts are wanted. */
  | { count: number }
  /** What the others have counted, for a question of its own. */
  | { counted: number; snapshots: Snapshot[] };

/** From a worker. */
export type Report =
  | { ready: string }
  /** It asks what the others have counted. */
  | { ask: number }
  | { count: number; snapshot: Snapshot };

export interface Workers {
  /** Lets the first one print the address and the accounts. */
  announce(): void;
  /** Ends all in good order. */
  stop(): Promise<void>;
}

/** A worker did not start and has said why. */
export class WorkerFailed extends Error {}

interface WorkersOptions {
  settings: ProgramSettings;
  /** True when the database is the embedded one of this process. */
  embedded: boolean;
  log(sentence: string): void;
}

const STOP_LIMIT_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that ran so long and died is started again at once. */
const WELL_MS = 60_000;
const COUNT_LIMIT_MS = 1_000;

/** Starts the first worker, then the others. @throws WorkerFailed when one of them does not come up */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'worker.ts'), args: [], silent: false });
  const crew = new Crew(options);
  const { workers } = options.settings;
  try {
    await crew.add(true);
    await Promise.all(Array.from({ length: workers - 1 }, () => crew.add(false)));
  } catch (error) {
    await crew.stop();
    throw error;
  }
  return { announce: () => crew.announce(), stop: () => crew.stop() };
}

class Crew {
  readonly #options: WorkersOptions;
  readonly #members = new Map<Worker, { first: boolean }>();
  readonly #counts = new Map<number, Snapshot[]>();
  #question = 0;
  #stopping = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  /** Resolves when it serves; from then on it is kept alive. */
  async add(first: boolean): Promise<void> {
    const { settings, embedded } = this.#options;
    const started = Date.now();
    const worker = cluster.fork();
    this.#members.set(worker, { first });
    const maxInFlight = Math.ceil(settings.maxInFlight / settings.workers);
    order(worker, { start: { settings: { ...settings, maxInFlight }, first, embedded } });
    const ready = new Promise<void>((resolve, reject) => {
      worker.on('message', (report: Report) => {
        if ('ready' in report) resolve();
        else if ('ask' in report) void this.#answer(worker, report.ask);
        else this.#counts.get(report.count)?.push(report.snapshot);
      });
      worker.once('exit', () => {
        this.#members.delete(worker);
        reject(new WorkerFailed());
      });
    });
    await ready;
    worker.once('exit', () => void this.#replace(first, Date.now() - started));
  }

  announce(): void {
    for (const [worker, { first }] of this.#members) if (first) order(worker, { announce: true });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const ends = [...this.#members.keys()].map(
      (worker) => new Promise((resolve) => worker.once('exit', resolve)),
    );
    for (const worker of this.#members.keys()) order(worker, { stop: true });
    const late = pause(STOP_LIMIT_MS, 'late', { ref: false });
    if ((await Promise.race([Promise.all(ends), late])) === 'late')
      for (const worker of this.#members.keys()) worker.process.kill('SIGKILL');
  }

  async #replace(first: boolean, ran: number): Promise<void> {
    let rest = ran > WELL_MS ? 0 : FIRST_PAUSE_MS;
    while (!this.#stopping) {
      this.#options.log('Một tiến trình phục vụ dừng bất ngờ, đang khởi động lại.');
      await pause(rest, undefined, { ref: false });
      if (this.#stopping) return;
      const added = await this.add(first).then(
        () => true,
        () => false,
      );
      if (added) return;
      rest = Math.min(Math.max(rest, FIRST_PAUSE_MS) * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Asks all others for their counts; who does not answer in time is left out. */
  async #answer(asker: Worker, question: number): Promise<void> {
    const others = [...this.#members.keys()].filter((worker) => worker !== asker);
    const count = this.#question++;
    const snapshots: Snapshot[] = [];
    this.#counts.set(count, snapshots);
    for (const worker of others) order(worker, { count });
    for (let waited = 0; snapshots.length < others.length && waited < COUNT_LIMIT_MS; waited += 10)
      await pause(10);
    this.#counts.delete(count);
    order(asker, { counted: question, snapshots });
  }
}

/** A worker that is just ending need not hear it. */
function order(worker: Worker, what: Order): void {
  if (worker.isConnected()) worker.send(what, () => undefined);
}

/**
 * Followers of the change feed work beside the answers while little is written, and on a thread of their own while much is:
 * a visit's bundle costs them a fifth of what it costs those who wait for it. They go over and come back between two batches,
 * each at the place that is written down, so that no change is seen twice or not at all (kernel/events).
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { House } from '../house.ts';
import type { ProgramSettings } from '../settings.ts';
import { Busy, type BusyLimits } from './busy.ts';
import type { FollowerOrder, FollowerReport, FollowerStart } from './thread.ts';

export interface FollowerKeeper {
  /** True while the thread follows the feed. */
  isApart(): boolean;
  /** The followers are at work in this thread again, or the program ends. */
  stop(): Promise<void>;
}

interface KeeperParts {
  house: House;
  settings: ProgramSettings;
  embedded: boolean;
  address: string;
  log(sentence: string, error?: unknown): void;
  limits?: BusyLimits;
  begin?(start: FollowerStart): Worker;
}

const SECOND_MS = 1_000;
/** A thread that failed is not begun again before. */
const PAUSE_MS = 60_000;
/** It opens the record in far less, also on a machine that is busy; one that does not is ended. */
const READY_LIMIT_MS = 120_000;
/** The same of the batches that are under way. */
const STOP_LIMIT_MS = 20_000;
/** Without so much free memory the thread is not begun. */
const LEAST_MEMORY = 768 * 1024 * 1024;

/** Begins to look once a second; on a machine with one core it does nothing. */
export function keepFollower(parts: KeeperParts): FollowerKeeper {
  const keeper = new Keeper(parts);
  return { isApart: () => keeper.isApart, stop: () => keeper.stop() };
}

class Keeper {
  readonly #parts: KeeperParts;
  readonly #busy: Busy;
  readonly #clock: NodeJS.Timeout | undefined;
  #thread: Worker | null = null;
  /** Going over or coming back. */
  #moving: Promise<void> | null = null;
  #written: number;
  #notBefore = 0;
  #stopped = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#busy = new Busy(parts.limits);
    this.#written = parts.house.kernel.store.written();
    if (availableParallelism() > 1) this.#clock = setInterval(() => this.#look(), SECOND_MS).unref();
  }

  get isApart(): boolean {
    return this.#thread !== null && this.#moving === null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#clock);
    await this.#moving;
    if (this.#thread) await this.#comeBack(this.#thread);
  }

  #look(): void {
    const written = this.#parts.house.kernel.store.written();
    const busy = this.#busy.second(written - this.#written);
    this.#written = written;
    if (this.#moving || this.#stopped) return;
    if (busy && !this.#thread && Date.now() >= this.#notBefore && process.availableMemory() >= LEAST_MEMORY)
      this.#move(() => this.#goOver());
    else if (!busy && this.#thread) this.#move(() => this.#comeBack(this.#thread!));
  }

  #move(how: () => Promise<void>): void {
    this.#moving = how()
      .catch((error) => this.#failed(error))
      .finally(() => {
        this.#moving = null;
      });
  }

  /** The thread opens the record while the followers still work here; then they rest here and go on there. */
  async #goOver(): Promise<void> {
    const { house, settings, embedded, address, begin = beginThread } = this.#parts;
    const { events, store } = house.kernel;
    const thread = begin({ settings: { ...settings, databaseUrl: house.databaseUrl }, embedded, address });
    const ended = endOf(thread);
    await inTime(thread, Promise.race([reported(thread, 'ready'), ended]), READY_LIMIT_MS);
    this.#thread = thread;
    ended.catch((error) => this.#thread === thread && this.#failed(error));
    await events.rest();
    if (this.#thread !== thread) return;
    store.tellCommitted((news) => order(thread, news));
    order(thread, 'work');
  }

  /** What the thread has under way it finishes; then they work here. */
  async #comeBack(thread: Worker): Promise<void> {
    this.#thread = null;
    const stopped = Promise.race([reported(thread, 'stopped'), endOf(thread)]);
    order(thread, 'stop');
    await inTime(thread, stopped, STOP_LIMIT_MS).catch((error) =>
      this.#parts.log('The thread of the followers ended badly.', error),
    );
    this.#here();
    await thread.terminate();
  }

  #here(): void {
    const { store, events } = this.#parts.house.kernel;
    this.#thread = null;
    if (events.works()) return;
    store.tellCommitted(null);
    if (!this.#stopped) events.work();
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    this.#notBefore = Date.now() + PAUSE_MS;
    this.#parts.log('The followers work beside the answers: their thread has failed.', error);
    this.#here();
  }
}

function beginThread(start: FollowerStart): Worker {
  return new Worker(new URL('thread.ts', import.meta.url), { workerData: start, execArgv: [] });
}

function order(thread: Worker, what: FollowerOrder): void {
  thread.postMessage(what, typeof what === 'string' ? [] : [what.bodies.buffer]);
}

function reported(thread: Worker, report: FollowerReport): Promise<void> {
  return new Promise((resolve) => {
    const hear = (message: FollowerReport) => {
      if (message !== report) return;
      thread.off('message', hear);
      resolve();
    };
    thread.on('message', hear);
  });
}

/** Ends a thread that does not answer in time. */
async function inTime(thread: Worker, answer: Promise<void>, limitMs: number): Promise<void> {
  const late = setTimeout(() => void thread.terminate(), limitMs);
  await answer.finally(() => clearTimeout(late));
}

/** Fails when the thread fails or ends unasked. */
function endOf(thread: Worker): Promise<never> {
  return new Promise((_, reject) => {
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
  });
}

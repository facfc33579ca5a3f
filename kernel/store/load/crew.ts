/** The threads of a load: each has at most two pieces in hand, and writes when it is a piece's turn. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure, type FailureCode, type Issue } from '../../failure.ts';
import type { Resource } from '../../fhir/types.ts';
import type { FromThread, Piece, ThreadSettings, ToThread } from './contract.ts';
import { Turns } from './turns.ts';

const THREAD = join(import.meta.dirname, 'thread.ts');

type Done = FromThread & { say: 'done' };

export class Crew {
  readonly #threads: Worker[];
  readonly #turns = new Turns();
  readonly #owner = new Map<number, Worker>();
  /** Threads that can take a piece, once for each. */
  readonly #free: Worker[] = [];
  #wake: (() => void) | undefined;
  #failure: unknown;
  #dismissed = false;
  onDone: (done: Done) => void = () => undefined;
  onUnreachable: () => void = () => undefined;
  judge: (resources: readonly Resource[]) => Promise<Issue[][]> = async (resources) =>
    resources.map(() => []);

  constructor(settings: ThreadSettings, threads: number) {
    this.#threads = Array.from({ length: threads }, () => this.#hire(settings));
  }

  /** Hands a piece to the next thread that is free. Fails with what any thread has failed with. */
  async give(piece: Piece): Promise<void> {
    while (this.#free.length === 0) await this.#something();
    this.#refuseAfterFailure();
    const thread = this.#free.shift()!;
    this.#owner.set(piece.n, thread);
    this.#turns.begin(piece.n);
    this.#send(thread, { do: 'load', piece }, [piece.bytes.buffer]);
  }

  /** Waits until every piece that was given is written. */
  async settled(): Promise<void> {
    while (this.#turns.size > 0) await this.#something();
    this.#refuseAfterFailure();
  }

  async dismiss(): Promise<void> {
    this.#dismissed = true;
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #hire(settings: ThreadSettings): Worker {
    const thread = new Worker(THREAD, { workerData: settings });
    thread.on('message', (message: FromThread) => this.#hear(thread, message));
    thread.on('error', (error) => this.fail(error));
    thread.on('exit', () => {
      if (!this.#dismissed) this.fail(new Error('a thread of the loader ended'));
    });
    return thread;
  }

  #hear(thread: Worker, message: FromThread): void {
    switch (message.say) {
      case 'ready':
        this.#free.push(thread);
        break;
      case 'unreachable':
        this.onUnreachable();
        break;
      case 'judge':
        this.judge(message.resources).then(
          (issues) => this.#send(thread, { do: 'judged', n: message.n, issues }),
          (error) => this.fail(error),
        );
        break;
      case 'prepared':
        this.#go(this.#turns.prepared(message.n, message.ids, message.alone));
        break;
      case 'done':
        this.#owner.delete(message.n);
        this.#go(this.#turns.ended(message.n));
        this.onDone(message);
        break;
      case 'failed':
        this.fail(failureOf(message));
        break;
    }
    this.#wake?.();
  }

  #go(numbers: number[]): void {
    for (const n of numbers) this.#send(this.#owner.get(n)!, { do: 'go', n });
  }

  #send(thread: Worker, message: ToThread, transfer: ArrayBuffer[] = []): void {
    thread.postMessage(message, transfer);
  }

  /** Ends the load with this failure. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  async #something(): Promise<void> {
    this.#refuseAfterFailure();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    this.#refuseAfterFailure();
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** What a thread could not carry out; a defect keeps its stack. */
function failureOf({ code, text, textEn, stack }: FromThread & { say: 'failed' }): Error {
  if (code === 'internal') return Object.assign(new Error(textEn), { stack });
  return new Failure(code as FailureCode, text, { textEn });
}

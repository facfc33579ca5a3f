/** Exports and imports that this program works on: they end when it stops, before its database goes. */
import { Failure } from '../../failure.ts';

export class AtWork {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** Aborted when the program stops. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Fails with `interrupted` when the program stops. */
  check(): void {
    if (!this.signal.aborted) return;
    throw new Failure('interrupted', 'Chương trình dừng trước khi làm xong yêu cầu này. Hãy gửi lại.', {
      textEn: 'The program stopped before this request was done. Send it again.',
    });
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Ends what is at work and waits for it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running);
  }
}

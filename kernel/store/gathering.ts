/**
 * Questions that come at the same time are sent together: one statement and one answer for all of them, where each by itself
 * costs the program and the database most of its time in sending and waking (docs/adr/0009).
 */
import { overloaded } from './faults.ts';

export interface GatheringLimits {
  /** Statements on their way; while they are, others gather. */
  onTheWay: number;
  /** More in one statement would hold up the first of them. */
  largest: number;
  /** More would wait longer than anybody does. */
  mostWaiting: number;
  /** Where a statement costs much whatever its size; none by itself. */
  rest?: Rest;
}

/**
 * When others wait as a statement comes back, the next one is sent when so many wait, when the program has nothing else to
 * do, or so many milliseconds later. Who comes to a gathering that is idle, or to a program that is, waits for nobody.
 */
export interface Rest {
  enough: number;
  mostMs: number;
}

/** A turn of the event loop that took less had nothing to do. */
const IDLE_TURN_MS = 0.05;

/** Answers in the order of the questions; a promise among them is settled by itself. */
export type SendTogether<Question, Answer> = (
  questions: Question[],
) => Promise<readonly (Answer | Promise<Answer>)[]>;

interface Waiting<Question, Answer> {
  question: Question;
  resolve: (answer: Answer | Promise<Answer>) => void;
  reject: (error: unknown) => void;
}

export class Gathering<Question, Answer> {
  readonly #send: SendTogether<Question, Answer>;
  readonly #limits: GatheringLimits;
  readonly #waiting: Waiting<Question, Answer>[] = [];
  #running = 0;
  #begins = false;

  constructor(limits: GatheringLimits, send: SendTogether<Question, Answer>) {
    this.#limits = limits;
    this.#send = send;
  }

  /** Nothing waits and nothing is on its way. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0;
  }

  /** Fails with `overloaded` when too many wait, and with what the statement fails with. */
  ask(question: Question): Promise<Answer> {
    if (this.#waiting.length >= this.#limits.mostWaiting) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#begin();
    });
  }

  /** What came in the same turn of the event loop goes together; a question that comes alone waits for nobody. */
  #begin(): void {
    if (this.#begins || this.#running >= this.#limits.onTheWay) return;
    this.#begins = true;
    setImmediate(() => {
      this.#begins = false;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#limits.largest);
      if (this.#waiting.length > 0) this.#begin();
      try {
        const answers = await this.#send(group.map(({ question }) => question));
        for (const [at, { resolve }] of group.entries()) resolve(answers[at]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      if (this.#limits.rest) await this.#rest(this.#limits.rest);
    }
    this.#running -= 1;
  }

  async #rest({ enough, mostMs }: Rest): Promise<void> {
    const began = performance.now();
    for (let turn = began; this.#waiting.length > 0 && this.#waiting.length < enough; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = performance.now();
      if (now - turn < IDLE_TURN_MS || now - began >= mostMs) return;
      turn = now;
    }
  }
}

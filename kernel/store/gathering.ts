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
}

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
    }
    this.#running -= 1;
  }
}

/** All consumers of this program: woken by commits, few at a time, so that they never starve those who write. */
import type { Pool } from 'pg';
import type { Store } from '../store/contract.ts';
import { type Position, START } from '../store/index.ts';
import {
  Consumer,
  type ConsumerOptions,
  type ConsumerState,
  type Handler,
  replaceWork,
  type Source,
} from './consumer.ts';
import { FeedWindow } from './feed-window.ts';

/**
 * Rounds follow each other at this distance at least: the first change after a silence is seen at once, and under load a
 * consumer sees larger batches instead of more.
 */
const ROUND_MS = 100;
/** While much is written: fewer and larger batches cost writers and followers less. */
const BUSY_ROUND_MS = 400;
const FULL_ROUND_MS = 1_000;
/** Changes of a round from which on much is written, and very much. */
const BUSY_ROUND = 120;
const FULL_ROUND = 1_000;
/** A wake-up that got lost (a notice while the connection was down) costs at most this. */
const POLL_MS = 2_000;
/** Each working consumer holds one connection and may use a second one. */
const AT_ONCE = 4;
/**
 * While much is written: several at once take every processor from those who wait for an answer, and leave them idle until
 * the next round. One behind another they fill what is left.
 */
const BUSY_AT_ONCE = 1;
/** A consumer with so many batches in a row catches up, and nobody waits for it. */
const CATCHING_UP = 6;
/** `settled` gives up on a consumer that has failed so often in a row. */
const HOPELESS = 4;
/** Between two looks at how far those have come who work elsewhere. */
const LOOK_MS = 50;

export interface ConsumersOptions {
  /** False in a process that leaves the work to another one; default true. */
  works?: boolean;
  /** Told the names of the failing consumers after a try of one that fails or has just recovered. */
  onTroubles?(names: string[]): void;
}

export class Consumers {
  readonly #source: Source;
  readonly #consumers = new Map<string, Consumer>();
  /** At work, or waiting before another try. */
  readonly #busy = new Set<string>();
  /** Batches in a row of those that had more to see after the last one. */
  readonly #inRow = new Map<string, number>();
  readonly #again = new Set<string>();
  readonly #queue: Consumer[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #resting = new Set<() => void>();
  readonly #poll: NodeJS.Timeout;
  readonly #pool: Pool;
  readonly #onTroubles: (names: string[]) => void;
  readonly #forget: () => void;
  readonly #window: FeedWindow;
  #works: boolean;
  /** Batches that are under way. */
  #underWay = 0;
  #round: NodeJS.Timeout | undefined;
  #lastRound = 0;
  /** Changes that had been read when the last round began. */
  #readBefore = 0;
  #roundMs = ROUND_MS;
  #closed = false;

  constructor(store: Store, pool: Pool, options: ConsumersOptions = {}) {
    this.#pool = pool;
    this.#works = options.works ?? true;
    this.#onTroubles = options.onTroubles ?? (() => undefined);
    this.#window = new FeedWindow((after, limit) => store.changes(after, limit));
    this.#source = {
      pool,
      changes: (after, limit) => this.#window.changes(after, limit),
      head: () => headOf(pool),
    };
    this.#forget = store.onChange(() => this.#wake());
    this.#poll = setInterval(() => {
      this.#wake();
      if (this.#works) void this.#keepPlaces();
    }, POLL_MS).unref();
  }

  /** True while the consumers are at work here. */
  get works(): boolean {
    return this.#works;
  }

  /** They go to work here, each from the place that is written down. */
  work(): void {
    this.#works = true;
    this.moved();
  }

  /** They stop working here; resolves when every place is written down and somebody else may go on. */
  async rest(): Promise<void> {
    this.#works = false;
    this.#queue.length = 0;
    await this.#finish();
    // Called back meanwhile.
    if (this.#works) return;
    await this.#keepPlaces();
    for (const consumer of this.#consumers.values()) consumer.forgetPlace();
    this.#window.forget();
  }

  /** @throws Error when the name is taken: two handlers would share one position */
  add(name: string, handler: Handler, options: ConsumerOptions): void {
    if (this.#consumers.has(name)) throw new Error(`a consumer named ${name} exists already`);
    const consumer = new Consumer(name, handler, this.#source, options);
    this.#consumers.set(name, consumer);
    this.#start(consumer);
  }

  states(): ConsumerState[] {
    return [...this.#consumers.values()].map((consumer) => consumer.state());
  }

  /** Names of the consumers that are failing. */
  troubles(): string[] {
    return this.states().flatMap(({ name, failures }) => (failures > 0 ? [name] : []));
  }

  /** Starts one over; resolves when it has seen everything that was committed before the call. */
  async rebuild(name: string, empty: Parameters<Consumer['restart']>[0]): Promise<void> {
    const consumer = this.#consumers.get(name);
    if (!consumer) throw new Error(`there is no consumer named ${name}`);
    await consumer.restart(empty);
    await this.#level([consumer]);
  }

  /** See `Events.replace`; resolves when the new work stands, and is level where the consumer works here. */
  async replace(name: string, prepare: Parameters<typeof replaceWork>[2]): Promise<void> {
    await replaceWork(this.#source.pool, name, prepare);
    this.moved(name);
    const consumer = this.#consumers.get(name);
    if (consumer && this.#works) await this.#level([consumer]);
  }

  /** The place of one consumer, or of all, may have been moved by another program. */
  moved(name?: string): void {
    for (const consumer of this.#consumers.values())
      if (name === undefined || consumer.name === name) consumer.forgetPlace();
    this.#wake();
  }

  settled(): Promise<void> {
    return this.#level([...this.#consumers.values()]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#forget();
    clearInterval(this.#poll);
    clearTimeout(this.#round);
    await this.#finish();
    if (this.#works) await this.#keepPlaces();
  }

  /** Those at work finish their batch; who waits before another try waits no longer. */
  async #finish(): Promise<void> {
    for (const wake of this.#resting) wake();
    while (this.#busy.size > 0 && (this.#closed || !this.#works)) await this.#nextStep();
  }

  /** Of those at rest; one at work writes its place itself, or at the next look. A failure is tried again then. */
  async #keepPlaces(): Promise<void> {
    for (const consumer of this.#consumers.values())
      if (!this.#busy.has(consumer.name)) await consumer.keepPlace().catch(() => undefined);
  }

  /** Waits before the next try of a failing consumer; a stop ends the waiting. */
  #rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#resting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      timer.unref();
      this.#resting.add(wake);
    });
  }

  async #level(consumers: Consumer[]): Promise<void> {
    const goal = await this.#source.head();
    if (!this.#works) return this.#levelElsewhere(consumers, goal);
    this.#wakeAll();
    for (;;) {
      const behind = consumers.filter((consumer) => !consumer.hasSeen(goal));
      if (behind.length === 0 || this.#closed) return;
      const hopeless = behind.map((consumer) => consumer.state()).find((state) => state.failures >= HOPELESS);
      if (hopeless) throw new Error(`consumer ${hopeless.name} fails: ${hopeless.error}`);
      this.#window.stale();
      for (const consumer of behind) this.#start(consumer);
      await this.#nextStep();
    }
  }

  /** Waits for what another process writes down, which of those at rest it does every two seconds. */
  async #levelElsewhere(consumers: Consumer[], goal: Position): Promise<void> {
    const names = consumers.map(({ name }) => name);
    while (!this.#closed) {
      const { rows } = await this.#pool.query<{ level: number }>(LEVEL, [names, goal.era, goal.xid, goal.n]);
      if (rows[0]!.level === names.length) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Resolves when some consumer has made a step, or after a moment. */
  #nextStep(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, 50);
      this.#watchers.add(done);
    });
  }

  #wake(): void {
    if (this.#round || this.#closed || !this.#works) return;
    const wait = Math.max(0, this.#lastRound + this.#roundMs - Date.now());
    this.#round = setTimeout(() => {
      this.#round = undefined;
      this.#lastRound = Date.now();
      const read = this.#window.read;
      this.#roundMs = roundAfter(read - this.#readBefore);
      this.#readBefore = read;
      this.#wakeAll();
    }, wait);
    this.#round.unref();
  }

  #wakeAll(): void {
    this.#window.stale();
    for (const consumer of this.#consumers.values()) this.#start(consumer);
  }

  #start(consumer: Consumer): void {
    if (this.#closed || !this.#works) return;
    if (this.#busy.has(consumer.name)) {
      this.#again.add(consumer.name);
      return;
    }
    if (!this.#queue.includes(consumer)) this.#queue.push(consumer);
    this.#startNext();
  }

  #startNext(): void {
    while (this.#underWay < this.#atOnce() && this.#queue.length > 0) void this.#run(this.#queue.shift()!);
  }

  #atOnce(): number {
    const catchesUp = [...this.#inRow.values()].some((batches) => batches >= CATCHING_UP);
    return this.#roundMs === ROUND_MS || catchesUp ? AT_ONCE : BUSY_AT_ONCE;
  }

  async #run(consumer: Consumer): Promise<void> {
    this.#busy.add(consumer.name);
    this.#again.delete(consumer.name);
    const failed = consumer.pause() > 0;
    const more = await this.#batchOf(consumer);
    if (failed || consumer.pause() > 0) this.#onTroubles(this.troubles());
    for (const watcher of [...this.#watchers]) watcher();
    const pause = consumer.pause();
    if (pause > 0) {
      this.#window.stale();
      // Nobody waits for one that fails.
      this.#startNext();
      if (!this.#closed) await this.#rest(pause);
    }
    this.#busy.delete(consumer.name);
    for (const watcher of [...this.#watchers]) watcher();
    if (more) this.#start(consumer);
    else if (this.#again.has(consumer.name)) this.#wake();
    this.#startNext();
  }

  /** @returns true when there may be more */
  async #batchOf(consumer: Consumer): Promise<boolean> {
    this.#underWay += 1;
    const more = await consumer.step();
    this.#underWay -= 1;
    if (more && consumer.pause() === 0)
      this.#inRow.set(consumer.name, (this.#inRow.get(consumer.name) ?? 0) + 1);
    else this.#inRow.delete(consumer.name);
    return more;
  }
}

/** @param changes of the round before @returns milliseconds */
function roundAfter(changes: number): number {
  if (changes < BUSY_ROUND) return ROUND_MS;
  return changes < FULL_ROUND ? BUSY_ROUND_MS : FULL_ROUND_MS;
}

const LEVEL =
  'select count(*)::int level from consumer where name = any($1) and (era, xid, n) >= ($2, $3, $4)';

async function headOf(pool: Pool): Promise<Position> {
  const last = await pool.query<Position>(
    'select era, xid, n from feed() order by era desc, xid desc, n desc limit 1',
  );
  return last.rows[0] ?? START;
}

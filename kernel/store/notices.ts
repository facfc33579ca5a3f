/**
 * Short messages between programs (and between the processes of one program) on the same database, by LISTEN and NOTIFY.
 * One connection each. What is sent while a program's connection is down is lost to it: a message may hurry, wake or
 * forget something, never carry a fact.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const CHANNEL = 'yba';
const NOTIFY = 'select pg_notify($1, piece) from unnest($2::text[]) as piece';
/** Between two statements. */
const PAUSE_MS = 20;
const RECONNECT_PAUSE_MS = 2_000;
/** PostgreSQL takes 7,999 bytes a notice; the rest is for the head. */
const PIECE_BYTES = 7_800;
/** Messages of which only some pieces have come; more are given up. */
const MOST_PARTS = 100;

export interface Listener {
  /** A message of another program. */
  heard(message: unknown): void;
  /** The connection is there (again): messages may have been missed. */
  connected?(): void;
}

export class Notices {
  readonly #pool: pg.Pool;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #parts = new Map<string, string[]>();
  /** Tells own messages from those of others. */
  readonly #self = randomUUID();
  readonly #waiting: string[] = [];
  #next: Promise<void> | undefined;
  /** When the next statement may be sent. */
  #free: Promise<void> = Promise.resolve();
  #serial = 0;
  #client: pg.Client | undefined;
  #connected = false;
  #closed = false;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * Tells the other programs; listeners of this one are not called. What is said at the same time goes together. Resolves
   * when it is sent; never fails: see above.
   */
  send(subject: string, message: unknown = null): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const text = ascii(JSON.stringify(message));
    const count = Math.max(1, Math.ceil(text.length / PIECE_BYTES));
    const serial = this.#serial++;
    for (let i = 0; i < count; i++) {
      const piece = text.slice(i * PIECE_BYTES, (i + 1) * PIECE_BYTES);
      this.#waiting.push(`${this.#self} ${serial} ${i + 1}/${count} ${subject} ${piece}`);
    }
    this.#next ??= this.#flush();
    return this.#next;
  }

  /** One statement at a time, and a pause after each: a NOTIFY takes a lock that all of them share. */
  async #flush(): Promise<void> {
    await this.#free;
    const pieces = this.#waiting.splice(0);
    this.#next = undefined;
    const sent = this.#pool
      .query({ name: 'notify', text: NOTIFY, values: [CHANNEL, pieces] })
      .then(() => undefined)
      .catch(() => undefined);
    this.#free = sent.then(() => pause(PAUSE_MS, undefined, { ref: false }));
    await sent;
  }

  /** @returns ends the listening */
  on(subject: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners.add(listener));
    if (!this.#client) void this.#listen();
    // Whoever comes later is told as well: what it does then may not depend on who was quicker.
    else if (this.#connected) queueMicrotask(() => listener.connected?.());
    return () => listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await this.#client?.end().catch(() => undefined);
  }

  #receive(payload: string): void {
    const [, from, serial, place, count, subject, piece] =
      /^(\S+) (\d+) (\d+)\/(\d+) (\S+) (.*)$/.exec(payload) ?? [];
    if (from === undefined || from === this.#self) return;
    const listeners = this.#listeners.get(subject!);
    if (!listeners || listeners.size === 0) return;
    const text =
      count === '1' ? piece! : this.#join(`${from} ${serial}`, Number(place), Number(count), piece!);
    if (text === null) return;
    const message: unknown = JSON.parse(text);
    for (const listener of listeners) listener.heard(message);
  }

  /** Pieces come in order, because one statement sent them; null until the last has come. */
  #join(key: string, place: number, count: number, piece: string): string | null {
    const parts = place === 1 ? [] : this.#parts.get(key);
    if (!parts || parts.push(piece) !== place) return null;
    if (place === count) {
      this.#parts.delete(key);
      return parts.join('');
    }
    if (this.#parts.size >= MOST_PARTS) this.#parts.clear();
    this.#parts.set(key, parts);
    return null;
  }

  async #listen(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({ ...this.#pool.options, keepAlive: true });
    this.#client = client;
    client.on('notification', ({ payload }) => this.#receive(payload ?? ''));
    client.on('error', () => undefined);
    client.once('end', () => {
      this.#connected = false;
      this.#listenAgain();
    });
    try {
      await client.connect();
      (client as unknown as { connection: { stream: { unref(): void } } }).connection.stream.unref();
      await client.query(`listen ${CHANNEL}`);
      this.#connected = true;
      for (const listeners of this.#listeners.values())
        for (const listener of listeners) listener.connected?.();
    } catch {
      client.end().catch(() => undefined);
    }
  }

  #listenAgain(): void {
    if (this.#closed) return;
    setTimeout(() => void this.#listen(), RECONNECT_PAUSE_MS).unref();
  }
}

/** JSON in which every character is one byte. */
function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

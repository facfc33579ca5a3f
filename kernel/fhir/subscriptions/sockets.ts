/**
 * The websockets of this process, and what each is bound to. Nothing is pushed to them by those who match changes: a hint makes
 * them look how many events their subscriptions have had, so each hears everything whichever program wrote, and a hint that
 * got lost costs a few seconds.
 */
import type { WebSocket } from 'ws';
import type { Actor } from '../../access/contract.ts';
import type { Events } from '../../events/contract.ts';
import { Failure } from '../../failure.ts';
import type { FhirGate } from '../record.ts';
import type { BindingTokens } from './binding-token.ts';
import type { EventLog } from './event-log.ts';
import { Listener, type ListenerParts } from './listener.ts';
import { CHANGED } from './news.ts';

export interface SocketParts extends Omit<ListenerParts, 'session'> {
  gate: FhirGate;
  log: EventLog;
  tokens: BindingTokens;
  events: Events;
}

/** Sockets of this process; of these such that have proved nothing yet; and sockets of one actor. */
const MOST = { sockets: 1_000, strangers: 100, strangersOfOne: 10, ofOne: 50 };
const TICK_MS = 1_000;
/** Ticks between two looks without a hint, and between two reviews of rights and of the line. */
const LOOK_TICKS = 5;
const REVIEW_TICKS = 30;

export class Sockets {
  readonly #parts: SocketParts;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #looking = false;
  #lookAgain = false;
  #closed = false;

  constructor(parts: SocketParts) {
    this.#parts = parts;
    parts.events.onAnnounced(CHANGED, () => void this.#look());
  }

  /** Websockets open in this process. */
  get size(): number {
    return this.#listeners.size;
  }

  /**
   * Asked before the protocol is changed.
   * @param actor null: nothing is proved yet, a token must come
   * @throws Failure `overloaded` or `too-many-requests`
   */
  admit(actor: Actor | null, ip: string): void {
    const all = [...this.#listeners];
    if (this.#closed || all.length >= MOST.sockets) throw full();
    const strangers = all.filter((one) => one.owner === null);
    if (actor === null) {
      if (strangers.length >= MOST.strangers) throw full();
      if (strangers.filter((one) => one.ip === ip).length >= MOST.strangersOfOne)
        throw tooMany(MOST.strangersOfOne);
    } else if (all.filter((one) => one.owner === actor.id).length >= MOST.ofOne) throw tooMany(MOST.ofOne);
  }

  /** @param ends epoch milliseconds of the proof's end @param base `http://host/fhir`, as the client reached us */
  attach(ws: WebSocket, who: { actor: Actor | null; ends: number; ip: string; base: string }): void {
    const listener = new Listener(ws, who, {
      ...this.#parts,
      session: (actor) => this.#parts.gate.as(actor),
    });
    this.#listeners.add(listener);
    ws.on('close', () => {
      this.#listeners.delete(listener);
      listener.closed();
      if (this.#listeners.size === 0) clearInterval(this.#timer);
      if (this.#listeners.size === 0) this.#timer = undefined;
    });
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
    if (this.#closed) listener.end(1001, 'the program stops');
  }

  /** Tells every client to go, and waits for none. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const listener of this.#listeners) listener.end(1001, 'the program stops; connect again');
  }

  #tick(): void {
    this.#ticks += 1;
    for (const listener of this.#listeners) listener.tick();
    if (this.#ticks % LOOK_TICKS === 0) void this.#look();
    if (this.#ticks % REVIEW_TICKS === 0)
      for (const listener of this.#listeners) void listener.review().catch(this.#parts.onDefect);
  }

  /** One look at a time; hints that come meanwhile are one more. */
  async #look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#lookAgain && !this.#closed) {
        this.#lookAgain = false;
        const bound = [...new Set([...this.#listeners].flatMap((listener) => listener.bound()))];
        if (bound.length === 0) continue;
        const states = await this.#parts.log.states(bound);
        for (const listener of this.#listeners) listener.hear(states);
      }
    } catch (error) {
      if (!this.#closed) this.#parts.onDefect(error);
    } finally {
      this.#looking = false;
    }
  }
}

function full(): Failure {
  return new Failure('overloaded', 'Đã có quá nhiều websocket đang mở; hãy thử lại sau.', {
    textEn: 'Too many websockets are open here; try again later.',
  });
}

function tooMany(most: number): Failure {
  return new Failure(
    'too-many-requests',
    `Bạn đã mở ${most} websocket; hãy đóng bớt, một websocket gắn được với nhiều Subscription.`,
    {
      textEn: `You have ${most} websockets open; close some: one can be bound to many Subscriptions.`,
    },
  );
}

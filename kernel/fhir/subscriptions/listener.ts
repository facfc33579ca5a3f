/** One websocket: what its client says, what it is bound to, and what it is told. Bounded in messages, bindings and memory. */
import type { WebSocket } from 'ws';
import { auditLine } from '../../access/audit.ts';
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import type { Store } from '../../store/contract.ts';
import { outcomeOf } from '../outcome.ts';
import type { FhirSession } from '../session/session.ts';
import type { BindingTokens } from './binding-token.ts';
import { type Subscribed, subscribed, type TopicAsked } from './definition.ts';
import type { EventLog, SubscriptionState } from './event-log.ts';
import { readHeard } from './hearing.ts';
import { type NotificationType, notificationBytes, type ToldEvent } from './notification.ts';
import { MOST_BOUND } from './operations/get-ws-binding-token.ts';
import { readWord, type SocketWord } from './socket-words.ts';
import { sendLines, tellEvents } from './telling.ts';
import type { Topics } from './topics.ts';

export interface ListenerParts {
  store: Store;
  log: EventLog;
  topics: Topics;
  tokens: BindingTokens;
  session(actor: Actor): FhirSession;
  /** The actor with the roles and the unit of now; null when the account or client was closed since. */
  renewed(actor: Actor): Promise<Actor | null>;
  now(): Date;
  onDefect(error: unknown): void;
}

interface Bound {
  to: Subscribed;
  actor: Actor;
  /** Epoch milliseconds: the token must be renewed before. */
  ends: number;
  /** Number of the last event that was told. */
  seen: number;
  /** Epoch milliseconds of the last word about it. */
  spoken: number;
  busy: boolean;
}

/** A client that has bound nothing in this time is sent away: one that has proved who it is, and one that has not. */
const PATIENCE_MS = { known: 60_000, stranger: 10_000 };
/** Words of a client in one minute, and such that wait for an answer. */
const MOST_WORDS = 600;
const MOST_WAITING = 200;
/** Refusals in one minute: who guesses is sent away. */
const MOST_REFUSED = 20;
/** While so much has not been taken nothing more is sent; it is looked for again every few seconds. */
const BACKLOG_BYTES = 256 * 1024;
/** Pings for the events of one look. */
const MOST_PINGS = 100;
const CLOSE_MS = 250;
const MINUTE_MS = 60_000;

const POLICY = 1008;

export class Listener {
  readonly ip: string;
  readonly #ws: WebSocket;
  readonly #parts: ListenerParts;
  readonly #base: string;
  readonly #actor: Actor | null;
  readonly #ends: number;
  readonly #bound = new Map<string, Bound>();
  #owner: string | null;
  #idleSince = Date.now();
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #minute = { began: Date.now(), words: 0, refused: 0 };
  #alive = true;
  #closed = false;

  constructor(
    ws: WebSocket,
    { actor, ends, ip, base }: { actor: Actor | null; ends: number; ip: string; base: string },
    parts: ListenerParts,
  ) {
    this.#ws = ws;
    this.#parts = parts;
    this.#base = base;
    this.#actor = actor;
    this.#ends = ends;
    this.#owner = actor?.id ?? null;
    this.ip = ip;
    ws.on('message', (data, isBinary) => this.#take(data, isBinary));
    ws.on('pong', () => (this.#alive = true));
    // Too large a frame, or what is no websocket: ws itself closes with its code.
    ws.on('error', () => undefined);
  }

  /** Id of the actor; null while nothing is proved. */
  get owner(): string | null {
    return this.#owner;
  }

  /** Ids of what it is bound to. */
  bound(): string[] {
    return [...this.#bound.keys()];
  }

  closed(): void {
    this.#closed = true;
    this.#bound.clear();
  }

  /** Says goodbye, and hangs up soon even when nobody answers. */
  end(code: number, reason: string): void {
    this.#closed = true;
    this.#bound.clear();
    this.#ws.close(code, reason);
    setTimeout(() => this.#ws.terminate(), CLOSE_MS);
  }

  /** Each second: heartbeats, bindings that are over, clients that bind nothing. */
  tick(): void {
    const now = this.#parts.now().getTime();
    for (const [id, one] of this.#bound) {
      if (one.ends <= now) this.#unbind(id, 'the token is over; get a new one and bind again');
      const period = one.to.topic?.heartbeat;
      if (period && Date.now() - one.spoken >= period * 1_000 && this.#isTaken()) {
        this.#bundle(one, 'heartbeat', one.seen, []);
      }
    }
    const patience = this.#owner === null ? PATIENCE_MS.stranger : PATIENCE_MS.known;
    if (
      this.#bound.size === 0 &&
      !this.#closed &&
      Date.now() - this.#idleSince > patience &&
      this.#waiting === 0
    )
      this.end(POLICY, 'nothing is bound: send "bind <id>" or "bind-with-token <token>"');
  }

  /** Every half minute: is the line alive, may the client still hear. */
  async review(): Promise<void> {
    if (!this.#alive) return this.#ws.terminate();
    this.#alive = false;
    this.#ws.ping();
    for (const [id, one] of [...this.#bound]) {
      const fault = await this.#faultOf(id, one);
      if (fault !== null) this.#unbind(id, fault);
    }
  }

  /** Tells what has happened since the last time. */
  hear(states: ReadonlyMap<string, SubscriptionState>): void {
    for (const [id, one] of this.#bound) {
      const events = states.get(id)?.events ?? one.seen;
      if (events <= one.seen || one.busy || !this.#isTaken()) continue;
      one.busy = true;
      void this.#tell(one, events)
        .catch((error) => (this.#closed ? undefined : this.#parts.onDefect(error)))
        .finally(() => (one.busy = false));
    }
  }

  /** One word after the other. */
  #take(data: Buffer, isBinary: boolean): void {
    if (this.#closed) return;
    this.#count('words', MOST_WORDS);
    this.#waiting += 1;
    if (this.#waiting > MOST_WAITING) {
      this.end(POLICY, 'too many messages at once');
      return;
    }
    const text = isBinary ? '' : data.toString('utf8');
    this.#turn = this.#turn
      .then(() => (this.#closed ? undefined : this.#answer(text)))
      .catch((error) => this.#refuse(error))
      .finally(() => (this.#waiting -= 1));
  }

  #count(what: 'words' | 'refused', most: number): void {
    if (Date.now() - this.#minute.began > MINUTE_MS)
      this.#minute = { began: Date.now(), words: 0, refused: 0 };
    this.#minute[what] += 1;
    if (this.#minute[what] > most && !this.#closed) this.end(POLICY, `too many messages: ${most} a minute`);
  }

  async #answer(text: string): Promise<void> {
    const word = readWord(text);
    if (word === null) throw unread();
    if (word.say === 'unbind') return this.#unbind(word.id, null);
    const { actor, ends, ids } = await this.#proof(word);
    for (const id of ids) await this.#bind(id, actor, ends, word.say === 'bind');
  }

  async #proof(
    word: Exclude<SocketWord, { say: 'unbind' }>,
  ): Promise<{ actor: Actor; ends: number; ids: string[] }> {
    if (word.say === 'bind') {
      if (this.#actor === null) throw unproved();
      return { actor: this.#actor, ends: this.#ends, ids: [word.id] };
    }
    const token = await this.#parts.tokens.read(word.token);
    if (token === null) throw notOurs();
    return { actor: { ...token.actor, ip: this.ip }, ends: token.ends, ids: token.subscriptions };
  }

  async #bind(id: string, actor: Actor, ends: number, isPlain: boolean): Promise<void> {
    const { topics, log } = this.#parts;
    const now = await this.#parts.renewed(actor);
    if (now === null) throw notOurs();
    const session = this.#parts.session(now);
    const subscription = await readHeard(session, { topics, log }, id);
    const to = subscribed(subscription, topics);
    if (to === null || to.channel !== 'websocket') throw notHeard(id, `kênh ${subscription.channel.type}`);
    if (!['requested', 'active'].includes(subscription.status)) throw notHeard(id, subscription.status);
    if (!this.#bound.has(id) && this.#bound.size >= MOST_BOUND) throw tooMany();
    await session.audit([auditLine(actor, 'bind', `Subscription/${id}`, null)]);
    const { events } = (await log.states([id])).get(id)!;
    if (this.#closed) return;
    const bound = this.#bound.get(id);
    const one: Bound = { to, actor, ends, seen: bound?.seen ?? events, spoken: Date.now(), busy: false };
    this.#bound.set(id, one);
    this.#owner ??= actor.id;
    if (isPlain || !to.topic) this.#ws.send(`bound ${id}`);
    if (to.topic) this.#bundle(one, 'handshake', one.seen, [], subscription.status);
  }

  /** @param why null: the client asked for it */
  #unbind(id: string, why: string | null): void {
    if (!this.#bound.delete(id)) return;
    this.#idleSince = Date.now();
    if (why === null) this.#ws.send(`unbound ${id}`);
    else this.#say(ended(id, why));
  }

  async #faultOf(id: string, one: Bound): Promise<string | null> {
    const { topics, session, log } = this.#parts;
    const actor = await this.#parts.renewed(one.actor);
    if (actor === null) return 'the account or client was closed';
    const { seen } = one;
    if ((await log.states([id])).get(id)!.events < seen) return 'it was replaced; bind again';
    try {
      const subscription = await readHeard(session(actor), { topics, log }, id);
      const to = subscribed(subscription, topics);
      if (to?.channel !== 'websocket' || !['requested', 'active'].includes(subscription.status))
        return `its status is ${subscription.status}, its channel ${subscription.channel.type}`;
      one.to = to;
      return null;
    } catch (error) {
      if (error instanceof Failure && ['not-found', 'gone', 'forbidden'].includes(error.code))
        return error.message;
      throw error;
    }
  }

  async #tell(one: Bound, events: number): Promise<void> {
    const { to } = one;
    if (to.end !== null && to.end <= this.#parts.now().getTime())
      return this.#unbind(to.id, 'its end has passed');
    if (to.topic) return this.#tellEvents(one, to.topic, events);
    // R4: "ping :id" for each resource that matches; after a long silence one look is enough.
    const pings = Math.min(events - one.seen, MOST_PINGS);
    for (let left = pings; left > 0 && !this.#closed; left--) this.#ws.send(`ping ${to.id}`);
    one.seen = events;
    one.spoken = Date.now();
  }

  async #tellEvents(one: Bound, asked: TopicAsked, events: number): Promise<void> {
    const { log, store, session } = this.#parts;
    const actor = await this.#parts.renewed(one.actor);
    if (actor === null) return this.#unbind(one.to.id, 'the account or client was closed');
    const hearer = session(actor);
    while (one.seen < events && this.#bound.has(one.to.id) && this.#isTaken()) {
      const next = await log.between(one.to.id, one.seen + 1, events, asked.maxCount);
      const told = await tellEvents({ store, hearer }, asked.topic, asked.content, next);
      if (told.persons.length > 0) await hearer.audit(sendLines(actor, one.to.id, told));
      if (!this.#bound.has(one.to.id)) return;
      // What is too old to be known any more is passed over: the numbers show it.
      one.seen = told.events.at(-1)?.number ?? events;
      if (told.events.length > 0) this.#bundle(one, 'event-notification', events, told.events);
    }
  }

  #bundle(
    one: Bound,
    type: NotificationType,
    events: number,
    told: readonly ToldEvent[],
    status = 'active',
  ): void {
    const { id, topic: asked } = one.to;
    if (!asked || this.#closed) return;
    const { topic, content } = asked;
    const head = { base: this.#base, id, topic: topic.url, status, type, content, events };
    this.#ws.send(notificationBytes(head, told, this.#parts.now().toISOString()), { binary: false });
    one.spoken = Date.now();
  }

  /** False for a slow reader: what it has not taken yet is as much as we keep for it. */
  #isTaken(): boolean {
    return !this.#closed && this.#ws.bufferedAmount < BACKLOG_BYTES;
  }

  #refuse(error: unknown): void {
    if (this.#closed) return;
    if (!(error instanceof Failure)) this.#parts.onDefect(error);
    this.#say(error instanceof Failure ? error : defect());
    this.#count('refused', MOST_REFUSED);
  }

  /** A refusal is an OperationOutcome: neither specification has words for it. */
  #say(failure: Failure): void {
    if (!this.#closed) this.#ws.send(JSON.stringify(outcomeOf(failure)));
  }
}

function unread(): Failure {
  return new Failure(
    'invalid-request',
    'Không hiểu. Hãy gửi "bind <mã>", "unbind <mã>" hoặc "bind-with-token <mã xác thực>".',
    {
      textEn: 'Not understood. Send "bind <id>", "unbind <id>" or "bind-with-token <token>" as text.',
    },
  );
}

function unproved(): Failure {
  return new Failure(
    'sign-in-required',
    'Hãy kết nối với tiêu đề Authorization, hoặc gửi "bind-with-token" với mã từ $get-ws-binding-token.',
    {
      textEn:
        'Connect with an Authorization header, or send "bind-with-token" with a token of $get-ws-binding-token.',
    },
  );
}

function notOurs(): Failure {
  return new Failure(
    'sign-in-required',
    'Mã không đúng hoặc đã hết hạn. Hãy lấy mã mới bằng $get-ws-binding-token.',
    {
      textEn: 'The token is wrong or over. Get a new one by $get-ws-binding-token.',
    },
  );
}

function notHeard(id: string, why: string): Failure {
  return new Failure('business-rule', `Không nghe được Subscription/${id}: ${why}.`, {
    textEn: `Subscription/${id} cannot be bound: ${why === 'off' || why === 'error' ? `its status is ${why}` : 'its channel is not websocket'}.`,
  });
}

function tooMany(): Failure {
  return new Failure('too-many-requests', `Một websocket gắn với nhiều nhất ${MOST_BOUND} Subscription.`, {
    textEn: `A websocket is bound to ${MOST_BOUND} Subscriptions at most.`,
  });
}

function ended(id: string, why: string): Failure {
  return new Failure('gone', `Subscription/${id} không còn được nghe ở đây.`, {
    textEn: `Subscription/${id} is no longer bound: ${why}.`,
  });
}

function defect(): Failure {
  return new Failure('internal', 'Máy chủ gặp lỗi. Sự việc đã được ghi lại.', {
    textEn: 'Internal error, logged.',
  });
}

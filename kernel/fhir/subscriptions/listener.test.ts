/** One websocket by itself, over a line that the test holds in its hand: what ends it, and what it keeps back. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { beforeEach, test } from 'node:test';
import type { WebSocket } from 'ws';
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import type { FhirSession } from '../session/session.ts';
import type { Subscription } from '../types.ts';
import { Listener, type ListenerParts } from './listener.ts';

class Line extends EventEmitter {
  said: string[] = [];
  ended: string[] = [];
  bufferedAmount = 0;
  send(data: string | Buffer) {
    this.said.push(data.toString());
  }
  ping() {
    this.said.push('(ping)');
  }
  close(code: number, reason: string) {
    this.ended.push(`${code} ${reason}`);
  }
  terminate() {
    this.ended.push('cut');
  }
}

const actor: Actor = {
  id: 'khach',
  name: 'k',
  roles: ['system-client'],
  unit: null,
  practitioner: null,
  ip: '',
  purpose: { code: 'TREAT' },
};
let line: Line;
let stored: Subscription | null;
let events: number;
let open: boolean;
let now: number;

beforeEach(() => {
  line = new Line();
  events = 5;
  open = true;
  now = Date.parse('2026-11-22T00:00:00Z');
  stored = {
    resourceType: 'Subscription',
    id: 'mach',
    status: 'active',
    reason: 'x',
    criteria: 'Observation',
    channel: { type: 'websocket' },
  };
});

const session = {
  actor,
  reach: () => 'province',
  seesWhole: () => true,
  audit: async () => undefined,
  read: async () => {
    if (stored) return stored;
    throw new Failure('gone', 'x', { textEn: 'it is gone' });
  },
} as unknown as FhirSession;

const parts = {
  log: {
    states: async (ids: string[]) =>
      new Map(ids.map((id) => [id, { events, endpoint: null, owner: null, client: null }])),
  },
  topics: { all: () => [], find: () => null, notifiable: () => [] },
  tokens: { read: async () => null },
  session: () => session,
  renewed: async (who: Actor) => (open ? who : null),
  now: () => new Date(now),
  onDefect: (error: unknown) => {
    throw error;
  },
} as unknown as ListenerParts;

async function bound(): Promise<Listener> {
  const who = { actor, ends: now + 60_000, ip: '', base: 'http://x/fhir' };
  const listener = new Listener(line as unknown as WebSocket, who, parts);
  line.emit('message', Buffer.from('bind mach'), false);
  while (line.said.length === 0) await new Promise(setImmediate);
  assert.deepEqual([line.said, listener.bound()], [['bound mach'], ['mach']]);
  line.said = [];
  return listener;
}

const states = () => new Map([['mach', { events, endpoint: null, owner: null, client: null }]]);
const outcome = () => JSON.parse(line.said.at(-1)!).issue[0].diagnostics as string;

test('a line that does not answer a ping by the next review is cut; one that does is kept', async () => {
  const listener = await bound();
  await listener.review();
  assert.deepEqual(line.said, ['(ping)']);
  line.emit('pong');
  await listener.review();
  assert.deepEqual(line.ended, []);
  await listener.review();
  assert.deepEqual(line.ended, ['cut']);
});

test('events before the bind are not told, those after it once each, at most a hundred pings at once', async () => {
  const listener = await bound();
  listener.hear(states());
  await new Promise(setImmediate);
  assert.deepEqual(line.said, []);
  events += 2;
  listener.hear(states());
  listener.hear(states());
  await new Promise(setImmediate);
  assert.deepEqual(line.said, ['ping mach', 'ping mach']);
  events += 5_000;
  listener.hear(states());
  await new Promise(setImmediate);
  assert.equal(line.said.length, 102);
});

test('nothing more is sent while a slow reader has not taken what it was sent', async () => {
  const listener = await bound();
  events += 1;
  line.bufferedAmount = 300 * 1024;
  listener.hear(states());
  await new Promise(setImmediate);
  assert.deepEqual(line.said, []);
  line.bufferedAmount = 0;
  listener.hear(states());
  await new Promise(setImmediate);
  assert.deepEqual(line.said, ['ping mach']);
});

test('when the token is over, the subscription deleted, turned off or replaced, or the client closed, it is unbound and says why', async () => {
  const review = (listener: Listener) => {
    line.emit('pong');
    return listener.review();
  };
  const late = await bound();
  now += 61_000;
  late.tick();
  assert.match(outcome(), /token is over/);

  for (const [change, sentence] of [
    [() => (stored = null), /gone/],
    [() => (stored = { ...stored!, status: 'off' }), /status is off/],
    [() => (events = 0), /replaced/],
    [() => (open = false), /closed/],
  ] as const) {
    line = new Line();
    const listener = await bound();
    change();
    await review(listener);
    assert.match(outcome(), sentence);
    assert.deepEqual(listener.bound(), []);
    stored = {
      resourceType: 'Subscription',
      id: 'mach',
      status: 'active',
      reason: 'x',
      criteria: 'Observation',
      channel: { type: 'websocket' },
    };
    open = true;
    events = 5;
  }
});

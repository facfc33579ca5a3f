/** Is the server within reach? Off line is a state, not an error (ui.md, Behaviour 7). */
import { useSyncExternalStore } from 'react';

export type Connection = 'here' | 'lost';

let state: Connection = 'here';
let probing = false;
const listeners = new Set<(now: Connection) => void>();

export function connection(): Connection {
  return state;
}

export function onConnection(listener: (now: Connection) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, connection, connection);
}

/** A call got no answer: says so to the page and asks for the server until it is back. */
export function noteLost(): void {
  set('lost');
  if (!probing) void probe();
}

export function noteHere(): void {
  set('here');
}

/** Resolves when the server answers again, at once when it is here. */
export function whenHere(signal?: AbortSignal): Promise<void> {
  if (state === 'here') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = onConnection((now) => {
      if (now !== 'here') return;
      stop();
      resolve();
    });
    signal?.addEventListener('abort', () => {
      stop();
      reject(signal.reason);
    });
  });
}

/** Asks every second at first, then every two, then every four: a commune's line should not be filled with questions. */
async function probe(): Promise<void> {
  probing = true;
  for (let attempt = 0; state === 'lost'; attempt++) {
    await pause(Math.min(1000 * 2 ** Math.floor(attempt / 5), 4000));
    try {
      const answer = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(4000) });
      if (answer.status < 500) noteHere();
    } catch {
      // Still away: ask again.
    }
  }
  probing = false;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    }
    window.addEventListener('online', done);
  });
}

function set(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const listener of [...listeners]) listener(next);
}

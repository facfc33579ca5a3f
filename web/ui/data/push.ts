/**
 * Messages pushed by the program: one shared connection for all topics of the page, opened again when it breaks, and
 * what may have been missed meanwhile is read again.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { noteHere, noteLost } from './connection.ts';
import { queries } from './query.ts';

type Handler = (message: unknown) => void;

const handlers = new Map<string, Set<Handler>>();
let source: EventSource | null = null;
let opened = '';
let reopening: number | undefined;
let broken = false;
/** How often in a row the server refused; the pauses grow with it. */
let refused = 0;
/** Topics of the open connection that the server does not deliver. */
let unheard: readonly string[] = [];
const watchers = new Set<() => void>();

/**
 * Calls `onMessage` for each message of a topic while the screen is shown.
 * @param topic as published by the module: `queue/<room>`; null listens to nothing
 */
export function usePush<T = unknown>(topic: string | null, onMessage: (message: T) => void): void {
  const newest = useRef(onMessage);
  newest.current = onMessage;
  useEffect(() => {
    if (topic === null) return;
    return listen(topic, (message) => newest.current(message as T));
  }, [topic]);
}

/** True while something the page listens to is not delivered to this person: what is shown may be old. */
export function useUnheard(): boolean {
  return useSyncExternalStore(watch, isUnheard, isUnheard);
}

/** The same outside of a component. */
export function isUnheard(): boolean {
  return unheard.some((topic) => handlers.has(topic));
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function setUnheard(topics: readonly string[]): void {
  unheard = topics;
  for (const watcher of watchers) watcher();
}

/** `usePush` outside of a component; the answer stops listening. */
export function listen(topic: string, handler: Handler): () => void {
  const of = handlers.get(topic) ?? new Set();
  handlers.set(topic, of.add(handler));
  later(0);
  return () => {
    of.delete(handler);
    if (of.size === 0) handlers.delete(topic);
    later(0);
  };
}

/** Topics of one screen come and go together; one connection is made for all of them. */
function later(ms: number): void {
  window.clearTimeout(reopening);
  reopening = window.setTimeout(connect, ms);
}

function connect(): void {
  const wanted = [...handlers.keys()].sort();
  const url = `/api/events?${wanted.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&')}`;
  if (url === opened && source && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  source = null;
  opened = '';
  if (wanted.length === 0) return;
  opened = url;
  const mine = new EventSource(url);
  source = mine;
  mine.onopen = () => {
    noteHere();
    refused = 0;
    setUnheard([]);
    if (broken) void queries.invalidateQueries();
    broken = false;
  };
  mine.onmessage = (event) => deliver(event.data);
  mine.addEventListener('refused', (event) => {
    const { topic } = JSON.parse((event as MessageEvent<string>).data) as { topic: string };
    setUnheard([...unheard, topic]);
  });
  mine.onerror = () => {
    if (source !== mine) return;
    broken = true;
    // Still connecting: the browser tries again by itself. Closed: the server refused or a proxy cut it off.
    if (mine.readyState === EventSource.CLOSED) {
      setUnheard(wanted);
      later(Math.min(3000 * 2 ** refused++, 60_000));
    } else noteLost();
  };
}

/** A message of the server: `{"topic": …, "message": …}`. */
function deliver(data: string): void {
  const envelope = JSON.parse(data) as { topic?: string; message?: unknown };
  for (const handler of handlers.get(envelope.topic ?? '') ?? []) handler(envelope.message);
}

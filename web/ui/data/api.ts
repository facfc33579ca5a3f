/**
 * The one way a screen talks to the program. JSON in and out; failures are sentences; an expired session is renewed
 * over the screen and the call goes on, as it does after a proof that the act asks for; a call that got no answer is repeated with the same idempotency key when the
 * server is back, so that it happens once.
 */
import { noteHere, noteLost, whenHere } from './connection.ts';
import { ApiFailure, decodeFailure, networkFailure } from './failure.ts';
import { proofAsked, proven } from './proof.ts';
import { renewed } from './session.ts';

export interface CallOptions {
  /** Version the caller saw; a newer one on the server answers 412 with both versions in `details`. */
  ifMatch?: number;
  signal?: AbortSignal;
  /** Own key, when the caller may repeat the act itself; made here otherwise. */
  idempotencyKey?: string;
  /** Fails at once instead of waiting for the network or for a new sign-in. */
  impatient?: boolean;
  /** Arrives even though the page is being left; of a body of at most 20,000 characters. */
  outlives?: boolean;
}

export const api = {
  get: <T>(path: string, options?: CallOptions): Promise<T> => call<T>('GET', path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> =>
    call<T>('POST', path, body, options),
  put: <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> =>
    call<T>('PUT', path, body, options),
  remove: <T>(path: string, options?: CallOptions): Promise<T> => call<T>('DELETE', path, undefined, options),
};

/** A read that the page began before anything asked for it. */
interface Begun {
  read: Promise<unknown>;
  /** `performance.now()` of its beginning. */
  at: number;
  /** What it answered; null until then. */
  answer: { json: unknown } | null;
}

/** By address: each is given once, and soon. */
const begun = new Map<string, Begun>();

/** What was read so long ago is read again, ms. */
const SOON_MS = 10_000;

/**
 * Begins a read that the first screen will make, so that its answer comes while the screen itself is still on its way.
 * @returns when it is answered, or has failed: what goes wrong is told to whoever asks
 */
export function readAhead(path: string): Promise<void> {
  const read = once<unknown>('GET', path, headersOf('GET', undefined, {}), undefined, {});
  const one: Begun = { read, at: performance.now(), answer: null };
  begun.set(path, one);
  return read.then(
    (json) => {
      one.answer = { json };
    },
    () => undefined,
  );
}

/** The answer to a read that was begun ahead, where it has come: given once, so that a screen begins with it instead of without. */
export function readAlready<T>(path: string): T | undefined {
  const found = begun.get(path);
  if (!found?.answer || performance.now() - found.at > SOON_MS) return undefined;
  begun.delete(path);
  return found.answer.json as T;
}

/**
 * The answer to a read that was begun; null when there is none. One that failed is asked again, unless its caller wants to know at
 * once: somebody may have signed in since.
 */
async function answerBegun<T>(path: string, options: CallOptions): Promise<{ json: T } | null> {
  const found = begun.get(path);
  begun.delete(path);
  if (!found || performance.now() - found.at > SOON_MS) return null;
  try {
    return { json: (await found.read) as T };
  } catch (error) {
    if (options.impatient) throw error;
    return null;
  } finally {
    options.signal?.throwIfAborted();
  }
}

/** How often an act is sent again before the person is told; between attempts the server was seen alive. */
const ATTEMPTS = 5;

async function call<T>(method: string, path: string, body: unknown, options: CallOptions = {}): Promise<T> {
  const headers = headersOf(method, body, options);
  // An act may change what was read before it.
  if (method !== 'GET') begun.clear();
  const early = method === 'GET' ? await answerBegun<T>(path, options) : null;
  if (early) return early.json;
  for (let attempt = 1; ; attempt++) {
    try {
      return await once<T>(method, path, headers, body, options);
    } catch (error) {
      if (options.impatient || !(error instanceof ApiFailure)) throw error;
      if (error.status === 401) await renewed();
      else if (proofAsked(error)) await proven(error);
      // Reads are repeated by the query that asked; acts are repeated here, with the same key.
      else if (error.code === 'network' && method !== 'GET' && attempt < ATTEMPTS)
        await whenHere(options.signal);
      else throw error;
    }
  }
}

/** Characters; the browser allows 64 KB to all that outlive a page. */
const LONGEST_OUTLIVING = 20_000;

async function once<T>(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: unknown,
  { signal, outlives }: CallOptions,
): Promise<T> {
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (outlives && String(init.body ?? '').length <= LONGEST_OUTLIVING) init.keepalive = true;
  if (signal) init.signal = signal;
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(path, init);
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    noteLost();
    throw networkFailure();
  }
  noteHere();
  const json = parse(text);
  if (!answer.ok) throw decodeFailure(answer.status, json);
  return json as T;
}

function headersOf(method: string, body: unknown, options: CallOptions): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET') headers['idempotency-key'] = options.idempotencyKey ?? newKey();
  if (options.ifMatch !== undefined) headers['if-match'] = `W/"${options.ifMatch}"`;
  return headers;
}

/** A key no other act has. `randomUUID` exists only on secure pages, and a station may be reached by plain http. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Calls to systems of others, at addresses that others gave: only over HTTPS and only to public addresses, unless the operator
 * allows a peer by name; bounded in time and size; redirects are not followed. The address that was checked is the one that is
 * connected to, so that a name cannot change its meaning in between.
 */
import { type LookupAddress, type LookupAllOptions, lookup as resolveName } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { checkAddress, isInternal, isPeer, type Refusal } from './address.ts';

/** Why a call brought nothing: refused by us, or the other side does not answer. */
export class OutboundError extends Error {
  readonly reason: Refusal | 'unreachable' | 'timeout' | 'too-large';
  /** The sentence in Vietnamese; `message` is English. */
  readonly text: string;

  constructor(reason: OutboundError['reason'], address: string, cause?: unknown) {
    super(`${SENTENCES[reason].en} (${address})`, { cause });
    this.name = 'OutboundError';
    this.reason = reason;
    this.text = `${SENTENCES[reason].vi} (${address})`;
  }
}

const SENTENCES: Record<OutboundError['reason'], { vi: string; en: string }> = {
  'no-address': { vi: 'Không phải địa chỉ http(s)', en: 'This is no http(s) address' },
  'not-https': { vi: 'Chỉ gọi địa chỉ https', en: 'Only https addresses are called' },
  internal: {
    vi: 'Không gọi địa chỉ nội bộ; người vận hành có thể cho phép bằng YBA_PEERS',
    en: 'Internal addresses are not called, unless the operator allows them in YBA_PEERS',
  },
  credentials: { vi: 'Địa chỉ không được mang mật khẩu', en: 'An address may not carry a password' },
  unreachable: { vi: 'Không kết nối được', en: 'It cannot be reached' },
  timeout: { vi: 'Không trả lời kịp', en: 'It did not answer in time' },
  'too-large': { vi: 'Trả lời quá lớn', en: 'The answer is too large' },
};

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** Milliseconds without a byte until it is given up. */
  patience?: number;
  /** Milliseconds for all of it, the body of the answer included, however slowly it comes; without it there is no end. */
  within?: number;
  /** Ends the call at once. */
  signal?: AbortSignal;
  /** Bytes of the answer at most. */
  most?: number;
}

export interface OutboundAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** The body as it comes; fails with OutboundError. Must be read to its end, or left by `return`. */
  body: AsyncIterable<Buffer>;
}

export interface Outbound {
  /** Fails with OutboundError before anything is sent when the address is refused. */
  check(url: string): void;
  /** Fails with OutboundError. Any status is an answer, also a redirect. */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
}

const PATIENCE_MS = 30_000;
const MOST_BYTES = 16 * 1024 * 1024;

type Resolve = (
  name: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * @param allowed `host` or `host:port` of peers within the house
 * @param resolve names → addresses; the machine's own resolver
 */
export function openOutbound(allowed: readonly string[], resolve: Resolve = resolveName): Outbound {
  const peers = new Set(allowed);
  const addressOf = (text: string): URL => {
    const checked = checkAddress(text, peers);
    if (typeof checked === 'string') throw new OutboundError(checked, text);
    return checked;
  };
  return {
    check: (url) => void addressOf(url),
    send(request) {
      const url = addressOf(request.url);
      return call(url, request, isPeer(url, peers) ? undefined : publicLookup(url, resolve));
    },
  };
}

/** Resolves names as ever, and fails when any of the addresses lies within the house. */
function publicLookup(url: URL, resolve: Resolve): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      if (addresses.length === 0 || addresses.some(({ address }) => isInternal(address))) {
        return done(new OutboundError('internal', url.href), '', 0);
      }
      if (options.all) return done(null, addresses);
      const [first] = addresses;
      return done(null, first!.address, first!.family);
    });
  };
}

function call(
  url: URL,
  request: OutboundRequest,
  lookup: LookupFunction | undefined,
): Promise<OutboundAnswer> {
  const { method, headers = {}, body, patience = PATIENCE_MS, most = MOST_BYTES, within, signal } = request;
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(error instanceof OutboundError ? error : new OutboundError('unreachable', url.href, error));
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = send(
      url,
      {
        method,
        headers: { ...headers, ...length },
        timeout: patience,
        agent: false,
        ...(lookup && { lookup }),
        ...(signal && { signal }),
      },
      (answer) => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bodyOf(answer, url, most) });
      },
    );
    const giveUp = () => sent.destroy(new OutboundError('timeout', url.href));
    sent.on('timeout', giveUp);
    if (within !== undefined) {
      const end = setTimeout(giveUp, within);
      sent.on('close', () => clearTimeout(end));
    }
    sent.on('error', fail);
    sent.end(body);
  });
}

async function* bodyOf(answer: IncomingMessage, url: URL, most: number): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) throw new OutboundError('too-large', url.href);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof OutboundError ? error : new OutboundError('unreachable', url.href, error);
  } finally {
    answer.destroy();
  }
}

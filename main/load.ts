/**
 * How much is taken on at once. Above a bounded number at work, or when what is at work does not come to an end, a request
 * is told at once to come back: those at work finish in time, and nobody waits for a time-out.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../kernel/failure.ts';

export interface Load {
  inFlight: number;
  /** Requests whose body is still coming; they cost memory, no work. */
  receiving: number;
  refused: number;
}

/** When so many have been at work for so long, the next would wait as long as well: a few slow ones do not mean that. */
const SLOW = { many: 32, ms: 5_000 };
/** Bodies that may be coming at once, as a multiple of the requests at work. */
const RECEIVING = 4;
/** A body comes at least so fast, counted over each span: the slowest mobile line does, a line held open on purpose does not. */
const SLOWEST = { spanMs: 10_000, bytes: 5_000 };

/**
 * When each request at work began, in that order. Pure but for the clock that is passed in. Requests are numbered, not kept: a Map
 * through which much goes leaves its former tables to the collector, chained and full, and what they hold would be moved to the old
 * objects.
 */
export class AtWork {
  readonly #since = new Map<number, number>();
  #last = 0;

  /** @returns the number by which it ends */
  begin(now: number): number {
    this.#last += 1;
    this.#since.set(this.#last, now);
    return this.#last;
  }

  end(number: number): void {
    this.#since.delete(number);
  }

  /** True when many are at work since long. */
  isSlow(now: number): boolean {
    if (this.#since.size < SLOW.many) return false;
    let seen = 0;
    for (const since of this.#since.values()) {
      if (now - since < SLOW.ms) return false;
      seen += 1;
      if (seen === SLOW.many) return true;
    }
    return false;
  }
}

/** Its body is coming, or its number at work. */
type Stage = 'receiving' | number;

/** Registers the limits; before every other hook. */
export function limitLoad(app: FastifyInstance, maxInFlight: number, slowest = SLOWEST): Load {
  const load: Load = { inFlight: 0, receiving: 0, refused: 0 };
  const atWork = new AtWork();
  const stages = new WeakMap<FastifyRequest, Stage>();

  const refuse = (): never => {
    load.refused += 1;
    throw overloaded();
  };
  const begin = (request: FastifyRequest) => {
    const now = Date.now();
    if (load.inFlight >= maxInFlight || atWork.isSlow(now)) refuse();
    stages.set(request, atWork.begin(now));
    load.inFlight += 1;
  };

  // Hooks that wait for nothing say so by calling back: a promise of each would cost every request a turn.
  app.addHook('onRequest', (request, reply, done) => {
    if (isUncounted(request.url)) return done();
    if (hasBody(request)) {
      if (load.receiving >= maxInFlight * RECEIVING) refuse();
      stages.set(request, 'receiving');
      load.receiving += 1;
      cutWhenTooSlow(request, reply, slowest, () => stages.get(request) === 'receiving');
    } else begin(request);
    // 'close' comes once for every answer: finished, hijacked or broken off by the client.
    reply.raw.once('close', () => {
      const stage = stages.get(request);
      if (stage === undefined) return;
      if (stage === 'receiving') {
        load.receiving -= 1;
      } else {
        load.inFlight -= 1;
        atWork.end(stage);
      }
    });
    done();
  });
  app.addHook('preValidation', (request, _reply, done) => {
    if (stages.get(request) === 'receiving') {
      load.receiving -= 1;
      stages.delete(request);
      begin(request);
    }
    done();
  });
  return load;
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A body that does not come on is answered 408, and the line is closed: it would hold its place for two minutes. */
function cutWhenTooSlow(
  request: FastifyRequest,
  reply: FastifyReply,
  slowest: typeof SLOWEST,
  isComing: () => boolean,
): void {
  const { socket } = request.raw;
  let read = socket.bytesRead;
  const timer = setInterval(() => {
    if (isComing() && socket.bytesRead - read >= slowest.bytes) {
      read = socket.bytesRead;
      return;
    }
    clearInterval(timer);
    if (!isComing() || socket.destroyed) return;
    socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    socket.destroySoon();
  }, slowest.spanMs);
  timer.unref();
  reply.raw.once('close', () => clearInterval(timer));
}

function overloaded(): Failure {
  return new Failure('overloaded', 'Máy chủ đang quá tải. Chưa ghi gì; hãy thử lại sau ít giây.', {
    textEn: 'The server is overloaded. Nothing was written; try again in a few seconds.',
  });
}

/** Health must answer under load, and a listening browser is no work. */
function isUncounted(url: string): boolean {
  return /^\/(healthz|readyz|metrics|api\/events)/.test(url);
}

/** How the searches of a request are done: at once for somebody who waits, or without haste for a request that is answered later. */
import type { FastifyRequest } from 'fastify';
import type { SearchManner } from '../../store/contract.ts';

const later = new WeakSet<FastifyRequest>();

const UNHURRIED: SearchManner = { unhurried: true };

/** From now on nobody waits at the other end of the request: it was answered with 202. */
export function answeredLater(request: FastifyRequest): void {
  later.add(request);
}

/** Asked for each search, for a request may be taken for later while it is read. */
export function mannerOf(request: FastifyRequest): SearchManner {
  if (later.has(request)) return UNHURRIED;
  return { isGone: () => !later.has(request) && request.raw.socket.destroyed };
}

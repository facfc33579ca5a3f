/** The cookie of a signed-in browser, and that of a browser in the middle of a ceremony. */
import { createHash, randomBytes } from 'node:crypto';
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const COOKIE = 'yba_session';
const CEREMONY = 'yba_ceremony';

/** Under TLS the prefix makes the browser refuse a cookie that another host or a plain page has set (RFC 6265bis §4.1.3.2). */
function nameOf(request: FastifyRequest, name: string): string {
  return request.protocol === 'https' ? `__Host-${name}` : name;
}

export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[nameOf(request, COOKIE)];
}

/** @param maxAge seconds; 0 takes the cookie away */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  maxAge: number,
): void {
  set(request, reply, COOKIE, token, maxAge);
}

/** What binds a challenge or a code to the browser that asked for it. */
export function ceremonyOf(request: FastifyRequest): Buffer | null {
  const token = request.cookies[nameOf(request, CEREMONY)];
  return token === undefined ? null : hashOfToken(token);
}

/**
 * Gives the browser one, or lets it keep what it has: a code that was asked for outlives a question for a passkey beside it.
 * @param maxAge seconds @returns its hash
 */
export function beginCeremony(request: FastifyRequest, reply: FastifyReply, maxAge: number): Buffer {
  const given = request.cookies[nameOf(request, CEREMONY)] ?? '';
  const token = /^[\w-]{43}$/.test(given) ? given : newToken();
  set(request, reply, CEREMONY, token, maxAge);
  return hashOfToken(token);
}

/** 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What the tables hold instead of a token: they alone sign nobody in. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function set(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  value: string,
  maxAge: number,
): void {
  reply.setCookie(nameOf(request, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge,
  });
}

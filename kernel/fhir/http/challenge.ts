/** `WWW-Authenticate` (RFC 9110 section 11.6.1, RFC 6750 section 3): how to come in, and what was wrong with the token that was shown. */
import type { FastifyRequest } from 'fastify';

const REALM = 'Bearer realm="fhir"';

/** @returns the header's value; null when the status asks for none. No error is named to who showed no token (RFC 6750 section 3.1) */
export function challengeOf({ headers }: Pick<FastifyRequest, 'headers'>, status: number): string | null {
  const hasToken = headers.authorization !== undefined;
  if (status === 401) return hasToken ? `${REALM}, error="invalid_token"` : REALM;
  return status === 403 && hasToken ? `${REALM}, error="insufficient_scope"` : null;
}

/** What stands around every answer of the provider: headers, and what a SMART launch adds to that of the token endpoint. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { HEADERS } from './headers.ts';

/** Seconds after which to come again: a busy program, and too many wrong secrets. */
const LATER: Readonly<Record<number, string>> = { 429: '60', 503: '2' };

/** Addresses that programs call: what they are told of is JSON, whatever the client library says that it accepts (RFC 6749 section 5.2). */
const FOR_PROGRAMS: ReadonlySet<string> = new Set([
  'token',
  'introspection',
  'revocation',
  'pushed_authorization_request',
  'device_authorization',
  'jwks',
]);

/** True when the request is one of a program, which no page answers. */
export function isOfProgram({ oidc }: KoaContextWithOIDC): boolean {
  return FOR_PROGRAMS.has(oidc.route);
}

export async function frame(koa: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) koa.set(name, value);
  if (koa.secure) koa.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
  await next();
  const later = LATER[koa.status];
  if (later !== undefined) koa.set('Retry-After', later);
  if (koa.oidc?.route !== 'token') return;
  // SMART App Launch 2.2 ("Response": both headers are a MUST), RFC 6749 section 5.1.
  koa.set('Pragma', 'no-cache');
  const launch = koa.oidc.entities?.Grant?.context;
  if (koa.status === 200 && launch !== undefined) koa.body = { ...launch, ...(koa.body as object) };
}

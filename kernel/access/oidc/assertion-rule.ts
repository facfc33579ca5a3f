/** What a client assertion must say beyond RFC 7523, which oidc-provider carries out: SMART App Launch 2.2, "Asymmetric authentication". */
import type { Client, errors as Library } from 'oidc-provider';

/** An assertion lives five minutes at most. Seconds, as below. */
const ASSERTION_SECONDS = 300;
/** How far the clocks of two machines may be apart. */
export const CLOCK_SECONDS = 15;

/** SMART: `JWT`; RFC 7523bis names a type of its own. A token made for anything else is no assertion (RFC 8725 section 3.11). */
const TYPES = /^(?:application\/)?(?:jwt|client-authentication\+jwt)$/i;

interface Claims {
  exp: number;
  sub?: string;
  iss?: string;
}

interface Header {
  jku?: unknown;
  kid?: unknown;
  typ?: unknown;
}

/** `jku`, when it is there, is the registered address: no other is ever called. */
export function assertionRule({ InvalidClientAuth }: typeof Library) {
  return async (_koa: unknown, claims: Claims, header: Header, client: Client): Promise<void> => {
    if (claims.exp > Date.now() / 1000 + ASSERTION_SECONDS + CLOCK_SECONDS)
      throw new InvalidClientAuth('client_assertion must end within five minutes');
    if (claims.sub !== claims.iss) throw new InvalidClientAuth('iss and sub must both be the client_id');
    if (header.jku !== undefined && header.jku !== client.jwksUri)
      throw new InvalidClientAuth('jku is not the registered jwks_uri');
    // RFC 7515 section 4.1.4; left out, every key of the client is tried.
    if (header.kid !== undefined && typeof header.kid !== 'string')
      throw new InvalidClientAuth('kid must be a string');
    if (header.typ !== undefined && !TYPES.test(String(header.typ)))
      throw new InvalidClientAuth('typ must be JWT');
  };
}

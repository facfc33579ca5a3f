/**
 * This program as a relying party of a provider (OpenID Connect Core 1.0, by openid-client, loaded when somebody uses it): code, PKCE,
 * nonce and state; the id_token's signature, issuer, audience and times are checked. Every call goes through kernel/outbound.
 */
import type { Configuration, CustomFetch } from 'openid-client';
import type { Outbound } from '../../outbound/outbound.ts';
import type { ExternalProvider } from './providers.ts';

/** What must come back with the code. */
export interface Expected {
  state: string;
  nonce: string;
  verifier: string;
}

export interface RelyingParty {
  /** Where the browser goes, and what must come back. Fails when the provider does not answer as one. */
  begin(provider: ExternalProvider, redirectUri: string): Promise<{ address: string; expected: Expected }>;
  /** @param back the whole address that the browser came back to @returns claims of the id_token. Fails when anything is not as it must be. */
  finish(provider: ExternalProvider, back: URL, expected: Expected): Promise<Record<string, unknown>>;
}

const SIGNATURES = ['ES256', 'PS256', 'RS256', 'ES384', 'RS384', 'PS384', 'EdDSA'];
const KEPT_MS = 3_600_000;
const WITHIN_MS = 10_000;
const MOST_BYTES = 512 * 1024;

export function openRelyingParty(outbound: Outbound): RelyingParty {
  const known = new Map<string, { until: number; configuration: Promise<Configuration> }>();

  function configurationOf(provider: ExternalProvider): Promise<Configuration> {
    const kept = known.get(provider.id);
    if (kept && kept.until > Date.now()) return kept.configuration;
    const configuration = discover(provider, outbound);
    known.set(provider.id, { until: Date.now() + KEPT_MS, configuration });
    configuration.catch(() => known.delete(provider.id));
    return configuration;
  }

  return {
    async begin(provider, redirectUri) {
      const library = await import('openid-client');
      const configuration = await configurationOf(provider);
      const expected = {
        state: library.randomState(),
        nonce: library.randomNonce(),
        verifier: library.randomPKCECodeVerifier(),
      };
      const address = library.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: provider.scopes,
        state: expected.state,
        nonce: expected.nonce,
        code_challenge: await library.calculatePKCECodeChallenge(expected.verifier),
        code_challenge_method: 'S256',
      });
      return { address: address.href, expected };
    },
    async finish(provider, back, { state, nonce, verifier }) {
      const library = await import('openid-client');
      const tokens = await library.authorizationCodeGrant(await configurationOf(provider), back, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return tokens.claims()!;
    },
  };
}

async function discover(provider: ExternalProvider, outbound: Outbound): Promise<Configuration> {
  const library = await import('openid-client');
  const fetch = fetchOf(outbound);
  // kernel/outbound calls no address in clear but of peers that the operator allows.
  const inHouse = provider.issuer.startsWith('http:') ? [library.allowInsecureRequests] : [];
  const found = await library.discovery(
    new URL(provider.issuer),
    provider.clientId,
    undefined,
    library.None(),
    {
      execute: inHouse,
      [library.customFetch]: fetch,
    },
  );
  const server = found.serverMetadata();
  const offered = server.id_token_signing_alg_values_supported ?? ['RS256'];
  const alg = SIGNATURES.find((one) => offered.includes(one));
  if (alg === undefined) throw new Error(`${provider.issuer} signs by none of ${SIGNATURES.join(', ')}`);
  const authentication =
    provider.clientSecret === null ? library.None() : secretMethod(library, server, provider.clientSecret);
  const metadata = { id_token_signed_response_alg: alg };
  const configuration = new library.Configuration(server, provider.clientId, metadata, authentication);
  configuration[library.customFetch] = fetch;
  for (const allow of inHouse) allow(configuration);
  // The signature is checked although the token comes from the provider itself: a proxy in between may be none of ours.
  library.enableNonRepudiationChecks(configuration);
  return configuration;
}

function secretMethod(
  library: typeof import('openid-client'),
  {
    token_endpoint_auth_methods_supported: methods = ['client_secret_basic'],
  }: { token_endpoint_auth_methods_supported?: string[] },
  secret: string,
) {
  return methods.includes('client_secret_basic')
    ? library.ClientSecretBasic(secret)
    : library.ClientSecretPost(secret);
}

function fetchOf(outbound: Outbound): CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await outbound.send({
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers,
      ...(body != null && { body: String(body) }),
      within: WITHIN_MS,
      most: MOST_BYTES,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    const kept = new Headers();
    for (const name of ['content-type', 'cache-control', 'www-authenticate', 'dpop-nonce']) {
      const value = answer.headers[name];
      if (typeof value === 'string') kept.set(name, value);
    }
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : Buffer.concat(chunks), { status: answer.status, headers: kept });
  };
}

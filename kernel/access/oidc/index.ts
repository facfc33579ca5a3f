/** The OpenID provider: who signs in at applications, and what their tokens are. The front door of this room. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Pool } from 'pg';
import { asFailure } from '../../fhir/outcome.ts';
import type { Keyring } from '../../keys/index.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import type { Account } from '../accounts/account.ts';
import type { Clients } from '../clients.ts';
import { openSigningKeys, type SigningKeys } from '../keys.ts';
import type { Limits } from '../limits.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Throttle } from '../throttle.ts';
import { type Artifacts, openArtifacts } from './artifacts.ts';
import { type Heard, hear } from './audit.ts';
import { type Browsers, openBrowsers } from './browser.ts';
import { ENDPOINTS } from './endpoints.ts';
import { fetchThrough } from './fetch.ts';
import { type Asker, answerPage, type Interactions, openInteractions } from './interactions.ts';
import { type Logouts, openLogouts } from './logout.ts';
import { page, STYLE, STYLE_ADDRESS } from './pages.ts';
import { buildProvider } from './provider.ts';
import { openSignedTokens, type SignedTokens } from './tokens.ts';

export { grantStands } from './artifacts.ts';
export { DISCOVERY, serverMetadata } from './discovery.ts';
export { ENDPOINTS } from './endpoints.ts';
export type { Asker, ConsentAnswer, ConsentQuestion, Interactions } from './interactions.ts';
export { AUDIENCE, type SignedTokens } from './tokens.ts';

export interface OidcParts {
  /** Seals the keys that sign tokens. */
  keys: Keyring;
  pool: Pool;
  clients: Clients;
  sessions: Sessions;
  limits: Limits;
  outbound: Outbound;
  /** Failed secrets of one client from one address. */
  guesses: Throttle;
  /** Codes of devices that are typed from one address. */
  typed: Throttle;
  now(): Date;
  /** Address of the program without a path: `iss`. */
  issuer(): string;
  account(id: string): Promise<Account | null>;
  /** Whether the roles may state a purpose of use. */
  mayState(roles: readonly string[], purpose: string): boolean;
  onDefect(error: unknown): void;
  /** Tokens, grants and ends of them: for the audit. */
  onHeard(heard: Heard): void;
}

export interface Oidc {
  artifacts: Artifacts;
  keys: SigningKeys;
  tokens: SignedTokens;
  logouts: Logouts;
  /** Answers a request below `/oauth2`. */
  handle(request: IncomingMessage, response: ServerResponse, from: Asker): Promise<void>;
  /** What the consent page asks and answers; loads the provider. */
  interactions(): Promise<Interactions>;
  /** Every few seconds: sessions that are over end, clients are told. */
  tend(): Promise<void>;
  /** Every hour: keys grow old, rows are over. */
  sweep(): Promise<void>;
}

interface Loaded {
  version: string;
  provider: Provider;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  interactions: Interactions;
}

const INTERACTION = /^\/oauth2\/interaction\/([\w-]{1,64})(?:\?.*)?$/;

export function openOidc(parts: OidcParts): Oidc {
  const { pool, limits, now } = parts;
  const browsers = openBrowsers(pool, parts.sessions, limits, now);
  const artifacts = openArtifacts(pool, limits, now);
  const keys = openSigningKeys(pool, parts.keys, limits.signingKeyDays, now);
  const tokens = openSignedTokens(keys, now);
  const logouts = openLogouts({
    pool,
    now,
    tokens,
    limits,
    issuer: parts.issuer,
    outbound: parts.outbound,
    onLost: (client, account) =>
      parts.onHeard({ act: 'sign-out', client, account, outcome: 'failed', ip: '' }),
  });
  let loaded: Promise<Loaded> | undefined;

  async function load(): Promise<Loaded> {
    const version = await keys.version();
    if (loaded && (await loaded).version === version) return loaded;
    const next = build({ ...parts, browsers, artifacts, tokens, logouts }, keys, version);
    loaded = next;
    next.catch(() => {
      if (loaded === next) loaded = undefined;
    });
    return next;
  }

  return {
    artifacts,
    keys,
    tokens,
    logouts,
    interactions: async () => (await load()).interactions,
    async handle(request, response, from) {
      if (request.url === STYLE_ADDRESS) return style(response);
      try {
        const { answer, interactions } = await load();
        const uid = INTERACTION.exec(request.url ?? '')?.[1];
        addressAs(request, parts.issuer(), from.ip);
        if (request.method === 'POST' && request.url === ENDPOINTS.code_verification)
          countTyped(parts.typed, from.ip);
        if (uid !== undefined && request.method === 'GET')
          await interactions.step(request, response, uid, from);
        else answer(request, response);
      } catch (error) {
        const { status = 500 } = asFailure(error) ?? {};
        if (status === 429) return tooMany(response);
        if (status !== 503) parts.onDefect(error);
        unavailable(response);
      }
    },
    async tend() {
      await logouts.endOver();
      await logouts.send();
    },
    async sweep() {
      await artifacts.sweep();
      await keys.tend();
    },
  };
}

interface BuildParts extends OidcParts {
  browsers: Browsers;
  artifacts: Artifacts;
  tokens: SignedTokens;
  logouts: Logouts;
}

async function build(parts: BuildParts, keys: SigningKeys, version: string): Promise<Loaded> {
  const { logouts, browsers } = parts;
  const provider = await buildProvider({
    ...parts,
    keys: await keys.all(),
    issuer: parts.issuer(),
    fetch: fetchThrough(parts.outbound),
    tellLogout: (client, account, sid) => logouts.tell(client, account, sid),
  });
  hear(provider, parts.onHeard, parts.onDefect);
  const interactions = openInteractions({
    provider,
    browsers,
    endSession: (uid) => logouts.end(uid),
    onDenied: (client, account, ip) =>
      parts.onHeard({ act: 'sign-in', client, account, outcome: 'refused', ip }),
  });
  return { version, provider, answer: provider.callback(), interactions };
}

/**
 * oidc-provider takes addresses, and the audience of client assertions, from the request's own headers, which anybody may set: they are
 * replaced by what is known here.
 */
function addressAs(request: IncomingMessage, issuer: string, ip: string): void {
  const { host, protocol } = new URL(issuer);
  request.headers.host = host;
  request.headers['x-forwarded-host'] = host;
  request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  request.headers['x-forwarded-for'] = ip;
}

/** Eight letters are short: a person types them once, whoever guesses often. Fails with `too-many-requests`. */
function countTyped(typed: Throttle, ip: string): void {
  typed.check(ip);
  typed.count(ip);
}

function tooMany(response: ServerResponse): void {
  response.setHeader('Retry-After', '60');
  answerPage(response, 429, page('Quá nhiều lần thử', '<p>Hãy chờ một phút rồi thử lại.</p>'));
}

function style(response: ServerResponse): void {
  response
    .writeHead(200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'public, max-age=3600' })
    .end(STYLE);
}

function unavailable(response: ServerResponse): void {
  if (response.headersSent) return void response.destroy();
  response.setHeader('Retry-After', '2');
  answerPage(response, 503, page('Hệ thống đang bận', '<p>Hãy thử lại sau vài giây.</p>'));
}

/** SMART App Launch: launches, consent, given applications. The front door of this room; scopes are `../scopes.ts`. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { Content } from '../../content/content.ts';
import type { Store } from '../../store/contract.ts';
import type { Notices } from '../../store/index.ts';
import type { Clients } from '../clients.ts';
import type { Guard } from '../guard.ts';
import type { Limits } from '../limits.ts';
import { readLookWords } from '../looks/words.ts';
import type { Oidc } from '../oidc/index.ts';
import { type Apps, openApps } from './apps.ts';
import { authorizeByPost } from './authorize-post.ts';
import { readDataNames } from './consent-items.ts';
import { answerOrigins } from './cors.ts';
import { openLaunches } from './launches.ts';
import { smartRoutes } from './routes.ts';

export { oauthAddresses, smartConfiguration } from './configuration.ts';

export interface SmartParts {
  pool: Pool;
  store: Store;
  content: Content;
  notices: Notices;
  guard: Guard;
  limits: Limits;
  oidc: Oidc;
  clients: Clients;
  now(): Date;
  /** Address of the program without a path. */
  issuer(): string;
  log(sentence: string, error?: unknown): void;
  /** This process asks anew whether tokens stand. */
  forgetTokens(): void;
}

export interface Smart {
  apps: Pick<Apps, 'granted'>;
  /** Headers for apps of other origins: before anything else looks at a request. */
  answerOrigins(app: FastifyInstance): void;
  mount(app: FastifyInstance): void;
  /** A token of a person was shown: noted once in a while. */
  used(account: string, client: string): void;
  /** Forgets every hour what is over. */
  tend(): void;
}

const REVOKED = 'tokens-revoked';
/** How exactly "last used" is known. */
const NOTED_MS = 60_000;
const SWEEP_MS = 3_600_000;

export function openSmart(parts: SmartParts): Smart {
  const { pool, content, limits, now, notices } = parts;
  const names = readDataNames(content.table('access/data-names'));
  const looks = readLookWords(content);
  const launches = openLaunches(pool, now);
  const apps = openApps(pool, now, limits, names);
  const noted = new Map<string, number>();
  void notices.on(REVOKED, { heard: () => parts.forgetTokens() });
  return {
    apps,
    answerOrigins: (app) => answerOrigins(app, parts.clients, now),
    mount(app) {
      authorizeByPost(app);
      smartRoutes(app, {
        ...parts,
        names,
        purposeWords: (code) => looks.why(code),
        launches,
        apps,
        offlineDays: limits.offlineDays,
        baseOf: (request) => `${request.protocol}://${request.host}/fhir`,
        onRevoked() {
          parts.forgetTokens();
          void notices.send(REVOKED, '');
        },
      });
    },
    used(account, client) {
      const key = `${account} ${client}`;
      const at = now().getTime();
      if ((noted.get(key) ?? 0) > at - NOTED_MS) return;
      if (noted.size > 10_000) noted.clear();
      noted.set(key, at);
      apps
        .used(account, client)
        .catch((error) => parts.log('noting the use of an application failed', error));
    },
    tend() {
      setInterval(() => void launches.sweep().catch(() => undefined), SWEEP_MS).unref();
    },
  };
}

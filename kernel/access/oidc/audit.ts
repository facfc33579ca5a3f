/** What oidc-provider tells of its work, for the audit: tokens given and refused, grants ended, people signed out. */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';

export interface Heard {
  act: 'sign-in' | 'sign-out';
  client: string;
  /** Null where a system acts for itself, or nobody is known yet. */
  account: string | null;
  outcome: 'ok' | 'failed' | 'refused';
  ip: string;
  /** OAuth error. */
  error?: string;
}

type Event = [name: string, act: Heard['act'], outcome: Heard['outcome']];

const EVENTS: readonly Event[] = [
  ['authorization.success', 'sign-in', 'ok'],
  ['authorization.error', 'sign-in', 'failed'],
  ['grant.success', 'sign-in', 'ok'],
  ['grant.error', 'sign-in', 'failed'],
  ['pushed_authorization_request.error', 'sign-in', 'failed'],
  ['device_authorization.error', 'sign-in', 'failed'],
  ['introspection.error', 'sign-in', 'failed'],
  ['revocation.error', 'sign-out', 'failed'],
  ['grant.revoked', 'sign-out', 'ok'],
  ['end_session.success', 'sign-out', 'ok'],
];

export function hear(
  provider: Provider,
  tell: (heard: Heard) => void,
  onDefect: (error: unknown) => void,
): void {
  for (const [name, act, outcome] of EVENTS)
    provider.on(name, (koa: KoaContextWithOIDC, detail: unknown) => {
      const error = outcome === 'failed' ? (detail as { error?: string } | undefined)?.error : undefined;
      tell({ act, outcome, ip: koa.ip, ...whoOf(koa), ...(error !== undefined && { error }) });
    });
  provider.on('server_error', (_koa: unknown, error: unknown) => onDefect(error));
}

function whoOf({ oidc }: KoaContextWithOIDC): Pick<Heard, 'client' | 'account'> {
  const { entities, session, params } = oidc;
  const named = entities.Client?.clientId ?? params?.client_id;
  const client = typeof named === 'string' ? printable(named) : 'unknown';
  const account = entities.Account?.accountId ?? entities.Grant?.accountId ?? session?.accountId ?? null;
  return { client, account };
}

/** What a stranger sent as a name. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 64) || 'unknown';
}

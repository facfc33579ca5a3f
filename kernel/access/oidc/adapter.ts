/** oidc-provider's storage interface on the tables of this room. */
import type { Adapter } from 'oidc-provider';
import { asFailure } from '../../fhir/outcome.ts';
import type { Client } from '../client.ts';
import type { Clients } from '../clients.ts';
import type { Artifacts, Payload } from './artifacts.ts';
import { needsSecret } from './client-rules.ts';

export interface AdapterParts {
  artifacts: Artifacts;
  clients: Clients;
  /** Thrown when what counts once is used again. */
  replayed(model: string): Error;
  /** Told before a client is given out: oidc-provider looks it up before it looks at the rest of a request. */
  onClient(): Promise<void>;
}

export function adapterFor(parts: AdapterParts): (model: string) => Adapter {
  const { artifacts } = parts;
  return (model) => ({
    upsert: (id, payload, seconds) =>
      answered(async () => {
        if (model !== 'ReplayDetection') return artifacts.save(model, id, payload as Payload, seconds);
        if (!(await artifacts.saveOnce(model, id, payload as Payload, seconds))) throw parts.replayed(model);
      }),
    find: (id) =>
      answered(async () => {
        if (model !== 'Client') return artifacts.find(model, id);
        await parts.onClient();
        return metadataOf(parts.clients, id);
      }),
    findByUid: (uid) => answered(() => artifacts.findByUid(uid)),
    findByUserCode: (code) => answered(() => artifacts.findByUserCode(code)),
    consume: (id) =>
      answered(async () => {
        if (await artifacts.consume(model, id)) return;
        // Two requests at once with what counts once: one of them is not the client's.
        const { grantId } = (await artifacts.find(model, id)) ?? {};
        if (grantId !== undefined) await artifacts.endGrant(grantId);
        throw parts.replayed(model);
      }),
    destroy: (id) => answered(() => artifacts.destroy(model, id)),
    revokeByGrantId: (grantId) => answered(() => artifacts.revoke(model, grantId)),
  });
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFailure(error)?.status === 503 ? unavailable(error) : error;
  }
}

/** RFC 6749 has no code for it at the token endpoint: the one of section 4.1.2.1, with status 503. */
function unavailable(cause: unknown): Error {
  return Object.assign(new Error('temporarily_unavailable', { cause }), {
    statusCode: 503,
    expose: true,
    error_description: 'The database does not answer. Try again in a few seconds.',
  });
}

async function metadataOf(clients: Clients, id: string): Promise<Record<string, unknown> | undefined> {
  if (!/^[\x21-\x7e]{1,100}$/.test(id)) return undefined;
  const client = await clients.readWithSecrets(id);
  return client ? metadata(client) : undefined;
}

/** RFC 7591. The hashes of several secrets stand in the place of one (`provider.ts` compares). */
function metadata(client: Client & { secrets: string[] }): Record<string, unknown> {
  const code = client.grants.includes('authorization_code');
  return {
    client_id: client.id,
    client_name: client.name,
    fhir_scopes: client.scopes,
    trusted: client.trusted,
    introspects: client.introspects,
    purposes: client.purposes,
    grant_types: client.grants,
    response_types: code ? ['code'] : [],
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.logoutRedirectUris,
    application_type: client.application,
    token_endpoint_auth_method: client.authMethod,
    ...(needsSecret(client) && { client_secret: client.secrets.join(' ') || 'none' }),
    ...(client.jwks !== null && { jwks: client.jwks }),
    ...(client.jwksUri !== null && { jwks_uri: client.jwksUri }),
    ...(client.backchannelLogout !== null && {
      backchannel_logout_uri: client.backchannelLogout,
      backchannel_logout_session_required: true,
    }),
  };
}

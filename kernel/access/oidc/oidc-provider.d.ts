/** The part of oidc-provider (MIT) that this room uses; the package carries no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Adapter {
    upsert(id: string, payload: Record<string, unknown>, seconds: number): Promise<void>;
    find(id: string): Promise<Record<string, unknown> | undefined>;
    findByUserCode(code: string): Promise<Record<string, unknown> | undefined>;
    findByUid(uid: string): Promise<Record<string, unknown> | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface Client {
    clientId: string;
    clientName?: string;
    clientSecret?: string;
    clientAuthMethod: string;
    applicationType: string;
    redirectUris: string[];
    jwksUri?: string;
    grantTypeAllowed(type: string): boolean;
    includeSid(): boolean;
    compareClientSecret(actual: string): boolean | Promise<boolean>;
    backchannelLogout(account: string, sid: string): Promise<void>;
    metadata(): Record<string, unknown>;
  }

  export interface Model {
    jti: string;
    exp: number;
    iat: number;
    save(seconds?: number): Promise<string>;
    destroy(): Promise<void>;
  }

  export interface Session extends Model {
    uid: string;
    accountId?: string;
    acr?: string;
    amr?: string[];
    browser?: string;
    authorizations?: Record<string, { sid?: string; grantId?: string; persistsLogout?: boolean }>;
    grantIdFor(clientId: string): string | undefined;
    persist(): Promise<string>;
  }

  export interface Grant extends Model {
    accountId: string;
    clientId: string;
    sessionUid?: string;
    context?: Record<string, unknown>;
    addOIDCScope(scope: string): void;
    rejectOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    rejectResourceScope(resource: string, scope: string): void;
    addOIDCClaims(claims: string[]): void;
    getOIDCScope(): string;
    getResourceScope(resource: string): string;
  }

  export interface Token extends Model {
    kind: string;
    accountId?: string;
    clientId: string;
    grantId?: string;
    scope?: string;
    aud?: string;
    /** Of codes and refresh tokens: when the person signed in, epoch seconds. */
    authTime?: number;
    extra?: Record<string, unknown>;
    remainingTTL: number;
    getValueAndPayload(): Promise<{ value: string; payload: Record<string, unknown> }>;
  }

  export interface Interaction extends Model {
    uid: string;
    prompt: { name: string; reasons: string[]; details: Record<string, unknown> };
    params: Record<string, unknown> & { client_id: string; scope?: string };
    session?: { accountId: string; uid?: string; acr?: string; amr?: string[] };
    grantId?: string;
    deviceCode?: string;
    returnTo: string;
    result?: Record<string, unknown>;
    lastSubmission?: Record<string, unknown>;
  }

  export interface OidcContext {
    route: string;
    params?: Record<string, unknown>;
    body?: Record<string, unknown>;
    client?: Client;
    session?: Session;
    result?: { login?: Login; consent?: { grantId?: string } };
    entities: {
      Client?: Client;
      Grant?: Grant;
      Account?: { accountId: string };
      AccessToken?: Token;
      AuthorizationCode?: Token;
      DeviceCode?: Token;
      RefreshToken?: Token;
      RotatedRefreshToken?: Token;
      PushedAuthorizationRequest?: { request: string };
    };
    requestParamScopes: Set<string>;
    acr?: string;
  }

  export interface Login {
    accountId: string;
    ts: number;
    amr: string[];
    acr: string;
    remember: boolean;
    browser: string;
  }

  export interface KoaContextWithOIDC {
    ip: string;
    secure: boolean;
    method: string;
    path: string;
    query: Record<string, string | string[] | undefined>;
    status: number;
    body: unknown;
    type: string;
    req: IncomingMessage;
    set(header: string, value: string): void;
    oidc: OidcContext;
  }

  export interface Cookies {
    get(name: string, options?: { signed?: boolean }): string | undefined;
    set(name: string, value: string | null, options?: Record<string, unknown>): void;
  }

  interface ModelClass<T> {
    new (payload: Record<string, unknown>): T;
    prototype: T;
    readonly IN_PAYLOAD: string[];
    find(value: string, options?: Record<string, unknown>): Promise<T | undefined>;
  }

  type OauthError = new (description?: string, more?: unknown) => Error;

  export const errors: Record<
    | 'AccessDenied'
    | 'InvalidClientAuth'
    | 'InvalidGrant'
    | 'InvalidRequest'
    | 'InvalidScope'
    | 'InvalidTarget',
    OauthError
  >;

  export namespace interactionPolicy {
    class Check {
      constructor(
        reason: string,
        description: string,
        error: string,
        check: (context: KoaContextWithOIDC) => boolean | Promise<boolean>,
        details?: (context: KoaContextWithOIDC) => Record<string, unknown>,
      );
    }
    interface Prompt {
      checks: { add(check: Check, at?: number): void; remove(reason: string): void };
    }
    function base(): { get(name: string): Prompt };
  }

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    issuer: string;
    proxy: boolean;
    Client: ModelClass<Client>;
    Session: ModelClass<Session>;
    Grant: ModelClass<Grant>;
    Interaction: ModelClass<Interaction>;
    AccessToken: ModelClass<Token>;
    ClientCredentials: ModelClass<Token>;
    RefreshToken: ModelClass<Token>;
    DeviceCode: ModelClass<Token>;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    createContext(request: IncomingMessage, response: ServerResponse): { cookies: Cookies };
    use(step: (context: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>): void;
    on(event: string, listener: (...args: never[]) => void): void;
    static readonly ctx: KoaContextWithOIDC | undefined;
  }
}

/** The part of oidc-provider (MIT) that this room uses; the package carries no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type ClientMetadata = Record<string, unknown>;

  export interface Adapter {
    upsert(id: string, payload: unknown, expiresIn: number): Promise<void>;
    find(id: string): Promise<ClientMetadata | undefined>;
    findByUserCode(code: string): Promise<undefined>;
    findByUid(uid: string): Promise<undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface KoaContextWithOIDC {
    ip: string;
    status: number;
    set(header: string, value: string): void;
    oidc: { params?: Record<string, unknown>; client?: { clientId: string } };
  }

  export interface Client {
    clientSecret?: string;
    compareClientSecret(actual: string): boolean | Promise<boolean>;
    metadata(): Record<string, unknown>;
  }

  export const errors: {
    InvalidScope: new (description: string, scope: string) => Error;
    InvalidTarget: new (description?: string) => Error;
  };

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    Client: { prototype: Client };
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    on(event: string, listener: (...args: unknown[]) => void): void;
  }
}

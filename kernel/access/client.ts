/** An OAuth client (partner system, app, kiosk) as it is registered. Plain data. */
import type { JSONWebKeySet } from 'jose';

export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

export const GRANTS = ['authorization_code', 'client_credentials', 'refresh_token', DEVICE_CODE] as const;

export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;

export type GrantType = (typeof GRANTS)[number];
export type AuthMethod = (typeof AUTH_METHODS)[number];

export interface Client {
  id: string;
  name: string;
  /** What it may ask for, separated by spaces: `system/*.cruds`, `openid fhirUser patient/*.rs`. */
  scopes: string;
  active: boolean;
  grants: GrantType[];
  authMethod: AuthMethod;
  application: 'web' | 'native';
  /** Compared as they stand (RFC 9700 section 2.1). */
  redirectUris: string[];
  logoutRedirectUris: string[];
  /** Public keys of `private_key_jwt`. */
  jwks: JSONWebKeySet | null;
  jwksUri: string | null;
  /** Where its users' logout is told (OpenID Connect Back-Channel Logout 1.0). */
  backchannelLogout: string | null;
  /** Where a launch from this program begins (SMART App Launch 2.2, EHR launch). */
  launchUrl: string | null;
  /** First party: nobody is asked for consent. */
  trusted: boolean;
  /** May ask about the tokens of other clients (RFC 7662, resource servers). */
  introspects: boolean;
  /** The unit (Organization id) that runs the system; null = the operator of the record. */
  unit: string | null;
  /**
   * Purposes of use that a token may be asked for. A system states no other, the first where it states none; empty = the
   * standard of systems. Of an application of people, `BTG` says that they may open a record in an emergency through it.
   */
  purposes: string[];
}

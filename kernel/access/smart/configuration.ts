/** `.well-known/smart-configuration` (SMART App Launch 2.2, "Conformance"): what is announced is tested. Pure. */

/** Capabilities of SMART 2.2 that hold here. */
export const CAPABILITIES = [
  'launch-ehr',
  'launch-standalone',
  'authorize-post',
  'client-public',
  'client-confidential-symmetric',
  'client-confidential-asymmetric',
  'sso-openid-connect',
  'context-banner',
  'context-style',
  'context-ehr-patient',
  'context-ehr-encounter',
  'context-standalone-patient',
  'permission-offline',
  'permission-online',
  'permission-patient',
  'permission-user',
  'permission-v1',
  'permission-v2',
] as const;

/** Some of what may be asked for; narrower ones with a type and a query, too. */
export const SCOPES = [
  'openid',
  'profile',
  'fhirUser',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
  'patient/*.cruds',
  'patient/*.rs',
  'patient/*.read',
  'user/*.cruds',
  'user/*.rs',
  'user/*.read',
  'system/*.cruds',
  'system/*.rs',
  'system/*.read',
  'system/*.write',
  'system/*.*',
] as const;

/** Bound everywhere and without an address of its own, the program knows no name by which others reach it. */
const NOWHERE = /^https?:\/\/(0\.0\.0\.0|\[::\])(:|$)/;

/**
 * The addresses are the program's own, as those of the OpenID provider: an assertion that names one of them as its audience is taken, and
 * nobody's `Host` leads an app elsewhere.
 * @param base the FHIR base URL as the asker wrote it, `https://host/fhir` @param issuer of the tokens
 */
export function smartConfiguration(base: string, issuer: string) {
  const place = NOWHERE.test(issuer) ? base.replace(/\/fhir$/, '') : issuer;
  const oauth = `${place}/oauth2`;
  return {
    issuer,
    jwks_uri: `${oauth}/jwks`,
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    introspection_endpoint: `${oauth}/introspect`,
    revocation_endpoint: `${oauth}/revoke`,
    management_endpoint: `${place}/tai-khoan/ung-dung`,
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'none',
    ],
    token_endpoint_auth_signing_alg_values_supported: ['ES256', 'ES384', 'RS384', 'PS256'],
    scopes_supported: SCOPES,
    capabilities: CAPABILITIES,
  };
}

/** R4 CapabilityStatement: addresses of OAuth for clients that look there (SMART 1; deprecated in 2). */
export function oauthAddresses(base: string) {
  const oauth = base.replace(/\/fhir$/, '/oauth2');
  const address = (url: string, path: string) => ({ url, valueUri: `${oauth}/${path}` });
  return {
    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
    extension: [
      address('authorize', 'authorize'),
      address('token', 'token'),
      address('introspect', 'introspect'),
      address('revoke', 'revoke'),
      { url: 'manage', valueUri: base.replace(/\/fhir$/, '/tai-khoan/ung-dung') },
    ],
  };
}

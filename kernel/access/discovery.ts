/** What the token server says of itself (RFC 8414): only what it does, so no sign-in of people. Pure. */

/** RFC 8414 section 3 and 5: the address of OAuth, and the one of OpenID Connect where clients of it look first. */
export const DISCOVERY = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** @param issuer address of the program without a path, as it stands in `iss` of the tokens */
export function serverMetadata(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}/oauth2/token`,
    jwks_uri: `${issuer}/oauth2/jwks`,
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    scopes_supported: ['system/*.cruds', 'system/*.rs', 'system/*.read', 'system/*.write', 'system/*.*'],
  };
}

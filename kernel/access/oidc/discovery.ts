/** What the provider says of itself (OpenID Connect Discovery 1.0, RFC 8414, RFC 9207): only what it does. Pure. */
import { AUTH_METHODS, GRANTS } from '../client.ts';
import { ASSERTION_ALGORITHMS } from './client-rules.ts';
import { ENDPOINTS } from './endpoints.ts';
import { IDENTITY_SCOPES } from './scopes.ts';
import { ACR_VALUES } from './strength.ts';

/** RFC 8414 section 3 and 5: the address of OAuth, and the one of OpenID Connect. */
export const DISCOVERY = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** Examples of what the record's scopes look like; SMART App Launch 2.2 has one for each type, permission and search. */
const RECORD_SCOPES = ['patient/*.rs', 'user/*.cruds', 'system/*.cruds', 'system/*.rs', 'system/*.read'];

/** @param issuer address of the program without a path, as it stands in `iss` of the tokens */
export function serverMetadata(issuer: string) {
  const at = (path: string) => `${issuer}${path}`;
  return {
    issuer,
    authorization_endpoint: at(ENDPOINTS.authorization),
    token_endpoint: at(ENDPOINTS.token),
    jwks_uri: at(ENDPOINTS.jwks),
    userinfo_endpoint: at(ENDPOINTS.userinfo),
    revocation_endpoint: at(ENDPOINTS.revocation),
    introspection_endpoint: at(ENDPOINTS.introspection),
    pushed_authorization_request_endpoint: at(ENDPOINTS.pushed_authorization_request),
    device_authorization_endpoint: at(ENDPOINTS.device_authorization),
    end_session_endpoint: at(ENDPOINTS.end_session),
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: [...GRANTS],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: [...AUTH_METHODS],
    token_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    introspection_endpoint_auth_methods_supported: [...AUTH_METHODS],
    introspection_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    revocation_endpoint_auth_methods_supported: [...AUTH_METHODS],
    revocation_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    scopes_supported: [...IDENTITY_SCOPES, ...RECORD_SCOPES],
    claims_supported: [
      'sub',
      'name',
      'preferred_username',
      'fhirUser',
      'acr',
      'amr',
      'auth_time',
      'iss',
      'sid',
    ],
    claim_types_supported: ['normal'],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    acr_values_supported: [...ACR_VALUES],
    prompt_values_supported: ['none', 'login', 'consent'],
    ui_locales_supported: ['vi'],
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  };
}

/** What the registration of a client may say (RFC 7591, RFC 9700, SMART App Launch 2.2). Pure. */
import { Failure } from '../../failure.ts';
import { AUTH_METHODS, type Client, GRANTS } from '../client.ts';
import { isScope } from './scopes.ts';

/** Signatures of client assertions: SMART asks for ES384 and RS384, FAPI for ES256 and PS256. */
export const ASSERTION_ALGORITHMS = ['ES256', 'ES384', 'RS384', 'PS256'] as const;

const SECRET_METHODS: readonly string[] = ['client_secret_basic', 'client_secret_post'];

interface Rule {
  holds(client: Client & { secret?: string }): boolean;
  vi(client: Client): string;
  en: string;
}

const RULES: readonly Rule[] = [
  {
    holds: ({ id }) => /^[\x21-\x39\x3b-\x7e]{1,100}$/.test(id),
    vi: ({ id }) => `Mã máy khách "${id}" không hợp lệ.`,
    en: 'A client id has 1 to 100 printable characters without ":".',
  },
  {
    holds: ({ grants }) => grants.length > 0 && grants.every((grant) => GRANTS.includes(grant)),
    vi: () => 'Kiểu cấp quyền không hợp lệ.',
    en: `Grant types are: ${GRANTS.join(' ')}.`,
  },
  {
    holds: ({ unit }) => unit === null || /^[A-Za-z0-9\-.]{1,64}$/.test(unit),
    vi: ({ unit }) => `Mã đơn vị "${unit}" không hợp lệ.`,
    en: 'The unit is the id of an Organization.',
  },
  {
    holds: ({ purposes, grants }) =>
      purposes.every(
        (one) => /^[A-Z]{3,12}$/.test(one) && (one !== 'BTG' || !grants.includes('client_credentials')),
      ),
    vi: ({ purposes }) => `Mục đích sử dụng "${purposes.join(', ')}" không hợp lệ.`,
    en: 'Purposes are codes of HL7 v3 PurposeOfUse; BTG only of applications of people, never of a system.',
  },
  {
    holds: ({ authMethod }) => AUTH_METHODS.includes(authMethod),
    vi: () => 'Cách xác thực máy khách không hợp lệ.',
    en: `Authentication methods are: ${AUTH_METHODS.join(' ')}.`,
  },
  {
    holds: ({ secret }) => secret === undefined || /^[\x20-\x7e]{6,200}$/.test(secret),
    vi: () => 'Mật khẩu máy khách quá ngắn hoặc có ký tự lạ (ít nhất 6 ký tự ASCII).',
    en: 'The client secret needs 6 to 200 printable characters of ASCII.',
  },
  {
    holds: ({ authMethod, jwks, jwksUri }) =>
      (authMethod === 'private_key_jwt') === (jwks !== null || jwksUri !== null) &&
      (jwks === null || jwksUri === null),
    vi: () =>
      'private_key_jwt cần đúng một trong hai: khóa công khai (jwks) hoặc địa chỉ của chúng (jwks_uri).',
    en: 'private_key_jwt, and only it, has either public keys (jwks) or their address (jwks_uri).',
  },
  {
    holds: ({ jwks }) => jwks === null || (Array.isArray(jwks.keys) && jwks.keys.every(isPublicKey)),
    vi: () => 'Tập khóa phải chỉ gồm khóa công khai EC hoặc RSA.',
    en: 'The key set must hold public EC or RSA keys only.',
  },
  {
    holds: ({ grants, authMethod }) => authMethod !== 'none' || !grants.includes('client_credentials'),
    vi: () => 'Máy khách công khai không được dùng client_credentials.',
    en: 'A public client (none) may not use client_credentials (RFC 6749 section 4.4).',
  },
  {
    holds: ({ grants, redirectUris }) => grants.includes('authorization_code') === redirectUris.length > 0,
    vi: () => 'authorization_code cần ít nhất một địa chỉ quay về, và chỉ nó mới có.',
    en: 'authorization_code, and only it, has redirect URIs.',
  },
  {
    holds: ({ application, redirectUris, logoutRedirectUris }) =>
      [...redirectUris, ...logoutRedirectUris].every((uri) => isRedirect(uri, application)),
    vi: () =>
      'Địa chỉ quay về phải là https (hoặc http ở chính máy này), không có "#" và không có ký tự thay thế.',
    en: 'Redirect URIs are https (http on loopback only; a native app may use its own scheme with a dot), without "#" and wildcards.',
  },
  {
    holds: ({ jwksUri, backchannelLogout, launchUrl }) =>
      [jwksUri, backchannelLogout, launchUrl].every((url) => url === null || isWebAddress(url)),
    vi: () => 'Địa chỉ jwks_uri, đăng xuất và khởi chạy phải là http(s).',
    en: 'The addresses of keys, logout and launch are http(s) addresses without "#".',
  },
];

/** Fails with `invalid-parameter` when the registration contradicts itself. @param client with its secret when one is set */
export function checkClient(client: Client & { secret?: string }): void {
  const broken = RULES.find(({ holds }) => !holds(client));
  if (broken) throw new Failure('invalid-parameter', broken.vi(client), { textEn: broken.en });
  for (const scope of client.scopes.split(' ')) {
    if (isScope(scope)) continue;
    throw new Failure('invalid-parameter', `Phạm vi "${scope}" không hợp lệ.`, {
      textEn: `"${scope}" is no scope like system/*.cruds, system/Patient.rs, openid.`,
    });
  }
}

export function needsSecret({ authMethod }: Pick<Client, 'authMethod'>): boolean {
  return SECRET_METHODS.includes(authMethod);
}

function isPublicKey(key: Record<string, unknown>): boolean {
  if (key === null || typeof key !== 'object') return false;
  const isPrivate = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((member) => member in key);
  return (key.kty === 'EC' || key.kty === 'RSA') && !isPrivate;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** RFC 8252 section 7: a native app's own scheme is a domain name turned round, so it has a dot. */
function isRedirect(uri: string, application: Client['application']): boolean {
  const url = URL.parse(uri);
  if (!url || uri.includes('#') || uri.includes('*') || /\s/.test(uri) || url.username !== '') return false;
  if (url.protocol === 'https:') return true;
  if (url.protocol === 'http:') return LOOPBACK.includes(url.hostname);
  return application === 'native' && url.protocol.includes('.');
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !text.includes('#') && url.username === '';
}

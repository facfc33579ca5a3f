/** Passkeys in the browser: the questions of the server, answered by an authenticator (WebAuthn). */
import { t } from '../i18n/language.ts';
import { api } from './api.ts';
import { ApiFailure } from './failure.ts';

/** Loaded when somebody first uses a passkey. */
const library = () => import('@simplewebauthn/browser');
const now = { impatient: true } as const;

/** True when this browser and this page can use passkeys at all (a secure page, a domain). */
export function passkeysWork(): boolean {
  const { hostname } = window.location;
  const isDomain = !/^[\d.]+$|^\[/.test(hostname);
  return isDomain && typeof window.PublicKeyCredential === 'function' && window.isSecureContext;
}

/** The same page under a name: passkeys belong to domains, and this machine has the domain `localhost`. Null when it has none. */
export function pageOfPasskeys(): string | null {
  const { protocol, hostname, port } = window.location;
  if (passkeysWork() || !/^127\./.test(hostname)) return null;
  return `${protocol}//localhost${port === '' ? '' : `:${port}`}`;
}

/**
 * Asks for a passkey. @param purpose `proof`: one's own, in the middle of work
 * @returns what the server verifies; throws ApiFailure with a sentence when the person or the device does not want
 */
export async function answerByPasskey(purpose: 'sign-in' | 'proof'): Promise<object> {
  const optionsJSON = await api.post<never>('/api/access/passkeys/question', { for: purpose }, now);
  const { startAuthentication } = await library();
  return startAuthentication({ optionsJSON }).catch(refused);
}

/** Offers passkeys in the list of names under the field (conditional UI). Null when the browser cannot, or nobody chose one. */
export async function offerPasskeys(): Promise<object | null> {
  if (!passkeysWork()) return null;
  const { browserSupportsWebAuthnAutofill, startAuthentication } = await library();
  if (!(await browserSupportsWebAuthnAutofill())) return null;
  const optionsJSON = await api.post<never>('/api/access/passkeys/question', { for: 'sign-in' }, now);
  return startAuthentication({ optionsJSON, useBrowserAutofill: true }).catch(() => null);
}

/** Ends an offer, when its field goes away. */
export async function endOffer(): Promise<void> {
  const { WebAuthnAbortService } = await library();
  WebAuthnAbortService.cancelCeremony();
}

/** Makes a passkey of the person who is signed in or enrolling. @throws ApiFailure with a sentence */
export async function makePasskey(): Promise<object> {
  const optionsJSON = await api.post<never>('/api/access/passkeys/creation', {}, now);
  const { startRegistration } = await library();
  return startRegistration({ optionsJSON }).catch(refused);
}

function refused(error: unknown): never {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError')
    throw new ApiFailure('passkey', 0, t('passkey.known', 'Thiết bị này đã có khóa truy cập của tài khoản.'));
  throw new ApiFailure(
    'passkey',
    0,
    t(
      'passkey.refused',
      'Thiết bị không trả lời, hoặc việc xác nhận đã bị bỏ. Hãy thử lại hoặc chọn cách khác.',
    ),
  );
}

/** The two ceremonies of WebAuthn Level 3 (§7.1 registering, §7.2 asserting), verified by @simplewebauthn/server. */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { Failure } from '../../failure.ts';
import type { Account } from '../accounts/account.ts';
import type { Limits } from '../limits.ts';
import { relyingPartyOf } from './party.ts';
import type { Passkey, Passkeys, Purpose } from './passkeys.ts';

export interface Ceremonies {
  /** What the browser needs to make a passkey for an account. */
  creationOptions(account: Account, browser: Buffer): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /** Keeps the passkey. Fails with `business-rule` when the answer is not good, or the key not allowed. */
  register(
    account: Account,
    browser: Buffer,
    answer: unknown,
    name: string,
    deviceBound: boolean,
  ): Promise<Passkey>;
  /** What the browser needs to answer with a passkey; without an account any that it has here. */
  requestOptions(
    browser: Buffer,
    purpose: Purpose,
    account?: string,
  ): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** The passkey that answered; null when the answer is not good, whatever is wrong with it. */
  assert(browser: Buffer, purpose: Purpose, answer: unknown): Promise<Passkey | null>;
}

interface Parts {
  passkeys: Passkeys;
  limits: Limits;
  /** The program's own address. */
  address(): string;
}

/** Loaded when somebody first needs it: it costs memory. */
const library = () => import('@simplewebauthn/server');

export function openCeremonies({ passkeys, limits, address }: Parts): Ceremonies {
  const timeout = limits.challengeMinutes * 60_000;
  const party = () => {
    const found = relyingPartyOf(address());
    if (found) return found;
    throw new Failure(
      'not-supported',
      'Khóa truy cập cần địa chỉ có tên miền; trang này đang mở bằng địa chỉ IP.',
      {
        textEn: 'Passkeys need an address with a domain name.',
      },
    );
  };

  return {
    async creationOptions(account, browser) {
      const { id } = party();
      const { generateRegistrationOptions } = await library();
      const challenge = await passkeys.challenge(browser, 'register');
      return generateRegistrationOptions({
        rpName: 'Y Bạ',
        rpID: id,
        userName: account.person === null ? account.id : account.name,
        userDisplayName: account.name,
        userID: Uint8Array.from(Buffer.from(await passkeys.handleOf(account.id))),
        challenge: Uint8Array.from(Buffer.from(challenge, 'base64url')),
        timeout,
        attestationType: 'none',
        excludeCredentials: (await passkeys.of(account.id)).map(({ credential, transports }) => ({
          id: credential,
          transports,
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
    },
    async register(account, browser, answer, name, deviceBound) {
      const made = await verifyMade(party(), await passkeys.takeChallenge(browser, 'register'), answer);
      if (!made) throw refused();
      const synced = made.credentialDeviceType === 'multiDevice';
      if (synced && deviceBound) throw copied();
      const { id, publicKey, counter, transports } = made.credential;
      const passkey = {
        credential: id,
        account: account.id,
        publicKey: Buffer.from(publicKey),
        counter,
        aaguid: made.aaguid,
        transports: (transports ?? []).slice(0, 10),
        synced,
        backedUp: made.credentialBackedUp,
        name,
      };
      if (!(await passkeys.add(passkey))) throw refused();
      return (await passkeys.read(id))!;
    },
    async requestOptions(browser, purpose, account) {
      const { id } = party();
      const { generateAuthenticationOptions } = await library();
      const own = account === undefined ? [] : await passkeys.of(account);
      const challenge = await passkeys.challenge(browser, purpose);
      return generateAuthenticationOptions({
        rpID: id,
        challenge: Uint8Array.from(Buffer.from(challenge, 'base64url')),
        timeout,
        userVerification: 'required',
        ...(account === undefined
          ? {}
          : { allowCredentials: own.map(({ credential, transports }) => ({ id: credential, transports })) }),
      });
    },
    async assert(browser, purpose, answer) {
      const challenge = await passkeys.takeChallenge(browser, purpose);
      const response = answer as AuthenticationResponseJSON | null;
      if (challenge === null || typeof response?.id !== 'string') return null;
      const passkey = await passkeys.read(response.id);
      if (!passkey || !(await handleFits(passkeys, passkey, response))) return null;
      const found = await verifyAnswer(party(), challenge, passkey, response);
      if (!found) return null;
      await passkeys.used(passkey.credential, found.newCounter, found.credentialBackedUp);
      return passkey;
    },
  };
}

/** The authenticator says whose key it is: another one's credential under this key's name is refused (§7.2, step 6). */
async function handleFits(
  passkeys: Passkeys,
  passkey: Passkey,
  { response }: AuthenticationResponseJSON,
): Promise<boolean> {
  if (response?.userHandle == null) return true;
  return (
    Buffer.from(String(response.userHandle), 'base64url').toString() ===
    (await passkeys.handleOf(passkey.account))
  );
}

async function verifyMade(
  party: ReturnType<typeof relyingPartyOf> & object,
  challenge: string | null,
  answer: unknown,
) {
  if (challenge === null) return null;
  const { verifyRegistrationResponse } = await library();
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    return verified ? registrationInfo : null;
  } catch {
    return null;
  }
}

/** Counters are a hint: synced passkeys always say 0, and one that does not rise is let in (§6.1.1). */
async function verifyAnswer(
  party: ReturnType<typeof relyingPartyOf> & object,
  challenge: string,
  passkey: Passkey,
  response: AuthenticationResponseJSON,
) {
  const { verifyAuthenticationResponse } = await library();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: passkey.credential, publicKey: Uint8Array.from(passkey.publicKey), counter: 0 },
    });
    return verified ? authenticationInfo : null;
  } catch {
    return null;
  }
}

function refused(): Failure {
  return new Failure(
    'business-rule',
    'Chưa thêm được khóa truy cập: trả lời của thiết bị không đúng hoặc đã quá giờ. Hãy thử lại.',
    {
      textEn: 'The passkey was not registered: the answer is wrong or too late.',
    },
  );
}

function copied(): Failure {
  return new Failure(
    'business-rule',
    'Vai trò của bạn cần khóa nằm trong một thiết bị (khóa bảo mật, chip của máy); khóa này tự chép sang thiết bị khác.',
    { textEn: 'Your role needs a device-bound passkey; this one is synced to other devices.' },
  );
}

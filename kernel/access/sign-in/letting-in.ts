/**
 * From a first proof to a whole session. Every rise of strength gives the browser a new token and takes the old one's
 * worth, so that a token somebody planted or saw before is never the one that is signed in.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { type Account, passwordDue, stateOf } from '../accounts/account.ts';
import { wrongCredentials } from '../accounts/accounts.ts';
import { auditLine } from '../audit.ts';
import { actorOfAccount, proofOf } from '../authenticate.ts';
import { dutyOf } from '../factors/rules.ts';
import { hasSecondFactor, nextStep } from '../factors/steps.ts';
import { sessionTokenOf, setSessionCookie } from '../sessions/cookie.ts';
import type { Session } from '../sessions/sessions.ts';
import type { SignInParts } from './parts.ts';

/** What a half session still has to do, for the screen. */
export interface Missing {
  next: 'second-factor' | 'new-password' | 'enrol';
  username: string;
  name: string;
  /** What the second factor may be. */
  factors: { totp: boolean; passkey: boolean; recoveryCode: boolean };
  /** Why the password has to be changed. */
  password: 'handed-over' | 'too-old' | 'too-short' | null;
  /** Passkeys that are copied to other devices are not enough for this account. */
  deviceBound: boolean;
}

export async function missingOf(
  parts: SignInParts,
  account: Account,
  methods: readonly string[],
  ip: string,
): Promise<Missing | null> {
  const factors = await parts.factors.of(account.id);
  const duty = dutyOf(account, ip, parts.duties());
  const now = parts.now();
  const next = nextStep(account, methods, factors, duty, parts.limits, now);
  if (next === null) return null;
  return {
    next,
    username: account.id,
    name: account.name,
    factors: { totp: factors.totp, passkey: factors.passkeys > 0, recoveryCode: factors.recoveryCodes > 0 },
    password: passwordDue(account, hasSecondFactor(factors), parts.limits, now),
    deviceBound: duty.deviceBound,
  };
}

/** Opens a session for an account that proved itself by these methods. @returns the body of the answer */
export async function letIn(
  parts: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  account: Account,
  methods: readonly string[],
): Promise<object> {
  const gone = proofOf(request);
  const goesOn = gone.kind === 'locked' && gone.account.id === account.id ? gone.session : null;
  // A pause ends with the password alone when both factors stand behind the session (NIST SP 800-63B-4 §5.2).
  const all = goesOn ? [...new Set([...methods, ...goesOn.methods])] : methods;
  const old = sessionTokenOf(request);
  if (old !== undefined) await parts.sessions.close(old);
  const missing = await missingOf(parts, account, all, request.ip);
  const token = await parts.sessions.open({
    account,
    ip: request.ip,
    agent: request.headers['user-agent'] ?? '',
    strength: missing ? 'half' : 'full',
    methods: all,
    ...(goesOn && !missing ? { createdAt: goesOn.createdAt, id: goesOn.id } : {}),
    ...(goesOn && methods.length < all.length ? { provedAt: goesOn.provedAt } : {}),
  });
  return answer(parts, request, reply, { account, methods: all, token, missing });
}

/** A step of a half session was done. @returns the body of the answer: what comes next, or who is signed in */
export async function goOn(
  parts: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
  proved: readonly string[],
): Promise<object> {
  const account = await standing(parts, session.account.id);
  const methods = [...new Set([...session.methods, ...proved])];
  const missing = await missingOf(parts, account, methods, request.ip);
  const token = await parts.sessions.rise(sessionTokenOf(request)!, {
    strength: missing ? 'half' : 'full',
    methods,
  });
  if (token === null) throw wrongCredentials(parts.limits);
  return answer(parts, request, reply, { account, methods, token, missing });
}

/** The account as it stands now. Fails with `sign-in-required` when it was locked or closed since the first step. */
export async function standing(parts: SignInParts, id: string): Promise<Account> {
  const account = await parts.accounts.read(id);
  if (account && stateOf(account, parts.limits, parts.now()) === 'open') return account;
  throw wrongCredentials(parts.limits);
}

/** The half session of a request that waits for one of these steps. */
export async function halfSession(
  parts: SignInParts,
  request: FastifyRequest,
  ...steps: Missing['next'][]
): Promise<Session> {
  const proof = proofOf(request);
  if (proof.kind === 'half') {
    const { account, methods } = proof.session;
    const missing = await missingOf(parts, await standing(parts, account.id), methods, request.ip);
    if (missing && steps.includes(missing.next)) return proof.session;
  }
  throw new Failure('sign-in-required', 'Bước này không có hoặc đã quá giờ. Hãy đăng nhập lại từ đầu.', {
    textEn: 'There is no sign-in that waits for this step. Begin again.',
    details: { locked: false },
  });
}

interface LetIn {
  account: Account;
  methods: readonly string[];
  token: string;
  missing: Missing | null;
}

async function answer(
  parts: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { account, methods, token, missing }: LetIn,
): Promise<object> {
  const { limits } = parts;
  const actor = {
    ...actorOfAccount(parts, account, request.ip),
    ...(account.person === null ? {} : { persons: await parts.personsOf(account.person) }),
  };
  if (missing) {
    setSessionCookie(request, reply, token, limits.halfSessionMinutes * 60);
    await parts.store.audit([auditLine(actor, 'sign-in', `session/${missing.next}`, null)]);
    return missing;
  }
  setSessionCookie(
    request,
    reply,
    token,
    (account.person === null ? limits.sessionMinutes : limits.sessionMinutesCitizen) * 60,
  );
  await parts.accounts.cameIn(account.id);
  await parts.store.audit([
    auditLine(actor, 'sign-in', methods.includes('mfa') ? 'session/mfa' : 'session', null),
  ]);
  return parts.me(actor);
}

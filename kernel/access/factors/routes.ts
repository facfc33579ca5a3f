/** `/api/access/account`, `…/totp`, `…/recovery-codes`, `…/password`, `…/proof`: what a person keeps to prove who they are. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { auditLine } from '../audit.ts';
import { proofOf } from '../authenticate.ts';
import type { Actor } from '../contract.ts';
import type { Passkey } from '../passkeys/passkeys.ts';
import { ceremonyOf, sessionTokenOf, setSessionCookie } from '../sessions/cookie.ts';
import type { Session } from '../sessions/sessions.ts';
import { goOn, halfSession } from '../sign-in/letting-in.ts';
import type { SignInParts } from '../sign-in/parts.ts';
import { codeIsRight, missing, textOf, wrongCode, wrongPasskey } from '../sign-in/routes.ts';
import { ownSession, signedIn } from '../signed-in.ts';
import { requireProof } from './require-proof.ts';
import { dutyOf } from './rules.ts';
import { hasSecondFactor } from './steps.ts';
import { base32, otpauthUri } from './totp.ts';

export function factorRoutes(app: FastifyInstance, parts: SignInParts): void {
  app.get('/api/access/account', async (request) => account(parts, request, ownSession(request)));
  mountPassword(app, parts);
  mountTotp(app, parts);
  mountProof(app, parts);

  app.post('/api/access/recovery-codes', async (request) => {
    const { account } = provenSession(parts, request);
    if (!hasSecondFactor(await parts.factors.of(account.id))) throw nothingToRecover();
    const codes = await parts.factors.newRecoveryCodes(account.id);
    await note(parts, request, account.id, 'recovery-codes');
    return { codes };
  });
}

/**
 * The session of who may change factors: a whole one with a fresh proof, or a half one that has to enrol its first.
 * Fails as `requireProof` and `halfSession` do.
 */
export async function enrolling(parts: SignInParts, request: FastifyRequest): Promise<Session> {
  if (proofOf(request).kind === 'half') return halfSession(parts, request, 'enrol');
  return provenSession(parts, request);
}

/** A factor was added. A half session goes on with it; whoever has no recovery codes yet is given some, this once. */
export async function enrolled(
  parts: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
  method: 'otp' | 'hwk' | 'swk',
): Promise<object> {
  const { id, person } = session.account;
  await note(parts, request, id, `factor/${method}`);
  const { recoveryCodes } = await parts.factors.of(id);
  const codes =
    recoveryCodes === 0 && person === null ? { recoveryCodes: await parts.factors.newRecoveryCodes(id) } : {};
  if (session.strength === 'half')
    return { ...(await goOn(parts, request, reply, session, [method, 'mfa'])), ...codes };
  await renew(parts, request, reply, session, [method, 'mfa']);
  return codes;
}

/** Fails with `business-rule` when what would be left is not enough for the account's role. */
export async function refuseLastFactor(
  parts: SignInParts,
  request: FastifyRequest,
  session: Session,
  left: { totp: boolean; passkeys: number },
): Promise<void> {
  const duty = dutyOf(session.account, request.ip, parts.duties());
  if (duty.duty !== 'must' || left.totp || left.passkeys > 0) return;
  throw new Failure(
    'business-rule',
    'Vai trò của bạn bắt buộc có yếu tố xác thực thứ hai. Hãy thêm cách khác trước khi bỏ cách này.',
    {
      textEn: 'Your role must have a second factor. Add another before you remove the last.',
    },
  );
}

export async function note(
  parts: SignInParts,
  request: FastifyRequest,
  id: string,
  action: string,
): Promise<void> {
  const proof = proofOf(request);
  const actor: Actor =
    proof.kind === 'actor'
      ? proof.actor
      : {
          id,
          name: id,
          roles: [],
          unit: null,
          practitioner: null,
          ip: request.ip,
          purpose: { code: 'HOPERAT' },
        };
  await parts.store.audit([auditLine(actor, action, `account/${id}`, null)]);
}

/** The browser's own session, proved not long ago. */
export function provenSession(parts: SignInParts, request: FastifyRequest): Session {
  const session = ownSession(request);
  requireProof(request, { maxAgeMinutes: parts.limits.proofMinutes }, parts.now());
  return session;
}

async function account(parts: SignInParts, request: FastifyRequest, session: Session) {
  const { account } = session;
  const factors = await parts.factors.of(account.id);
  const duty = dutyOf(account, request.ip, parts.duties());
  return {
    username: account.person === null ? account.id : null,
    name: account.name,
    password: account.person === null ? { changedAt: account.passwordAt } : null,
    totp: factors.totp,
    recoveryCodes: factors.recoveryCodes,
    passkeys: (await parts.passkeys.of(account.id)).map(shownPasskey),
    duty: duty.duty,
    deviceBound: duty.deviceBound,
    limits: passwordLimits(parts, hasSecondFactor(factors)),
  };
}

function passwordLimits({ limits }: SignInParts, second: boolean) {
  return second
    ? { length: limits.passwordLengthSecondFactor, classes: 1 }
    : { length: limits.passwordLength, classes: limits.passwordClasses };
}

export function shownPasskey({ credential, name, synced, backedUp, createdAt, lastUsedAt }: Passkey) {
  return { credential, name, synced, backedUp, createdAt, lastUsedAt };
}

function mountPassword(app: FastifyInstance, parts: SignInParts): void {
  app.post('/api/access/password', async (request, reply) => {
    const actor = signedIn(request);
    ownSession(request);
    const { old, password } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof old !== 'string' || typeof password !== 'string' || password.length > 1000)
      throw missing('old, password');
    parts.tries.byAccount.check(actor.id);
    parts.tries.byAccount.count(actor.id);
    await parts.accounts.prove(actor.id, old).catch((error) => {
      throw error instanceof Failure ? wrongOldPassword() : error;
    });
    await parts.accounts.setPassword(actor.id, password);
    await parts.store.audit([auditLine(actor, 'password', 'account', null)]);
    setSessionCookie(request, reply, '', 0);
    return reply.code(204).send();
  });
}

function mountTotp(app: FastifyInstance, parts: SignInParts): void {
  app.post('/api/access/totp', async (request) => {
    const { account } = await enrolling(parts, request);
    if (account.person !== null) throw staffOnly();
    const secret = await parts.factors.beginTotp(account.id);
    const uri = otpauthUri(secret, account.id);
    // Loaded when somebody first needs it: it costs memory.
    const { default: bwip } = await import('bwip-js/node');
    const picture = await bwip.toBuffer({
      bcid: 'qrcode',
      text: uri,
      scale: 4,
      backgroundcolor: 'FFFFFF',
      padding: 4,
    });
    return {
      secret: base32(secret),
      uri,
      qr: `data:image/png;base64,${Buffer.from(picture).toString('base64')}`,
    };
  });

  app.post('/api/access/totp/confirm', async (request, reply) => {
    const session = await enrolling(parts, request);
    const code = textOf(request.body, 'code', 20);
    parts.tries.byAccount.check(session.account.id);
    parts.tries.byAccount.count(session.account.id);
    if (!(await parts.factors.confirmTotp(session.account.id, code))) throw wrongCode();
    return enrolled(parts, request, reply, session, 'otp');
  });

  app.delete('/api/access/totp', async (request, reply) => {
    const session = provenSession(parts, request);
    const { passkeys } = await parts.factors.of(session.account.id);
    await refuseLastFactor(parts, request, session, { totp: false, passkeys });
    await parts.factors.removeTotp(session.account.id);
    await note(parts, request, session.account.id, 'factor-removed/otp');
    return reply.code(204).send();
  });
}

/** Asked again in the middle of work: by the strongest thing the account has, a password only where there is no other. */
function mountProof(app: FastifyInstance, parts: SignInParts): void {
  app.get('/api/access/proof', async (request) => {
    const { account } = ownSession(request);
    const factors = await parts.factors.of(account.id);
    return {
      password: !hasSecondFactor(factors) && account.person === null,
      totp: factors.totp,
      passkey: factors.passkeys > 0,
    };
  });

  app.post('/api/access/proof', async (request, reply) => {
    const session = ownSession(request);
    const { account } = session;
    const { password, code, passkey } = (request.body ?? {}) as Record<string, unknown>;
    parts.tries.byAccount.check(account.id);
    parts.tries.byAccount.count(account.id);
    const second = hasSecondFactor(await parts.factors.of(account.id));
    if (passkey !== undefined) {
      const browser = ceremonyOf(request);
      const used = browser && (await parts.ceremonies.assert(browser, 'proof', passkey));
      if (!used || used.account !== account.id) return refuse(parts, request, account.id, wrongProof());
      await renew(parts, request, reply, session, [used.synced ? 'swk' : 'hwk', 'mfa']);
    } else if (typeof code === 'string' && code.length <= 100) {
      if (!(await codeIsRight(parts, account.id, code)))
        return refuse(parts, request, account.id, wrongCode());
      await renew(parts, request, reply, session, ['otp', 'mfa']);
    } else if (
      typeof password === 'string' &&
      password.length <= 1000 &&
      !second &&
      account.person === null
    ) {
      await parts.accounts.prove(account.id, password).catch((error) => {
        throw error instanceof Failure ? wrongOldPassword('password') : error;
      });
      await renew(parts, request, reply, session, ['pwd']);
    } else throw missing(second ? 'code | passkey' : 'password | code | passkey');
    await note(parts, request, account.id, 'proof');
    return reply.code(204).send();
  });
}

async function refuse(
  parts: SignInParts,
  request: FastifyRequest,
  id: string,
  failure: Failure,
): Promise<never> {
  await parts.accounts.failed(id);
  await note(parts, request, id, 'proof-failed');
  throw failure;
}

/** The same session under a new token, proved now. */
async function renew(
  parts: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
  proved: string[],
): Promise<void> {
  const methods = [...new Set([...session.methods, ...proved])];
  const token = await parts.sessions.rise(sessionTokenOf(request)!, { strength: 'full', methods });
  if (token === null) throw wrongPasskey();
  const { limits } = parts;
  setSessionCookie(
    request,
    reply,
    token,
    (session.account.person === null ? limits.sessionMinutes : limits.sessionMinutesCitizen) * 60,
  );
}

/** Not 401: the session is good, and the screen must not take it for over. */
function wrongOldPassword(expression = 'old'): Failure {
  return new Failure(
    'business-rule',
    expression === 'old' ? 'Mật khẩu cũ không đúng.' : 'Mật khẩu không đúng.',
    {
      textEn: 'The password is wrong.',
      expression,
    },
  );
}

function wrongProof(): Failure {
  return new Failure('business-rule', 'Khóa truy cập không được nhận. Hãy thử lại.', {
    textEn: 'The passkey was not accepted.',
  });
}

function staffOnly(): Failure {
  return new Failure('business-rule', 'Tài khoản người dân dùng khóa truy cập hoặc mã gửi về điện thoại.', {
    textEn: 'Citizens sign in by passkey or by a code sent to the phone.',
  });
}

function nothingToRecover(): Failure {
  return new Failure('business-rule', 'Hãy thêm ứng dụng tạo mã hoặc khóa truy cập trước.', {
    textEn: 'Add a code generator or a passkey first.',
  });
}

/** `/api/access/sign-in…`: password, second factor, passkey, a new password when one is due; and the way out. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import type { Account } from '../accounts/account.ts';
import { foldId } from '../accounts/accounts.ts';
import { auditLine } from '../audit.ts';
import { proofOf, refuseForeignOrigin } from '../authenticate.ts';
import { ceremonyOf, sessionTokenOf, setSessionCookie } from '../sessions/cookie.ts';
import { signedIn } from '../signed-in.ts';
import { goOn, halfSession, letIn, missingOf, standing } from './letting-in.ts';
import type { SignInParts } from './parts.ts';

export function signInRoutes(app: FastifyInstance, parts: SignInParts): void {
  const { sessions, tries } = parts;

  app.post('/api/access/sign-in', async (request, reply) => {
    refuseForeignOrigin(request);
    const { username, password } = credentialsOf(request.body);
    tries.byAddress.check(request.ip);
    tries.byAccount.check(foldId(username));
    tries.byAccount.count(foldId(username));
    const account = await proved(parts, request, username, () => parts.accounts.prove(username, password));
    return letIn(parts, request, reply, account, ['pwd']);
  });

  /** What a sign-in that was begun still needs: a page that was loaded again goes on there. */
  app.get('/api/access/sign-in', async (request) => {
    const proof = proofOf(request);
    if (proof.kind !== 'half')
      throw new Failure('not-found', 'Không có lần đăng nhập nào đang dở.', {
        textEn: 'No sign-in has been begun.',
      });
    const { account, methods } = proof.session;
    return missingOf(parts, await standing(parts, account.id), methods, request.ip);
  });

  app.post('/api/access/sign-in/code', async (request, reply) => {
    const session = await halfSession(parts, request, 'second-factor');
    const code = textOf(request.body, 'code', 100);
    const { id } = session.account;
    tries.byAccount.check(id);
    tries.byAccount.count(id);
    if (!(await codeIsRight(parts, id, code))) {
      await parts.accounts.failed(id);
      await failedLine(parts, request, id);
      throw wrongCode();
    }
    return goOn(parts, request, reply, session, ['otp', 'mfa']);
  });

  app.post('/api/access/sign-in/passkey', async (request, reply) => {
    refuseForeignOrigin(request);
    tries.byAddress.check(request.ip);
    const browser = ceremonyOf(request);
    const begun = proofOf(request);
    const passkey =
      browser &&
      (await parts.ceremonies.assert(
        browser,
        'sign-in',
        (request.body as { answer?: unknown } | null)?.answer,
      ));
    const half = begun.kind === 'half' ? begun.session : null;
    if (!passkey || (half && half.account.id !== passkey.account)) {
      tries.byAddress.count(request.ip);
      await failedLine(parts, request, half?.account.id ?? 'passkey');
      throw wrongPasskey();
    }
    const methods = [passkey.synced ? 'swk' : 'hwk', 'mfa'];
    if (half) return goOn(parts, request, reply, await halfSession(parts, request, 'second-factor'), methods);
    return letIn(parts, request, reply, await standing(parts, passkey.account), methods);
  });

  app.post('/api/access/sign-in/password', async (request, reply) => {
    const session = await halfSession(parts, request, 'new-password');
    const password = textOf(request.body, 'password', 1000);
    await refuseSame(parts, session.account, password);
    await parts.accounts.setPassword(session.account.id, password);
    await parts.store.audit([
      auditLine(actorLine(session.account.id, request.ip), 'password', 'account', null),
    ]);
    // Every session has ended with the old password, this one among them; what was proved in it is proved.
    return letIn(parts, request, reply, await standing(parts, session.account.id), session.methods);
  });

  app.post('/api/access/sign-out', async (request, reply) => {
    const proof = proofOf(request);
    const token = sessionTokenOf(request);
    if (token !== undefined) await sessions.close(token);
    if (proof.kind === 'actor')
      await parts.store.audit([auditLine(proof.actor, 'sign-out', 'session', null)]);
    setSessionCookie(request, reply, '', 0);
    return reply.code(204).send();
  });

  app.get('/api/access/me', async (request) => parts.me(signedIn(request)));
}

/** A code of the generator, or one of those for the day it is lost. */
export async function codeIsRight({ factors }: SignInParts, account: string, code: string): Promise<boolean> {
  return /^[\d\s]{6,8}$/.test(code.trim())
    ? factors.proveTotp(account, code)
    : factors.spendRecoveryCode(account, code);
}

/** Carries out a proof; a failure counts for the address and stands in the audit. */
async function proved(
  parts: SignInParts,
  request: FastifyRequest,
  username: string,
  prove: () => Promise<Account>,
): Promise<Account> {
  try {
    return await prove();
  } catch (error) {
    parts.tries.byAddress.count(request.ip);
    if (error instanceof Failure) await failedLine(parts, request, username);
    throw error;
  }
}

async function failedLine(parts: SignInParts, request: FastifyRequest, who: string): Promise<void> {
  await parts.store.audit([auditLine(actorLine(who, request.ip), 'sign-in', 'session', null, 'failed')]);
}

/** Somebody who says to be this one: for lines of the audit before anything is proved. */
export function actorLine(id: string, ip: string) {
  const name = id.slice(0, 64);
  return { id: name, name, roles: [], unit: null, practitioner: null, ip, purpose: { code: 'HOPERAT' } };
}

/** Whoever must change the password may not choose the one in use. */
async function refuseSame(parts: SignInParts, account: Account, password: string): Promise<void> {
  if (!(await parts.accounts.isPassword(account.id, password))) return;
  throw new Failure('business-rule', 'Mật khẩu mới phải khác mật khẩu đang dùng.', {
    textEn: 'The new password is the one in use.',
    expression: 'password',
  });
}

function credentialsOf(body: unknown): { username: string; password: string } {
  const { username, password } = (body ?? {}) as Record<string, unknown>;
  if (
    typeof username === 'string' &&
    typeof password === 'string' &&
    username !== '' &&
    username.length <= 200 &&
    password.length <= 1000
  ) {
    return { username: username.trim(), password };
  }
  throw missing('username, password');
}

export function textOf(body: unknown, name: string, most: number): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  if (typeof value === 'string' && value !== '' && value.length <= most) return value;
  throw missing(name);
}

export function missing(names: string): Failure {
  return new Failure('invalid-request', `Thiếu ${names}.`, { textEn: `Missing ${names}.` });
}

/** Not 401: the half session is good, and the screen must not take it for over. */
export function wrongCode(): Failure {
  return new Failure(
    'business-rule',
    'Mã không đúng, đã dùng rồi hoặc đã quá giờ. Hãy xem mã mới trên điện thoại.',
    {
      textEn: 'The code is wrong, was used already or is too old.',
      expression: 'code',
    },
  );
}

export function wrongPasskey(): Failure {
  return new Failure(
    'sign-in-required',
    'Khóa truy cập không được nhận. Hãy thử lại, hoặc đăng nhập bằng mật khẩu.',
    {
      textEn: 'The passkey was not accepted.',
      details: { locked: false },
    },
  );
}

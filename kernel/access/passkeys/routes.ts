/** `/api/access/passkeys…`: making, naming and removing one's own, and the questions that one answers with. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../failure.ts';
import { proofOf, refuseForeignOrigin } from '../authenticate.ts';
import {
  enrolled,
  enrolling,
  note,
  provenSession,
  refuseLastFactor,
  shownPasskey,
} from '../factors/routes.ts';
import { dutyOf } from '../factors/rules.ts';
import { beginCeremony, ceremonyOf } from '../sessions/cookie.ts';
import type { SignInParts } from '../sign-in/parts.ts';
import { textOf } from '../sign-in/routes.ts';
import { ownSession } from '../signed-in.ts';

const NAME_LENGTH = 60;

export function passkeyRoutes(app: FastifyInstance, parts: SignInParts): void {
  const { ceremonies, limits } = parts;
  const seconds = limits.challengeMinutes * 60;

  /** Nobody need be signed in: the browser offers the passkeys that it has for this place. */
  app.post('/api/access/passkeys/question', async (request, reply) => {
    refuseForeignOrigin(request);
    const proof = proofOf(request);
    const forProof = (request.body as { for?: unknown } | null)?.for === 'proof';
    const own = forProof
      ? ownSession(request).account.id
      : proof.kind === 'half'
        ? proof.session.account.id
        : undefined;
    return ceremonies.requestOptions(
      beginCeremony(request, reply, seconds),
      forProof ? 'proof' : 'sign-in',
      own,
    );
  });

  app.post('/api/access/passkeys/creation', async (request, reply) => {
    const { account } = await enrolling(parts, request);
    return ceremonies.creationOptions(account, beginCeremony(request, reply, seconds));
  });

  app.post('/api/access/passkeys', async (request, reply) => {
    const session = await enrolling(parts, request);
    const browser = ceremonyOf(request);
    const name = textOf(request.body, 'name', NAME_LENGTH).trim();
    const { answer } = request.body as { answer?: unknown };
    const { deviceBound } = dutyOf(session.account, request.ip, parts.duties());
    const made = await ceremonies.register(
      session.account,
      browser ?? Buffer.alloc(32),
      answer,
      name,
      deviceBound,
    );
    const more = await enrolled(parts, request, reply, session, made.synced ? 'swk' : 'hwk');
    return reply.code(201).send({ passkey: shownPasskey(made), ...more });
  });

  app.put('/api/access/passkeys/:credential', async (request, reply) => {
    const { account } = ownSession(request);
    const { credential } = request.params as { credential: string };
    if (
      !(await parts.passkeys.rename(account.id, credential, textOf(request.body, 'name', NAME_LENGTH).trim()))
    )
      throw unknown();
    return reply.code(204).send();
  });

  app.delete('/api/access/passkeys/:credential', async (request, reply) => {
    const session = provenSession(parts, request);
    const { credential } = request.params as { credential: string };
    const own = await parts.passkeys.of(session.account.id);
    if (!own.some((one) => one.credential === credential)) throw unknown();
    const { totp } = await parts.factors.of(session.account.id);
    await refuseLastFactor(parts, request, session, { totp, passkeys: own.length - 1 });
    await parts.passkeys.remove(session.account.id, credential);
    await note(parts, request, session.account.id, 'factor-removed/passkey');
    return reply.code(204).send();
  });
}

/** Also for a passkey of somebody else. */
function unknown(): Failure {
  return new Failure('not-found', 'Tài khoản của bạn không có khóa truy cập này.', {
    textEn: 'You have no such passkey.',
  });
}

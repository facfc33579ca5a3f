/** The person or client behind a request, or the sentence that says what is missing. */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import { proofOf } from './authenticate.ts';
import type { Actor } from './contract.ts';
import type { Session } from './sessions/sessions.ts';

/** Fails with `sign-in-required`; `details` tell the screen whether a password, a step or a whole sign-in is missing. */
export function signedIn(request: FastifyRequest): Actor {
  const proof = proofOf(request);
  switch (proof.kind) {
    case 'actor':
      return proof.actor;
    case 'locked':
      throw required(
        'Phiên làm việc đã khóa vì lâu không dùng. Hãy nhập lại mật khẩu.',
        'The session is locked after a pause. Enter the password again.',
        {
          locked: true,
          username: proof.account.id,
        },
      );
    case 'half':
      throw required(
        'Đăng nhập chưa xong: còn một bước xác thực.',
        'The sign-in is not complete: a step is missing.',
        {
          locked: false,
          half: true,
        },
      );
    default:
      throw required('Bạn cần đăng nhập.', 'Sign in first.', { locked: false });
  }
}

/** The browser session of a person who is wholly signed in. Tokens have none. */
export function ownSession(request: FastifyRequest): Session {
  const proof = proofOf(request);
  if (proof.kind === 'actor' && proof.session) return proof.session;
  if (proof.kind !== 'actor') signedIn(request);
  throw new Failure('forbidden', 'Việc này chỉ làm được trong trình duyệt đã đăng nhập.', {
    textEn: 'Only a person signed in with a browser may do this.',
  });
}

function required(text: string, textEn: string, details: object): Failure {
  return new Failure('sign-in-required', text, { textEn, details });
}

/** Step-up: acts that ask again who is there, because a session left open must not be enough for them. */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { proofOf } from '../authenticate.ts';
import type { Actor } from '../contract.ts';
import { signedIn } from '../signed-in.ts';

export interface ProofNeed {
  /** Any of these (RFC 8176: `pwd`, `otp`, `hwk`, `swk`, `mfa`) has to have been used; absent = whatever the session was opened with. */
  methods?: readonly string[];
  /** How long ago at most. */
  maxAgeMinutes: number;
}

/**
 * The actor of a request who has proved who they are not long ago. Machines with a token of their own have proved it with
 * the token; demo accounts have no more than their password.
 * Fails with `sign-in-required` for nobody, with `forbidden` and `details.proof` when the screen has to ask again.
 */
export function requireProof(request: FastifyRequest, need: ProofNeed, now: Date): Actor {
  const actor = signedIn(request);
  if (actor.roles.includes('system-client') && actor.proof === undefined) return actor;
  const proof = proofOf(request);
  const demo = proof.kind === 'actor' && proof.session?.account.demo === true;
  const { methods, at } = actor.proof ?? { methods: [], at: 0 };
  const age = now.getTime() / 1000 - at;
  const byRight = demo || need.methods === undefined || need.methods.some((one) => methods.includes(one));
  if (byRight && age <= need.maxAgeMinutes * 60) return actor;
  throw new Failure('forbidden', 'Việc này cần xác nhận lại danh tính. Hãy xác nhận rồi làm tiếp.', {
    textEn:
      'This act asks for a fresh proof of who you are. Prove it at /api/access/proof and send the request again.',
    details: { proof: { methods: need.methods ?? null, maxAgeMinutes: need.maxAgeMinutes } },
  });
}

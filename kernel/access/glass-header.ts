/** `X-Break-Glass: <reason>` or `<code>; <reason>`: opens the record of the one person that the request is about. */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { Store } from '../store/contract.ts';
import { auditLine } from './audit.ts';
import type { Actor } from './contract.ts';
import type { EmergencyRules } from './emergency/rules.ts';
import type { BreakGlass } from './glass.ts';

export const GLASS_HEADER = 'x-break-glass';

/** By which way the header came. */
export interface GlassProof {
  /** When the person last proved who they are, epoch seconds. */
  at: number;
  /** Whether the application was registered for emergencies; null without an application. */
  registered: boolean | null;
}

interface HeaderParts {
  glass: BreakGlass;
  store: Store;
  rules: EmergencyRules;
  /** A proof of the person counts as long for an emergency. */
  proofMinutes: number;
  now(): Date;
}

/** Only people of a unit break the glass; what it opens is `care`, so it gives no role and no token more than it has. */
export function breakGlassOf({ glass, store, rules, proofMinutes, now }: HeaderParts) {
  return (request: FastifyRequest, actor: Actor, proof: GlassProof): Promise<Actor> => {
    const header = decoded(String(request.headers[GLASS_HEADER]));
    if (proof.registered === false) throw notRegistered();
    if (actor.unit !== null && now().getTime() / 1000 - proof.at > proofMinutes * 60)
      throw proveAgain(proofMinutes, proof.registered !== null);
    const patient = personOfAddress(request.url);
    // An application that was given one person's record opens no other.
    const confined = actor.scopes?.every(({ level }) => level === 'patient') ?? false;
    if (confined && patient !== null && patient !== actor.launch?.patient) throw notOfLaunch();
    const [, code, reason = header] = /^([a-z-]+); *(.*)$/s.exec(header) ?? [];
    const known = rules.reasons.some((one) => one.code === code);
    return breakGlass(glass, store, actor, patient, known ? reason : header, known ? code : undefined);
  };
}

/** Header values are ASCII; a reason in Vietnamese comes percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function notRegistered(): Failure {
  return new Failure(
    'forbidden',
    'Ứng dụng này không được đăng ký để mở hồ sơ khẩn cấp (mục đích BTG). Hãy mở trong Y Bạ.',
    {
      textEn: 'This application is not registered for emergencies (purpose BTG).',
      expression: 'X-Break-Glass',
    },
  );
}

function notOfLaunch(): Failure {
  return new Failure('forbidden', 'Ứng dụng này chỉ được cho phép trên hồ sơ của một người khác.', {
    textEn: "The application was let into another person's record only.",
    expression: 'X-Break-Glass',
  });
}

function proveAgain(maxAgeMinutes: number, byToken: boolean): Failure {
  return new Failure('forbidden', 'Mở khẩn cấp cần xác nhận lại danh tính. Hãy xác nhận rồi làm tiếp.', {
    textEn: byToken
      ? `An emergency asks for a fresh proof of who you are: get a token with max_age=${maxAgeMinutes * 60} and send the request again.`
      : 'An emergency asks for a fresh proof of who you are. Prove it at /api/access/proof and send the request again.',
    expression: 'X-Break-Glass',
    details: { proof: { methods: null, maxAgeMinutes } },
  });
}

/**
 * Opens one person's record to the actor, writes the audit, and gives the actor with the purpose that goes into every
 * further line. Fails with `forbidden` for actors of no unit, `invalid-parameter` without a person or a reason,
 * `not-found` for a person that is not there, `too-many-requests` after too many persons, which the person's log tells, too.
 */
export async function breakGlass(
  glass: BreakGlass,
  store: Store,
  actor: Actor,
  patient: string | null,
  reason: string,
  code?: string,
): Promise<Actor> {
  if (actor.unit === null) {
    throw new Failure('forbidden', 'Chỉ người của một đơn vị được mở hồ sơ khẩn cấp.', {
      textEn: 'Only people of a unit may break the glass.',
    });
  }
  if (patient === null) {
    throw new Failure(
      'invalid-parameter',
      'Mở khẩn cấp chỉ dùng cho một người bệnh: địa chỉ phải nêu rõ người đó.',
      {
        textEn: 'X-Break-Glass needs an address that names one patient (Patient/x or patient=x).',
      },
    );
  }
  const known = await store.read('Patient', patient);
  if (!known || known.deleted) {
    throw new Failure('not-found', `Không tìm thấy Patient/${patient}.`, {
      textEn: `No Patient/${patient}.`,
    });
  }
  const opened: Actor = { ...actor, purpose: { code: 'BTG', reason: reason.trim() } };
  await glass.open(actor, patient, reason, code).catch(async (error: unknown) => {
    const refused = error instanceof Failure && error.code === 'too-many-requests';
    if (refused)
      await store.audit([auditLine(opened, 'break-glass', `Patient/${patient}`, patient, 'refused')]);
    throw error;
  });
  await store.audit([auditLine(opened, 'break-glass', `Patient/${patient}`, patient)]);
  return opened;
}

/** `Patient/x` in the path, or one `patient`, `subject` or `beneficiary` parameter. */
export function personOfAddress(url: string): string | null {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const inPath = /\/Patient\/([A-Za-z0-9\-.]{1,64})(?:\/|$)/.exec(pathname);
  if (inPath) return inPath[1]!;
  const named = ['patient', 'subject', 'beneficiary'].flatMap((name) => searchParams.getAll(name));
  const match = named.length === 1 ? /^(?:Patient\/)?([A-Za-z0-9\-.]{1,64})$/.exec(named[0]!) : null;
  return match ? match[1]! : null;
}

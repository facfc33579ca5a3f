/** `X-Break-Glass: <reason>` or `<code>; <reason>`: opens the record of the one person that the request is about. */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { Store } from '../store/contract.ts';
import { auditLine } from './audit.ts';
import type { Actor } from './contract.ts';
import type { EmergencyRules } from './emergency/rules.ts';
import type { BreakGlass } from './glass.ts';

/** Only people of a unit break the glass; what it opens is `care`, so it gives no role more than its table. */
export function breakGlassOf(glass: BreakGlass, store: Store, rules: EmergencyRules) {
  return (request: FastifyRequest, actor: Actor, header: string): Promise<Actor> => {
    const patient = personOfAddress(request.url);
    const [, code, reason = header] = /^([a-z-]+); *(.*)$/s.exec(header) ?? [];
    const known = rules.reasons.some((one) => one.code === code);
    return breakGlass(glass, store, actor, patient, known ? reason : header, known ? code : undefined);
  };
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

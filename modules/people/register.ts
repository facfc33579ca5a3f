/** A new person is written only after the duplicate check, which the server makes itself. */
import type { RecordSession } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Bundle, Patient } from '../../kernel/fhir/types.ts';
import type { Candidate } from './resolve.ts';

export interface Confirmation {
  /** Ids of the likely duplicates that a person has looked at and found to be others. */
  notDuplicateOf: string[];
  /** Why, in the person's words. */
  reason: string;
}

const SHORTEST_REASON = 5;

/** Reads `{confirmedNotDuplicateOf, reason}` of the request; anything else counts as not confirmed. */
export function readConfirmation(body: unknown): Confirmation {
  const { confirmedNotDuplicateOf: ids, reason } = (body ?? {}) as Record<string, unknown>;
  return {
    notDuplicateOf: Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [],
    reason: typeof reason === 'string' ? reason.trim().slice(0, 500) : '',
  };
}

/**
 * Fails with `conflict` (details: the candidates) when a certain duplicate exists, or a probable one that nobody has
 * ruled out; with `business-rule` when the reason is missing. Possible ones are shown and do not stop.
 */
export function refuseDuplicates(candidates: Candidate[], confirmed: Confirmation): void {
  const certain = candidates.filter((each) => each.level === 'certain');
  if (certain.length > 0) throw alreadyThere(candidates, certain[0]!.person.name);
  const ruledOut = new Set(confirmed.notDuplicateOf);
  const open = candidates.filter((each) => each.level === 'probable' && !ruledOut.has(each.person.id));
  if (open.length > 0) throw askFirst(candidates, open.length);
  if (ruledOut.size > 0 && confirmed.reason.length < SHORTEST_REASON) {
    throw new Failure('business-rule', 'Hãy ghi lý do vì sao đây là người khác (ít nhất 5 chữ cái).', {
      textEn: 'Say why this is another person (5 letters at least).',
      expression: 'reason',
    });
  }
}

function alreadyThere(candidates: Candidate[], name: string): Failure {
  return new Failure(
    'conflict',
    `Người này đã có hồ sơ (${name}). Chưa tạo gì: hãy dùng hồ sơ đã có; nếu số giấy tờ bị gõ nhầm thì sửa lại số.`,
    {
      textEn: `This person is already registered (${name}). Nothing was created: use that record.`,
      details: { kind: 'certain-duplicate', candidates },
    },
  );
}

function askFirst(candidates: Candidate[], count: number): Failure {
  return new Failure(
    'conflict',
    `Có ${count} hồ sơ rất giống người này. Chưa tạo gì: hãy xem từng hồ sơ, chọn một, hoặc xác nhận là người khác kèm lý do.`,
    {
      textEn: `${count} records are very much like this person. Nothing was created: choose one or say why not.`,
      details: { kind: 'probable-duplicate', candidates },
    },
  );
}

/** Search by a number that one person alone has; null when none is known. */
export function uniqueBy(patient: Patient): string | null {
  const unique = [sid.cccd, sid.bhxh]
    .map((system) => patient.identifier?.find((each) => each.system === system))
    .find((each) => each !== undefined);
  return unique ? `identifier=${unique.system}|${unique.value}` : null;
}

/**
 * Writes a person. With a citizen or insurance number the create of the Patient is conditional on it inside the commit, so that
 * two desks at once make one record.
 * @param bundle a transaction, the Patient first
 * @returns id of the new Patient, or of the one that was there first (`created` false)
 */
export async function writePerson(
  bundle: Bundle,
  confirmed: Confirmation,
  session: RecordSession,
): Promise<{ id: string; created: boolean }> {
  const answer = (await session.transaction(bundle)).entry?.[0]?.response;
  const id = idOf(answer?.location);
  const created = answer?.status?.startsWith('201') ?? false;
  if (created) await noteRuledOut(id, confirmed, session);
  return { id, created };
}

/** The reason stays in the audit of both records. */
async function noteRuledOut(id: string, confirmed: Confirmation, session: RecordSession): Promise<void> {
  for (const other of confirmed.notDuplicateOf) {
    await session.note('not-duplicate', `Patient/${id} khác Patient/${other}: ${confirmed.reason}`, id);
    await session.note('not-duplicate', `Patient/${other} khác Patient/${id}: ${confirmed.reason}`, other);
  }
}

/** `Patient/x/_history/1`, with or without a base → `x`. */
export function idOf(location: string | undefined): string {
  return /([A-Za-z0-9.-]+)(?:\/_history\/[^/]+)?$/.exec(location ?? '')?.[1] ?? '';
}

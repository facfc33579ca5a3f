/** What became of cards, as their client tells it (CDS Hooks 2.0, Feedback). Pure. */
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Outcome } from '../cards.ts';
import { wrong } from './request.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MOST = 200;
/** Longest code of a reason; words of users are not kept: they may name a person. */
const LONGEST_CODE = 100;

/** @throws Failure `invalid-request` with the place */
export function readFeedback(body: unknown): Outcome[] {
  const given = (body as { feedback?: unknown } | null)?.feedback;
  if (!Array.isArray(given) || given.length === 0)
    throw wrong('feedback', 'phải là danh sách có ít nhất một mục', 'must be a list with at least one item');
  if (given.length > MOST) throw wrong('feedback', `có quá ${MOST} mục`, `has more than ${MOST} items`);
  return given.map((one, at) => readOne((one ?? {}) as Record<string, unknown>, `feedback[${at}]`));
}

function readOne(one: Record<string, unknown>, place: string): Outcome {
  const { card, outcome, outcomeTimestamp, acceptedSuggestions, overrideReason } = one;
  if (typeof card !== 'string' || !UUID.test(card))
    throw wrong(`${place}.card`, 'phải là uuid của thẻ', 'must be the uuid of the card');
  if (outcome !== 'accepted' && outcome !== 'overridden')
    throw wrong(`${place}.outcome`, 'phải là accepted hoặc overridden', 'must be accepted or overridden');
  const at = typeof outcomeTimestamp === 'string' ? new Date(outcomeTimestamp) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()))
    throw wrong(`${place}.outcomeTimestamp`, 'phải là thời điểm ISO 8601', 'must be an instant of ISO 8601');
  if (outcome === 'accepted' && !isAccepted(acceptedSuggestions))
    throw wrong(
      `${place}.acceptedSuggestions`,
      'phải nêu gợi ý đã chọn',
      'must name the accepted suggestions',
    );
  return {
    id: card.toLowerCase(),
    outcome,
    reason: outcome === 'overridden' ? reasonIn(overrideReason, place) : null,
    at,
  };
}

const isAccepted = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof (one as { id?: unknown } | null)?.id === 'string');

function reasonIn(value: unknown, place: string): string | null {
  if (value === undefined) return null;
  const { reason } = (value ?? {}) as { reason?: { code?: unknown; system?: unknown } };
  if (reason === undefined) return null;
  if (typeof reason?.code !== 'string' || reason.code.length > LONGEST_CODE)
    throw wrong(`${place}.overrideReason.reason`, 'phải là Coding có mã', 'must be a Coding with a code');
  return reason.system === undefined || reason.system === cs.overrideReason ? reason.code : 'other';
}

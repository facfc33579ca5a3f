/** The edge of the clinic's routes: If-Match, and a conflict answered with the visit as it stands now. */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/failure.ts';

/** Version of the If-Match header; fails with `version-required` when it is missing or unreadable. */
export function ifMatchOf(request: FastifyRequest): number {
  const found = /^(?:W\/)?"?(\d+)"?$/.exec(String(request.headers['if-match'] ?? '').trim());
  if (found) return Number(found[1]);
  throw new Failure(
    'version-required',
    'Thiếu phiên bản đã xem (If-Match). Hãy mở lại lượt khám rồi làm lại.',
    {
      textEn: 'If-Match with the version of the visit is required.',
    },
  );
}

/** Idempotency-Key of the act, '' when the caller sent none. */
export function keyOf(request: FastifyRequest): string {
  return String(request.headers['idempotency-key'] ?? '').slice(0, 100);
}

/** Fails with `invalid-request` unless the body is a JSON object. */
export function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new Failure('invalid-request', 'Nội dung gửi lên phải là một đối tượng JSON.', {
    textEn: 'The body must be a JSON object.',
  });
}

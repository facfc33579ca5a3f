/** A patch as it comes: a JSON Patch array, or a Binary that carries one (the form of a Bundle entry, R4 http.html#patch). */
import { Failure } from '../../failure.ts';
import { readJson } from '../json/read.ts';

export const JSON_PATCH = 'application/json-patch+json';

/** Fails with `invalid-request` on FHIRPath Patch and anything else. */
export function readPatch(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  const { resourceType, contentType, data } = (value ?? {}) as Record<string, unknown>;
  if (resourceType === 'Binary' && contentType === JSON_PATCH && typeof data === 'string') {
    return readJson(Buffer.from(data, 'base64'));
  }
  throw new Failure(
    'invalid-request',
    'Chỉ nhận JSON Patch: danh sách thao tác, hoặc Binary kiểu application/json-patch+json.',
    {
      textEn:
        'Only JSON Patch is taken: an array of operations, or a Binary with contentType application/json-patch+json.',
    },
  );
}

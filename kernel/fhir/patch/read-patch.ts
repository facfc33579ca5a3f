/**
 * A patch as it comes: a JSON Patch array, a Binary that carries one (the form of a Bundle entry, R4 http.html#patch), or
 * the Parameters of a FHIRPath Patch.
 */
import { Failure } from '../../failure.ts';
import { readJson } from '../json/read.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';
import { applyJsonPatch } from './json-patch.ts';

export const JSON_PATCH = 'application/json-patch+json';

/** The patched resource. Fails with `invalid-request` on what is no patch, and as the patches themselves do. */
export function applyPatch(resource: object, patch: unknown): unknown {
  if (Array.isArray(patch)) return applyJsonPatch(resource, patch);
  const { resourceType, contentType, data } = (patch ?? {}) as Record<string, unknown>;
  if (resourceType === 'Parameters') return applyFhirPathPatch(resource, patch as object);
  if (resourceType === 'Binary' && contentType === JSON_PATCH && typeof data === 'string') {
    return applyJsonPatch(resource, readJson(Buffer.from(data, 'base64')));
  }
  throw new Failure(
    'invalid-request',
    'Bản sửa phải là JSON Patch (danh sách thao tác, hoặc Binary kiểu application/json-patch+json) hoặc FHIRPath Patch (Parameters).',
    {
      textEn:
        'A patch is a JSON Patch (an array of operations, or a Binary with contentType application/json-patch+json) or a FHIRPath Patch (Parameters).',
    },
  );
}

/**
 * R4 http.html#patch: the server "SHALL ensure that the narrative in a resource is not clinically unsafe after the PATCH". What
 * was made of the data is left out when the data change; what says more than the data is nobody's to rewrite but the caller's.
 * Pure.
 */
import { Failure } from '../../failure.ts';
import type { Resource } from '../types.ts';

/** @param patched may be changed @throws Failure `business-rule` where the narrative holds more than the data */
export function withSafeNarrative(before: object, patched: Resource): Resource {
  const { text } = patched as { text?: { status?: unknown } };
  if (text === undefined || text.status === 'empty') return patched;
  if (JSON.stringify(text) !== JSON.stringify((before as { text?: unknown }).text)) return patched;
  if (dataOf(before) === dataOf(patched)) return patched;
  if (text.status === 'additional') throw saysMore(patched.resourceType);
  delete (patched as { text?: unknown }).text;
  return patched;
}

/** Everything that a narrative tells of. */
function dataOf(resource: object): string {
  return JSON.stringify(Object.entries(resource).filter(([name]) => name !== 'text' && name !== 'meta'));
}

function saysMore(type: string): Failure {
  return new Failure(
    'business-rule',
    'Phần lời (text) của tài nguyên có nội dung ngoài dữ liệu (additional) nên có thể sai sau khi sửa: hãy sửa hoặc bỏ text trong cùng bản sửa.',
    {
      textEn:
        'The narrative says more than the data (status "additional") and may be wrong after this patch: change or remove text in the same patch.',
      expression: `${type}.text`,
    },
  );
}

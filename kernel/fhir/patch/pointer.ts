/** JSON Pointer (RFC 6901). Pure. */
import { Failure } from '../../failure.ts';

/** `/name/0/given` → `['name', '0', 'given']`; `~1` is `/`, `~0` is `~`. Fails with `invalid-request`. */
export function parsePointer(pointer: string, place: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) {
    throw pointerFailure(`Đường dẫn "${pointer}" không hợp lệ.`, `"${pointer}" is no JSON Pointer.`, place);
  }
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer. Fails with `business-rule` (422) when it is not there. */
export function resolveIn(document: unknown, steps: readonly string[], place: string): unknown {
  let value = document;
  for (const step of steps) {
    if (Array.isArray(value)) value = value[readIndex(step, value.length - 1, place)];
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, step)) {
      value = (value as Record<string, unknown>)[step];
    } else {
      const pointer = `/${steps.join('/')}`;
      throw missing(`Không có "${pointer}" trong tài nguyên.`, `"${pointer}" does not exist.`, place);
    }
  }
  return value;
}

/** An array index without leading zeros, at most `last`. Fails with `business-rule` (422) on any other. */
export function readIndex(step: string, last: number, place: string): number {
  const index = /^(0|[1-9]\d{0,8})$/.test(step) ? Number(step) : -1;
  if (index < 0 || index > last) {
    throw missing(`Không có vị trí "${step}" trong danh sách.`, `"${step}" is outside the array.`, place);
  }
  return index;
}

/** RFC 5789 section 2.2: a patch that is understood and cannot be applied is 422. */
function missing(vi: string, en: string, expression: string): Failure {
  return new Failure('business-rule', vi, { textEn: en, expression });
}

function pointerFailure(vi: string, en: string, expression: string): Failure {
  return new Failure('invalid-request', vi, { textEn: en, expression });
}

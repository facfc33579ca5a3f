/** Reading of a request's JSON: strict, bounded, and with the place of the fault. */
import { isUtf8 } from 'node:buffer';
import { Failure } from '../../failure.ts';
import { parseKeepingDecimals } from './decimals.ts';
import { type JsonFault, locateFault } from './locate.ts';
import { scanJson } from './scan.ts';

/** Deepest nesting taken. The deepest published R4 example has 31 levels. */
export const MAX_DEPTH = 100;

/**
 * Parses the bytes of a request. Refuses what JSON parsers let through in silence: names given twice, `__proto__`,
 * NUL characters, lone surrogates, invalid UTF-8, nesting deeper than `MAX_DEPTH`. Decimals keep their precision.
 * Fails with `malformed-json`; `details` is the `JsonFault` where there is one.
 */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0)
    throw new Failure('malformed-json', 'Nội dung gửi lên trống.', { textEn: 'The body is empty.' });
  if (!isUtf8(bytes)) {
    throw new Failure('malformed-json', 'Nội dung gửi lên không phải mã UTF-8.', {
      textEn: 'The body is not valid UTF-8.',
    });
  }
  const scan = scanJson(bytes);
  if (scan.depth > MAX_DEPTH) {
    throw new Failure('malformed-json', `JSON lồng nhau quá ${MAX_DEPTH} tầng.`, {
      textEn: `JSON is nested deeper than ${MAX_DEPTH} levels.`,
    });
  }
  const text = withoutMark(bytes.toString('utf8'));
  const value = parse(text, scan.inexactNumbers);
  if (countMembers(value) !== scan.members || mayHideCharacters(text)) {
    const fault = locateFault(text);
    if (fault) throw faultFailure(fault);
  }
  return value;
}

/** Bytes of a stored version, which were checked when they came in. */
export function readStoredJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  return scanJson(bytes).inexactNumbers ? parseKeepingDecimals(text) : JSON.parse(text);
}

function parse(text: string, inexactNumbers: boolean): unknown {
  try {
    return inexactNumbers ? parseKeepingDecimals(text) : JSON.parse(text);
  } catch (cause) {
    const fault = locateFault(text);
    throw fault
      ? faultFailure(fault)
      : new Failure('malformed-json', 'Nội dung không phải JSON hợp lệ.', {
          textEn: 'The body is not JSON.',
          cause,
        });
  }
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** NUL or surrogate escapes may be innocent (`\\u0000` is a backslash and letters): the strict reader decides. */
function mayHideCharacters(text: string): boolean {
  return text.includes('\\u') && /\\u(0000|[dD][89a-fA-F])/.test(text);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') members += countMembers(item);
    return members;
  }
  for (const name in value) {
    if (name === '__proto__') return Number.NaN;
    members += 1;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === 'object') members += countMembers(member);
  }
  return members;
}

function faultFailure(fault: JsonFault): Failure {
  const place = {
    vi: `dòng ${fault.line}, cột ${fault.column}`,
    en: `line ${fault.line}, column ${fault.column}`,
  };
  const [vi, en] = describe(fault);
  return new Failure('malformed-json', `${vi} (${place.vi}).`, {
    textEn: `${en} at ${place.en}.`,
    ...(fault.path === '' ? {} : { expression: fault.path }),
    details: fault,
  });
}

function describe(fault: JsonFault): [string, string] {
  switch (fault.kind) {
    case 'duplicate-name':
      return [
        `JSON có tên "${fault.found}" hai lần trong một đối tượng`,
        `Duplicate JSON name "${fault.found}"`,
      ];
    case 'forbidden-name':
      return [`JSON có tên không được phép "${fault.found}"`, `Forbidden JSON name "${fault.found}"`];
    case 'forbidden-character':
      return [`JSON có ký tự không được phép (${fault.found})`, `Forbidden character (${fault.found})`];
    case 'syntax':
      return fault.found === ''
        ? ['JSON bị cắt ngang', 'Unexpected end of JSON']
        : [`JSON sai cú pháp ở "${fault.found}"`, `Unexpected "${fault.found}" in JSON`];
  }
}

/** A query string as names and values. Pure. */
import { Failure } from '../failure.ts';

export type Query = [string, string][];

/**
 * Names and values in their order; `+` is a blank.
 * @throws Failure `invalid-parameter` on what is no percent-encoding of UTF-8 (`%zz`, `100%`), naming the parameter: read as it
 * stands, it would ask for something else
 */
export function pairsOf(query: string): Query {
  if (query.includes('%')) for (const part of query.split('&')) checkEncoding(part);
  return [...new URLSearchParams(query)] as Query;
}

function checkEncoding(part: string): void {
  const at = part.indexOf('=');
  const name = decoded(at < 0 ? part : part.slice(0, at));
  if (name !== null && decoded(part) !== null) return;
  const shown = (name ?? part).slice(0, 100).replace(/\p{Cc}/gu, '\ufffd');
  throw new Failure(
    'invalid-parameter',
    `Tham số "${shown}" mã hóa sai: sau % cần hai chữ số 16 của UTF-8; dấu % viết là %25.`,
    {
      textEn: `Parameter "${shown}" is not percent-encoded UTF-8: % is followed by two hexadecimal digits, and % itself is written %25.`,
      expression: shown,
    },
  );
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/**
 * A header as it was sent, in UTF-8: HTTP hands its bytes over one by one, and `family=Nguyễn` would match nobody.
 * @throws Failure `invalid-request` on bytes that are no UTF-8, naming the header
 */
export function headerText(name: string, value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    throw new Failure('invalid-request', `${name} không phải UTF-8; hãy mã hóa chữ có dấu theo %.`, {
      textEn: `${name} is not UTF-8: percent-encode letters that are not ASCII.`,
      expression: name,
    });
  }
}

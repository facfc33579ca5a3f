/** Where the next page begins: signed, so that it can be continued but not composed. */
import { hash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../failure.ts';
import type { Queryable } from '../rows.ts';
import type { KeyValue } from './sort.ts';

/** A page begins after this row, or ends before it. */
export interface Cursor {
  /** Values of the sort keys of the row. */
  values: KeyValue[];
  /** Its hash. */
  idh: bigint;
  /** The page before: its rows are looked for backwards. */
  back: boolean;
}

const keys = new WeakMap<object, Promise<Buffer>>();

/** The signing key of a database, asked for once. @param owner what lives as long as the store does */
export function signingKey(owner: object, db: Queryable): Promise<Buffer> {
  const known = keys.get(owner);
  if (known) return known;
  const asked = db
    .query<{ key: Buffer }>('select key from search_key limit 1')
    .then((answer) => answer.rows[0]!.key);
  keys.set(owner, asked);
  asked.catch(() => keys.delete(owner));
  return asked;
}

/** A text that can be given back but not composed. @param question what it belongs to: it fits no other */
export function sealText(text: string, question: string, key: Buffer): string {
  const body = Buffer.from(text).toString('base64url');
  return `${body}.${sign(body, question, key).toString('base64url')}`;
}

/** The text that was sealed for the question; null for one that was not. */
export function openText(sealed: string, question: string, key: Buffer): string | null {
  const [body = '', signature = ''] = sealed.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(body, question, key);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return Buffer.from(body, 'base64url').toString();
}

/** @param question the search it belongs to: a cursor of one search does not fit another */
export function writeCursor(cursor: Cursor, question: string, key: Buffer): string {
  return sealText(JSON.stringify([cursor.back ? 1 : 0, String(cursor.idh), ...cursor.values]), question, key);
}

/** Fails with `invalid-parameter` on a cursor that this server did not write for this search. */
export function readCursor(text: string, question: string, key: Buffer): Cursor {
  const opened = openText(text, question, key);
  if (opened === null) {
    throw new Failure(
      'invalid-parameter',
      'Tham số _cursor không đúng: nó chỉ dùng được nguyên vẹn, trong địa chỉ trang (next, previous) mà máy chủ đã trả cho chính lần tìm này. Hãy tìm lại không có _cursor.',
      {
        textEn:
          'Parameter _cursor is not valid: it can only be used as it stands in a link (next, previous) that this server returned for this same search. Repeat the search without _cursor.',
        expression: '_cursor',
      },
    );
  }
  const [back, idh, ...values] = JSON.parse(opened) as [number, string, ...KeyValue[]];
  return { back: back === 1, idh: BigInt(idh), values };
}

/** HMAC-SHA-256 (RFC 2104) of the question's hash and the body, cut to half. One-shot hashes take a third of `createHmac`. */
function sign(body: string, question: string, key: Buffer): Buffer {
  const { inner, outer } = padsOf(key);
  const about = hash('sha256', question, 'buffer');
  const within = hash('sha256', Buffer.concat([inner, about, Buffer.from(body)]), 'buffer');
  return hash('sha256', Buffer.concat([outer, within]), 'buffer').subarray(0, 16);
}

const BLOCK = 64;
const pads = new WeakMap<Buffer, { inner: Buffer; outer: Buffer }>();

function padsOf(key: Buffer): { inner: Buffer; outer: Buffer } {
  const known = pads.get(key);
  if (known) return known;
  const block = Buffer.alloc(BLOCK);
  (key.length > BLOCK ? hash('sha256', key, 'buffer') : key).copy(block);
  const made = { inner: block.map((byte) => byte ^ 0x36), outer: block.map((byte) => byte ^ 0x5c) };
  pads.set(key, made as { inner: Buffer; outer: Buffer });
  return made as { inner: Buffer; outer: Buffer };
}

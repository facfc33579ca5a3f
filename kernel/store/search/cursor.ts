/** Where the next page begins: signed, so that it can be continued but not composed. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../failure.ts';
import type { Queryable } from '../rows.ts';
import type { KeyValue } from './sort.ts';

export interface Cursor {
  /** Values of the sort keys of the last row. */
  values: KeyValue[];
  /** Its hash. */
  idh: bigint;
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

/** @param question the search it belongs to: a cursor of one search does not fit another */
export function writeCursor(cursor: Cursor, question: string, key: Buffer): string {
  const text = JSON.stringify([String(cursor.idh), ...cursor.values]);
  const body = Buffer.from(text).toString('base64url');
  return `${body}.${sign(body, question, key).toString('base64url')}`;
}

/** Fails with `invalid-parameter` on a cursor that this server did not write for this search. */
export function readCursor(text: string, question: string, key: Buffer): Cursor {
  const [body = '', signature = ''] = text.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(body, question, key);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Failure(
      'invalid-parameter',
      'Trang tiếp theo không thuộc về lần tìm kiếm này. Hãy tìm lại từ đầu.',
      {
        textEn: 'The cursor does not belong to this search. Start the search anew.',
        expression: '_cursor',
      },
    );
  }
  const [idh, ...values] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, ...KeyValue[]];
  return { idh: BigInt(idh), values };
}

function sign(body: string, question: string, key: Buffer): Buffer {
  const about = createHash('sha256').update(question).digest();
  return createHmac('sha256', key).update(about).update(body).digest().subarray(0, 16);
}

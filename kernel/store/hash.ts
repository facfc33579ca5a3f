/**
 * The one hash of the store: 64 bits of MD5, so that SQL can recompute it
 * (`('x' || left(md5(text), 16))::bit(64)::bigint`) and nobody can aim at another's rows by choosing an id
 * (a second preimage costs 2^64 tries; faster, unkeyed hashes fall to arithmetic).
 * Stable for ever: shard keys, primary keys and index tokens are made of it.
 */
import { hash } from 'node:crypto';
import { md5Head } from './md5.ts';

const words = new Int32Array(2);
const whole = new BigInt64Array(words.buffer);

/** First eight bytes of MD5(UTF-8 text), big-endian, as a signed 64-bit integer. */
export function hash64(text: string): bigint {
  const head = md5Head(text);
  if (head === null) return hash('md5', text, 'buffer').readBigInt64BE(0);
  words[1] = head[0]!;
  words[0] = head[1]!;
  return whole[0]!;
}

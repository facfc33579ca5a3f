/**
 * Bodies that lie sealed: of resources with a label of sensitivity, of files, and of Subscriptions. AES-256-GCM under a data key of the database
 * (`kernel/keys`), behind the packing; codec `-(n + 1)` says that packing n is inside. Measured: sealing or opening a body takes
 * 15 µs, which every record would pay with a tenth of its reads, so the others lie as they are (docs/security.md).
 *
 *     length of the key's name · name · nonce (12) · tag (16) · ciphertext
 *
 * The nonce is made of the content (HMAC-SHA-256), so that the same body is the same bytes: an update that changes nothing is
 * found by comparing them, and a nonce comes twice for the same content alone.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { Failure } from '../failure.ts';

/** The data keys, at hand without waiting. */
export interface BodyKeys {
  /** The key that seals now. */
  newest(): BodyKey;
  find(kid: string): Buffer | undefined;
  /** Newest first, for threads. */
  all(): readonly BodyKey[];
  /** Reads the keys again: another program may have made one. */
  reread(): Promise<void>;
}

export interface BodyKey {
  kid: string;
  key: Buffer;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Types whose bodies are files, and Subscription, whose body holds the headers and tokens that subscribers gave for their endpoints. */
const ALWAYS: readonly string[] = ['Binary', 'DocumentReference', 'Media', 'Subscription'];

/** @param sec column `sec` */
export function liesSealed(type: string, sec: number): boolean {
  return sec !== 0 || ALWAYS.includes(type);
}

export { ALWAYS as SEALED_TYPES };

/** Codec of what is sealed; the same turned back. */
export const sealedCodec = (codec: number) => -codec - 1;

/** @param owner whose it is: the same content of two is not the same bytes */
export function sealBody({ kid, key }: BodyKey, packed: Buffer, owner: string): Buffer {
  const nonce = nonceOf(key, packed, owner);
  const name = Buffer.from(kid, 'latin1');
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(name);
  const text = cipher.update(packed);
  cipher.final();
  return Buffer.concat([Buffer.from([name.length]), name, nonce, cipher.getAuthTag(), text]);
}

function nonceOf(key: Buffer, packed: Buffer, owner: string): Buffer {
  const own = createHmac('sha256', key).update('nonce of a body').digest();
  return createHmac('sha256', own).update(`${owner}\n`).update(packed).digest().subarray(0, NONCE_BYTES);
}

/** Name of the key that sealed it. */
export function keyOfBody(sealed: Buffer): string {
  return sealed.toString('latin1', 1, 1 + sealed[0]!);
}

/** @throws Failure `internal` for bytes that were altered */
export function openBody(key: Buffer, sealed: Buffer): Buffer {
  const named = 1 + sealed[0]!;
  const tagged = named + NONCE_BYTES;
  const begins = tagged + TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(named, tagged), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(sealed.subarray(1, named));
    decipher.setAuthTag(sealed.subarray(tagged, begins));
    const text = decipher.update(sealed.subarray(begins));
    decipher.final();
    return text;
  } catch (cause) {
    throw new Failure('internal', 'Nội dung được niêm phong đã bị sửa đổi nên không mở được.', {
      textEn: 'A sealed body was altered: it does not open.',
      cause,
    });
  }
}

/** A body that no key here opens. */
export function lostKey(kid: string): Failure {
  return new Failure(
    'database-unavailable',
    `Nội dung được niêm phong bằng khóa ${kid}, khóa này không có ở đây: kiểm tra YBA_KEY_FILE.`,
    { textEn: `A body was sealed by the key ${kid}, which is not here: see YBA_KEY_FILE.` },
  );
}

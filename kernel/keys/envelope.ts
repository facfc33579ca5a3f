/**
 * Sealed values: AES-256-GCM under a data key, in one line of text that says by which key. The place where the value stands is
 * part of what is proved, so that a sealed value moved to another row or column does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Bytes of every key here. */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^v1\.([A-Za-z0-9-]{1,40})\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;

/** A sealed value that does not open: altered, moved, or sealed by a key that is not here. */
export class SealFault extends Error {}

/**
 * @param place what it is and where it stands, `access.totp/<account>|secret`; must be given again to open it
 * @returns `v1.<kid>.<nonce>.<ciphertext>.<tag>`, each part in base64url
 */
export function seal(
  kid: string,
  key: Buffer,
  place: string,
  plain: Buffer,
  nonce = randomBytes(NONCE_BYTES),
): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated(place, kid));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return ['v1', kid, ...[nonce, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(
    '.',
  );
}

/** @throws SealFault */
export function unseal(key: Buffer, place: string, sealed: string): Buffer {
  const parts = FORM.exec(sealed);
  if (!parts) throw new SealFault(`What is stored at ${place} is no sealed value.`);
  const [, kid, nonce, text, tag] = parts;
  const bytes = (part: string | undefined) => Buffer.from(part!, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(nonce), { authTagLength: TAG_BYTES });
    decipher.setAAD(associated(place, kid!));
    decipher.setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(text)), decipher.final()]);
  } catch (cause) {
    throw new SealFault(`What is stored at ${place} was altered or moved: it does not open.`, { cause });
  }
}

/** Name of the key that sealed a value; null for what is no sealed value. */
export function keyOf(sealed: string): string | null {
  return FORM.exec(sealed)?.[1] ?? null;
}

const associated = (place: string, kid: string) => Buffer.from(`${place}|${kid}`, 'utf8');

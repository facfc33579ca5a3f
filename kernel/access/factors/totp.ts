/** Time-based one-time passwords (RFC 6238 over RFC 4226): SHA-1, 30 s, 6 digits, as all code generators do. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param secret at least 16 bytes @param step number of whole 30 s since 1970 */
export function codeAt(secret: Buffer, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const at = hash[hash.length - 1]! & 0xf;
  const number = hash.readUInt32BE(at) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

export function stepOf(at: Date): number {
  return Math.floor(at.getTime() / 1000 / STEP_SECONDS);
}

/**
 * The step that a code belongs to, one before and one after now included (clocks differ); null when it is wrong, or its
 * step is not newer than the last one that was taken: a code counts once (RFC 6238 §5.2).
 */
export function acceptedStep(secret: Buffer, code: string, at: Date, lastStep: number): number | null {
  const typed = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(typed)) return null;
  const now = stepOf(at);
  const found = [now - 1, now, now + 1].find((step) =>
    timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(typed)),
  );
  return found === undefined || found <= lastStep ? null : found;
}

/** RFC 4648 without padding: what code generators take by hand. */
export function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return bits
    .match(/.{1,5}/g)!
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]!)
    .join('');
}

/** `otpauth://totp/…`, which code generators read from a QR code. */
export function otpauthUri(secret: Buffer, account: string, issuer = 'Y Bạ'): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=30`;
}

/**
 * The national prescription code: 14 characters with the dash (Circular 26/2025/TT-BYT annex I note 1): facility (5),
 * seven characters 0-9 a-z unique inside the facility, dash, kind: C ordinary. Seven characters drawn from the hash of
 * the visit and of the caller's key, so that the same act sent twice makes the same number.
 */
import { createHash } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** @param facility 5 characters; @param seed what must give the same number again */
export function prescriptionNumber(facility: string, seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  const characters = Array.from({ length: 7 }, (_, index) => ALPHABET[digest.readUInt32BE(index * 4) % 36]);
  return `${facility}${characters.join('')}-c`;
}

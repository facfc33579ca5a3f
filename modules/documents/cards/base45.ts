/** Base45 (RFC 9285): two bytes are three characters of those that a QR code holds densely, a last one is two. Pure. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** @returns null for a text that is none */
export function fromBase45(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 3 === 1) return null;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const [c, d, e] = [...text.slice(at, at + 3)].map((one) => ALPHABET.indexOf(one));
    if (c === undefined || d === undefined || [c, d, e ?? 0].includes(-1)) return null;
    const value = c + d * 45 + (e ?? 0) * 45 * 45;
    if (value > (e === undefined ? 0xff : 0xffff)) return null;
    bytes.push(...(e === undefined ? [value] : [value >> 8, value & 0xff]));
  }
  return Uint8Array.from(bytes);
}

export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const isLast = at + 1 === bytes.length;
    const value = isLast ? bytes[at]! : bytes[at]! * 256 + bytes[at + 1]!;
    text += ALPHABET[value % 45]! + ALPHABET[Math.floor(value / 45) % 45]!;
    if (!isLast) text += ALPHABET[Math.floor(value / (45 * 45))]!;
  }
  return text;
}

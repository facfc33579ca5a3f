/**
 * Text of a card as scanners deliver it. Scanners that type like a keyboard know one code page: the UTF-8 of the card
 * may arrive read as Windows-1252, older cards carry Windows-1258. What can be read for sure is repaired, the rest is
 * said to be broken: a wrong name is never taken over. Pure.
 */
import { foldText } from '../../kernel/text/fold.ts';
import type { Remark } from '../../kernel/text/remark.ts';

const CONTROLS = /\p{Cc}/gu;

/** Byte of each character that Windows-1252 can show; the five that it leaves out stand for themselves. */
const BYTE_OF = new Map(
  Array.from({ length: 256 }, (_, byte): [string, number] => [
    new TextDecoder('windows-1252').decode(new Uint8Array([byte])),
    byte,
  ]),
);

/** NFC, single spaces, no control characters; UTF-8 that was read as Windows-1252 is read again. */
export function cardText(field: string): string {
  return tidy(readAgain(field) ?? field);
}

function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\t\r\n]/g, ' ')
    .replace(CONTROLS, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `'Nguyá»…n'` → `'Nguyễn'`; null when the text is no such thing. */
function readAgain(text: string): string | null {
  const bytes = [...text].map((character) => BYTE_OF.get(character) ?? character.codePointAt(0)!);
  if (bytes.some((byte) => byte > 255) || bytes.every((byte) => byte < 128)) return null;
  return decoded(Uint8Array.from(bytes), 'utf-8');
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Hexadecimal as the insurance card writes it: UTF-8, else Windows-1258 when that gives Vietnamese letters; null when it
 * is neither.
 */
export function hexText(hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex');
  const text = decoded(bytes, 'utf-8');
  if (text !== null) return tidy(text);
  const older = tidy(decoded(bytes, 'windows-1258') ?? '');
  return isVietnamese(older) ? older : null;
}

/** Letters of the Vietnamese alphabet, digits and the signs of an address, nothing else. */
function isVietnamese(text: string): boolean {
  return text !== '' && /^[a-z0-9 ]*$/.test(foldText(text)) && /^[\p{L}\p{M}\p{N}\s.,'’()/-]+$/u.test(text);
}

/** Characters that a wrong code page leaves behind: `Nguy�n`, `NGUY?N`, `Nguyá»…`. */
export function isBroken(text: string): boolean {
  return /\uFFFD|\p{L}\?|\?\p{L}|[áÃÄÆ][\u00A0-\u00BF\u2010-\u203A\u20AC\u2122]/u.test(text);
}

/** True when a name has anything but letters, marks and the signs of a name. */
export function isNoName(name: string): boolean {
  return !/^[\p{L}\p{M}][\p{L}\p{M}\s.'’-]*$/u.test(name);
}

export function strangeName(name: string): Remark {
  return {
    code: 'name-strange',
    vi: `Họ tên đọc được là “${name}”, có ký tự không phải chữ cái: sửa theo mặt thẻ.`,
    en: `The name was read as “${name}”, with characters that are no letters: correct it.`,
  };
}

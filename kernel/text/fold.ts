/**
 * Folding of Vietnamese text for search: one function, so that what is indexed and what is asked fold alike.
 * Tone and vowel marks go (so old and new tone placement, "Hoà" and "Hòa", meet), đ becomes d, case goes,
 * everything that is neither letter nor digit becomes one space.
 */

const MARKS = /\p{M}+/gu;
const SEPARATORS = /[^\p{L}\p{N}]+/gu;

/** `'Nguyễn  Thị Ánh-Đào'` → `'nguyen thi anh dao'`. Never throws; an empty string stays empty. */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(SEPARATORS, ' ')
    .trim();
}

/** The folded words of a text, in order: `'Đỗ Văn A'` → `['do', 'van', 'a']`. */
export function foldWords(text: string): string[] {
  const folded = foldText(text);
  return folded === '' ? [] : folded.split(' ');
}

/** Lower case and NFC with marks kept and spaces single: what the ranking of exact-mark hits compares. */
export function foldKeepingMarks(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}

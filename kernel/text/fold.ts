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

/** The tone on the first vowel of oa, oe, uy at the end of a syllable: the old place. */
const OLD_PLACE = /([oóòỏõọuúùủũụ])([aey])(?!\p{L})/gu;
const TONE = /[\u0300\u0301\u0303\u0309\u0323]/;

/**
 * Lower case and NFC with marks kept and spaces single: what the ranking of exact-mark hits compares. The tone of oa, oe,
 * uy stands where the newer spelling has it: `'Hòa'` → `'hoà'`.
 */
export function foldKeepingMarks(text: string): string {
  const lower = text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
  return lower.replace(OLD_PLACE, (both, first: string, second: string) => {
    const [letter = '', tone = ''] = first.normalize('NFD');
    const isPair = (letter === 'o' && second !== 'y') || (letter === 'u' && second === 'y');
    return isPair && TONE.test(tone) ? letter + (second + tone).normalize('NFC') : both;
  });
}

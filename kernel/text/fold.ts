/**
 * Folding of Vietnamese text for search: one function, so that what is indexed and what is asked fold alike.
 * Tone and vowel marks go (so old and new tone placement, "Hoà" and "Hòa", meet), đ becomes d, case goes,
 * everything that is neither letter nor digit becomes one space.
 */

const MARKS = /\p{M}+/gu;
const SEPARATORS = /[^\p{L}\p{N}]+/gu;

/** `'Nguyễn  Thị Ánh-Đào'` → `'nguyen thi anh dao'`. Never throws; an empty string stays empty. */
export function foldText(text: string): string {
  return foldQuickly(text) ?? foldSlowly(text);
}

/** By the definitions of Unicode; exported for the test that compares both ways. */
export function foldSlowly(text: string): string {
  return text
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(SEPARATORS, ' ')
    .trim();
}

/** Latin letters with Vietnamese marks end at U+1EF9. */
const LETTERS = 0x1f00;
/** What a letter folds to, made when it is met first; null when that is no letter or digit of ASCII, ' ' for a separator. */
const letters: (string | null | undefined)[] = new Array(LETTERS).fill(undefined);

/** Letter by letter; null when the text has a letter that does not fold to one of ASCII. */
function foldQuickly(text: string): string | null {
  let made = '';
  let isBlank = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= LETTERS) return null;
    const folded = letters[code] === undefined ? learn(code) : letters[code];
    if (folded === null) return null;
    if (folded === ' ') isBlank = made !== '';
    else if (folded !== '') {
      made += isBlank ? ` ${folded}` : folded;
      isBlank = false;
    }
  }
  return made;
}

function learn(code: number): string | null {
  const letter = String.fromCharCode(code);
  const folded = foldSlowly(letter);
  const isSeparator = folded === '' && foldSlowly(`a${letter}a`) !== 'aa';
  const made = folded.length > 1 || folded > '\x7f' ? null : isSeparator ? ' ' : folded;
  letters[code] = made;
  return made;
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

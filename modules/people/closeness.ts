/** How near two texts are: the small distances of typing errors. */

/** Same length and one character replaced, or two neighbours swapped. Equal texts are not near. */
export function isOneSlip(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  const differing = [...a].flatMap((character, index) => (character === b[index] ? [] : [index]));
  if (differing.length === 1) return true;
  const [first = 0, second = 0] = differing;
  return differing.length === 2 && second === first + 1 && a[first] === b[second] && a[second] === b[first];
}

/** Levenshtein distance exactly 1, or two neighbours swapped. */
export function isOneEdit(a: string, b: string): boolean {
  if (a.length === b.length) return isOneSlip(a, b);
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length !== 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  return short.slice(at) === long.slice(at + 1);
}

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

/**
 * A word's letters with their vowel marks, and its tone at the end, so that both ways of placing a tone are one:
 * `Hoà` = `Hòa` → `hoa` + grave. Case is ignored.
 */
export function markedKey(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.replace(TONES, '') + (word.match(TONES) ?? []).sort().join(''))
    .join(' ');
}

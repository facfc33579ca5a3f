/**
 * How a word of a name sounds, for the parameters `phonetic`: spellings that speakers of Vietnamese take for one another
 * have one sound. Regional mergers of Vietnamese phonology (initials tr/ch, s/x, d/gi/r, l/n; finals n/ng, t/c) and
 * spellings of the same sound (c/k/q, ng/ngh, g/gh, i/y, ph/f). Tones and vowel marks are folded away before.
 */
import { foldWords } from '../../text/fold.ts';

/** Longest first: the first beginning that fits decides. */
const INITIALS: readonly [string, string][] = [
  ['ngh', 'ng'],
  ['ng', 'ng'],
  ['nh', 'nh'],
  ['gi', 'z'],
  ['gh', 'g'],
  ['kh', 'kh'],
  ['ph', 'f'],
  ['th', 'th'],
  ['tr', 'c'],
  ['ch', 'c'],
  ['qu', 'kw'],
  ['c', 'k'],
  ['k', 'k'],
  ['q', 'k'],
  ['s', 's'],
  ['x', 's'],
  ['d', 'z'],
  ['r', 'z'],
  ['v', 'v'],
  ['l', 'l'],
  ['n', 'l'],
  ['f', 'f'],
];

const FINALS: readonly [string, string][] = [
  ['ng', 'n'],
  ['nh', 'n'],
  ['ch', 't'],
  ['c', 't'],
];

/** The sounds of the words of a name, without repeats: `'Trần Văn Sang'` → `['can', 'van', 'san']`. */
export function soundsOf(name: string): string[] {
  return [...new Set(foldWords(name).map(soundOf))];
}

function soundOf(word: string): string {
  const [start, sound] = initialOf(word);
  const rest = word.slice(start.length);
  const [end, last] = FINALS.find(([spelling]) => rest.endsWith(spelling)) ?? ['', ''];
  const vowels = rest.slice(0, rest.length - end.length);
  return sound + vowels.replace(/y/g, 'i') + last;
}

/** `gi` before a consonant or at the end of a word keeps its vowel: `gin` is z + in. */
function initialOf(word: string): [string, string] {
  const found = INITIALS.find(([spelling]) => word.startsWith(spelling)) ?? ['', ''];
  if (found[0] === 'gi' && !/^gi[aeou]/.test(word)) return ['g', 'z'];
  return found;
}

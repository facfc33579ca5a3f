/**
 * The two spellings of one sound: i or y alone after a single consonant (Mĩ = Mỹ, Lí = Lý, Quí = Quý). Papers of one
 * person differ in it; Huy and Hui, Thúy and Thúi are other sounds and stay apart. Pure.
 */
import { foldText, foldWords } from '../../kernel/text/fold.ts';

const TWO_SPELLINGS = /^(?:h|k|l|m|qu|s|t|v)[iy]$/;
const OTHER: Record<string, string> = {};
for (const [i, y] of ['iy', 'íý', 'ìỳ', 'ỉỷ', 'ĩỹ', 'ịỵ', 'IY', 'ÍÝ', 'ÌỲ', 'ỈỶ', 'ĨỸ', 'ỊỴ'].map((pair) => [
  ...pair,
])) {
  OTHER[i!] = y!;
  OTHER[y!] = i!;
}
const MOST = 3;

/** A folded word as its i spelling: `my` → `mi`; other words as they are. */
export function oneSpelling(word: string): string {
  return TWO_SPELLINGS.test(word) ? `${word.slice(0, -1)}i` : word;
}

/** Folded words of a name in one spelling. */
export function spelledWords(name: string): string[] {
  return foldWords(name).map(oneSpelling);
}

/** The name in its other spellings, marks kept, at most seven: `'Lý Thị Mỹ'` → `['Lí Thị Mỹ', 'Lý Thị Mĩ', 'Lí Thị Mĩ']`. */
export function otherSpellings(name: string): string[] {
  const words = name.normalize('NFC').split(/\s+/);
  const places = words.flatMap((word, at) => (TWO_SPELLINGS.test(foldText(word)) ? [at] : [])).slice(0, MOST);
  return Array.from({ length: 2 ** places.length - 1 }, (_, index) => {
    const chosen = new Set(places.filter((_, bit) => ((index + 1) >> bit) & 1));
    return words.map((word, at) => (chosen.has(at) ? turned(word) : word)).join(' ');
  });
}

function turned(word: string): string {
  const last = word.slice(-1);
  return word.slice(0, -1) + (OTHER[last] ?? last);
}

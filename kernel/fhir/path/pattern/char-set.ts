/** Sets of characters of a pattern: ranges of code points, and Unicode properties. Pure. */

export interface CharSet {
  /** Pairs: from, to. */
  ranges: number[];
  tests: ((letter: string) => boolean)[];
  negated: boolean;
}

export const emptySet = (): CharSet => ({ ranges: [], tests: [], negated: false });
export const oneOf = (code: number): CharSet => ({ ranges: [code, code], tests: [], negated: false });
export const anyCharacter = (): CharSet => ({ ranges: [], tests: [], negated: true });

export function contains({ ranges, tests, negated }: CharSet, code: number): boolean {
  for (let at = 0; at < ranges.length; at += 2)
    if (code >= ranges[at]! && code <= ranges[at + 1]!) return !negated;
  if (tests.length === 0) return negated;
  const letter = String.fromCodePoint(code);
  return tests.some((test) => test(letter)) !== negated;
}

/** Without regard to case. */
export function containsAnyCase(set: CharSet, code: number): boolean {
  if (set.negated) return !containsAnyCase({ ...set, negated: false }, code);
  if (contains(set, code)) return true;
  const letter = String.fromCodePoint(code);
  return [letter.toLowerCase(), letter.toUpperCase()].some((one) => contains(set, one.codePointAt(0)!));
}

const DIGIT = [48, 57];
const WORD = [48, 57, 65, 90, 95, 95, 97, 122];
const SPACE = [
  9, 13, 32, 32, 133, 133, 160, 160, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f,
  0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
];
const CLASSES: Record<string, number[]> = { d: DIGIT, w: WORD, s: SPACE };

export const isWord = (code: number | undefined) =>
  code !== undefined && contains({ ranges: WORD, tests: [], negated: false }, code);

/** `\d`, `\W` …; null for another letter. */
export function classOf(letter: string): CharSet | null {
  const ranges = Object.hasOwn(CLASSES, letter.toLowerCase()) ? CLASSES[letter.toLowerCase()]! : null;
  return ranges && { ranges, tests: [], negated: letter !== letter.toLowerCase() };
}

/** `\p{L}`; null for a property that Unicode does not have. */
export function propertySet(name: string, negated: boolean): CharSet | null {
  try {
    const expression = new RegExp(`^\\p{${name}}$`, 'u');
    return { ranges: [], tests: [(letter) => expression.test(letter)], negated };
  } catch {
    return null;
  }
}

/** The set takes what the other has. */
export function include(set: CharSet, other: CharSet): void {
  if (other.negated || other.tests.length > 0)
    set.tests.push((letter) => contains(other, letter.codePointAt(0)!));
  else set.ranges.push(...other.ranges);
}

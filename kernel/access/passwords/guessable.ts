/**
 * How soon a guesser comes upon a password: it is taken apart into common words, names, runs, years and single
 * characters, the cheapest way, and each part costs what trying all of its kind costs. Pure.
 */

/** A word that guessers try, folded, and what it costs in bits. */
export type CommonWords = ReadonlyMap<string, number>;

const COST = { run: 6, repeated: 6, year: 7, date: 12, letter: 4.7, digit: 3.3, sign: 3 } as const;

/** Rows of a keyboard, the alphabet and the digits: what fingers find without a head. */
const RUNS = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  '1qaz2wsx3edc4rfv5tgb',
  'qazwsxedcrfvtgb',
].flatMap((row) => [row, [...row].reverse().join('')]);

const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Folds as guessers do: no case, no Vietnamese marks. */
export function foldPassword(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
}

/**
 * Bits of work until a guesser who knows the words has the password; the fewer, the worse.
 * @param words folded words; those of the account's own name and sign-in name among them
 */
export function bitsOf(password: string, words: CommonWords): number {
  const text = foldPassword(password);
  const once = /^(.+?)\1+$/.exec(text)?.[1];
  if (once !== undefined && once.length > 1) return cheapest(once, words) + 2;
  return cheapest(text, words);
}

function cheapest(text: string, words: CommonWords): number {
  const plain = [...text].map((one) => LEET[one] ?? one).join('');
  // Work until each place: every part that begins there is tried.
  const until = new Array<number>(text.length + 1).fill(Number.POSITIVE_INFINITY);
  until[0] = 0;
  for (let at = 0; at < text.length; at += 1) {
    for (let end = at + 1; end <= Math.min(text.length, at + LONGEST); end += 1) {
      const cost = partCost(text.slice(at, end), plain.slice(at, end), words);
      until[end] = Math.min(until[end]!, until[at]! + cost);
    }
  }
  return until[text.length]!;
}

const LONGEST = 24;

function partCost(part: string, plain: string, words: CommonWords): number {
  if (part.length === 1) return /\d/.test(part) ? COST.digit : /\p{L}/u.test(part) ? COST.letter : COST.sign;
  const word = words.get(part) ?? words.get(plain);
  if (word !== undefined) return word + (words.has(part) ? 0 : 1);
  if (/^(.)\1+$/.test(part)) return COST.repeated;
  if (part.length >= 3 && RUNS.some((run) => run.includes(part))) return COST.run;
  if (/^(19[3-9]|20[0-4])\d$/.test(part)) return COST.year;
  return isDate(part) ? COST.date : Number.POSITIVE_INFINITY;
}

/** `070285`, `07021985`, `1985-02-07`: a day somebody was born. */
function isDate(part: string): boolean {
  const digits = /^(\d{2})[./-]?(\d{2})[./-]?(\d{2}|(?:19|20)\d{2})$/.exec(part);
  if (!digits) return false;
  const [day, month] = [Number(digits[1]), Number(digits[2])];
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

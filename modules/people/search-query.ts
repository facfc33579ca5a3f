/** What a person typed into the search box, as a plan: pure. */
import { foldText, foldWords } from '../../kernel/text/fold.ts';
import { readDate } from './card-dates.ts';
import { markedKey } from './closeness.ts';
import { checkInsuranceNumber } from './insurance-number.ts';
import { normalPhone } from './person-facts.ts';
import { oneSpelling } from './spelling.ts';

export type SearchPlan =
  /** Fewer than three letters or digits: nothing is asked of the record. */
  | { kind: 'too-short' }
  /** A number that stands for one person: citizen, insurance, phone, patient code, old card. */
  | {
      kind: 'number';
      values: string[];
      phone: string | null;
      /** 15 characters, when an insurance card number was typed. */
      card: string | null;
    }
  | {
      kind: 'name';
      /** Folded words in the order typed; one letter is an abbreviation. */
      words: string[];
      /** The words as typed, when at least one has a mark; null when marks were not typed. */
      marked: string[] | null;
      /** FHIR date of any precision, or null. */
      birth: string | null;
    };

const SHORTEST = 3;

/** Never throws: everything that is no number is taken as a name. */
export function planSearch(query: string): SearchPlan {
  const text = query.normalize('NFC').trim();
  const number = numberPlan(text);
  if (number) return number;
  const tokens = text.split(/\s+/);
  const births = tokens.map(birthOf);
  const birth = births.find((each) => each !== null) ?? null;
  const rest = tokens.filter((_, index) => births[index] === null).join(' ');
  const words = foldWords(rest);
  if (words.join('').length < SHORTEST) return { kind: 'too-short' };
  const typed = rest
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
  const isMarked = foldText(rest) !== typed.join(' ');
  return { kind: 'name', words, marked: isMarked ? typed : null, birth };
}

/** Spaces, dots and dashes inside numbers do not matter; letters with digits are a code of a facility. */
function numberPlan(text: string): SearchPlan | null {
  const compact = text.replace(/[\s.+-]/g, '').toUpperCase();
  if (/^\d+$/.test(compact)) {
    if (birthOf(text) !== null) return null;
    if (compact.length < 9) return { kind: 'too-short' };
    const phone = /^(0\d{8,10}|84\d{9,10})$/.test(compact) ? normalPhone(compact) : null;
    return { kind: 'number', values: [compact], phone, card: null };
  }
  const card = checkInsuranceNumber(compact);
  if (card.ok && card.cardNumber)
    return { kind: 'number', values: [card.insuranceNumber ?? ''], phone: null, card: card.cardNumber };
  const isCode = /^[A-Z0-9._/-]{4,40}$/i.test(text) && /\d{3}/.test(text) && /[A-Z]/i.test(text);
  return isCode
    ? { kind: 'number', values: [...new Set([text, text.toUpperCase()])], phone: null, card: null }
    : null;
}

/** A year between 1880 and 2099 or a whole date with separators. */
function birthOf(token: string): string | null {
  if (/^(18[89]|19\d|20\d)\d$/.test(token)) return token;
  return /^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$/.test(token) ? readDate(token) : null;
}

/**
 * True when every query word begins another word of the name, in any order: `ng v a` finds Nguyễn Văn An.
 * @param words folded query words
 */
export function nameMatches(name: string, words: string[]): boolean {
  const free = foldWords(name);
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    const exact = free.indexOf(word);
    const spelled = oneSpelling(word);
    const at =
      exact >= 0 ? exact : free.findIndex((each) => each.startsWith(word) || oneSpelling(each) === spelled);
    if (at < 0) return false;
    free.splice(at, 1);
  }
  return true;
}

/**
 * Lower is nearer: exact marks first, then whole names, then the given name, then the rest.
 * @param plan of kind `name`
 */
export function nameRank(name: string, plan: Extract<SearchPlan, { kind: 'name' }>): number {
  const folded = foldWords(name);
  const inOrder = folded.join(' ');
  const asked = plan.words.join(' ');
  let rank = 0;
  if (plan.marked && !marksAgree(name, plan.marked)) rank += 8;
  if (inOrder !== asked) rank += inOrder.startsWith(asked) || inOrder.endsWith(` ${asked}`) ? 2 : 4;
  if (folded.at(-1) !== plan.words.at(-1)) rank += 1;
  return rank;
}

/** Every typed word begins a word of the name with the same marks; both ways of placing a tone are one. */
function marksAgree(name: string, typed: string[]): boolean {
  const keys = markedKey(name).split(' ');
  return typed.every((word) => {
    const key = markedKey(word);
    return (
      keys.some((each) => each === key) ||
      name
        .normalize('NFC')
        .toLowerCase()
        .split(/\s+/)
        .some((each) => each.startsWith(word))
    );
  });
}

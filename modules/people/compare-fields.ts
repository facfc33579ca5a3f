/** Each field of two persons compared: an outcome of `content/people/matching.csv`, or null when one side is not known. */
import { foldText, foldWords } from '../../kernel/text/fold.ts';
import { isOneEdit, isOneSlip, markedKey } from './closeness.ts';
import type { PersonFacts } from './person-facts.ts';
import { spelledWords } from './spelling.ts';

export interface Outcome {
  field: string;
  outcome: string;
}

/** All fields that both sides know, in the order a person reads them. */
export function compareFields(candidate: PersonFacts, person: PersonFacts): Outcome[] {
  const outcomes: [string, string | null][] = [
    ['citizen-number', compareNumber(candidate.citizenNumber, person.citizenNumber)],
    ['insurance-number', compareNumber(candidate.insuranceNumber, person.insuranceNumber)],
    ['old-number', compareNumber(candidate.oldNumber, person.oldNumber)],
    ['passport', comparePassport(candidate.passport, person.passport)],
    ['name', compareName(candidate.name, person.name)],
    ['birth', compareBirth(candidate.birthDate, person.birthDate)],
    ['sex', compareSex(candidate.sex, person.sex)],
    ['home', compareHome(candidate, person)],
  ];
  return outcomes.flatMap(([field, outcome]) => (outcome ? [{ field, outcome }] : []));
}

export function compareNumber(a: string | null, b: string | null): string | null {
  if (!a || !b) return null;
  if (a === b) return 'same';
  return isOneSlip(a, b) ? 'near' : 'different';
}

function comparePassport(a: string | null, b: string | null): string | null {
  if (!a || !b) return null;
  return a.toUpperCase() === b.toUpperCase() ? 'same' : 'different';
}

export function compareName(a: string, b: string): string | null {
  const [first, second] = [foldWords(a), foldWords(b)];
  if (first.length === 0 || second.length === 0) return null;
  if (first.join(' ') === second.join(' ')) {
    if (markedKey(a) === markedKey(b)) return 'same-marks';
    return isUnmarked(a) || isUnmarked(b) ? 'same-folded' : 'other-marks';
  }
  if (spelledWords(a).join(' ') === spelledWords(b).join(' ')) return 'other-spelling';
  if ([...first].sort().join(' ') === [...second].sort().join(' ')) return 'reordered';
  if (isNearName(first, second)) return 'near';
  const sameStart = first.length > 1 && first.slice(0, -1).join(' ') === second.slice(0, -1).join(' ');
  return sameStart ? 'given-differs' : 'different';
}

function isUnmarked(name: string): boolean {
  return foldText(name) === name.toLowerCase().replace(/\s+/g, ' ').trim();
}

/** One word one letter off, a middle name missing, or words shortened to their beginnings (`Ng. V. A`). */
function isNearName(a: string[], b: string[]): boolean {
  if (a.length === b.length) {
    const pairs = a
      .map((word, index) => [word, b[index] ?? ''] as const)
      .filter(([one, other]) => one !== other);
    const [one, other] = pairs[0] ?? ['', ''];
    if (pairs.length === 1 && Math.min(one.length, other.length) > 2 && isOneEdit(one, other)) return true;
    const isShortened = (long: string, short: string) => short.length <= 2 && long.startsWith(short);
    const given = a.at(-1) === b.at(-1);
    return given && pairs.every(([x, y]) => isShortened(x, y) || isShortened(y, x));
  }
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const sameEnds = short.length >= 2 && short[0] === long[0] && short.at(-1) === long.at(-1);
  return sameEnds && isSubsequence(short, long);
}

function isSubsequence(short: string[], long: string[]): boolean {
  let at = 0;
  for (const word of long) if (word === short[at]) at += 1;
  return at === short.length;
}

export function compareBirth(a: string | null, b: string | null): string | null {
  if (!a || !b) return null;
  const precision = Math.min(a.length, b.length);
  if (precision === 4) return a.slice(0, 4) === b.slice(0, 4) ? 'same-year' : 'different';
  if (precision === 7) return a.slice(0, 7) === b.slice(0, 7) ? 'same-month' : compareMonths(a, b);
  if (a === b) return 'same';
  const [year, month, day] = a.split('-');
  const [otherYear, otherMonth, otherDay] = b.split('-');
  if (year === otherYear && month === otherDay && day === otherMonth) return 'swapped';
  const equal = [year === otherYear, month === otherMonth, day === otherDay].filter(Boolean).length;
  if (equal === 2) return 'one-part';
  return year === otherYear ? 'year-only' : 'different';
}

function compareMonths(a: string, b: string): string {
  return a.slice(0, 4) === b.slice(0, 4) ? 'year-only' : 'different';
}

function compareSex(a: PersonFacts['sex'], b: PersonFacts['sex']): string | null {
  const isClear = (sex: PersonFacts['sex']) => sex === 'male' || sex === 'female';
  if (!isClear(a) || !isClear(b)) return null;
  return a === b ? 'same' : 'different';
}

/** Phone, mother, address and commune say nearly the same thing, so only the strongest of them counts. */
function compareHome(a: PersonFacts, b: PersonFacts): string | null {
  if (a.phones.some((phone) => b.phones.includes(phone))) return 'same-phone';
  if (a.mother && b.mother && foldText(a.mother) === foldText(b.mother)) return 'same-mother';
  if (a.address && b.address && foldText(a.address) === foldText(b.address)) return 'same-address';
  if (!a.commune || !b.commune) return null;
  return a.commune === b.commune ? 'same-commune' : 'other-commune';
}

/** Which rules a line of the audit meets. Pure: everything that it knows of people and habits is given. */
import { isWithin, type RuleName, type Rules } from './rules.ts';

export interface Look {
  account: string;
  patient: string | null;
  action: string;
  outcome: string;
  /** Minute of the day in Viet Nam. */
  minute: number;
}

/** Of the one who looked. */
export interface Looker {
  /** Staff, not a machine, the program or a citizen. */
  staff: boolean;
  /** Patient ids that are this person. */
  own: readonly string[];
  family: string;
  /** House as written; '' = not known. */
  house: string;
  closed: boolean;
}

/** Of the one who was looked at. */
export interface Person {
  family: string;
  house: string;
  protected: boolean;
  /** Also works in the province's health service. */
  staff: boolean;
}

/** What the account did before. */
export interface Habits {
  /** Persons today, with this line. */
  persons: number;
  personsAtNight: number;
  /** Mean of persons on the account's other days, and median of the unit's other accounts; 0 = none known. */
  ownMean: number;
  unitMedian: number;
  /** Days within the rule's time on which the account was used at night, and at all; today not counted. */
  nightsBefore: number;
  daysBefore: number;
  newPlace: boolean;
  /** Minutes since the person's record was refused to the account; null = it was not. */
  refusedBefore: number | null;
}

/** Acts that show something of a record. */
const SHOWS = new Set(['read', 'search', 'print', 'export', 'create', 'update', 'delete']);

export function judge(
  rules: Rules,
  look: Look,
  who: Looker,
  person: Person | null,
  habits: Habits,
): RuleName[] {
  const met: RuleName[] = [];
  const meets = (name: RuleName, condition: (rule: NonNullable<ReturnType<Rules['get']>>) => boolean) => {
    const rule = rules.get(name);
    if (rule && condition(rule)) met.push(name);
  };
  meets('after-leave', () => who.closed);
  if (!who.staff) return met;
  meets('new-place', ({ count }) => look.outcome === 'ok' && habits.newPlace && habits.daysBefore >= count);
  if (look.patient === null || look.outcome !== 'ok') return met;
  meets(
    'refused-then-opened',
    ({ minutes }) =>
      look.action === 'break-glass' && habits.refusedBefore !== null && habits.refusedBefore <= minutes,
  );
  if (!SHOWS.has(look.action)) return met;
  const own = who.own.includes(look.patient);
  meets('own-record', () => own);
  if (person && !own) {
    meets(
      'same-household',
      () =>
        who.house !== '' && who.house === person.house && who.family !== '' && who.family === person.family,
    );
    meets('colleague', () => person.staff);
  }
  meets('vip', () => person?.protected ?? false);
  meets(
    'mass-reading',
    ({ count, ratio }) =>
      habits.persons >= count &&
      habits.persons >= ratio * habits.ownMean &&
      habits.persons >= ratio * habits.unitMedian,
  );
  meets(
    'out-of-hours',
    (rule) => isWithin(rule, look.minute) && habits.personsAtNight >= rule.count && habits.nightsBefore === 0,
  );
  return met;
}

/** The network of an address: three of four parts of IPv4, three groups of IPv6. Loopback is no place. */
export function networkOf(address: string): string | null {
  const plain = address.replace(/^::ffff:/, '');
  if (plain === '' || plain === '::1' || plain.startsWith('127.')) return null;
  return plain.includes(':')
    ? plain.split(':').slice(0, 3).join(':')
    : plain.split('.').slice(0, 3).join('.');
}

/** Family name as the record has it, or the first word of a Vietnamese name. */
export function familyOf(names: readonly { family?: string; text?: string }[] | undefined): string {
  const name = names?.[0];
  return folded(name?.family ?? name?.text?.trim().split(/\s+/)[0] ?? '');
}

/** One house: what is written below the commune. '' when only the commune is known. */
export function houseOf(
  addresses:
    | readonly { line?: string[]; city?: string; district?: string; state?: string; text?: string }[]
    | undefined,
): string {
  const address = addresses?.[0];
  const line = folded((address?.line ?? []).join(' '));
  if (line === '') return '';
  return [line, address?.district, address?.city, address?.state].map((part) => folded(part ?? '')).join('|');
}

const folded = (text: string) => text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();

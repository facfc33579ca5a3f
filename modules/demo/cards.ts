/** Card texts of demo people, so that reception can be tried without a scanner: paste one of them. */

import { ageOn } from './days.ts';
import type { Card } from './insurance.ts';
import { drawCard } from './insurance.ts';
import { citizenNumber } from './numbers.ts';
import type { Person } from './person.ts';
import { BLOCK_SIZE, drawBlock } from './population.ts';
import type { Population } from './progress.ts';
import type { DemoTables } from './tables.ts';

export interface SampleCard {
  /** Who it is and what can be tried with it. */
  note: string;
  noteEn: string;
  name: string;
  /** Text of the QR of the citizen card. */
  citizenCard: string;
  /** Text of the QR of the insurance card; null without one. */
  insuranceCard: string | null;
}

interface Wish {
  note: string;
  noteEn: string;
  fits(person: Person, card: Card | null, today: string): boolean;
}

const WISHES: Wish[] = [
  {
    note: 'Người lớn có thẻ BHYT còn hạn',
    noteEn: 'Adult with a valid card',
    fits: (person, card, today) => isAdult(person, today) && card !== null && card.validTo >= today,
  },
  {
    note: 'Trẻ dưới 6 tuổi',
    noteEn: 'Child under six',
    fits: (_, card) => card?.group === 'TE',
  },
  {
    note: 'Người cao tuổi',
    noteEn: 'Elderly person',
    fits: (person, card, today) => ageOn(person.birthDate, today) >= 70 && card !== null,
  },
  {
    note: 'Thẻ BHYT đã hết hạn',
    noteEn: 'Card that has run out',
    fits: (_, card, today) => card !== null && card.validTo < today,
  },
  {
    note: 'Không có thẻ BHYT',
    noteEn: 'No insurance card',
    fits: (person, card, today) => isAdult(person, today) && card === null,
  },
];

/** A person nobody has registered: reception makes the record. */
const STRANGER = {
  serial: 999_999,
  name: 'Phạm Văn Mới',
  birthDate: '1990-05-17',
  address: 'Thôn Đông, Tề Lỗ, Phú Thọ',
};

/** One card for each wish, of the people of the first station, and one of a person not in the record. */
export function sampleCards(progress: Population, today: string, tables: DemoTables): SampleCard[] {
  const cards = cardHolders(progress, today, tables).map(({ wish, person, card }) =>
    sampleOf(wish, person, card),
  );
  const stranger = {
    note: 'Người chưa có hồ sơ trong tỉnh: tiếp đón sẽ lập mới',
    noteEn: 'Not in the record yet: reception makes a new one',
    name: STRANGER.name,
    citizenCard: citizenText(STRANGER.serial, 'male', STRANGER.name, STRANGER.birthDate, STRANGER.address),
    insuranceCard: null,
  };
  return [...cards, stranger];
}

interface Holder {
  wish: Wish;
  person: Person;
  card: Card | null;
}

/** Whose cards are shown: they stay at home until somebody tries their card. */
export function cardHolders(progress: Population, today: string, tables: DemoTables): Holder[] {
  const count = Math.min(BLOCK_SIZE, progress.people);
  const households = count === 0 ? [] : drawBlock(progress.seed, 0, count, 0, tables);
  const first = tables.stations[0];
  const people = households
    .flatMap((household) => household.members)
    .filter((person) => person.deathDate === null)
    .sort((a, b) => Number(b.household.station === first) - Number(a.household.station === first));
  const taken = new Set<Person>();
  return WISHES.flatMap((wish): Holder[] => {
    const cardOf = (person: Person) => drawCard(person, progress.seed, progress.today, tables);
    const person = people.find((each) => !taken.has(each) && wish.fits(each, cardOf(each), today));
    if (!person) return [];
    taken.add(person);
    return [{ wish, person, card: cardOf(person) }];
  });
}

function isAdult(person: Person, today: string): boolean {
  const age = ageOn(person.birthDate, today);
  return age >= 30 && age < 60;
}

function sampleOf({ note, noteEn }: Wish, person: Person, card: Card | null): SampleCard {
  const { household, name, birthDate, sex, serial } = person;
  const address = `${household.hamlet}, ${household.station.name.replace(/^Trạm Y tế /, '')}, tỉnh Phú Thọ`;
  return {
    note,
    noteEn,
    name,
    citizenCard: citizenText(serial, sex, name, birthDate, address),
    insuranceCard: card ? insuranceText(person, card, address) : null,
  };
}

/** Seven fields with `|` (citizen-identity-and-payment.md section 2). */
function citizenText(
  serial: number,
  sex: Person['sex'],
  name: string,
  birthDate: string,
  address: string,
): string {
  const number = citizenNumber(serial, sex, Number(birthDate.slice(0, 4)));
  const digits = (day: string) => day.split('-').reverse().join('');
  return [number, '', name, digits(birthDate), sex === 'male' ? 'Nam' : 'Nữ', address, '15042023'].join('|');
}

/** Fields of the insurance card with hexadecimal texts, `$` at the end (section 3). */
function insuranceText(person: Person, card: Card, address: string): string {
  const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');
  const day = (text: string) => text.split('-').reverse().join('/');
  return [
    card.number,
    hex(person.name),
    day(person.birthDate),
    person.sex === 'male' ? '1' : '2',
    hex(address),
    `${card.facility.slice(0, 2)} - ${card.facility.slice(2)}`,
    day(card.validFrom),
    day(card.validTo),
    day(card.validFrom),
    '00000000000000',
    '-',
    '4',
    card.fiveYearsOn ? day(card.fiveYearsOn) : '-',
    '0000$',
  ].join('|');
}

/** A block of the demo province: households with people in them. Every block stands alone and can be made again. */

import { drawAges, REFERENCE_DAY } from './ages.ts';
import { ageOn } from './days.ts';
import { type Family, formFamilies } from './families.ts';
import { drawName, drawSurname } from './names.ts';
import type { Draft, Household, Person } from './person.ts';
import { type Random, randomOf } from './random.ts';
import { type DemoTables, fits, type Station } from './tables.ts';

/** People in a full block. */
export const BLOCK_SIZE = 400;

/** Share of the first station, so that a province of two thousand has one station with a full day. */
const FIRST_STATION_SHARE = 0.15;
const POOR_PERCENT = 1.8;
const NEAR_POOR_PERCENT = 3;
const KINH = '01';

/**
 * @param block number of the block, 0…
 * @param count people in it, at most `BLOCK_SIZE`
 * @param firstSerial serial of its first person
 */
export function drawBlock(
  seed: string,
  block: number,
  count: number,
  firstSerial: number,
  tables: DemoTables,
): Household[] {
  const random = randomOf(seed, 'block', block);
  const drafts = drawAges(count, tables, random);
  let serial = firstSerial;
  return formFamilies(drafts, random).map((family) => {
    const household = settle(family, serial, tables, randomOf(seed, 'household', serial));
    serial += family.length;
    return household;
  });
}

function settle(family: Family, serial: number, tables: DemoTables, random: Random): Household {
  const station = drawStation(tables, random);
  const people = new Map<Draft, Person>();
  const household = {
    serial,
    station,
    hamlet: random.pick(/phường/i.test(station.name) ? tables.hamlets.urban : tables.hamlets.rural),
    formerCommune: station.formerCommunes.length > 0 ? random.pick(station.formerCommunes) : '',
    ethnicity: drawEthnicity(station, tables, random),
    poverty: drawPoverty(random),
    members: [] as Person[],
  } as unknown as Household;
  for (const [at, draft] of family.entries()) {
    const job = drawJob(draft, tables, random);
    const person: Person = {
      serial: serial + at,
      sex: draft.sex,
      birthDate: draft.birthDate,
      deathDate: draft.deathDate,
      name: '',
      mother: null,
      father: null,
      ...job,
      household,
    };
    people.set(draft, person);
    household.members.push(person);
  }
  household.head = household.members[0]!;
  for (const [draft, person] of people) {
    person.mother = (draft.mother && people.get(draft.mother)) ?? null;
    person.father = (draft.father && people.get(draft.father)) ?? null;
  }
  nameFamily(household, tables, random);
  return household;
}

function drawStation(tables: DemoTables, random: Random): Station {
  if (random.chance(FIRST_STATION_SHARE)) return tables.stations[0]!;
  return random.weighted(tables.stations, (station) => station.population);
}

function drawEthnicity(station: Station, tables: DemoTables, random: Random): string {
  const local = tables.ethnicities.filter((row) => row.unit === station.unit);
  let left = random.next() * 100;
  for (const row of [...local, ...tables.ethnicities.filter((each) => each.unit === '')]) {
    left -= row.percent;
    if (left < 0) return row.code;
  }
  return KINH;
}

function drawPoverty(random: Random): Household['poverty'] {
  const percent = random.next() * 100;
  if (percent < POOR_PERCENT) return 'poor';
  return percent < POOR_PERCENT + NEAR_POOR_PERCENT ? 'near-poor' : '';
}

function drawJob(
  draft: Draft,
  tables: DemoTables,
  random: Random,
): { occupation: string; insuredAs: string } {
  const age = ageOn(draft.birthDate, REFERENCE_DAY);
  const jobs = tables.occupations.filter((row) => fits(row, age, draft.sex));
  if (jobs.length === 0) return { occupation: '00', insuredAs: '' };
  const { code, insuredAs } = random.weighted(jobs, (row) => row.weight);
  return { occupation: code, insuredAs };
}

/** Parents before children: a child carries the father's surname; of a mother alone, mostly that of an absent father. */
function nameFamily(household: Household, tables: DemoTables, random: Random): void {
  const taken = new Map<Person, Set<string>>();
  const absentFathers = new Map<Person, string>();
  const surnameOf = (person: Person): string => {
    if (person.father) return surnameWord(named(person.father));
    const drawn = drawSurname(tables, household.ethnicity, random);
    if (!person.mother) return drawn;
    const surname =
      absentFathers.get(person.mother) ?? (random.chance(0.25) ? surnameWord(named(person.mother)) : drawn);
    absentFathers.set(person.mother, surname);
    return surname;
  };
  const named = (person: Person): Person => {
    if (person.name !== '') return person;
    const parent = person.mother ?? person.father;
    const siblings = (parent && taken.get(parent)) ?? new Set<string>();
    const birthYear = Number(person.birthDate.slice(0, 4));
    person.name = drawName(
      tables,
      { surname: surnameOf(person), sex: person.sex, birthYear },
      siblings,
      random,
    );
    siblings.add(person.name.split(' ').at(-1)!);
    if (parent) taken.set(parent, siblings);
    return person;
  };
  household.members.forEach(named);
}

function surnameWord(person: Person): string {
  return person.name.split(' ')[0]!;
}

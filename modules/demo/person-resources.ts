/** A person as Patient, Coverage, AllergyIntolerance, Flag and RelatedPerson (docs/model.md). Pure. */
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type { Address, Group, Identifier, Patient, Resource } from '../../kernel/fhir/types.ts';
import { coverageOf } from '../insurance/index.ts';
import { unitAddress } from '../places/index.ts';
import { ageOn, plusDays } from './days.ts';
import { drawCard } from './insurance.ts';
import { LABEL, type Making, openShelf, type Shelf } from './making.ts';
import {
  citizenNumber,
  householdNumber,
  patientCode,
  personId,
  phoneNumber,
  socialInsuranceNumber,
} from './numbers.ts';
import type { Household, Person } from './person.ts';
import { randomOf } from './random.ts';

/** Two-level government since this day: addresses have two parts (Law 72/2025/QH15). */
const REFORM = '2025-07-01';
const ROLE_CODE = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
const ALLERGY = 'http://terminology.hl7.org/CodeSystem';

export function patientOf(person: Person, making: Making): Patient {
  const random = randomOf(making.seed, 'person', person.serial);
  const age = ageOn(person.birthDate, making.today);
  const [family, ...given] = person.name.split(' ');
  const hasPhone = age >= 16 && age < 82 && random.chance(0.86);
  return {
    resourceType: 'Patient',
    id: personId(person.serial),
    ...LABEL,
    active: true,
    extension: [
      {
        url: ext.ethnicity,
        valueCoding: making.words.coding(cs.ethnicity, person.household.ethnicity, making.today),
      },
      {
        url: ext.occupation,
        valueCoding: making.words.coding(cs.occupation, person.occupation, making.today),
      },
    ],
    identifier: identifiersOf(person, age < 1 && random.chance(0.2)),
    name: [{ use: 'official', text: person.name, family, given }],
    gender: person.sex,
    birthDate: person.birthDate,
    ...(person.deathDate ? { deceasedDateTime: `${person.deathDate}T${deathHour(person)}:00:00+07:00` } : {}),
    ...(hasPhone ? { telecom: [{ system: 'phone', value: phoneNumber(person.serial), use: 'mobile' }] } : {}),
    address: addressesOf(person, making),
  };
}

/** Some newborns are not registered yet and have no number. */
function identifiersOf(person: Person, unregistered: boolean): Identifier[] {
  const { station } = person.household;
  const born = Number(person.birthDate.slice(0, 4));
  const own = unregistered
    ? []
    : [
        { system: sid.cccd, value: citizenNumber(person.serial, person.sex, born) },
        { system: sid.bhxh, value: socialInsuranceNumber(person.serial) },
      ];
  const code = {
    system: sid.patientCode,
    value: patientCode(station.code, person.serial),
    assigner: { reference: `Organization/${station.id}`, display: station.name },
  };
  return [...own, code];
}

export function deathHour(person: Person): string {
  return String(person.serial % 24).padStart(2, '0');
}

/** Today's address, and the one with three parts that held before the reform. */
function addressesOf(person: Person, making: Making): Address[] {
  const { hamlet, station, formerCommune } = person.household;
  const address = (code: string, day: string): Address => {
    const unit = unitAddress(making.units, code, day);
    return { ...unit, text: `${hamlet}, ${unit.text}`, line: [hamlet] };
  };
  const bornBefore = person.birthDate < REFORM;
  const diedBefore = person.deathDate !== null && person.deathDate < REFORM;
  const current: Address = {
    use: 'home',
    ...address(station.unit, making.today),
    ...(bornBefore ? { period: { start: REFORM } } : {}),
  };
  if (!bornBefore || formerCommune === '') return [current];
  const eve = plusDays(REFORM, -1);
  const former: Address = { use: 'old', ...address(formerCommune, eve), period: { end: eve } };
  return diedBefore ? [{ ...former, use: 'home' }] : [current, former];
}

/** Card, allergies, flags and the link to the mother, as far as the person has them. */
export function personFacts(person: Person, making: Making): Resource[] {
  const shelf = openShelf(making, person, 'p');
  addCard(person, making, shelf);
  addAllergy(person, making, shelf);
  addFlags(person, making, shelf);
  addMother(person, making, shelf);
  return shelf.resources;
}

function addCard(person: Person, making: Making, shelf: Shelf): void {
  const card = drawCard(person, making.seed, making.today, making.tables);
  if (!card) return;
  shelf.add(
    coverageOf(
      {
        cardNumber: card.number,
        validFrom: card.validFrom,
        validTo: card.validTo,
        active: person.deathDate === null,
        registeredFacility: card.facility,
        fiveYearsOn: card.fiveYearsOn,
        exemptFrom: null,
        livingArea: null,
      },
      personId(person.serial),
    ),
  );
}

function addAllergy(person: Person, making: Making, shelf: Shelf): void {
  const random = randomOf(making.seed, 'allergy', person.serial);
  const age = ageOn(person.birthDate, making.today);
  if (!random.chance(age < 15 ? 0.02 : 0.05)) return;
  const allergy = random.weighted(making.tables.allergies, (row) => row.weight);
  const name = allergy.ingredient === '' ? allergy.text : ingredientName(allergy.ingredient, making);
  shelf.add({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: { coding: [{ system: `${ALLERGY}/allergyintolerance-clinical`, code: 'active' }] },
    verificationStatus: {
      coding: [{ system: `${ALLERGY}/allergyintolerance-verification`, code: 'confirmed' }],
    },
    type: 'allergy',
    category: [allergy.ingredient !== '' || name.startsWith('Thuốc') ? 'medication' : 'food'],
    criticality: allergy.criticality === 'high' ? 'high' : 'low',
    code: {
      ...(allergy.ingredient === ''
        ? {}
        : { coding: [{ system: cs.ingredient, code: allergy.ingredient, display: name }] }),
      text: name,
    },
    patient: shelf.patient,
    reaction: [{ manifestation: [{ text: allergy.manifestation }] }],
  });
}

function ingredientName(code: string, making: Making): string {
  const row = making.content.table('drug/ingredients').find((each) => each.code === code);
  if (!row)
    throw new Error(`content/demo/allergies.csv uses ingredient ${code}, which content/drug does not have`);
  return row.name_vi!;
}

function addFlags(person: Person, making: Making, shelf: Shelf): void {
  if (person.deathDate !== null) return;
  const random = randomOf(making.seed, 'flag', person.serial);
  const age = ageOn(person.birthDate, making.today);
  for (const flag of making.tables.flags) {
    if (age < flag.ageFrom || age > flag.ageTo || !random.chance(flag.percent / 100)) continue;
    shelf.add({
      resourceType: 'Flag',
      status: 'active',
      category: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/flag-category', code: 'clinical' }] },
      ],
      code: { text: flag.text },
      subject: shelf.patient,
    });
  }
}

/** Mothers of children under 18 who live with them. */
function addMother(person: Person, making: Making, shelf: Shelf): void {
  const { mother } = person;
  if (!mother || ageOn(person.birthDate, making.today) >= 18) return;
  const [family, ...given] = mother.name.split(' ');
  shelf.add({
    resourceType: 'RelatedPerson',
    active: mother.deathDate === null,
    patient: shelf.patient,
    identifier: [
      {
        system: sid.cccd,
        value: citizenNumber(mother.serial, mother.sex, Number(mother.birthDate.slice(0, 4))),
      },
    ],
    relationship: [{ coding: [{ system: ROLE_CODE, code: 'MTH', display: 'mother' }], text: 'Mẹ' }],
    name: [{ use: 'official', text: mother.name, family, given }],
    gender: mother.sex,
    birthDate: mother.birthDate,
  });
}

/** The household: members, and its head as a characteristic (docs/model.md). */
export function groupOf(household: Household): Group {
  const reference = (person: Person) => ({
    reference: `Patient/${personId(person.serial)}`,
    display: person.name,
  });
  return {
    resourceType: 'Group',
    id: `demo-ho-${String(household.serial).padStart(7, '0')}`,
    ...LABEL,
    identifier: [{ system: sid.household, value: householdNumber(household.serial) }],
    active: true,
    type: 'person',
    actual: true,
    name: `Hộ ${household.head.name}`,
    quantity: household.members.filter((member) => member.deathDate === null).length,
    characteristic: [
      {
        code: { coding: [{ system: HOUSEHOLD_TRAIT, code: 'chu-ho', display: 'Chủ hộ' }] },
        valueReference: reference(household.head),
        exclude: false,
      },
    ],
    member: household.members.map((member) => ({
      entity: reference(member),
      ...(member.deathDate ? { period: { end: member.deathDate }, inactive: true } : {}),
    })),
  };
}

const HOUSEHOLD_TRAIT = 'http://yba.vn/fhir/cs/dac-diem-ho';

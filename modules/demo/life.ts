/** A household's whole record: every member with the life behind them, up to today. Pure and repeatable. */
import type { Patient, Practitioner, Reference, Resource } from '../../kernel/fhir/types.ts';
import type { StaffMember } from '../places/index.ts';
import { acuteVisits } from './acute.ts';
import { bodyOf } from './body.ts';
import { chronicVisits, longDiseases } from './chronic.ts';
import { plusDays } from './days.ts';
import { injectionsOf, tetanusOf } from './immunisation.ts';
import { drawCard } from './insurance.ts';
import {
  addBirthWeight,
  addDeath,
  addInjection,
  addProblem,
  diseaseProblem,
  pregnancyProblem,
} from './life-resources.ts';
import { type Making, openShelf, type Shelf } from './making.ts';
import type { Household, Person } from './person.ts';
import { groupOf, patientOf, personFacts } from './person-resources.ts';
import { pregnanciesOf, pregnancyVisits } from './pregnancy.ts';
import type { Span, Visit } from './visit.ts';
import { addVisit } from './visit-resources.ts';

/** Named once for the whole generation; who works where. */
export interface Posts {
  doctorAt(facilityCode: string): StaffMember;
  nurseAt(facilityCode: string): StaffMember;
}

/** One person's resources; `patient` first among them. */
export interface PersonRecord {
  patient: Patient;
  resources: Resource[];
}

/** Records of the members, and the household's own Group. People not born yet today are left out. */
export function householdRecords(
  household: Household,
  posts: Posts,
  making: Making,
): { people: PersonRecord[]; group: Resource } {
  const present = {
    ...household,
    members: household.members.filter((person) => person.birthDate <= making.today),
  };
  const people = present.members.map((member) => personRecord(member, present.members, posts, making));
  return { people, group: groupOf(present) };
}

function personRecord(person: Person, members: Person[], posts: Posts, making: Making): PersonRecord {
  const patient = patientOf(person, making);
  const shelf = openShelf(making, person, 'v');
  addLife(person, members, posts, making, shelf);
  return { patient, resources: [patient, ...personFacts(person, making), ...shelf.resources] };
}

function addLife(person: Person, members: Person[], posts: Posts, making: Making, shelf: Shelf): void {
  const { seed, tables } = making;
  const span = spanOf(person, making);
  const body = bodyOf(person, seed);
  const diseases = longDiseases(person, making.today, seed, tables);
  const pregnancies = pregnanciesOf(person, members, span, seed);
  const reference = (member: StaffMember): Reference<Practitioner> => ({
    reference: `Practitioner/${member.id}`,
    display: member.name,
  });
  const injections = [
    ...injectionsOf(person, span.to, seed, tables),
    ...pregnancies.slice(0, 1).flatMap((pregnancy) => tetanusOf(person, pregnancy.lastPeriod, span, tables)),
  ];
  for (const injection of injections) {
    addInjection(injection, reference(posts.nurseAt(injection.place.code)), making, shelf);
  }
  for (const disease of diseases) addProblem(diseaseProblem(disease), person, making, shelf);
  for (const pregnancy of pregnancies) addProblem(pregnancyProblem(pregnancy), person, making, shelf);
  addBirthWeight(person, making, shelf);
  const visits = [
    ...chronicVisits(person, diseases, body, span, seed, tables),
    ...pregnancies.flatMap((pregnancy) => pregnancyVisits(person, pregnancy, body, span, seed, tables)),
    ...acuteVisits(person, body, span, seed, tables),
  ];
  const insured = drawCard(person, seed, making.today, tables) !== null;
  for (const visit of inTime(visits, making)) {
    const doctor = reference(posts.doctorAt(visit.facility.code));
    addVisit(placedInTime(visit, person), { making, person, shelf, insured, doctor });
  }
  addDeath(person, making, shelf);
}

/** From the first recorded day or birth, to today or the eve of death. */
function spanOf(person: Person, making: Making): Span {
  return {
    from: person.birthDate > making.from ? person.birthDate : making.from,
    to: person.deathDate && person.deathDate <= making.today ? plusDays(person.deathDate, -1) : making.today,
  };
}

/** In order, one a day, and nothing of today that would not be over yet. */
function inTime(visits: Visit[], making: Making): Visit[] {
  const sorted = visits.sort((a, b) => (a.day + a.time < b.day + b.time ? -1 : 1));
  return sorted.filter((visit, at) => visit.day !== sorted[at - 1]?.day && endsBy(visit, making));
}

function endsBy(visit: Visit, making: Making): boolean {
  const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const end = minutesOf(visit.time) + visit.minutes;
  const day = plusDays(visit.day, Math.floor(end / 1440));
  return day < making.today || (day === making.today && end % 1440 <= minutesOf(making.time));
}

/** Before 2025-07-01 people were seen at the station of their former commune, a service point today. */
function placedInTime(visit: Visit, person: Person): Visit {
  const { formerCommune, station } = person.household;
  if (visit.day >= '2025-07-01' || formerCommune === '' || visit.facility.id !== station.id) return visit;
  return { ...visit, location: `${station.code}-dt-${formerCommune}` };
}

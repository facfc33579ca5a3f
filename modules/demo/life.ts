/** A household's whole record: every member with the life behind them, up to today. Pure and repeatable. */
import type {
  Coverage,
  Organization,
  Patient,
  Practitioner,
  Reference,
  Resource,
} from '../../kernel/fhir/types.ts';
import { practitionerOf, type StaffMember } from '../places/index.ts';
import { acuteVisits } from './acute.ts';
import { bodyOf } from './body.ts';
import { chronicVisits, longDiseases } from './chronic.ts';
import { plusDays } from './days.ts';
import { type Injection, injectionsOf, tetanusOf } from './immunisation.ts';
import { drawCard } from './insurance.ts';
import {
  addBirthWeight,
  addDeath,
  addEnrolment,
  addInjection,
  addProblem,
  diseaseProblem,
  pregnancyProblem,
} from './life-resources.ts';
import { type Making, openShelf, type Shelf } from './making.ts';
import type { Household, Person } from './person.ts';
import { groupOf, patientOf, personFacts } from './person-resources.ts';
import { type Pregnancy, pregnanciesOf, pregnancyVisits } from './pregnancy.ts';
import { stationThen } from './station-then.ts';
import type { Facility, FormerStation } from './tables.ts';
import { minuteOf, type Span, type Visit } from './visit.ts';
import { addVisit } from './visit-resources.ts';

/** Named once for the whole generation; who works where. */
export interface Posts {
  doctorAt(facilityCode: string): StaffMember;
  nurseAt(facilityCode: string): StaffMember;
  organizationAt(facilityCode: string): Organization;
}

/** Visits of the last month have charges and a claim; what is older is settled with the insurer and left out. */
export const BILLED_DAYS = 31;

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
  const facts = personFacts(person, making);
  const coverage = facts.find((each): each is Coverage => each.resourceType === 'Coverage');
  addLife({ person, patient, coverage, members, posts, making, shelf });
  return { patient, resources: [patient, ...facts, ...shelf.resources] };
}

interface LifeContext {
  person: Person;
  patient: Patient;
  coverage: Coverage | undefined;
  members: Person[];
  posts: Posts;
  making: Making;
  shelf: Shelf;
}

function addLife(context: LifeContext): void {
  const { person, members, posts, making, shelf } = context;
  const { seed, tables } = making;
  const { span, diseases, pregnancies, visits } = drawLife(person, members, making);
  const injections = [
    ...injectionsOf(person, span.to, seed, tables),
    ...pregnancies.slice(0, 1).flatMap((pregnancy) => tetanusOf(person, pregnancy.lastPeriod, span, tables)),
  ];
  for (const injection of injections) {
    const nurse = referenceTo(posts.nurseAt(injection.place.code));
    addInjection(
      { ...injection, place: placeThen(injection, person, tables.formerStations) },
      nurse,
      making,
      shelf,
    );
  }
  for (const disease of diseases) addProblem(diseaseProblem(disease), person, making, shelf);
  for (const pregnancy of pregnancies) addProblem(pregnancyProblem(pregnancy), person, making, shelf);
  addBirthWeight(person, making, shelf);
  for (const visit of visits) addLifeVisit(visit, context);
  addDeath(person, making, shelf);
  const followed = diseases.filter(({ managed }) => managed).map(diseaseProblem);
  const pregnant = pregnancies.filter((pregnancy) => pregnancy.child === null && isEnrolled(pregnancy));
  for (const problem of [...followed, ...pregnant.map(pregnancyProblem)])
    addEnrolment(problem, person, making, shelf);
}

/** Most pregnancies of today; the others stand in the list of whom the station is to invite. */
function isEnrolled({ lastPeriod }: Pregnancy): boolean {
  return Number(lastPeriod.slice(-1)) > 1;
}

/** What happens in a life, before it becomes resources. */
function drawLife(person: Person, members: Person[], making: Making) {
  const { seed, tables } = making;
  const span = spanOf(person, making);
  const body = bodyOf(person, seed);
  const diseases = longDiseases(person, making.today, seed, tables);
  const pregnancies = pregnanciesOf(person, members, span, seed);
  const visits = [
    ...chronicVisits(person, diseases, body, span, seed, tables),
    ...pregnancies.flatMap((pregnancy) => pregnancyVisits(person, pregnancy, body, span, seed, tables)),
    ...acuteVisits(person, body, span, seed, tables),
  ];
  return { span, diseases, pregnancies, visits: inTime(visits, making) };
}

/** ISO days on which a person of the province is seen in the course of their life. */
export function visitDays(person: Person, making: Making): string[] {
  const members = person.household.members.filter((member) => member.birthDate <= making.today);
  return drawLife(person, members, making).visits.map((visit) => visit.day);
}

export function referenceTo(member: StaffMember): Reference<Practitioner> {
  return { reference: `Practitioner/${member.id}`, display: member.name };
}

function addLifeVisit(visit: Visit, { person, patient, coverage, posts, making, shelf }: LifeContext): void {
  const insured = drawCard(person, making.seed, making.today, making.tables) !== null;
  const doctor = posts.doctorAt(visit.facility.code);
  const billed = visit.kind === 'AMB' && visit.day >= plusDays(making.today, -BILLED_DAYS);
  const billing = billed
    ? {
        patient,
        coverage,
        practitioner: practitionerOf(doctor),
        organization: posts.organizationAt(visit.facility.code),
      }
    : null;
  const context = { making, person, shelf, insured, doctor: referenceTo(doctor), billing };
  addVisit(placedInTime(visit, person, making.tables.formerStations), context);
}

/** From the first recorded day or birth, to today or the eve of death. */
function spanOf(person: Person, making: Making): Span {
  return {
    from: person.birthDate > making.from ? person.birthDate : making.from,
    to: person.deathDate && person.deathDate <= making.today ? plusDays(person.deathDate, -1) : making.today,
  };
}

/** In order, one a day, and nothing of today: who comes today is `day.ts`. */
function inTime(visits: Visit[], making: Making): Visit[] {
  const sorted = visits.sort((a, b) => (a.day + a.time < b.day + b.time ? -1 : 1));
  return sorted.filter((visit, at) => visit.day !== sorted[at - 1]?.day && endsBy(visit, making));
}

function endsBy(visit: Visit, making: Making): boolean {
  return plusDays(visit.day, Math.floor((minuteOf(visit.time) + visit.minutes) / 1440)) < making.today;
}

/**
 * Before 2025-07-01 people were seen at the station of their former commune, a service point today; where a station was merged or divided
 * later, the visits of before are those of the station that is no more.
 */
function placedInTime(visit: Visit, person: Person, former: readonly FormerStation[]): Visit {
  const { formerCommune, station } = person.household;
  if (visit.facility.id !== station.id) return visit;
  const then = stationThen(visit.day, person, former);
  const facility = then ? { ...visit.facility, id: then.id, name: then.name } : visit.facility;
  if (visit.day >= '2025-07-01' || formerCommune === '') return { ...visit, facility };
  return { ...visit, facility, location: `${station.code}-dt-${formerCommune}` };
}

/** Where a dose was given: what the station of now was not there for was given at the one before it. */
function placeThen({ place, day }: Injection, person: Person, former: readonly FormerStation[]): Facility {
  return place.id === person.household.station.id ? (stationThen(day, person, former) ?? place) : place;
}

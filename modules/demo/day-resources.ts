/** An arrival of the day as the resources of docs/model.md: a finished visit with its bill, or one under way. Pure. */
import type { Coverage, Patient, Resource } from '../../kernel/fhir/types.ts';
import { coverageFacts, defaultCategory } from '../insurance/index.ts';
import { practitionerOf } from '../places/index.ts';
import { acuteVisit, drawIllness } from './acute.ts';
import { bodyOf, oneDecimal } from './body.ts';
import type { Arrival } from './day.ts';
import { ageOn, dayNumber } from './days.ts';
import { labOrders } from './labs.ts';
import { type Posts, referenceTo } from './life.ts';
import type { Making, Shelf } from './making.ts';
import { LABEL } from './making.ts';
import { personId } from './numbers.ts';
import type { Person } from './person.ts';
import { randomOf } from './random.ts';
import type { Busyness } from './tables.ts';
import type { LabOrder, Visit } from './visit.ts';
import { addOpenVisit, addVisit } from './visit-resources.ts';

/** What the record says of the person who comes. */
export interface Known {
  patient: Patient;
  /** The card that is in force on the day. */
  coverage: Coverage | undefined;
}

/** Emergency; the card's own facility; with a letter of referral (Decision 3276/QĐ-BYT annex 1). */
const EMERGENCY = '2';
const REGISTERED_HERE = '1.1';
const REFERRED = '1.3';
const ROOM = 'kham';
const WEIGHED = 0.92;
/** What a doctor mostly asks for: blood count (content/demo/labs.csv). */
const USUAL_LAB = 'blood';

/** @param ticket number in the room's queue; null for a day that is past */
export function arrivalResources(
  arrival: Arrival,
  { patient, coverage }: Known,
  ticket: string | null,
  posts: Posts,
  making: Making,
): Resource[] {
  const { person, place, day, state } = arrival;
  const shelf = dayShelf(making, person, day);
  const doctor = posts.doctorAt(place.code);
  const context = {
    making,
    person,
    shelf,
    insured: coverage !== undefined,
    doctor: referenceTo(doctor),
    billing: {
      patient,
      coverage,
      practitioner: practitionerOf(doctor),
      organization: posts.organizationAt(place.code),
    },
  };
  const visit = { ...visitOf(arrival, coverage, making), ...(ticket ? { ticket } : {}) };
  if (state === 'finished') addVisit(visit, context);
  else addOpenVisit(visit, state, context);
  return shelf.resources;
}

function visitOf(arrival: Arrival, coverage: Coverage | undefined, making: Making): Visit {
  const { person, place, day, time, minutes, state } = arrival;
  const { seed, tables } = making;
  const random = randomOf(seed, 'day-visit', day, person.serial);
  const illness = drawIllness(person, day, tables, random);
  if (!illness) throw new Error(`content/demo/illnesses.csv has nothing for somebody of ${person.birthDate}`);
  const age = ageOn(person.birthDate, day);
  const drawn = acuteVisit(person, bodyOf(person, seed), illness, day, age, tables, random);
  const orders: LabOrder[] = drawn.labs.length > 0 ? drawn.labs : labOrders(tables.labs, USUAL_LAB, random);
  const labs = state === 'in-progress' ? orders : drawn.labs;
  return {
    ...drawn,
    facility: place,
    location: `${place.code}-${ROOM}`,
    room: making.content.table('places/rooms').find((row) => row.room === ROOM)?.name,
    time,
    minutes,
    labs,
    vitals: random.chance(WEIGHED) ? weighed(drawn, person, age, seed) : drawn.vitals,
    category: categoryAt(place, coverage, time, making, day),
  };
}

/** The insurer's table 1 asks for a weight; nearly everybody is put on the scales. */
function weighed({ vitals }: Visit, person: Person, age: number, seed: string): Visit['vitals'] {
  return { weight: oneDecimal(bodyOf(person, seed).weightAt(age + 0.5)), ...vitals };
}

/** At night, and where the law has no beginning of its own for this kind of facility, as reception would decide. */
function categoryAt(
  place: Busyness,
  coverage: Coverage | undefined,
  time: string,
  making: Making,
  day: string,
): string {
  const own = defaultCategory(place.type, coverage !== undefined, day, making.content);
  if (own) return own;
  if (time < '06:00' || time >= '20:00') return EMERGENCY;
  const registered = coverage && coverageFacts(coverage).registeredFacility;
  return registered === place.code ? REGISTERED_HERE : REFERRED;
}

/** Ids of a day: a letter, the person (5), the day (3) and the number (3), each in base 36. */
function dayShelf(making: Making, person: Person, day: string): Shelf {
  const id = personId(person.serial);
  const base36 = (number: number, width: number) => number.toString(36).padStart(width, '0');
  const resources: Resource[] = [];
  return {
    patient: { reference: `Patient/${id}`, display: person.name },
    resources,
    add: (resource) => {
      const tail = `n${base36(person.serial, 5)}${base36(dayNumber(day), 3)}${base36(resources.length, 3)}`;
      resource.id = making.idWithin(id, tail);
      resource.meta = { ...LABEL.meta };
      resources.push(resource);
      return `${resource.resourceType}/${resource.id}`;
    },
  };
}

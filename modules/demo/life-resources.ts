/** Facts of a life outside its visits: long diseases, pregnancies, injections, birth weight, cause of death. Pure. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { Practitioner, Reference } from '../../kernel/fhir/types.ts';
import type { LongDisease } from './chronic.ts';
import { ageOn } from './days.ts';
import type { Injection } from './immunisation.ts';
import type { Making, Shelf } from './making.ts';
import type { Person } from './person.ts';
import { deathHour } from './person-resources.ts';
import type { Pregnancy } from './pregnancy.ts';
import { randomOf } from './random.ts';
import { stationThen } from './station-then.ts';
import { fits } from './tables.ts';
import { concept, TERMINOLOGY } from './visit-part.ts';

/** Long diseases stand in the problem list; pregnancies too, with their end. */
export function addProblem(
  problem: { icd10: string; since: string; until: string | null },
  person: Person,
  making: Making,
  shelf: Shelf,
): void {
  const over = problem.until ?? person.deathDate;
  shelf.add({
    resourceType: 'Condition',
    clinicalStatus: concept(`${TERMINOLOGY}/condition-clinical`, problem.until ? 'resolved' : 'active'),
    verificationStatus: concept(`${TERMINOLOGY}/condition-ver-status`, 'confirmed'),
    category: [concept(`${TERMINOLOGY}/condition-category`, 'problem-list-item')],
    code: { coding: [making.words.coding(cs.icd10, problem.icd10, making.today)] },
    subject: shelf.patient,
    onsetDateTime: problem.since,
    ...(problem.until && over ? { abatementDateTime: over } : {}),
    recordedDate: problem.since,
  });
}

export function diseaseProblem(disease: LongDisease): { icd10: string; since: string; until: null } {
  return { icd10: disease.row.icd10, since: disease.since, until: null };
}

export function pregnancyProblem(pregnancy: Pregnancy): {
  icd10: string;
  since: string;
  until: string | null;
} {
  return { icd10: 'Z34.9', since: pregnancy.lastPeriod, until: pregnancy.child?.birthDate ?? null };
}

/** The room of a facility in which doses are given. */
export const doseRoomOf = ({ code }: { code: string }): string => `${code}-kham`;

export function addInjection(
  injection: Injection,
  nurse: Reference<Practitioner>,
  making: Making,
  shelf: Shelf,
): void {
  const { vaccine, day, place } = injection;
  const coding = making.words.coding(cs.cvx, vaccine.cvx, day);
  shelf.add({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [coding], text: vaccine.name },
    patient: shelf.patient,
    occurrenceDateTime: day,
    primarySource: true,
    location: { reference: `Location/${doseRoomOf(place)}`, display: place.name },
    manufacturer: { display: 'Nhà sản xuất mẫu' },
    lotNumber: `DEMO-${vaccine.cvx}-${day.slice(0, 4)}${day.slice(5, 7)}`,
    route: { text: vaccine.route },
    performer: [{ actor: nurse }],
    protocolApplied: [
      {
        doseNumberPositiveInt: vaccine.dose,
        targetDisease: vaccine.disease.split(',').map((disease) => ({ text: disease.trim() })),
      },
    ],
  });
}

/** Weight at birth of children born in the recorded time. */
export function addBirthWeight(person: Person, making: Making, shelf: Shelf): void {
  if (person.birthDate < making.from) return;
  const random = randomOf(making.seed, 'birth-weight', person.serial);
  const grams = Math.round(Math.min(4600, Math.max(1900, random.normal(3120, 380))) / 50) * 50;
  shelf.add({
    resourceType: 'Observation',
    status: 'final',
    category: [concept(`${TERMINOLOGY}/observation-category`, 'exam')],
    code: { coding: [{ system: cs.loinc, code: '8339-4' }], text: 'Cân nặng khi sinh' },
    subject: shelf.patient,
    effectiveDateTime: person.birthDate,
    performer: [{ reference: `Organization/${making.tables.maternity.id}` }],
    valueQuantity: { value: grams, unit: 'g', system: cs.ucum, code: 'g' },
  });
}

/** Underlying cause of death by age and sex. */
export function addDeath(person: Person, making: Making, shelf: Shelf): void {
  if (!person.deathDate) return;
  const age = ageOn(person.birthDate, person.deathDate);
  const causes = making.tables.deaths.filter((row) => fits(row, age, person.sex));
  const random = randomOf(making.seed, 'death', person.serial);
  const cause = random.weighted(causes.length > 0 ? causes : making.tables.deaths, (row) => row.weight);
  shelf.add({
    resourceType: 'Observation',
    status: 'final',
    category: [concept(`${TERMINOLOGY}/observation-category`, 'exam')],
    code: { coding: [{ system: cs.loinc, code: '69453-9' }], text: 'Nguyên nhân tử vong' },
    subject: shelf.patient,
    effectiveDateTime: `${person.deathDate}T${deathHour(person)}:00:00+07:00`,
    performer: [{ reference: stationOn(person.deathDate, person, making) }],
    valueCodeableConcept: { coding: [making.words.coding(cs.icd10, cause.icd10, person.deathDate)] },
  });
}

function stationOn(day: string, person: Person, { tables }: Making): string {
  const station = stationThen(day, person, tables.formerStations) ?? person.household.station;
  return `Organization/${station.id}`;
}

/** Whom the station follows in a programme (content/demo/enrolments.csv), since the disease was found or the record began. */
export function addEnrolment(
  problem: { icd10: string; since: string; until: string | null },
  person: Person,
  making: Making,
  shelf: Shelf,
): void {
  const row = making.content.table('demo/enrolments').find(({ icd10 }) => icd10 === problem.icd10);
  if (!row) return;
  const over = problem.until ?? person.deathDate;
  const start = problem.since > making.from ? problem.since : making.from;
  if (over !== null && over <= start) return;
  shelf.add({
    resourceType: 'EpisodeOfCare',
    status: over === null ? 'active' : 'finished',
    type: [{ coding: [{ system: PROGRAMME, code: row.programme!, display: row.title! }] }],
    patient: shelf.patient,
    // What goes on is led by the station of now; what ended before stayed with the one that was there.
    managingOrganization: { reference: stationOn(over ?? making.today, person, making) },
    period: { start, ...(over === null ? {} : { end: over }) },
  });
}

/** What an EpisodeOfCare enrols in (docs/model.md). */
const PROGRAMME = 'http://yba.vn/fhir/cs/chuong-trinh';

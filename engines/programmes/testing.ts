/** Programmes of the content, and persons made up for tests. */
import { join } from 'node:path';
import { openContent } from '../../kernel/content/content.ts';
import { datedOn } from '../../kernel/content/dated.ts';
import { subjectOf } from '../../kernel/fhir/person/index.ts';
import type { Immunization, Patient, PlanDefinition, Resource } from '../../kernel/fhir/types.ts';
import { type Course, courseOf, type Shelf } from './course.ts';
import { dayOf, dayText } from './days.ts';
import type { Dose, Facts } from './facts.ts';
import { type Asker, openAsker } from './person-facts.ts';
import { productsOf } from './products.ts';
import { readProgramme } from './read.ts';

export const content = openContent(join(import.meta.dirname, '../../content'));
export const CVX = 'http://hl7.org/fhir/sid/cvx';

export function shelfOf(key: string, day = '2026-11-22'): Shelf {
  const found = datedOn<PlanDefinition>(content, 'programmes', key, day);
  return {
    programme: readProgramme(found!.value).programme,
    products: productsOf(content.table('vaccines/products')),
  };
}

export function askerOf(shelf: Shelf): Asker {
  return openAsker(shelf.programme, (patient, resources) => subjectOf({ patient, resources }));
}

/** A given dose, as the record has it. */
export function injection(cvx: string, day: string, more: Partial<Immunization> = {}): Immunization {
  return {
    resourceType: 'Immunization',
    id: `${cvx}-${day}`,
    status: 'completed',
    vaccineCode: { coding: [{ system: CVX, code: cvx }] },
    patient: { reference: 'Patient/p' },
    occurrenceDateTime: day,
    ...more,
  };
}

export function dose(cvx: string, day: string, more: Partial<Dose> = {}): Dose {
  const code = `${CVX}|${cvx}`;
  return {
    id: `${cvx}-${day}`,
    day: dayOf(day)!,
    products: [code],
    claims: [],
    lot: '',
    expires: null,
    name: cvx,
    number: '',
    at: day,
    unit: '',
    ...more,
  };
}

/** How a person stands, from resources. */
export function course(shelf: Shelf, patient: Partial<Patient>, resources: Resource[], day: string): Course {
  const person: Patient = { resourceType: 'Patient', id: 'p', ...patient };
  const facts = askerOf(shelf).factsOf(person, resources, new Date(`${day}T09:00:00+07:00`));
  return courseOf(shelf, facts, dayOf(day)!);
}

/** A child of whom nothing is known but the doses. */
export function childFacts(birth: string, doses: readonly Dose[], answers: Facts['answers'] = {}): Facts {
  return { birth: dayOf(birth), died: null, enrolments: [], doses, notGiven: [], calls: [], answers };
}

export const text = (day: number | null | undefined) => (day == null ? null : dayText(day));

/** Forms that were filled in at a visit: typed answers go through the form of the content, and what it extracts stands in the record. */
import { contentForm, extractInto, factsOf, openForm } from '../../engines/forms/index.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { QuestionnaireResponse, Reference, Resource } from '../../kernel/fhir/types.ts';
import type { FilledForm } from './visit.ts';
import type { VisitPart } from './visit-part.ts';

const ADDRESS = 'http://yba.vn/fhir/Questionnaire/';

/**
 * @returns false when no version of the form was in force on the day of the visit: nothing was filled in
 * Answers to questions that this version does not have are left out.
 */
export function addFilled({ key, typed }: FilledForm, part: VisitPart): boolean {
  const { making, person, shelf, visit, encounter, doctor, end } = part;
  const form = contentForm(making.content, `${ADDRESS}${key}`, undefined, visit.day);
  if (!form) return false;
  const about = { resourceType: 'Patient', gender: person.sex, birthDate: person.birthDate } as const;
  const open = openForm(form, { now: new Date(end), context: { patient: about } });
  for (const [place, value] of Object.entries(typed)) {
    const field = open.read(place);
    if (!field) continue;
    const coded = field.options?.find((one) => (one.value as { code?: string }).code === value);
    open.set(place, [coded?.value ?? value] as never);
  }
  const response: QuestionnaireResponse = {
    ...open.response('completed'),
    identifier: { system: sid.response, value: `DEMO-${person.serial}-${visit.day}-${key}` },
    questionnaire: `${form.url}|${form.version}`,
    subject: shelf.patient,
    encounter,
    authored: end,
    author: doctor,
  };
  const source = shelf.add(response);
  for (const { resource } of factsOf(response, extractInto(response, form, { source }).bundle.entry ?? []))
    if (isAbout(resource!, shelf.patient.reference)) shelf.add(resource!);
  return true;
}

/** Whoever else a form tells of is one of the demo's people, whose own facts are made with them. */
function isAbout(fact: Resource, person: string | undefined): boolean {
  const { subject, patient } = fact as { subject?: Reference; patient?: Reference };
  return (subject ?? patient)?.reference === person;
}

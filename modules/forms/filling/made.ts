/** Whom a filled form made: people who stand in the record since it was finished. */
import { extractInto } from '../../../engines/forms/index.ts';
import type { Patient, Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import type { MadePerson } from '../contract.ts';

/** As far as the reader may see them, in the order of the form; those who were taken back are nobody. */
export async function peopleMadeBy(
  session: RecordSession,
  form: Questionnaire,
  response: QuestionnaireResponse,
): Promise<MadePerson[]> {
  const numbers = (extractInto(response, form).bundle.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === 'Patient' ? (resource.identifier ?? []) : [],
  );
  const asked = numbers.flatMap(({ system, value }) => (system && value ? [`${system}|${value}`] : []));
  if (asked.length === 0 || session.reach('search', 'Patient') === 'none') return [];
  const { matches } = await session.search('Patient', [
    ['identifier', asked.map((one) => one.replace(/[\\,$]/g, (sign) => `\\${sign}`)).join(',')],
    ['active', 'true'],
  ]);
  const place = (one: Patient) =>
    numbers.findIndex((number) => one.identifier?.some(({ value }) => value === number.value));
  return matches
    .toSorted((a, b) => place(a) - place(b))
    .map(({ id, name }) => ({ id: id!, name: name?.[0]?.text ?? '' }));
}

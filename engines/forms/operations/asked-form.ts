/** Which Questionnaire an operation is asked of: one that is handed in, or by its canonical address, reference or identifier. */
import { Failure } from '../../../kernel/failure.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Identifier, Questionnaire } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { valueIn } from '../answer.ts';
import { storedForm } from '../find.ts';
import { named, needed, type Parameter, resourceIn, textIn } from './input.ts';
import type { FormParts } from './parts.ts';

/** A reference in any of its forms: type and id. */
export const REFERENCE = /^(?:\S+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

const WAYS: readonly string[] = ['identifier', 'canonical', 'questionnaire', 'questionnaireRef'];

export async function readForm(session: FhirSession, id: string): Promise<Questionnaire> {
  return storedForm(await session.readStored('Questionnaire', id));
}

/** One of identifier, canonical, questionnaire, questionnaireRef. */
export async function askedForm(
  parts: FormParts,
  session: FhirSession,
  given: readonly Parameter[],
): Promise<Questionnaire> {
  const ways = given.filter(({ name }) => WAYS.includes(name ?? ''));
  // SDC: "one and only one of the identifier, questionnaire or questionnaireRef in parameters must be provided".
  if (ways.length > 1)
    throw needed(
      ways[1]!.name ?? '',
      `Chỉ nêu biểu mẫu bằng một cách, không phải ${ways.map(({ name }) => name).join(' và ')}.`,
      `The form is named once, not by ${ways.map(({ name }) => name).join(' and ')}.`,
    );
  const handed = resourceIn<Questionnaire>(named(given, 'questionnaire'), 'Questionnaire');
  if (handed) return sound(handed);
  for (const name of ['questionnaire', 'questionnaireRef', 'canonical']) {
    const text = textIn(named(given, name));
    if (text !== undefined) return formNamed(parts, session, text, name);
  }
  const identifier = named(given, 'identifier');
  if (identifier) return formIdentified(session, identifier);
  throw needed(
    'questionnaire',
    'Cần nêu biểu mẫu: questionnaire, questionnaireRef, canonical hoặc identifier.',
    'The form is needed: questionnaire, questionnaireRef, canonical or identifier.',
  );
}

/** A form that is handed in is looked at as one that is stored. */
function sound(form: Questionnaire): Questionnaire {
  const faults = validateResource(form).filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw new Failure('invalid-resource', 'Biểu mẫu không hợp lệ.', { issues: faults });
  return form;
}

async function formNamed(
  { find }: FormParts,
  session: FhirSession,
  text: string,
  name: string,
): Promise<Questionnaire> {
  const [, type, id] = REFERENCE.exec(text) ?? [];
  const found = await find(session, text);
  if (found) return found;
  if (type === 'Questionnaire' && id !== undefined) return readForm(session, id);
  throw new Failure('not-found', `Không có biểu mẫu "${text.slice(0, 200)}".`, {
    textEn: `There is no Questionnaire "${text.slice(0, 200)}".`,
    expression: name,
  });
}

async function formIdentified(session: FhirSession, parameter: Parameter): Promise<Questionnaire> {
  const value = valueIn(parameter)?.value;
  const { system, value: number } = (typeof value === 'string' ? { value } : (value ?? {})) as Identifier;
  if (typeof number !== 'string') throw unknownOrWrong('identifier', '', ['identifier']);
  const token = system === undefined ? number : `${system}|${number}`;
  const { matches } = await session.searchStored('Questionnaire', [
    ['identifier', token],
    ['_count', '2'],
  ]);
  if (matches.length === 1) return storedForm(matches[0]!);
  throw new Failure(
    matches.length === 0 ? 'not-found' : 'multiple-matches',
    `Có ${matches.length === 0 ? 'không' : 'nhiều'} biểu mẫu mang định danh này.`,
    {
      textEn: `The identifier names ${matches.length === 0 ? 'no' : 'several'} Questionnaires.`,
      expression: 'identifier',
    },
  );
}

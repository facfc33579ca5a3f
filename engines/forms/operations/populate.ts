/** `Questionnaire/$populate`: which form, whom it is about, what is handed in. */
import { Failure } from '../../../kernel/failure.ts';
import { isResourceName } from '../../../kernel/fhir/definitions/index.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type {
  Identifier,
  Questionnaire,
  Reference,
  Resource,
  ResourceType,
} from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { valueIn } from '../answer.ts';
import { checkForm } from '../check/check.ts';
import { storedForm } from '../find.ts';
import { planForm } from '../plan.ts';
import { type Populated, populateForm } from '../populate.ts';
import { flagIn, named, needed, type Parameter, resourceIn, textIn } from './input.ts';
import type { FormParts } from './routes.ts';

const REFERENCE = /^(?:\S+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

export async function populate(
  parts: FormParts,
  session: FhirSession,
  id: string | undefined,
  given: readonly Parameter[],
): Promise<Populated> {
  const form = id === undefined ? await askedForm(parts, session, given) : await readForm(session, id);
  refuseBroken(form);
  const reads = flagIn(named(given, 'local')) !== false;
  const subject = subjectOf(named(given, 'subject'));
  const context = await contextOf(session, form, given, subject, reads);
  const asked = { session, context, now: parts.now(), reads };
  return populateForm(form, { ...asked, ...(subject ? { subject } : {}) });
}

async function readForm(session: FhirSession, id: string): Promise<Questionnaire> {
  return storedForm(await session.readStored('Questionnaire', id));
}

/** One of identifier, canonical, questionnaire, questionnaireRef. */
async function askedForm(
  parts: FormParts,
  session: FhirSession,
  given: readonly Parameter[],
): Promise<Questionnaire> {
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

/** What cannot be carried out is refused whole: half a form would look filled in. */
function refuseBroken(form: Questionnaire): void {
  const issues = checkForm(form).filter(({ severity }) => severity === 'error');
  if (issues.length > 0) throw new Failure('invalid-resource', 'Biểu mẫu có lỗi.', { issues });
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

function subjectOf(parameter: Parameter | undefined): Reference | undefined {
  if (!parameter) return undefined;
  const value = valueIn(parameter)?.value;
  const reference = textIn(parameter);
  if (reference === undefined || !REFERENCE.test(reference))
    throw unknownOrWrong('subject', String(reference), ['subject']);
  return typeof value === 'string' ? { reference } : (value as Reference);
}

/** What is handed in by name; the person, and who asks, as the record has them. */
async function contextOf(
  session: FhirSession,
  form: Questionnaire,
  given: readonly Parameter[],
  subject: Reference | undefined,
  reads: boolean,
): Promise<Record<string, Resource | readonly Resource[]>> {
  const context: Record<string, Resource | readonly Resource[]> = {};
  for (const [at, { name, part }] of given.entries()) {
    if (name !== 'context') continue;
    const key = textIn(named(part ?? [], 'name'));
    if (key === undefined)
      throw needed(
        `Parameters.parameter[${at}].part`,
        'Bối cảnh thiếu tên (name).',
        'A context needs its name.',
      );
    const contents = (part ?? []).filter((one) => one.name === 'content');
    const resources = await Promise.all(contents.map((one) => contentOf(session, one)));
    context[key] = resources.length === 1 ? resources[0]! : resources;
  }
  const { launch } = planForm(form);
  const { practitioner } = session.actor;
  const add = async (name: string, reference: string | undefined) => {
    if (context[name] === undefined && reference !== undefined && reads)
      context[name] = await readReference(session, reference);
  };
  await add('patient', subject?.reference?.includes('Patient/') ? subject.reference : undefined);
  if (launch.has('user') && practitioner !== null) await add('user', `Practitioner/${practitioner}`);
  const type = REFERENCE.exec(subject?.reference ?? '')?.[1];
  for (const [name, wanted] of launch)
    if (wanted !== null && wanted === type) await add(name, subject?.reference);
  return context;
}

async function contentOf(session: FhirSession, parameter: Parameter): Promise<Resource> {
  if (parameter.resource) return parameter.resource;
  const reference = textIn(parameter);
  if (reference !== undefined) return readReference(session, reference);
  throw needed('content', 'Bối cảnh thiếu nội dung (content).', 'A context needs its content.');
}

async function readReference(session: FhirSession, reference: string): Promise<Resource> {
  const [, type, id] = REFERENCE.exec(reference) ?? [];
  if (type === undefined || !isResourceName(type)) throw unknownOrWrong('content', reference, ['content']);
  return (await session.read(type as ResourceType, id!)) as Resource;
}

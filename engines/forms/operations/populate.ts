/** `Questionnaire/$populate`: which form, whom it is about, what is handed in. */
import { Failure } from '../../../kernel/failure.ts';
import { isResourceName } from '../../../kernel/fhir/definitions/index.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Questionnaire, Reference, Resource, ResourceType } from '../../../kernel/fhir/types.ts';
import { valueIn } from '../answer.ts';
import { assemble, isModular } from '../assemble/assemble.ts';
import { checkForm } from '../check/check.ts';
import { planForm } from '../plan.ts';
import { type Populated, populateForm } from '../populate.ts';
import { askedForm, REFERENCE, readForm } from './asked-form.ts';
import { sourceOf } from './assemble.ts';
import { flagIn, named, needed, type Parameter, textIn } from './input.ts';
import type { FormParts } from './parts.ts';

export async function populate(
  parts: FormParts,
  session: FhirSession,
  id: string | undefined,
  given: readonly Parameter[],
): Promise<Populated> {
  const asked = id === undefined ? await askedForm(parts, session, given) : await readForm(session, id);
  // Forms that it refers to are put in before anything is filled in (SDC, modular forms).
  const form = isModular(asked) ? (await assemble(asked, sourceOf(parts, session))).form : asked;
  refuseBroken(form);
  const reads = flagIn(named(given, 'local')) !== false;
  const subject = subjectOf(named(given, 'subject'));
  const context = await contextOf(session, form, given, subject, reads);
  const ask = { session, context, now: parts.now(), reads };
  return populateForm(form, { ...ask, ...(subject ? { subject } : {}) });
}

/** What cannot be carried out is refused whole: half a form would look filled in. */
function refuseBroken(form: Questionnaire): void {
  const issues = checkForm(form).filter(({ severity }) => severity === 'error');
  if (issues.length > 0) throw new Failure('invalid-resource', 'Biểu mẫu có lỗi.', { issues });
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

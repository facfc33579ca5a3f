/** `Questionnaire/$populate`: which form, whom it is about, what is handed in. */
import { Failure, type Issue } from '../../../kernel/failure.ts';
import { isResourceName } from '../../../kernel/fhir/definitions/index.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Questionnaire, Reference, Resource, ResourceType } from '../../../kernel/fhir/types.ts';
import { valueIn } from '../answer.ts';
import { assemble, isModular } from '../assemble/assemble.ts';
import { wrongSubject } from '../check/arrangement.ts';
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
  const subject = subjectOf(named(given, 'subject'), form);
  const context = await contextOf(session, form, given, subject, reads);
  // SDC: "an unanswered set of questions following the group and question structure of the specified Questionnaire".
  const ask = { session, context, now: parts.now(), reads, unanswered: true };
  const { response, issues } = await populateForm(form, { ...ask, ...(subject ? { subject } : {}) });
  return { response, issues: [...issues, ...unusedContexts(form, context)] };
}

/** SDC: the name of a context is that of a launchContext, or of a variable at the root. What nothing reads fills nothing in. */
function unusedContexts(form: Questionnaire, context: Readonly<Record<string, unknown>>): Issue[] {
  const { launch, rules } = planForm(form);
  const isRead = (name: string) =>
    ALWAYS.includes(name) ||
    launch.has(name) ||
    rules.some((rule) => rule.holder.parent === null && rule.name === name);
  return Object.keys(context)
    .filter((name) => !isRead(name))
    .map((name) => ({
      severity: 'warning',
      code: 'not-found',
      text: `Biểu mẫu không khai báo bối cảnh "${name}", nên nội dung ấy không điền gì.`,
      textEn: `The Questionnaire declares no launchContext or root variable "${name}": what was handed in fills nothing.`,
      expression: 'context',
    }));
}

/** Whom the response is about is put in by this program itself, whether a form asks for it or not. */
const ALWAYS: readonly string[] = ['patient'];

/** @throws Failure `invalid-parameter` for a context of another type than the form declares */
function refuseOtherType(name: string, wanted: string | null | undefined, given: readonly Resource[]): void {
  const other = wanted && given.find(({ resourceType }) => resourceType !== wanted);
  if (!other) return;
  throw needed(
    'context',
    `Biểu mẫu cần %${name} là ${wanted}, không phải ${other.resourceType}.`,
    `The Questionnaire takes a ${wanted} as %${name}, not a ${other.resourceType}.`,
  );
}

/** What cannot be carried out is refused whole: half a form would look filled in. */
function refuseBroken(form: Questionnaire): void {
  const issues = checkForm(form).filter(({ severity }) => severity === 'error');
  if (issues.length > 0) throw new Failure('invalid-resource', 'Biểu mẫu có lỗi.', { issues });
}

function subjectOf(parameter: Parameter | undefined, form: Questionnaire): Reference | undefined {
  if (!parameter) return undefined;
  const value = valueIn(parameter)?.value;
  const reference = textIn(parameter);
  if (reference === undefined || !REFERENCE.test(reference))
    throw unknownOrWrong('subject', String(reference), ['subject']);
  const [wrong] = wrongSubject(
    { resourceType: 'QuestionnaireResponse', status: 'in-progress', subject: { reference } },
    planForm(form),
  );
  if (wrong) throw needed('subject', wrong.text, wrong.textEn ?? '');
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
  const { launch } = planForm(form);
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
    refuseOtherType(key, launch.get(key), resources);
    context[key] = resources.length === 1 ? resources[0]! : resources;
  }
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

/** What a response was opened with, as far as it says so itself: whom it is about, in which visit, who answered. */
import type { ReadForCheck } from '../../kernel/fhir/profiles/index.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type {
  Encounter,
  Questionnaire,
  QuestionnaireResponse,
  Reference,
  Resource,
  ResourceType,
} from '../../kernel/fhir/types.ts';
import { keyOf, placeName } from './extract/entry.ts';
import type { FormStart } from './form/types.ts';
import { type Plan, planForm } from './plan.ts';

type Context = NonNullable<FormStart['context']>;

const LOCAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

/**
 * Values of the names that the form's rules stand on (`plan.judgesWith`), so that answers are judged as the screen judged them. A
 * name whose resource the response does not tell, or that nobody here has or may see, is left out: what stands on it is not judged.
 * @param read asked only for what some rule names
 */
export async function launchedWith(
  response: QuestionnaireResponse,
  plan: Plan,
  read: ReadForCheck,
): Promise<Context> {
  const context: Record<string, Resource | readonly Resource[]> = {};
  for (const name of plan.judgesWith) {
    const found = await launched(name, response, plan, read);
    if (found !== null) context[name] = found;
  }
  return context;
}

/** Names that a form expects to be opened with. */
export const launchedBy = (form: Questionnaire): ReadonlySet<string> => new Set(planForm(form).launch.keys());

async function launched(
  name: string,
  response: QuestionnaireResponse,
  { launch }: Plan,
  read: ReadForCheck,
): Promise<Resource | readonly Resource[] | null> {
  const type = launch.get(name) ?? null;
  if (name === 'encounter') return visitOf(response, read);
  if (name === 'user') return userOf(response, type, read);
  const about = typeOf(response.subject);
  return about !== null && about === (type ?? (name === 'patient' ? 'Patient' : null))
    ? readOf(response.subject, read)
    : null;
}

/** Nothing where the response is of no visit, and of the visit that it makes itself: it was opened without one. */
async function visitOf(
  response: QuestionnaireResponse,
  read: ReadForCheck,
): Promise<Resource | readonly Resource[] | null> {
  if (response.encounter === undefined) return [];
  const visit = await readOf(response.encounter, read);
  return visit && isOwnVisit(visit as Encounter, response) ? [] : visit;
}

/** Whether a visit came of the response. */
export function isOwnVisit({ identifier = [] }: Encounter, response: QuestionnaireResponse): boolean {
  const key = keyOf(response);
  return (
    key !== null &&
    identifier.some(({ system, value }) => system === sid.answer && value?.startsWith(placeName(key, '')))
  );
}

/** A form that knows its user as a Practitioner knows who answers in a role as the person in it. */
async function userOf(
  { author }: QuestionnaireResponse,
  type: string | null,
  read: ReadForCheck,
): Promise<Resource | null> {
  const user = await readOf(author, read);
  if (user?.resourceType !== 'PractitionerRole' || type !== 'Practitioner')
    return user && (type === null || user.resourceType === type) ? user : null;
  return readOf(user.practitioner, read);
}

const typeOf = (reference: Reference | undefined) => LOCAL.exec(reference?.reference ?? '')?.[1] ?? null;

async function readOf(reference: Reference | undefined, read: ReadForCheck): Promise<Resource | null> {
  const [, type, id] = LOCAL.exec(reference?.reference ?? '') ?? [];
  return type === undefined ? null : read(type as ResourceType, id!);
}

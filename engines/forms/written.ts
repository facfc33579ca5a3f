/** What is asked of forms and answers before they are stored: beside R4 and the profiles that they declare. */
import type { Content } from '../../kernel/content/content.ts';
import { Failure, type Issue } from '../../kernel/failure.ts';
import { Terms, type TermsSession } from '../../kernel/fhir/operations/terminology/terms.ts';
import { isMember } from '../../kernel/fhir/profiles/check-value.ts';
import { codesOf } from '../../kernel/fhir/profiles/codes.ts';
import type { Profiles, ReadForCheck } from '../../kernel/fhir/profiles/index.ts';
import type { CodeLists } from '../../kernel/fhir/terminology/code-lists.ts';
import type {
  Questionnaire,
  QuestionnaireResponse,
  Resource,
  ResourceType,
} from '../../kernel/fhir/types.ts';
import { checkForm } from './check/check.ts';
import { type AnswersWith, checkResponse } from './check/response.ts';
import { type FormSource, findForm, splitCanonical } from './find.ts';
import { unitValueSet } from './form/units.ts';
import { launchedWith } from './launched.ts';
import { planForm } from './plan.ts';

export interface WrittenSource {
  content: Content;
  /** ISO day in Viet Nam. */
  today(): string;
  lists: CodeLists;
  /** Definitions are nobody's: they are read for the program itself, whoever writes. */
  search: TermsSession['searchStored'];
}

interface Sources extends FormSource {
  terms: TermsSession;
}

/** The profiles of the house, that also look at Questionnaires and at QuestionnaireResponses. */
export function withForms(profiles: Profiles, { content, today, lists, search }: WrittenSource): Profiles {
  const source: Sources = {
    content,
    today,
    search: (params) => search('Questionnaire', params),
    terms: {
      lists,
      searchStored: search,
      readStored: () => Promise.reject(new Error('definitions are found by their address')),
    },
  };
  return {
    forget: () => profiles.forget(),
    async checkOf(resources, ask) {
      const check = await profiles.checkOf(resources, ask);
      const found = new Map<Resource, Issue[]>();
      for (const one of resources) {
        if (one.resourceType === 'Questionnaire') found.set(one, await formIssues(one, resources, source));
        if (one.resourceType === 'QuestionnaireResponse')
          found.set(one, await answerIssues(one, resources, source, ask?.read));
      }
      if (found.size === 0) return check;
      return (resource, asked) => [...check(resource, asked), ...(found.get(resource) ?? [])];
    },
  };
}

/** Of a form that may be filled every fault stands in the way; of a draft it is told. */
async function formIssues(
  form: Questionnaire,
  together: readonly Resource[],
  source: Sources,
): Promise<Issue[]> {
  const known = new Map<string, boolean>();
  for (const address of valueSetsOf(form))
    known.set(address, isAmong(together, address) || (await codesIn(source.terms, address)) !== null);
  const faults = checkForm(form, { knowsValueSet: (address) => known.get(address) ?? null });
  if (form.status === 'active') return faults;
  return faults.map((one) => (one.severity === 'error' ? { ...one, severity: 'warning' } : one));
}

/** A value set of the same transaction. */
function isAmong(resources: readonly Resource[], canonical: string): boolean {
  const [url, version] = splitCanonical(canonical);
  return resources.some(
    (one) =>
      one.resourceType === 'ValueSet' &&
      one.url === url &&
      (version === undefined || one.version === version),
  );
}

/** Value sets that a form names and does not hold. */
export function valueSetsOf(form: Questionnaire): string[] {
  const { questions } = planForm(form);
  const named = questions.all.flatMap(({ item }) =>
    [item.answerValueSet ?? [], unitValueSet(item) ?? []].flat(),
  );
  return [...new Set(named)].filter((one) => !one.startsWith('#'));
}

type Codes = ReturnType<typeof codesOf>;

async function codesIn(terms: TermsSession, address: string): Promise<Codes | null> {
  try {
    return codesOf(await new Terms(terms, undefined).valueSet(address));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

async function answerIssues(
  response: QuestionnaireResponse,
  together: readonly Resource[],
  source: Sources,
  read: ReadForCheck = async () => null,
): Promise<Issue[]> {
  const { questionnaire } = response;
  if (questionnaire === undefined) return [];
  const form = amongThese(together, questionnaire) ?? (await findForm(source, questionnaire));
  if (!form) return [unknownForm(questionnaire)];
  const plan = planForm(form);
  const here = (type: ResourceType, id: string) =>
    together.find((one) => one.resourceType === type && one.id === id);
  const context = await launchedWith(response, plan, async (type, id) => here(type, id) ?? read(type, id));
  return checkResponse(response, plan, { ...(await membershipsOf(form, source.terms)), context });
}

/** R4 lets a response name a form that is not here; its answers are then taken as they are. */
function unknownForm(canonical: string): Issue {
  return {
    severity: 'warning',
    code: 'not-found',
    text: `Không có biểu mẫu ${canonical.slice(0, 200)} ở đây, nên các câu trả lời chưa được đối chiếu.`,
    textEn: `The Questionnaire ${canonical.slice(0, 200)} is not known here: the answers were not checked against it.`,
    expression: 'QuestionnaireResponse.questionnaire',
  };
}

/** A form of the same transaction. */
function amongThese(resources: readonly Resource[], canonical: string): Questionnaire | null {
  const [url, version] = splitCanonical(canonical);
  const found = resources.find(
    (one): one is Questionnaire =>
      one.resourceType === 'Questionnaire' &&
      one.url === url &&
      (version === undefined || one.version === version),
  );
  return found ?? null;
}

/** Membership in the value sets that a form names, all asked before the answers are looked at. */
export async function membershipsOf(
  form: Questionnaire,
  terms: TermsSession,
): Promise<Required<Pick<AnswersWith, 'memberOf'>>> {
  const known = new Map<string, Codes>();
  for (const address of namedSets(form)) {
    const codes = await codesIn(terms, address);
    if (codes) known.set(address, codes);
  }
  return {
    memberOf: (value, address) => {
      const codes = known.get(address);
      return codes ? isMember({ value, type: 'Coding' }, codes) : null;
    },
  };
}

/** Sets of answers, and those that expressions ask with `memberOf('…')`. */
function namedSets(form: Questionnaire): string[] {
  const { rules } = planForm(form);
  const asked = rules.flatMap(({ valueSets }) => valueSets);
  return [...new Set([...valueSetsOf(form), ...asked])];
}

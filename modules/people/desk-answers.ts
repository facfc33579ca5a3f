/** Answers of the desk's form: opened and judged by the engine, read as the facts that are compared, the others as what the form extracts. */
import { extractInto, openForm } from '../../engines/forms/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { Issue } from '../../kernel/failure.ts';
import { openTerminology, type Terminology } from '../../kernel/fhir/terminology/index.ts';
import type {
  Bundle,
  BundleEntry,
  Coding,
  Patient,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '../../kernel/fhir/types.ts';
import { readDate } from './card-dates.ts';
import { isFact, questionsOf } from './desk-form.ts';

/** Facts by linkId, as texts and codes: what `readPersonForm` reads. */
export type Facts = Record<string, string>;

const INLINE = 200;

/** Members of the value sets that are short enough to choose from a list, in force on a day. */
export function smallSets(form: Questionnaire, content: Content, day: string): Record<string, Coding[]> {
  const terminology = openTerminology(content);
  const named = new Set(questionsOf(form).flatMap(({ item }) => item.answerValueSet ?? []));
  const found: Record<string, Coding[]> = {};
  for (const url of named) {
    const list = listOf(terminology, url);
    const members = list ? terminology.search(list.system, '', { limit: INLINE + 1, date: day }) : [];
    if (list && members.length <= INLINE)
      found[url] = members.map(({ code, display }) => ({ system: list.system, code, display }));
  }
  return found;
}

const listOf = (terminology: Terminology, valueSet: string) =>
  terminology.lists().find((one) => one.valueSet === valueSet) ?? null;

export function factsOfAnswers(response: QuestionnaireResponse): Facts {
  const facts: Facts = {};
  const visit = (items: readonly QuestionnaireResponseItem[] | undefined): void => {
    for (const { linkId, answer, item } of items ?? []) {
      const [first] = answer ?? [];
      if (first && isFact(linkId))
        facts[linkId] = first.valueCoding?.code ?? first.valueDate ?? first.valueString ?? '';
      visit(item);
    }
  };
  visit(response.item);
  return facts;
}

/** Facts that came without a form (another program's) as answers of it; what is not a fact has none. */
export function answersOfFacts(
  form: Questionnaire,
  facts: Readonly<Record<string, unknown>>,
  sets: Readonly<Record<string, Coding[]>>,
): QuestionnaireResponse {
  const below = (items: Questionnaire['item']): QuestionnaireResponseItem[] =>
    (items ?? []).flatMap((item) => {
      const given = isFact(item.linkId) ? facts[item.linkId] : undefined;
      const text = typeof given === 'string' ? given.trim() : '';
      const inside = below(item.item);
      if (text === '' && inside.length === 0) return [];
      const value: QuestionnaireResponseItemAnswer =
        item.type === 'choice'
          ? { valueCoding: codingOf(item, text, sets) }
          : item.type === 'date'
            ? { valueDate: readDate(text) ?? text }
            : { valueString: text };
      return [
        {
          linkId: item.linkId,
          ...(text === '' ? {} : { answer: [value] }),
          ...(inside.length > 0 ? { item: inside } : {}),
        },
      ];
    });
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item: below(form.item),
  };
}

type Item = NonNullable<Questionnaire['item']>[number];

function codingOf(item: Item, code: string, sets: Readonly<Record<string, Coding[]>>): Coding {
  const offered = [
    ...(item.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding ?? []),
    ...(sets[item.answerValueSet ?? ''] ?? []),
  ];
  return offered.find((one) => one.code === code) ?? { code };
}

/** What is wrong or missing by the form itself; `expression` is the linkId. @param day ISO, on which codes must be in force */
export function answerFaults(
  form: Questionnaire,
  response: QuestionnaireResponse,
  { content, now, day }: { content: Content; now: Date; day: string },
): Issue[] {
  const terminology = openTerminology(content);
  const memberOf = (value: unknown, valueSet: string) => {
    const list = listOf(terminology, valueSet);
    const { code } = value as Coding;
    if (!list || code === undefined) return null;
    const { result } = terminology.validate(list.system, code, day);
    return result === 'valid' ? true : result === 'unverified' ? null : false;
  };
  const open = openForm(form, { response, now, memberOf });
  return open
    .issues(true)
    .filter(({ severity }) => severity === 'error')
    .map(({ field, ...issue }) => ({ ...issue, expression: open.read(field)?.linkId ?? field }));
}

/**
 * The transaction of a new person: the Patient, with what the form says of it put in, and everything else that it extracts.
 * @param ifNoneExist search by which another desk's record of the same person is found
 */
export function registration(
  form: Questionnaire,
  response: QuestionnaireResponse,
  patient: Patient,
  ifNoneExist: string | null,
): Bundle {
  const fullUrl = `urn:uuid:${crypto.randomUUID()}`;
  const about = { ...response, subject: { reference: fullUrl } };
  const extracted: BundleEntry[] = extractInto(about, form).bundle.entry ?? [];
  const ofPatient = extracted.filter(({ resource }) => resource?.resourceType === 'Patient');
  const whole = ofPatient.reduce<Patient>((sum, { resource }) => merged(sum, resource) as Patient, patient);
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl,
        resource: whole,
        request: { method: 'POST', url: 'Patient', ...(ifNoneExist ? { ifNoneExist } : {}) },
      },
      ...extracted.filter((one) => !ofPatient.includes(one)),
    ],
  };
}

/** Lists one behind the other, objects element by element; what stands already is not replaced. */
function merged(one: unknown, other: unknown): unknown {
  if (one === undefined) return other;
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one;
  const both = { ...(one as Record<string, unknown>) };
  for (const [name, value] of Object.entries(other)) both[name] = merged(both[name], value);
  return both;
}

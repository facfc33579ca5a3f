/** A QuestionnaireResponse beside the form that it answers: R4 questionnaireresponse.html, "Validity" of the answers. Pure. */
import type { Issue } from '../../../kernel/failure.ts';
import type {
  Coding,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '../../../kernel/fhir/types.ts';
import { ANSWER_TYPE, valueIn } from '../answer.ts';
import { EXT, extensionOf } from '../extension.ts';
import type { OpenForm } from '../form/form.ts';
import { openAsAnswered } from '../form/open.ts';
import type { Field, Occurrence } from '../form/tree.ts';
import type { FormStart, Value } from '../form/types.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import { disordered, tooOften, wrongSubject } from './arrangement.ts';
import { miscalculated } from './calculated.ts';

/** What the caller knows beyond the two. */
export interface AnswersWith {
  memberOf?(value: Value, valueSet: string): boolean | null;
  options?(valueSet: string): readonly Coding[] | null | undefined;
  /** What the response was opened with (`launchedWith`); what stands on a name that is not here is not judged. */
  context?: FormStart['context'];
}

const DAY_MS = 24 * 3600 * 1000;

/** Of these the answers must be whole. */
const WHOLE: ReadonlySet<string> = new Set(['completed', 'amended']);

/**
 * Faults of the answers, each with its place in the response. What does not fit the questions is an error in every state; what is
 * missing or out of bounds is one of a response that is finished, and a warning until then. What was entered in error is left alone.
 */
export function checkResponse(
  response: QuestionnaireResponse,
  plan: Plan,
  knowing: AnswersWith = {},
): Issue[] {
  if (response.status === 'entered-in-error') return [];
  const found: Issue[] = [];
  const root = plan.questions.root;
  structureOf(root, response.item, 'QuestionnaireResponse', plan, found);
  if (found.length > 0) return found;
  const at = Date.parse(response.authored ?? '') || Date.now();
  const formAt = (time: number) => openAsAnswered(plan, { response, now: new Date(time), ...knowing });
  const form = formAt(at);
  const isWhole = WHOLE.has(response.status);
  const places = placesOf(form.engine.root, response.item, 'QuestionnaireResponse');
  const wrong = miscalculated(places.fields, plan, () => formAt(at - DAY_MS));
  const issues = [
    ...wrongSubject(response, plan),
    ...disordered(response, plan),
    ...tooOften(places.fields),
    ...disabled(places),
    ...wrong,
    ...answerIssues(form, places),
  ];
  return issues.map((one) => (isWhole || one.severity !== 'error' ? one : { ...one, severity: 'warning' }));
}

/** LinkIds that the form does not ask here, groups that are answered, answers of another type. */
function structureOf(
  parent: Question,
  items: readonly QuestionnaireResponseItem[] | undefined,
  place: string,
  plan: Plan,
  found: Issue[],
): void {
  const seen = new Set<string>();
  for (const [at, item] of (items ?? []).entries()) {
    const here = `${place}.item[${at}]`;
    const question = parent.children.find(({ linkId }) => linkId === item.linkId);
    if (!question) {
      found.push(stray(item.linkId, here, plan));
      continue;
    }
    if (seen.has(item.linkId) && !(question.isGroup && question.repeats))
      found.push(
        issue(
          here,
          'structure',
          `Câu "${item.linkId}" xuất hiện hai lần.`,
          `"${item.linkId}" stands here twice.`,
        ),
      );
    seen.add(item.linkId);
    checkItem(question, item, here, plan, found);
  }
}

function stray(linkId: string, here: string, plan: Plan): Issue {
  return plan.questions.byLink.has(linkId)
    ? issue(
        `${here}.linkId`,
        'structure',
        `Câu "${linkId}" của biểu mẫu không đứng ở chỗ này.`,
        `"${linkId}" stands elsewhere in the Questionnaire.`,
      )
    : issue(
        `${here}.linkId`,
        'structure',
        `Biểu mẫu không có câu "${linkId}".`,
        `The Questionnaire has no item "${linkId}".`,
      );
}

function checkItem(
  question: Question,
  item: QuestionnaireResponseItem,
  here: string,
  plan: Plan,
  found: Issue[],
): void {
  const answers = item.answer ?? [];
  const isAsked = !question.isGroup && question.type !== 'display';
  if (!isAsked && answers.length > 0)
    found.push(
      issue(
        `${here}.answer`,
        'structure',
        `Mục "${item.linkId}" không phải câu hỏi.`,
        `"${item.linkId}" is no question.`,
      ),
    );
  if (!question.isGroup && (item.item?.length ?? 0) > 0)
    found.push(
      issue(
        `${here}.item`,
        'structure',
        `Các câu dưới câu hỏi "${item.linkId}" phải nằm trong câu trả lời của nó.`,
        `Items under the question "${item.linkId}" belong into its answer.`,
      ),
    );
  if (question.isGroup) structureOf(question, item.item, here, plan, found);
  if (!isAsked) return;
  for (const [at, answer] of answers.entries()) {
    checkType(question, answer, `${here}.answer[${at}]`, found);
    structureOf(question, answer.item, `${here}.answer[${at}]`, plan, found);
  }
}

function checkType(
  { item }: Question,
  answer: QuestionnaireResponseItemAnswer,
  place: string,
  found: Issue[],
): void {
  const given = valueIn(answer);
  if (!given) return;
  const allowed = typesOf(item);
  if (allowed.includes(given.type)) return;
  found.push(
    issue(
      `${place}.value`,
      'value',
      `Câu "${item.linkId}" cần ${allowed.join(' hoặc ')}, không phải ${given.type}.`,
      `"${item.linkId}" takes ${allowed.join(' or ')}, not ${given.type}.`,
    ),
  );
}

/** Types that R4 has for options, which an expression may give. */
const OF_OPTIONS = ['Coding', 'string', 'integer', 'date', 'time', 'Reference'];

/** FHIR types of an item's answers: of a choice those of its options. */
function typesOf(item: Question['item']): string[] {
  const one = ANSWER_TYPE[item.type];
  if (one) return [one];
  if (!item.answerOption && extensionOf(item, EXT.answerExpression)) return OF_OPTIONS;
  const options = (item.answerOption ?? []).map((option) => valueIn(option)?.type ?? 'Coding');
  const types = new Set(options.length > 0 ? options : ['Coding']);
  if (item.type === 'open-choice') types.add('string');
  return [...types];
}

function issue(expression: string, code: string, text: string, textEn: string): Issue {
  return { severity: 'error', code, text, textEn, expression };
}

interface Places {
  fields: ReadonlyMap<Field, string>;
  occurrences: ReadonlyMap<Occurrence, string>;
}

/** Where each field and repeat stands in the response; of what is not there, where it is missing. */
function placesOf(
  root: Occurrence,
  items: readonly QuestionnaireResponseItem[] | undefined,
  place: string,
): Places {
  const fields = new Map<Field, string>();
  const occurrences = new Map<Occurrence, string>([[root, place]]);
  const walk = (
    at: Occurrence,
    given: readonly QuestionnaireResponseItem[] | undefined,
    here: string,
  ): void => {
    for (const field of at.fields) {
      const found = (given ?? []).flatMap((item, index) =>
        item.linkId === field.question.linkId ? [{ item, index }] : [],
      );
      const [first] = found;
      if (first) fields.set(field, `${here}.item[${first.index}]`);
      else fields.set(field, here);
      for (const [n, one] of field.occurrences.entries()) {
        const group = field.question.isGroup ? found[n] : first;
        const own = group
          ? `${here}.item[${group.index}]${field.question.isGroup ? '' : `.answer[${n}]`}`
          : here;
        occurrences.set(one, own);
        walk(one, field.question.isGroup ? group?.item.item : group?.item.answer?.[n]?.item, own);
      }
    }
  };
  walk(root, items, place);
  return { fields, occurrences };
}

/** R4: "items that are not enabled shall not be answered". */
function disabled({ fields }: Places): Issue[] {
  return [...fields].flatMap(([field, place]) =>
    field.enabled || field.items.length === 0 || !field.parentIsThere
      ? []
      : [
          issue(
            place,
            'business-rule',
            `Câu "${field.question.linkId}" không được hỏi với các câu trả lời này, nên không được trả lời.`,
            `"${field.question.linkId}" is not enabled by the other answers, so it must not be answered.`,
          ),
        ],
  );
}

function answerIssues(form: OpenForm, { fields, occurrences }: Places): Issue[] {
  const byPath = new Map<string, string>([['', 'QuestionnaireResponse']]);
  for (const [field, place] of fields) byPath.set(field.path, place);
  for (const [one, place] of occurrences) if (!byPath.has(one.path)) byPath.set(one.path, place);
  return form.issues(true).map(({ field, ...one }) => {
    const said = form.field(field)?.question.item;
    const name = said?.text ?? said?.linkId;
    const place = byPath.get(one.expression ?? field) ?? 'QuestionnaireResponse';
    const isAnswer =
      one.code !== 'required' && one.code !== 'invariant' && said?.type !== 'group' && field !== '';
    return {
      ...one,
      ...(isAnswer && name
        ? { text: `"${name}": ${one.text}`, textEn: `"${said?.linkId}": ${one.textEn}` }
        : {}),
      expression: isAnswer ? `${place}.answer` : place,
    };
  });
}

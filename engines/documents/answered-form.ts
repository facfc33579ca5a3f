/**
 * An answered form as lines that any template can set: groups and questions in the order of the form, answers in words. Pure.
 * Questions without an answer are left out, as the form leaves out what was not asked.
 */
import type {
  Coding,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '../../kernel/fhir/types.ts';
import { written } from './vietnamese.ts';

/** What a template reads as `form`. */
export interface FormOnPaper {
  title: string;
  /** `20/11/2026` of the version that was answered; a version that is no day as it is. */
  version: string;
  /** `07:42 ngày 20/11/2026`, '' when the response does not say. */
  at: string;
  author: string;
  /** Amended after it was finished. */
  amended: boolean;
  lines: FormLine[];
}

export interface FormLine {
  kind: 'group' | 'answer' | 'note';
  /** 1 for what stands at the top of the form. */
  level: number;
  text: string;
  /** One text for each answer; empty for groups and notes. */
  answers: string[];
}

/** @param form null when the version that was answered is not known here: the response's own words stand for it */
export function answeredForm(form: Questionnaire | null, response: QuestionnaireResponse): FormOnPaper {
  const version = form?.version ?? response.questionnaire?.split('|')[1] ?? '';
  return {
    title: form?.title ?? '',
    version: written(version, 'day', '', null),
    at: written(response.authored ?? '', 'moment', '', null),
    author: written(response.author ?? '', 'text', '', null),
    amended: response.status === 'amended',
    lines: linesOf(form?.item ?? [], response.item ?? [], 1),
  };
}

const HIDDEN = 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden';
const CONTROL = 'http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl';
/** Words for who fills in, which say nothing on paper. */
const ASIDES = new Set(['help', 'flyover', 'prompt', 'unit', 'button']);
const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';

/** Questions in their order, and after them what was answered and the form does not have. */
function linesOf(
  questions: readonly QuestionnaireItem[],
  items: readonly QuestionnaireResponseItem[],
  level: number,
): FormLine[] {
  const known = new Set(questions.map(({ linkId }) => linkId));
  const strangers = items
    .filter(({ linkId }) => !known.has(linkId))
    .map((item): QuestionnaireItem => ({ linkId: item.linkId, type: item.answer ? 'string' : 'group' }));
  return [...questions, ...unlike(strangers)].flatMap((question) =>
    isHidden(question) ? [] : linesOfQuestion(question, items, level),
  );
}

const unlike = (items: readonly QuestionnaireItem[]) => [
  ...new Map(items.map((item) => [item.linkId, item])).values(),
];

const isHidden = ({ extension }: QuestionnaireItem) =>
  extension?.some(
    ({ url, valueBoolean, valueCodeableConcept }) =>
      (url === HIDDEN && valueBoolean === true) ||
      (url === CONTROL && ASIDES.has(valueCodeableConcept?.coding?.[0]?.code ?? '')),
  ) ?? false;

function linesOfQuestion(
  question: QuestionnaireItem,
  items: readonly QuestionnaireResponseItem[],
  level: number,
): FormLine[] {
  const given = items.filter(({ linkId }) => linkId === question.linkId);
  if (question.type === 'display')
    return question.text ? [{ kind: 'note', level, text: headed(question, undefined), answers: [] }] : [];
  return given.flatMap((item, at) => {
    const text = `${headed(question, item)}${given.length > 1 ? ` (${at + 1})` : ''}`;
    const below = [...(item.item ?? []), ...(item.answer ?? []).flatMap((answer) => answer.item ?? [])];
    const under = below.length > 0 ? linesOf(question.item ?? [], below, level + 1) : [];
    if (question.type === 'group') {
      const isAnswered = under.some(({ kind }) => kind === 'answer');
      return isAnswered ? [{ kind: 'group' as const, level, text, answers: [] }, ...under] : [];
    }
    const answers = (item.answer ?? [])
      .map((answer) => answerText(answer, question))
      .filter((answer) => answer !== '');
    return answers.length > 0 ? [{ kind: 'answer' as const, level, text, answers }, ...under] : under;
  });
}

function headed(
  { prefix, text, linkId }: QuestionnaireItem,
  item: QuestionnaireResponseItem | undefined,
): string {
  return [prefix, text ?? item?.text ?? linkId].filter(Boolean).join(' ');
}

/** One answer as it is written on paper: days by day, numbers with their unit, choices by what was shown. */
export function answerText(answer: QuestionnaireResponseItemAnswer, question: QuestionnaireItem): string {
  const [name = '', value] = Object.entries(answer).find(([member]) => member.startsWith('value')) ?? [];
  switch (name) {
    case 'valueDate':
      return written(value, 'day', '', null);
    case 'valueDateTime':
      return written(value, 'moment', '', null);
    case 'valueTime':
      return String(value).slice(0, 5);
    case 'valueDecimal':
    case 'valueInteger':
      return [written(value, 'number', '', null), unitOf(question)].filter(Boolean).join(' ');
    case 'valueCoding':
      return written(value as Coding, 'text', '', null) === (value as Coding).code
        ? (optionOf(question, value as Coding) ?? (value as Coding).code ?? '')
        : written(value, 'text', '', null);
    case 'valueAttachment':
      return (value as { title?: string }).title ?? 'Tệp đính kèm';
    default:
      return written(value, 'text', '', null);
  }
}

function unitOf({ extension }: QuestionnaireItem): string {
  const unit = extension?.find(({ url }) => url === UNIT)?.valueCoding;
  return unit?.display ?? unit?.code ?? '';
}

/** What the form shows for a code that was kept without its words. */
function optionOf({ answerOption }: QuestionnaireItem, { system, code }: Coding): string | undefined {
  return answerOption?.find(
    ({ valueCoding }) => valueCoding?.code === code && (!system || valueCoding?.system === system),
  )?.valueCoding?.display;
}

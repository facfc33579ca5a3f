/** Two responses to one form beside each other: the questions that were answered otherwise. Pure. */
import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '../../../../kernel/fhir/types.ts';
import { wordsOf } from './words.ts';

export interface Difference {
  /** Place in the response, for the key. */
  place: string;
  question: string;
  mine: string;
  theirs: string;
}

export function differences(
  form: Questionnaire,
  mine: QuestionnaireResponse,
  theirs: QuestionnaireResponse,
): Difference[] {
  const questions = questionsOf(form.item ?? []);
  const [one, other] = [answersOf(mine.item, questions), answersOf(theirs.item, questions)];
  const places = [...new Set([...one.keys(), ...other.keys()])];
  return places.flatMap((place) => {
    const [a, b] = [one.get(place), other.get(place)];
    if (a?.words === b?.words) return [];
    return [{ place, question: (a ?? b)!.question, mine: a?.words ?? '', theirs: b?.words ?? '' }];
  });
}

interface Answered {
  question: string;
  words: string;
}

/** Every answer in words by its place: link ids and which repeat. */
function answersOf(
  items: readonly QuestionnaireResponseItem[] | undefined,
  questions: ReadonlyMap<string, QuestionnaireItem>,
  above = '',
): Map<string, Answered> {
  const found = new Map<string, Answered>();
  const counts = new Map<string, number>();
  for (const item of items ?? []) {
    const count = (counts.get(item.linkId) ?? 0) + 1;
    counts.set(item.linkId, count);
    const place = `${above}/${item.linkId}${count > 1 ? `#${count}` : ''}`;
    const question = questions.get(item.linkId);
    const text = question?.text ?? item.text ?? item.linkId;
    const words = (item.answer ?? []).map((answer) => answerWords(answer, question)).join(', ');
    if (words !== '') found.set(place, { question: count > 1 ? `${text} (${count})` : text, words });
    const under = [...(item.item ?? []), ...(item.answer ?? []).flatMap((answer) => answer.item ?? [])];
    for (const [key, value] of answersOf(under, questions, place)) found.set(key, value);
  }
  return found;
}

/** @param answer of a response: `valueDate`, `valueCoding` … */
export function answerWords(answer: object, question: QuestionnaireItem | undefined): string {
  const value = Object.entries(answer).find(([name]) => name.startsWith('value'))?.[1];
  return value === undefined
    ? ''
    : wordsOf(value, { type: question?.type ?? 'string', unit: unitOf(question), options: null });
}

const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';
const unitOf = (question: QuestionnaireItem | undefined) =>
  question?.extension?.find(({ url }) => url === UNIT)?.valueCoding ?? null;

export function questionsOf(items: readonly QuestionnaireItem[]): Map<string, QuestionnaireItem> {
  return new Map(items.flatMap((item) => [[item.linkId, item] as const, ...questionsOf(item.item ?? [])]));
}

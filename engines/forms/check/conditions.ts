/** Conditions, options, initial values and limits of an item: each of the type that the question has. Pure. */

import { Pattern } from '../../../kernel/fhir/path/pattern/index.ts';
import type { QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { ANSWER_TYPE, compareValues, isSameValue, labelOf, meets, optionValue, valueIn } from '../answer.ts';
import { EXT, extensionOf, extensionsOf, numberOf, onlyValueOf, textOf } from '../extension.ts';
import { fault } from '../fault.ts';
import { containedOptions } from '../form/options.ts';
import type { Fault, Value } from '../form/types.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';

/** FHIR types that an answer may have; of a choice those of its options. */
export function answerTypes(item: QuestionnaireItem): string[] {
  const one = ANSWER_TYPE[item.type];
  if (one) return [one];
  if (item.type !== 'choice' && item.type !== 'open-choice') return [];
  const options = (item.answerOption ?? []).map((option) => valueIn(option)?.type ?? 'Coding');
  return [
    ...new Set([
      ...(options.length > 0 ? options : ['Coding']),
      ...(item.type === 'open-choice' ? ['string'] : []),
    ]),
  ];
}

const ALIKE: readonly (readonly string[])[] = [
  ['integer', 'decimal'],
  ['date', 'dateTime'],
  ['uri', 'string'],
];
const isAlike = (a: string, b: string) => a === b || ALIKE.some((one) => one.includes(a) && one.includes(b));
/** What has no order. */
const UNORDERED = new Set(['boolean', 'Coding', 'Reference', 'Attachment']);

export function conditionFaults({ item, place }: Question, { questions, questionnaire }: Plan): Fault[] {
  const found: Fault[] = [];
  for (const [at, when] of (item.enableWhen ?? []).entries()) {
    const target = questions.byLink.get(when.question);
    if (!target || when.operator === 'exists') continue;
    const here = `${place}.enableWhen[${at}].answer`;
    const types = answerTypes(target.item);
    const asked = valueIn(when, 'answer');
    if (types.length === 0)
      found.push(
        fault(
          `${place}.enableWhen[${at}].question`,
          'type',
          `nêu "${when.question}", mục không có câu trả lời`,
          `names "${when.question}", which is not answered`,
        ),
      );
    else if (asked && !types.some((type) => isAlike(type, asked.type)))
      found.push(
        fault(
          here,
          'type',
          `là ${asked.type}, nhưng câu "${when.question}" trả lời bằng ${types.join(' hoặc ')}`,
          `is a ${asked.type}, but "${when.question}" is answered by ${types.join(' or ')}`,
        ),
      );
    else if (asked && UNORDERED.has(asked.type) && /[<>]/.test(when.operator))
      found.push(
        fault(
          `${place}.enableWhen[${at}].operator`,
          'type',
          `so thứ tự (${when.operator}) những thứ không có thứ tự`,
          `compares by "${when.operator}" what has no order`,
        ),
      );
    else if (asked) found.push(...unknownChoice(target, asked.value, here, questionnaire));
  }
  return found;
}

/** A condition on a choice that nobody can make never holds. */
function unknownChoice(
  { item, linkId }: Question,
  asked: Value,
  here: string,
  questionnaire: Plan['questionnaire'],
): Fault[] {
  if (item.type !== 'choice') return [];
  const options =
    item.answerOption?.map(optionValue) ??
    (item.answerValueSet ? containedOptions(questionnaire, item.answerValueSet) : null);
  if (!options || extensionOf(item, EXT.answerExpression) || options.some((one) => meets(one, asked)))
    return [];
  return [
    fault(
      here,
      'not-an-option',
      `là "${labelOf(asked)}", không có trong các lựa chọn của "${linkId}"`,
      `is "${labelOf(asked)}", which is none of the choices of "${linkId}"`,
    ),
  ];
}

export function optionFaults({ item, place, repeats }: Question): Fault[] {
  const found: Fault[] = [];
  const options = item.answerOption ?? [];
  const own = ANSWER_TYPE[item.type];
  for (const [at, option] of options.entries()) {
    const value = valueIn(option);
    if (own && value && value.type !== own)
      found.push(
        fault(
          `${place}.answerOption[${at}].value`,
          'type',
          `là ${value.type}, nhưng câu trả lời là ${own}`,
          `is a ${value.type}, but the answer is a ${own}`,
        ),
      );
    if (options.slice(0, at).some((one) => isSameValue(optionValue(one), value?.value)))
      found.push(
        fault(
          `${place}.answerOption[${at}]`,
          'duplicate-link',
          'trùng một lựa chọn đứng trước',
          'is there before',
        ),
      );
  }
  if (!repeats && options.filter((one) => one.initialSelected).length > 1)
    found.push(
      fault(
        `${place}.answerOption`,
        'range',
        'chọn sẵn nhiều lựa chọn cho câu chỉ nhận một',
        'selects several choices of a question that takes one',
      ),
    );
  return found;
}

export function initialFaults({ item, place }: Question): Fault[] {
  const types = answerTypes(item);
  const isListed = item.type === 'choice' && (item.answerOption?.length ?? 0) > 0;
  return (item.initial ?? []).flatMap((one, at) => {
    const value = valueIn(one);
    const here = `${place}.initial[${at}].value`;
    if (!value || types.length === 0) return [];
    if (!types.some((type) => isAlike(type, value.type)))
      return [
        fault(
          here,
          'type',
          `là ${value.type}, nhưng câu trả lời là ${types.join(' hoặc ')}`,
          `is a ${value.type}, but the answer is a ${types.join(' or ')}`,
        ),
      ];
    if (isListed && !item.answerOption!.some((option) => meets(value.value, optionValue(option))))
      return [
        fault(
          here,
          'not-an-option',
          `"${labelOf(value.value)}" không có trong các lựa chọn`,
          `"${labelOf(value.value)}" is none of the choices`,
        ),
      ];
    return [];
  });
}

export function limitFaults({ item, place, repeats, isGroup }: Question): Fault[] {
  const found: Fault[] = [];
  const at = (url: string) => `${place}.extension.where(url = '${url}').value`;
  const [min, max] = [
    onlyValueOf(extensionOf(item, EXT.minValue)),
    onlyValueOf(extensionOf(item, EXT.maxValue)),
  ];
  const order = min === undefined || max === undefined ? null : compareValues(min, max);
  if (order !== null && order > 0)
    found.push(
      fault(
        at(EXT.minValue),
        'range',
        `lớn hơn giới hạn trên ${labelOf(max)}`,
        `is more than the upper limit ${labelOf(max)}`,
      ),
    );
  const types = answerTypes(item);
  for (const url of [EXT.minValue, EXT.maxValue])
    for (const one of extensionsOf(item, url)) {
      const value = valueIn(one);
      if (value && types.length > 0 && !types.some((type) => isAlike(type, value.type)))
        found.push(
          fault(
            at(url),
            'type',
            `là ${value.type}, nhưng câu trả lời là ${types.join(' hoặc ')}`,
            `is a ${value.type}, but the answer is a ${types.join(' or ')}`,
          ),
        );
    }
  const [least, most] = [numberOf(item, EXT.minOccurs), numberOf(item, EXT.maxOccurs)];
  if (least !== null && most !== null && least > most)
    found.push(
      fault(at(EXT.minOccurs), 'range', `lớn hơn maxOccurs ${most}`, `is more than maxOccurs ${most}`),
    );
  if (!repeats && (least ?? 0) > 1)
    found.push(
      fault(
        at(EXT.minOccurs),
        'range',
        `đòi ${least} lần ở mục không lặp lại`,
        `asks for ${least} of what does not repeat`,
      ),
    );
  const regex = textOf(item, EXT.regex);
  const pattern = regex === null ? null : Pattern.read(regex);
  if (pattern && !(pattern instanceof Pattern))
    found.push(
      fault(
        at(EXT.regex),
        'syntax',
        `không phải biểu thức chính quy dùng được: ${pattern.why}`,
        `is no regular expression that can be used: ${pattern.whyEn}`,
      ),
    );
  if (isGroup && regex !== null)
    found.push(fault(at(EXT.regex), 'type', 'đứng ở nhóm câu hỏi', 'stands on a group', 'warning'));
  return found;
}

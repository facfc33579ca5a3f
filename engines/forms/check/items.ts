/** What must be right of each item. Pure. */
import { readUnit } from '../../../kernel/fhir/validation/units.ts';
import { UCUM } from '../../../kernel/store/search/ucum.ts';
import { EXT, extensionsOf } from '../extension.ts';
import { fault } from '../fault.ts';
import { containedOptions } from '../form/options.ts';
import type { Fault } from '../form/types.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import { conditionFaults, initialFaults, limitFaults, optionFaults } from './conditions.ts';
import { drawingFaults } from './drawing.ts';
import { expressionFaults, modularFaults } from './expressions.ts';
import { extractionFaults } from './extraction.ts';
import type { CheckWith } from './knowing.ts';
import { unservedFaults } from './unserved.ts';

export function itemFaults(question: Question, plan: Plan, knowing: CheckWith): Fault[] {
  const whole = [
    ...expressionFaults(question, plan),
    ...extractionFaults(question, plan),
    ...drawingFaults(question, plan, knowing),
    ...unservedFaults(question),
  ];
  if (!question.parent) return whole;
  return [
    ...linkFaults(question, plan),
    ...conditionFaults(question, plan),
    ...optionFaults(question),
    ...initialFaults(question),
    ...limitFaults(question),
    ...unitFaults(question),
    ...valueSetFaults(question, plan, knowing),
    ...modularFaults(question),
    ...whole,
  ];
}

function linkFaults(question: Question, { questions }: Plan): Fault[] {
  const { place, linkId, type } = question;
  const found: Fault[] = [];
  if (type === 'question')
    found.push(
      fault(
        `${place}.type`,
        'type',
        'là "question", không nói câu trả lời thuộc kiểu gì',
        'is "question", which says nothing of the answer',
      ),
    );
  if (questions.byLink.get(linkId) !== question)
    found.push(
      fault(
        `${place}.linkId`,
        'duplicate-link',
        `trùng "${linkId}" với câu hỏi khác`,
        `"${linkId}" is another question's, too`,
      ),
    );
  return found;
}

function unitFaults({ item, place }: Question): Fault[] {
  return [EXT.unit, EXT.unitOption].flatMap((url) =>
    extensionsOf(item, url).flatMap(({ valueCoding }, at) => {
      const { system, code, display } = valueCoding ?? {};
      const here = `${place}.extension.where(url = '${url}')[${at}].value`;
      // A unit that is only written is shown behind the number, and that is all.
      if (code === undefined && display === undefined)
        return [fault(here, 'unknown-unit', 'thiếu mã đơn vị', 'has no code')];
      if (code === undefined || system !== UCUM)
        return [
          fault(
            here,
            'unknown-unit',
            `không thuộc ${UCUM}, nên không đổi hay so với đơn vị khác được`,
            `is not of ${UCUM}: it is not converted or compared with other units`,
            'warning',
          ),
        ];
      return readUnit(code) === 'unit'
        ? []
        : [fault(here, 'unknown-unit', `"${code}" không phải đơn vị UCUM`, `"${code}" is no unit of UCUM`)];
    }),
  );
}

function valueSetFaults(
  { item, place }: Question,
  { questionnaire }: Plan,
  { knowsValueSet }: CheckWith,
): Fault[] {
  const address = item.answerValueSet;
  if (address === undefined) return [];
  const here = `${place}.answerValueSet`;
  if (address.startsWith('#')) {
    const set = questionnaire.contained?.find(
      (one) => one.resourceType === 'ValueSet' && `#${one.id}` === address,
    );
    if (!set)
      return [
        fault(
          here,
          'unknown-set',
          `nêu bộ mã "${address}" không có trong contained`,
          `names the value set "${address}", which is not contained`,
        ),
      ];
    if (!containedOptions(questionnaire, address))
      return [
        fault(
          here,
          'language',
          `bộ mã "${address}" không liệt kê mã của nó, nên câu trả lời không được đối chiếu`,
          `the value set "${address}" does not list its codes: answers are not checked against it`,
          'warning',
        ),
      ];
    return [];
  }
  if (knowsValueSet?.(address) !== false) return [];
  return [
    fault(
      here,
      'unknown-set',
      `không ai ở đây biết bộ mã ${address}`,
      `nobody here knows the value set ${address}`,
    ),
  ];
}

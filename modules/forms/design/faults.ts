/** What a form that is designed here must have besides what every form must: that it can be answered, and says so in words. Pure. */
import type { Issue } from '../../../kernel/failure.ts';
import type { Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const CONSTRAINT = `${CORE}questionnaire-constraint`;
const ANSWERS = [`${SDC}answerExpression`, `${SDC}candidateExpression`, `${SDC}calculatedExpression`];

/** Each fault as a sentence that begins with its place, as those of the engine do. */
export function designFaults(form: Questionnaire): Issue[] {
  const below = (items: readonly QuestionnaireItem[], place: string): Issue[] =>
    items.flatMap((item, at) => {
      const here = `${place}.item[${at}]`;
      return [...itemFaults(item, here), ...below(item.item ?? [], here)];
    });
  return below(form.item ?? [], 'Questionnaire');
}

function itemFaults(item: QuestionnaireItem, place: string): Issue[] {
  const { type, extension = [] } = item;
  const found: Issue[] = [];
  if ((item.text ?? '').trim() === '' && type !== 'group')
    found.push(fault(`${place}.text`, 'chưa có lời', 'has no words'));
  const isChosen =
    item.answerOption || item.answerValueSet || extension.some(({ url }) => ANSWERS.includes(url));
  if (type === 'choice' && !isChosen)
    found.push(
      fault(
        `${place}.answerOption`,
        'chưa có gì để chọn: ghi các lựa chọn, hoặc nêu một bộ mã',
        'offers nothing to choose from: write options, or name a value set',
      ),
    );
  if (type === 'group' && (item.item ?? []).length === 0)
    found.push(fault(`${place}.item`, 'là nhóm chưa có câu hỏi nào', 'is a group without questions'));
  for (const { url, extension: parts = [] } of extension)
    if (url === CONSTRAINT && !hasWords(parts))
      found.push(
        fault(
          `${place}.extension.where(url = '${CONSTRAINT}')`,
          'thiếu câu nói với người điền khi câu trả lời sai',
          'has no sentence for whoever answers wrongly',
        ),
      );
  return found;
}

const hasWords = (parts: readonly { url: string; valueString?: string }[]) =>
  parts.some(({ url, valueString = '' }) => url === 'human' && valueString.trim() !== '');

function fault(place: string, vi: string, en: string): Issue {
  return {
    severity: 'error',
    code: 'required',
    text: `${place} ${vi}.`,
    textEn: `${place} ${en}.`,
    expression: place,
  };
}

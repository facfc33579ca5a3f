/** What expressions give, beside what they are asked for. Pure. */
import { isResourceName } from '../../../kernel/fhir/definitions/elements.ts';
import { kindOf } from '../../../kernel/fhir/path/types.ts';
import { EXT, extensionOf } from '../extension.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../form/types.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import type { Rule } from '../rule.ts';

const TRUTHS = new Set(['enable', 'constraint', 'toggle', 'required', 'readOnly']);
const ANSWERS = new Set(['initial', 'calculated', 'options', 'candidates']);

export function expressionFaults(question: Question, plan: Plan): Fault[] {
  const { item, place } = question;
  const rules = plan.ofQuestion.get(question) ?? [];
  const found = rules.flatMap((rule) => typeFaults(rule));
  const has = (kind: Rule['kind']) => rules.some((one) => one.kind === kind);
  const twice = (kind: Rule['kind'], name: string) => {
    if (rules.filter((one) => one.kind === kind).length > 1)
      found.push(fault(place, 'duplicate-name', `có hai ${name}`, `has two of ${name}`));
  };
  twice('enable', 'enableWhen/enableWhenExpression');
  twice('calculated', 'calculatedExpression');
  twice('initial', 'initialExpression');
  twice('options', 'answerExpression');
  if (has('initial') && (item.initial?.length ?? 0) > 0)
    found.push(
      fault(
        `${place}.initial`,
        'duplicate-name',
        'có cùng với initialExpression',
        'stands beside an initialExpression',
      ),
    );
  if (has('options') && (item.answerOption || item.answerValueSet))
    found.push(
      fault(
        place,
        'duplicate-name',
        'có answerExpression cùng với answerOption hoặc answerValueSet',
        'has an answerExpression beside answerOption or answerValueSet',
      ),
    );
  if ((question.isGroup || question.type === 'display') && (has('calculated') || has('initial')))
    found.push(
      fault(
        place,
        'type',
        'không phải câu hỏi mà có biểu thức tính câu trả lời',
        'is no question and has an expression for its answer',
      ),
    );
  for (const one of rules)
    if (one.kind === 'constraint' && !hasWords(one))
      found.push(
        fault(
          one.place,
          'no-name',
          'thiếu câu nói cho người điền (human)',
          'has no sentence for people (human)',
          'warning',
        ),
      );
  return found;
}

const hasWords = ({ extension }: Rule) => extension?.extension?.some(({ url }) => url === 'human') === true;

function typeFaults({ kind, compiled, holder, place }: Rule): Fault[] {
  const type = compiled?.language === 'path' ? compiled.path.type : null;
  if (type === null) return [];
  if (TRUTHS.has(kind) && kindOf(type) !== 'boolean')
    return [
      fault(
        place,
        'type',
        `cho ${type}, nhưng ở đây cần đúng hoặc sai`,
        `gives ${type} where true or false is needed`,
      ),
    ];
  if (!ANSWERS.has(kind) || fits(holder.type, type)) return [];
  return [
    fault(
      place,
      'type',
      `cho ${type}, không thành câu trả lời kiểu ${holder.type} được`,
      `gives ${type}, which is no answer of type ${holder.type}`,
    ),
  ];
}

/** Can what an expression gives be an answer of the item? */
function fits(item: Question['type'], type: string): boolean {
  const kind = kindOf(type);
  switch (item) {
    case 'boolean':
      return kind === 'boolean';
    case 'integer':
    case 'decimal':
      return kind === 'number' || type === 'Quantity';
    case 'quantity':
      return (
        kind === 'number' ||
        ['Quantity', 'Age', 'Duration', 'Count', 'Distance', 'SimpleQuantity'].includes(type)
      );
    case 'date':
    case 'dateTime':
      return kind === 'date' || kind === 'dateTime' || kind === 'text';
    case 'time':
      return kind === 'time' || kind === 'text';
    case 'attachment':
      return type === 'Attachment';
    case 'reference':
      return type === 'Reference' || isResourceName(type);
    default:
      return true;
  }
}

/** Modular forms are put together before they are filled. */
export function modularFaults({ item, place }: Question): Fault[] {
  if (!extensionOf(item, EXT.subQuestionnaire)) return [];
  return [
    fault(
      place,
      'language',
      'dẫn tới biểu mẫu khác (subQuestionnaire) chưa được ghép vào, nên phần ấy không được hỏi',
      'refers to another form (subQuestionnaire) that is not put into this one: that part is not asked',
      'warning',
    ),
  ];
}

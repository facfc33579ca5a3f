/** When an item is asked: conditions chosen from lists. */
import type { QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { Button, Row, SelectField, Stack, TextField, t } from '../../../../web/ui/index.ts';

type When = NonNullable<QuestionnaireItem['enableWhen']>[number];

interface ConditionsProps {
  item: QuestionnaireItem;
  /** Questions that can be asked about: all but itself. */
  questions: readonly QuestionnaireItem[];
  onChange: (item: QuestionnaireItem) => void;
}

export function Conditions({ item, questions, onChange }: ConditionsProps) {
  const conditions = item.enableWhen ?? [];
  const put = (next: When[]) => {
    const { enableWhen: _, enableBehavior, ...rest } = item;
    onChange(
      next.length === 0
        ? rest
        : {
            ...rest,
            enableWhen: next,
            ...(next.length > 1 ? { enableBehavior: enableBehavior ?? 'all' } : {}),
          },
    );
  };
  const first = questions[0];
  return (
    <Stack gap={8}>
      {conditions.map((when, at) => (
        <OneCondition
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions are told apart by their place alone
          key={at}
          when={when}
          questions={questions}
          onChange={(next) => put(conditions.map((one, index) => (index === at ? next : one)))}
          onRemove={() => put(conditions.filter((_, index) => index !== at))}
        />
      ))}
      {conditions.length > 1 && (
        <SelectField
          label={t('forms.design.behaviour', 'Hỏi khi')}
          value={item.enableBehavior ?? 'all'}
          onChange={(value) => onChange({ ...item, enableBehavior: value as 'all' | 'any' })}
          choices={[
            { value: 'all', label: t('forms.design.all', 'mọi điều kiện đều đúng') },
            { value: 'any', label: t('forms.design.any', 'một điều kiện đúng') },
          ]}
        />
      )}
      {first && (
        <Row>
          <Button
            small
            onPress={() =>
              put([...conditions, { question: first.linkId, operator: 'exists', answerBoolean: true }])
            }
          >
            {t('forms.design.add-condition', 'Thêm điều kiện')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function OneCondition(props: {
  when: When;
  questions: readonly QuestionnaireItem[];
  onChange: (when: When) => void;
  onRemove: () => void;
}) {
  const { when, questions } = props;
  const question = questions.find(({ linkId }) => linkId === when.question);
  const put = (linkId: string, operator: When['operator'], answer: string) =>
    props.onChange(
      whenOf(
        linkId,
        operator,
        answer,
        questions.find((one) => one.linkId === linkId),
      ),
    );
  return (
    <Stack gap={4}>
      <SelectField
        label={t('forms.design.when', 'Chỉ hỏi khi')}
        value={when.question}
        onChange={(linkId) => put(linkId, 'exists', 'true')}
        choices={questions.map(({ linkId, text }) => ({ value: linkId, label: text ?? linkId }))}
      />
      <Row gap={8} align="end">
        <SelectField
          label={t('forms.design.operator', 'So sánh')}
          bare
          value={when.operator}
          onChange={(operator) =>
            put(when.question, operator as When['operator'], operator === 'exists' ? 'true' : '')
          }
          choices={operatorsOf(question)}
        />
        <AnswerOfCondition
          when={when}
          question={question}
          onChange={(answer) => put(when.question, when.operator, answer)}
        />
        <Button small kind="quiet" onPress={props.onRemove}>
          {t('forms.remove', 'Bỏ')}
        </Button>
      </Row>
    </Stack>
  );
}

const NUMBERS = new Set(['integer', 'decimal', 'quantity', 'date', 'dateTime', 'time']);

function operatorsOf(question: QuestionnaireItem | undefined) {
  const all = [
    { value: 'exists', label: t('forms.design.exists', 'được trả lời') },
    { value: '=', label: t('forms.design.equals', 'là') },
    { value: '!=', label: t('forms.design.differs', 'khác') },
  ];
  if (!NUMBERS.has(question?.type ?? '')) return all;
  return [...all, ...['>', '>=', '<', '<='].map((sign) => ({ value: sign, label: sign }))];
}

function AnswerOfCondition(props: {
  when: When;
  question: QuestionnaireItem | undefined;
  onChange: (answer: string) => void;
}) {
  const { when, question } = props;
  const label = t('forms.design.answer', 'Giá trị');
  const yesNo = [
    { value: 'true', label: t('forms.yes', 'Có') },
    { value: 'false', label: t('forms.no', 'Không') },
  ];
  const coded = (question?.answerOption ?? []).flatMap(({ valueCoding }) =>
    valueCoding?.code ? [{ value: valueCoding.code, label: valueCoding.display ?? valueCoding.code }] : [],
  );
  const choices = when.operator === 'exists' || question?.type === 'boolean' ? yesNo : coded;
  return choices.length > 0 ? (
    <SelectField label={label} bare value={answerText(when)} onChange={props.onChange} choices={choices} />
  ) : (
    <TextField label={label} bare value={answerText(when)} onChange={props.onChange} />
  );
}

function answerText(when: When): string {
  const value = Object.entries(when).find(([name]) => name.startsWith('answer'))?.[1];
  if (typeof value === 'object' && value !== null)
    return String(
      (value as { code?: string; value?: number }).code ?? (value as { value?: number }).value ?? '',
    );
  return value === undefined ? '' : String(value);
}

function whenOf(
  question: string,
  operator: When['operator'],
  answer: string,
  asked: QuestionnaireItem | undefined,
): When {
  if (operator === 'exists') return { question, operator, answerBoolean: answer !== 'false' };
  const number = Number(answer.replace(',', '.'));
  switch (asked?.type) {
    case 'boolean':
      return { question, operator, answerBoolean: answer !== 'false' };
    case 'integer':
      return { question, operator, answerInteger: Math.round(number) || 0 };
    case 'decimal':
      return { question, operator, answerDecimal: number || 0 };
    case 'quantity':
      return { question, operator, answerQuantity: { value: number || 0 } };
    case 'date':
      return { question, operator, answerDate: answer };
    case 'choice':
    case 'open-choice': {
      const option = asked.answerOption?.find(({ valueCoding }) => valueCoding?.code === answer);
      const { system, code } = option?.valueCoding ?? { system: undefined, code: answer };
      return {
        question,
        operator,
        answerCoding: { ...(system ? { system } : {}), ...(code ? { code } : {}) },
      };
    }
    default:
      return { question, operator, answerString: answer };
  }
}

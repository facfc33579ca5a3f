/** What one item is: words, type, answers, rules; what is wrong with it stands above. */
import { useState } from 'react';
import type { Fault } from '../../../../engines/forms/browser.ts';
import type { QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import {
  api,
  Button,
  CheckBox,
  CodeSearch,
  Heading,
  Notice,
  NumberField,
  Row,
  SelectField,
  Stack,
  Text,
  TextField,
  t,
} from '../../../../web/ui/index.ts';
import { Conditions } from './conditions.tsx';
import {
  constraintIn,
  EXPRESSIONS,
  elementIn,
  expressionIn,
  isObserved,
  limitIn,
  unitIn,
  withConstraint,
  withElement,
  withExpression,
  withLimit,
  withObserved,
  withType,
  withUnit,
} from './extensions.ts';
import { faultWords } from './fault-words.ts';
import { TYPES, typeName } from './names.ts';
import { readOptions, writeOptions } from './options.ts';

const OPTIONS_SYSTEM = 'http://yba.vn/fhir/cs/tra-loi';
const NUMERIC = new Set(['integer', 'decimal', 'quantity']);
const CHOICES = new Set(['choice', 'open-choice']);

interface ItemFormProps {
  item: QuestionnaireItem;
  questions: readonly QuestionnaireItem[];
  /** LinkIds of the other items. */
  taken: readonly string[];
  /** Types of resources that the form, or a group above, makes of its answers. */
  begun: readonly string[];
  faults: readonly Fault[];
  onChange: (item: QuestionnaireItem) => void;
  onRename: (linkId: string) => void;
}

export function ItemForm(props: ItemFormProps) {
  const { item, onChange } = props;
  const isAsked = item.type !== 'display';
  return (
    <Stack gap={12}>
      {props.faults.length > 0 && (
        <div className="fm-faults">
          {props.faults.map((fault) => (
            <Notice
              key={`${fault.expression} ${fault.text}`}
              tone={fault.severity === 'error' ? 'danger' : 'look'}
              title={faultWords(fault)}
            />
          ))}
        </div>
      )}
      <TextField
        label={t('forms.design.text', 'Lời hỏi')}
        value={item.text ?? ''}
        lines={2}
        onChange={(text) => onChange({ ...item, text })}
      />
      <SelectField
        label={t('forms.design.type', 'Loại')}
        value={item.type}
        onChange={(type) => onChange(withType(item, type as QuestionnaireItem['type']))}
        choices={TYPES.map((type) => ({ value: type, label: typeName(type) }))}
      />
      <LinkId key={item.linkId} {...props} />
      {isAsked && <Marks {...props} />}
      {NUMERIC.has(item.type) && <Numbers {...props} />}
      {CHOICES.has(item.type) && <Options key={`options ${item.linkId}`} {...props} />}
      {isAsked && item.type !== 'group' && <Codes {...props} />}
      {isAsked && item.type !== 'group' && <Kept {...props} />}
      <Heading level={3}>{t('forms.design.conditions', 'Điều kiện')}</Heading>
      <Conditions item={item} questions={props.questions} onChange={onChange} />
      <Advanced {...props} />
    </Stack>
  );
}

/** A link id is given once it is left, so that half a word never breaks what refers to it; one that another item has is not given. */
function LinkId({ item, taken, onRename }: ItemFormProps) {
  const [text, setText] = useState(item.linkId);
  const wanted = text.trim();
  const isTaken = taken.includes(wanted);
  return (
    <TextField
      label={t('forms.design.link', 'Mã mục (linkId)')}
      value={text}
      onChange={setText}
      error={isTaken ? t('forms.design.link-taken', 'Mục khác đã có mã này; mã cũ được giữ.') : undefined}
      onBlur={() => wanted !== '' && wanted !== item.linkId && !isTaken && onRename(wanted)}
    />
  );
}

function Marks({ item, onChange }: ItemFormProps) {
  const mark = (name: 'required' | 'repeats' | 'readOnly') => (on: boolean) => {
    const { [name]: _, ...rest } = item;
    onChange(on ? { ...rest, [name]: true } : (rest as QuestionnaireItem));
  };
  return (
    <Row gap={16} wrap>
      <CheckBox
        label={t('forms.design.required', 'Bắt buộc')}
        checked={item.required === true}
        onChange={mark('required')}
      />
      <CheckBox
        label={t('forms.design.repeats', 'Nhiều lần')}
        checked={item.repeats === true}
        onChange={mark('repeats')}
      />
      <CheckBox
        label={t('forms.design.read-only', 'Chỉ đọc')}
        checked={item.readOnly === true}
        onChange={mark('readOnly')}
      />
    </Row>
  );
}

function Numbers({ item, onChange }: ItemFormProps) {
  return (
    <Row gap={8} align="start">
      <TextField
        label={t('forms.unit', 'Đơn vị')}
        value={unitIn(item)}
        onChange={(code) => onChange(withUnit(item, code.trim()))}
      />
      <NumberField
        label={t('forms.design.min', 'Nhỏ nhất')}
        value={limitIn(item, 'minValue')}
        onChange={(value) => onChange(withLimit(item, 'minValue', value))}
      />
      <NumberField
        label={t('forms.design.max', 'Lớn nhất')}
        value={limitIn(item, 'maxValue')}
        onChange={(value) => onChange(withLimit(item, 'maxValue', value))}
      />
    </Row>
  );
}

function Options({ item, onChange }: ItemFormProps) {
  const [text, setText] = useState(writeOptions(item.answerOption ?? []));
  const put = (next: string) => {
    setText(next);
    const { answerOption: _, ...rest } = item;
    const system = item.answerOption?.[0]?.valueCoding?.system ?? OPTIONS_SYSTEM;
    const options = readOptions(next, system);
    onChange(options.length > 0 ? { ...rest, answerOption: options } : rest);
  };
  const putSet = (url: string) => {
    const { answerValueSet: _, ...rest } = item;
    onChange(url.trim() === '' ? rest : { ...rest, answerValueSet: url.trim() });
  };
  return (
    <>
      <TextField
        label={t('forms.design.options', 'Các lựa chọn, mỗi dòng một')}
        hint={t('forms.design.options-hint', 'Dán được từ bảng tính: mã, rồi nhãn; hoặc chỉ nhãn.')}
        lines={4}
        value={text}
        onChange={put}
      />
      <TextField
        label={t('forms.design.value-set', 'Hoặc theo bộ mã (ValueSet)')}
        value={item.answerValueSet ?? ''}
        onChange={putSet}
      />
    </>
  );
}

const LISTS = [
  { list: 'loinc', system: 'http://loinc.org', label: 'LOINC' },
  { list: 'icd-10', system: 'http://hl7.org/fhir/sid/icd-10', label: 'ICD-10' },
];

/** The code by which an answer is found again outside of the form. */
function Codes({ item, onChange }: ItemFormProps) {
  const [list, setList] = useState(LISTS[0]!);
  const codes = item.code ?? [];
  const put = (next: typeof codes) => {
    const { code: _, ...rest } = item;
    onChange(next.length > 0 ? { ...rest, code: next } : rest);
  };
  const search = async (typed: string, signal: AbortSignal) => {
    const found = await api.get<
      { code: string; display: string }[] | { rows: { code: string; display: string }[] }
    >(`/api/terminology/${list.list}/search?q=${encodeURIComponent(typed)}&limit=20`, { signal });
    return (Array.isArray(found) ? found : found.rows).map(({ code, display }) => ({ code, label: display }));
  };
  return (
    <Stack gap={4}>
      {codes.map((one) => (
        <Row key={`${one.system} ${one.code}`} gap={8}>
          <Text>{`${one.code} ${one.display ?? ''}`}</Text>
          <Button small kind="quiet" onPress={() => put(codes.filter((other) => other !== one))}>
            {t('forms.remove', 'Bỏ')}
          </Button>
        </Row>
      ))}
      <Row gap={8} align="end">
        <SelectField
          label={t('forms.design.code-list', 'Bộ mã')}
          value={list.list}
          onChange={(value) => setList(LISTS.find((one) => one.list === value)!)}
          choices={LISTS.map((one) => ({ value: one.list, label: one.label }))}
          width={110}
        />
        <CodeSearch
          label={t('forms.design.code', 'Mã của câu hỏi')}
          search={search}
          onChoose={({ code, label }) => put([...codes, { system: list.system, code, display: label }])}
        />
      </Row>
    </Stack>
  );
}

/** Where the answer is kept besides the answered form: a fact that is typed once stands wherever it is printed. */
function Kept({ item, begun, onChange }: ItemFormProps) {
  return (
    <Stack gap={8}>
      <CheckBox
        label={t('forms.design.observed', 'Ghi thành một kết quả trong hồ sơ (theo mã của câu hỏi)')}
        checked={isObserved(item)}
        onChange={(on) => onChange(withObserved(item, on))}
      />
      {begun.length > 0 && (
        <TextField
          label={t('forms.design.definition', 'Ghi vào phần tử của hồ sơ')}
          placeholder={`${begun[0]}.…`}
          value={elementIn(item)}
          onChange={(element) => onChange(withElement(item, element.trim()))}
        />
      )}
    </Stack>
  );
}

function Advanced({ item, onChange }: ItemFormProps) {
  const constraint = constraintIn(item);
  return (
    <details>
      <summary>{t('forms.design.advanced', 'Nâng cao: FHIRPath')}</summary>
      <Stack gap={8}>
        <TextField
          label={t('forms.design.calculated', 'Tính ra từ')}
          lines={2}
          value={expressionIn(item, EXPRESSIONS.calculated)}
          onChange={(text) => onChange(withExpression(item, EXPRESSIONS.calculated, text))}
        />
        <TextField
          label={t('forms.design.initial', 'Điền sẵn bằng')}
          lines={2}
          value={expressionIn(item, EXPRESSIONS.initial)}
          onChange={(text) => onChange(withExpression(item, EXPRESSIONS.initial, text))}
        />
        <TextField
          label={t('forms.design.enabled', 'Hỏi khi (biểu thức)')}
          lines={2}
          value={expressionIn(item, EXPRESSIONS.enabled)}
          onChange={(text) => onChange(withExpression(item, EXPRESSIONS.enabled, text))}
        />
        <TextField
          label={t('forms.design.constraint', 'Phải đúng rằng')}
          lines={2}
          value={constraint.expression}
          onChange={(expression) => onChange(withConstraint(item, { ...constraint, expression }))}
        />
        <TextField
          label={t('forms.design.human', 'Câu nói khi sai')}
          value={constraint.human}
          onChange={(human) => onChange(withConstraint(item, { ...constraint, human }))}
        />
      </Stack>
    </details>
  );
}

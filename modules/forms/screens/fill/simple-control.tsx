/** Words, numbers, dates, times, yes or no: one box an answer, and one more where the question repeats. */
import { useLayoutEffect, useState } from 'react';
import {
  CheckBox,
  DateField,
  NumberField,
  type PartialDate,
  RadioList,
  Row,
  TextField,
  t,
} from '../../../../web/ui/index.ts';
import { joinMoment, readTime, splitMoment } from './moment.ts';
import type { ControlProps } from './question.tsx';
import { Answers, type OneProps } from './several.tsx';

export function SimpleControl(props: ControlProps) {
  if (props.state.type === 'boolean') return <YesNo {...props} />;
  return <Answers {...props} draw={(one) => <One {...one} />} />;
}

function One(props: OneProps) {
  const { state, face, value, onValue } = props;
  const shared = {
    label: props.label,
    required: state.required,
    readOnly: props.readOnly,
    bare: props.bare,
    error: props.error,
    hint: props.hint,
  };
  switch (state.type) {
    case 'integer':
    case 'decimal':
      return (
        <NumberField
          {...shared}
          value={typeof value === 'number' ? value : null}
          onChange={onValue}
          whole={state.type === 'integer'}
          {...(face.maxDecimalPlaces === null ? {} : { decimals: face.maxDecimalPlaces })}
          {...(state.unit ? { unit: state.unit.display ?? state.unit.code ?? '' } : {})}
          width={props.bare ? undefined : 220}
        />
      );
    case 'date':
      return (
        <DateField
          {...shared}
          value={dateOf(value)}
          onChange={onValue}
          width={props.bare ? undefined : 220}
        />
      );
    case 'dateTime':
      return <Moment {...props} />;
    case 'time':
      return <Time {...shared} value={typeof value === 'string' ? value : ''} onValue={onValue} />;
    default:
      return <Words {...props} />;
  }
}

const dateOf = (value: unknown) => (typeof value === 'string' ? (value.slice(0, 10) as PartialDate) : null);

/**
 * What is in the box is kept here, so that the form may judge and calculate without touching a letter that is being composed.
 */
function Words(props: OneProps) {
  const { state, face, onValue } = props;
  const given = typeof props.value === 'string' ? props.value : '';
  const [text, setText] = useState(given);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new value from outside replaces the text
  useLayoutEffect(() => {
    if (given !== text && given !== text.trim()) setText(given);
  }, [given]);
  return (
    <TextField
      label={props.label}
      required={state.required}
      readOnly={props.readOnly}
      bare={props.bare}
      error={props.error}
      hint={props.hint}
      value={text}
      onChange={(next) => {
        setText(next);
        onValue(next.trim() === '' ? '' : next);
      }}
      {...(state.type === 'text' || face.control === 'text-area' ? { lines: props.bare ? 1 : 3 } : {})}
      {...(face.maxLength === null ? {} : { maxLength: face.maxLength })}
      {...(face.entryFormat === null ? {} : { placeholder: face.entryFormat })}
      {...(face.lower === null ? {} : { lead: face.lower })}
      {...(face.upper === null ? {} : { trail: face.upper })}
    />
  );
}

function Moment(props: OneProps) {
  const { day, time } = splitMoment(typeof props.value === 'string' ? props.value : '');
  const put = (next: { day: string | null; time: string }) => props.onValue(joinMoment(next.day, next.time));
  return (
    <Row align="start" wrap>
      <DateField
        label={props.label}
        required={props.state.required}
        readOnly={props.readOnly}
        bare={props.bare}
        error={props.error}
        hint={props.hint}
        value={day}
        onChange={(next) => put({ day: next, time })}
        width={180}
      />
      <Time
        label={t('forms.time-of', 'Giờ')}
        bare={props.bare}
        readOnly={props.readOnly || day?.length !== 10}
        value={time}
        onValue={(next) => put({ day, time: next })}
      />
    </Row>
  );
}

/** `730`, `7h30`, `7:30` → 07:30. */
function Time(props: {
  label: string;
  value: string;
  onValue: (value: string) => void;
  required?: boolean;
  readOnly?: boolean;
  bare?: boolean;
  error?: string | undefined;
  hint?: string | undefined;
}) {
  const { value, onValue, ...shared } = props;
  const [text, setText] = useState(value.slice(0, 5));
  const [left, setLeft] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new value from outside replaces the text
  useLayoutEffect(() => {
    if (value !== (readTime(text) ?? '')) setText(value.slice(0, 5));
  }, [value]);
  const wrong = left && text.trim() !== '' && readTime(text) === null;
  return (
    <TextField
      {...shared}
      error={
        props.error ?? (wrong ? t('forms.time-unreadable', 'Không đọc được giờ này. Ví dụ: 7:30') : undefined)
      }
      width={110}
      inputMode="numeric"
      placeholder={t('forms.time-example', 'giờ:phút')}
      value={text}
      onChange={(next) => {
        setLeft(false);
        setText(next);
        onValue(readTime(next) ?? '');
      }}
      onBlur={() => {
        setLeft(true);
        const read = readTime(text);
        if (read) setText(read.slice(0, 5));
      }}
    />
  );
}

function YesNo(props: ControlProps) {
  const { state, face } = props;
  const value = state.values[0];
  if (face.control === 'check-box')
    return (
      <CheckBox
        label={props.label}
        checked={value === true}
        disabled={props.readOnly}
        onChange={(on) => props.onChange(on ? [true] : [])}
      />
    );
  return (
    <RadioList
      label={props.label}
      required={state.required}
      bare={props.bare}
      disabled={props.readOnly}
      hint={props.hint}
      error={props.error}
      inline
      choices={[
        { value: 'true', label: t('forms.yes', 'Có') },
        { value: 'false', label: t('forms.no', 'Không') },
      ]}
      value={value === undefined ? '' : String(value)}
      onChange={(next) => props.onChange([next === 'true'])}
      onClear={() => props.onChange([])}
    />
  );
}

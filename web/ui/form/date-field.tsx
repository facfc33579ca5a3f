import { useLayoutEffect, useState } from 'react';
import { type PartialDate, today } from '../format/day.ts';
import { formatDate, formatWeekday } from '../format/format.ts';
import { type Expectation, parseDate } from '../format/parse-date.ts';
import { t } from '../i18n/language.ts';
import { IconCalendar } from '../icons.ts';
import { Field, type FieldProps } from './field.tsx';

/**
 * A date typed the way people write it: `070285`, `7/2/85`, `1985`, `2/1985`, `+7` for a week ahead. The precision is
 * kept: the value is `1985`, `1985-02` or `1985-02-07`, or null when empty or unreadable.
 * @param props.expect where a two-digit year lies: `past` (birth, the default) or `future` (appointment)
 * @param props.full refuses a year or a month alone
 */
export function DateField(
  props: FieldProps & {
    value: PartialDate | null;
    onChange: (value: PartialDate | null) => void;
    expect?: Expectation;
    full?: boolean;
  },
) {
  const { value } = props;
  const expect = props.expect ?? 'past';
  const [text, setText] = useState(formatDate(value));
  const [left, setLeft] = useState(false);
  const read = readDate(text, expect, props.full);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new value from outside replaces the text
  useLayoutEffect(() => {
    if (read !== value) setText(formatDate(value));
  }, [value]);

  const finish = () => {
    setLeft(true);
    if (read) setText(formatDate(read));
  };
  const wrong = left && text.trim() !== '' && !read;
  return (
    <Field
      {...props}
      hint={props.hint ?? (read?.length === 10 && !props.bare ? formatWeekday(read) : undefined)}
      error={
        props.error ??
        (wrong ? t('ui.date.unreadable', 'Không đọc được ngày này. Ví dụ: 070285 hoặc 7/2/1985') : undefined)
      }
      lead={props.bare ? undefined : <IconCalendar size={18} aria-hidden />}
    >
      {(control) => (
        <input
          {...control}
          className="yb-input"
          data-number
          inputMode="numeric"
          autoComplete="off"
          placeholder={t('ui.date.example', 'ngày/tháng/năm')}
          value={text}
          onChange={(event) => {
            setLeft(false);
            setText(event.target.value);
            const typed = readDate(event.target.value, expect, props.full);
            if (typed !== value) props.onChange(typed);
          }}
          onBlur={finish}
        />
      )}
    </Field>
  );
}

function readDate(text: string, expect: Expectation, full: boolean | undefined): PartialDate | null {
  const read = text.trim() === '' ? null : parseDate(text, today(), expect);
  return full && read && read.length < 10 ? null : read;
}

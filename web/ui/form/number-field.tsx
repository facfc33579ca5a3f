import { useLayoutEffect, useState } from 'react';
import { formatNumber } from '../format/format.ts';
import { parseNumber } from '../format/parse-number.ts';
import { t } from '../i18n/language.ts';
import { Field, type FieldProps } from './field.tsx';

/**
 * A number; comma or point for decimals, points between thousands. What cannot be read stays in the box with a
 * sentence beside it, and the value is null meanwhile.
 * @param props.whole whole numbers only (money, counts)
 * @param props.min @param props.max outside of them the field says so (a likely slip), the value still passes
 */
export function NumberField(
  props: FieldProps & {
    value: number | null;
    onChange: (value: number | null) => void;
    unit?: string;
    whole?: boolean;
    min?: number;
    max?: number;
    decimals?: number;
  },
) {
  const { value, whole } = props;
  const shown = plain(value, props.decimals, whole);
  const [text, setText] = useState(shown);
  const read = text.trim() === '' ? null : parseNumber(text, whole);

  // A value set from outside replaces the text unless the text already means it; before the eye sees the old text once more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new value counts, not the text being typed
  useLayoutEffect(() => {
    if (read !== value && !(value === null && text.trim() !== '' && read === null)) setText(shown);
  }, [value]);

  return (
    <Field {...props} error={props.error ?? fault(text, read, props)}>
      {(control) => (
        <input
          {...control}
          className="yb-input"
          data-number
          inputMode={whole ? 'numeric' : 'decimal'}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            props.onChange(event.target.value.trim() === '' ? null : parseNumber(event.target.value, whole));
          }}
          onBlur={() => read !== null && setText(plain(read, props.decimals, whole))}
        />
      )}
    </Field>
  );
}

function plain(value: number | null, decimals: number | undefined, whole: boolean | undefined): string {
  if (value === null) return '';
  return whole ? formatNumber(value) : formatNumber(value, decimals).replaceAll('.', '');
}

function fault(text: string, read: number | null, range: { min?: number; max?: number }): string | undefined {
  if (text.trim() === '') return undefined;
  if (read === null) return t('ui.number.unreadable', 'Không đọc được số này. Ví dụ: 36,5');
  if (range.min !== undefined && read < range.min)
    return t('ui.number.low', 'Thấp hơn {min}: xem lại số vừa gõ.', { min: formatNumber(range.min) });
  if (range.max !== undefined && read > range.max)
    return t('ui.number.high', 'Cao hơn {max}: xem lại số vừa gõ.', { max: formatNumber(range.max) });
  return undefined;
}

import { t } from '../i18n/language.ts';
import { IconChevronDown } from '../icons.ts';
import { Field, type FieldProps } from './field.tsx';

export interface Choice {
  value: string;
  label: string;
  disabled?: boolean;
}

/** One of a few (up to about fifteen); for more use `CodeSearch`. The browser's own list: fast, known, works on phones. */
export function SelectField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    choices: readonly Choice[];
    /** First line when nothing is chosen; with it the field can be emptied again. */
    empty?: string;
  },
) {
  const needsEmpty =
    props.empty !== undefined || !props.choices.some((choice) => choice.value === props.value);
  return (
    <Field {...props} trail={<IconChevronDown size={18} className="yb-chevron" aria-hidden />}>
      {({ readOnly, ...control }) => (
        <select
          {...control}
          disabled={control.disabled || readOnly}
          className="yb-input"
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        >
          {needsEmpty && <option value="">{props.empty ?? t('ui.choose', 'Chọn…')}</option>}
          {props.choices.map((choice) => (
            <option key={choice.value} value={choice.value} disabled={choice.disabled}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

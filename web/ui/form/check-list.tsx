import { type ReactNode, useId } from 'react';
import { t } from '../i18n/language.ts';
import { IconAlertCircle } from '../icons.ts';
import type { Choice } from './select-field.tsx';

interface ListProps {
  label: string;
  choices: readonly Choice[];
  inline?: boolean;
  /** Hides the label from the eye, not from the screen reader: for cells of a table. */
  bare?: boolean;
  required?: boolean;
  disabled?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
}

/** The frame of a list of choices, as `Field` is of a box: words above, fault and hint below. */
function ChoiceFrame(props: ListProps & { children: ReactNode }) {
  const id = useId();
  const notes = [props.error ? `${id}-error` : '', props.hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return (
    <fieldset
      className="yb-checks"
      data-inline={props.inline || undefined}
      aria-describedby={notes || undefined}
    >
      <legend className={props.bare ? 'yb-hidden' : 'yb-label'}>
        {props.label}
        {props.required && !props.bare && (
          <span className="yb-required" title={t('ui.required', 'Bắt buộc')} aria-hidden>
            {' *'}
          </span>
        )}
      </legend>
      <div>{props.children}</div>
      {props.error && (
        <span className="yb-error" id={`${id}-error`}>
          <IconAlertCircle size={16} aria-hidden />
          <span>{props.error}</span>
        </span>
      )}
      {props.hint && (
        <span className="yb-hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      )}
    </fieldset>
  );
}

/** One yes-or-no. */
export function CheckBox(props: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  name?: string;
}) {
  return (
    <label className="yb-check">
      <input
        type="checkbox"
        name={props.name}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}

/** Several of a few. */
export function CheckList(
  props: ListProps & { value: readonly string[]; onChange: (value: string[]) => void },
) {
  const toggle = (key: string, on: boolean) =>
    props.onChange(on ? [...props.value, key] : props.value.filter((chosen) => chosen !== key));
  return (
    <ChoiceFrame {...props}>
      {props.choices.map((choice) => (
        <CheckBox
          key={choice.value}
          label={choice.label}
          disabled={choice.disabled || props.disabled}
          checked={props.value.includes(choice.value)}
          onChange={(on) => toggle(choice.value, on)}
        />
      ))}
    </ChoiceFrame>
  );
}

/** One of two to five, all in sight. With `onClear` the chosen one can be given up: Delete, or a second click on it. */
export function RadioList(
  props: ListProps & {
    value: string;
    onChange: (value: string) => void;
    onClear?: () => void;
    name?: string;
  },
) {
  const id = useId();
  const { onClear } = props;
  return (
    <ChoiceFrame {...props}>
      {props.choices.map((choice) => (
        <label className="yb-check" key={choice.value}>
          <input
            type="radio"
            name={props.name ?? id}
            value={choice.value}
            checked={choice.value === props.value}
            disabled={choice.disabled || props.disabled}
            onChange={() => props.onChange(choice.value)}
            onClick={() => onClear && choice.value === props.value && onClear()}
            onKeyDown={(event) =>
              (event.key === 'Delete' || event.key === 'Backspace') && onClear && onClear()
            }
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </ChoiceFrame>
  );
}

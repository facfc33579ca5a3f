import { type ReactNode, useId } from 'react';
import type { Choice } from './select-field.tsx';

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
export function CheckList(props: {
  label: string;
  choices: readonly Choice[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  inline?: boolean;
}) {
  const toggle = (key: string, on: boolean) =>
    props.onChange(on ? [...props.value, key] : props.value.filter((chosen) => chosen !== key));
  return (
    <fieldset className="yb-checks" data-inline={props.inline || undefined}>
      <legend className="yb-label">{props.label}</legend>
      <div>
        {props.choices.map((choice) => (
          <CheckBox
            key={choice.value}
            label={choice.label}
            disabled={choice.disabled}
            checked={props.value.includes(choice.value)}
            onChange={(on) => toggle(choice.value, on)}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** One of two to five, all in sight. */
export function RadioList(props: {
  label: string;
  choices: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
  inline?: boolean;
  name?: string;
}) {
  const id = useId();
  return (
    <fieldset className="yb-checks" data-inline={props.inline || undefined}>
      <legend className="yb-label">{props.label}</legend>
      <div>
        {props.choices.map((choice) => (
          <label className="yb-check" key={choice.value}>
            <input
              type="radio"
              name={props.name ?? id}
              value={choice.value}
              checked={choice.value === props.value}
              disabled={choice.disabled}
              onChange={() => props.onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Choices that stand in named columns (SDC choiceColumn): a row each, chosen as in any list. */
import { useId } from 'react';
import type { FieldFace, FieldState, Option } from '../../../../engines/forms/browser.ts';

export function ChoiceTable(props: {
  state: FieldState;
  face: FieldFace;
  label: string;
  options: readonly Option[];
  readOnly: boolean;
  error: string | undefined;
  hint: string | undefined;
  isChosen: (option: Option) => boolean;
  /** A row was chosen, or given up where there may be several. */
  onToggle: (option: Option, on: boolean) => void;
}) {
  const { face, options, label } = props;
  const id = useId();
  const notes = [props.error ? `${id}-error` : '', props.hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return (
    <fieldset className="yb-checks" aria-describedby={notes || undefined}>
      <legend className="yb-label">
        {label}
        {props.state.required && (
          <span className="yb-required" aria-hidden>
            {' *'}
          </span>
        )}
      </legend>
      <div className="fm-scroll">
        <table className="fm-table fm-choices" aria-label={label}>
          <thead>
            <tr>
              <td />
              {face.columns.map((column) => (
                <th key={column.label} scope="col" style={column.width ? { width: column.width } : undefined}>
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {options.map((option, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: choices are told apart by their place alone
              <tr key={at}>
                <td>
                  <input
                    id={`${id}-${at}`}
                    type={face.repeats ? 'checkbox' : 'radio'}
                    name={id}
                    aria-label={option.label}
                    checked={props.isChosen(option)}
                    disabled={props.readOnly || !option.enabled}
                    onChange={(event) => props.onToggle(option, event.target.checked)}
                  />
                </td>
                {face.columns.map((column, cell) => (
                  <td key={column.label}>
                    <label htmlFor={`${id}-${at}`}>{option.cells?.[cell] ?? ''}</label>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.error && (
        <span className="yb-error" id={`${id}-error`}>
          {props.error}
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

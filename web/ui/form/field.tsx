/** The frame of every field: label above, unit inside, hint below, error in place (ui.md, Behaviour 3). */
import { type ReactNode, useContext, useId } from 'react';
import { t } from '../i18n/language.ts';
import { IconAlertCircle } from '../icons.ts';
import { useFirstFocus } from './first-focus.ts';
import { FormContext } from './form-context.ts';

/** What all fields share. `name` ties the field to its form: errors, drafts and the summary use it. */
export interface FieldProps {
  label: string;
  name?: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Marked with * and told to screen readers; the check itself is the form's. */
  required?: boolean;
  disabled?: boolean;
  readOnly?: boolean;
  autoFocus?: boolean;
  /** Hides the label from the eye, not from the screen reader: for cells of a table. */
  bare?: boolean;
  /** CSS width of the whole field. */
  width?: number | string;
}

/** Attributes the control itself needs. */
export interface ControlAttributes {
  id: string;
  name: string | undefined;
  disabled: boolean | undefined;
  readOnly: boolean | undefined;
  autoFocus: boolean | undefined;
  /** Tells a dialog's focus trap the same. */
  'data-autofocus': boolean | undefined;
  'aria-invalid': boolean | undefined;
  'aria-describedby': string | undefined;
  'aria-required': boolean | undefined;
}

/** @param props.children draws the control with the attributes it needs */
export function Field(
  props: FieldProps & {
    unit?: string;
    lead?: ReactNode;
    trail?: ReactNode;
    noBox?: boolean;
    children: (control: ControlAttributes) => ReactNode;
  },
) {
  const id = useId();
  const form = useContext(FormContext);
  const firstFocus = useFirstFocus(props.autoFocus);
  const error = props.error ?? (props.name ? form?.errors[props.name] : undefined);
  const notes = [error ? `${id}-error` : '', props.hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  const control: ControlAttributes = {
    id,
    name: props.name,
    disabled: props.disabled,
    readOnly: props.readOnly,
    ...firstFocus,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': notes || undefined,
    'aria-required': props.required ? true : undefined,
  };
  return (
    <div className="yb-field" style={props.width === undefined ? undefined : { width: props.width }}>
      <label className={props.bare ? 'yb-hidden' : 'yb-label'} htmlFor={id}>
        {props.label}
        {props.required && !props.bare && (
          <span className="yb-required" title={t('ui.required', 'Bắt buộc')} aria-hidden>
            {' *'}
          </span>
        )}
      </label>
      {props.noBox ? (
        props.children(control)
      ) : (
        <div
          className="yb-input-box"
          data-wrong={error ? true : undefined}
          data-off={props.disabled || props.readOnly || undefined}
        >
          {props.lead && <span className="yb-lead">{props.lead}</span>}
          {props.children(control)}
          {props.unit && <span className="yb-unit">{props.unit}</span>}
          {props.trail}
        </div>
      )}
      {error && (
        <div className="yb-error" id={`${id}-error`}>
          <IconAlertCircle size={16} aria-hidden />
          <span>{error}</span>
        </div>
      )}
      {props.hint && (
        <div className="yb-hint" id={`${id}-hint`}>
          {props.hint}
        </div>
      )}
    </div>
  );
}

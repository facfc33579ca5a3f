import { type KeyboardEvent, type ReactNode, type Ref, useLayoutEffect, useRef } from 'react';
import { Field, type FieldProps } from './field.tsx';

/**
 * One line of text, or several with `lines`. The value is always what is in the box; composition of Telex and VNI is
 * the browser's and is not touched.
 */
export function TextField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    onBlur?: () => void;
    /** Enter in a single line; nothing happens while a letter is being composed. */
    onEnter?: () => void;
    lines?: number;
    unit?: string;
    lead?: ReactNode;
    trail?: ReactNode;
    type?: 'text' | 'password' | 'tel' | 'email' | 'search';
    autoComplete?: string;
    inputMode?: 'text' | 'numeric' | 'tel';
    placeholder?: string;
    maxLength?: number;
    inputRef?: Ref<HTMLInputElement>;
  },
) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !props.onEnter) return;
    event.preventDefault();
    event.stopPropagation();
    props.onEnter();
  };
  const shared = {
    className: 'yb-input',
    value: props.value,
    placeholder: props.placeholder,
    maxLength: props.maxLength,
    autoComplete: props.autoComplete ?? 'off',
    onBlur: props.onBlur,
  };
  return (
    <Field {...props}>
      {(control) =>
        props.lines ? (
          <GrowingText {...control} {...shared} rows={props.lines} onChange={props.onChange} />
        ) : (
          <input
            {...control}
            {...shared}
            ref={props.inputRef}
            type={props.type ?? 'text'}
            inputMode={props.inputMode}
            spellCheck={false}
            onChange={(event) => props.onChange(event.target.value)}
            onKeyDown={onKeyDown}
          />
        )
      }
    </Field>
  );
}

/** A text area that grows with its words, up to about twelve lines. */
function GrowingText(
  props: { value: string; rows: number; onChange: (value: string) => void } & Omit<
    React.ComponentProps<'textarea'>,
    'onChange' | 'value'
  >,
) {
  const { onChange, ...rest } = props;
  const box = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again whenever the words change
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 280)}px`;
  }, [props.value]);
  return (
    <textarea {...rest} ref={box} spellCheck={false} onChange={(event) => onChange(event.target.value)} />
  );
}

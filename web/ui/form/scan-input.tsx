/** One field for a scanner that types like a keyboard: the text is read at Enter, and the field is empty for the next. */
import { useState } from 'react';
import { Field } from './field.tsx';

/** How the separator of GS1 is written where a control character cannot be typed. */
const SEPARATOR = '\u241d';

export function ScanInput(props: {
  label: string;
  hint: string;
  autoFocus?: boolean;
  /** @returns false when the text could not be read and stays to be mended */
  onRead: (text: string) => Promise<boolean>;
}) {
  const [code, setCode] = useState('');
  const read = async () => {
    const text = code.trim();
    if (text === '') return;
    // The next scan may follow at once.
    setCode('');
    if (!(await props.onRead(text))) setCode((now) => now || text);
  };
  return (
    <Field label={props.label} hint={props.hint} {...(props.autoFocus ? { autoFocus: true } : {})}>
      {(control) => (
        <input
          {...control}
          className="yb-input"
          value={code}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setCode(event.target.value)}
          onKeyDown={(event) => {
            if (event.ctrlKey && event.key === ']') {
              // Scanners send the separator as Ctrl and ], which types nothing by itself.
              event.preventDefault();
              setCode((before) => before + SEPARATOR);
            }
            if (event.key !== 'Enter' || event.ctrlKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.stopPropagation();
            void read();
          }}
        />
      )}
    </Field>
  );
}

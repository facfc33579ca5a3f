import { useEffect, useRef, useState } from 'react';
import { IconSearch } from '../icons.ts';
import { TextField } from './text-field.tsx';

/** A search waits for a pause in typing, so that a name of twelve letters is one question and not twelve. */
const PAUSE_MS = 250;

/** Words that a list is searched by, in the list's bar. The label stands in the empty box. */
export function SearchField(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  width?: string;
  autoFocus?: boolean;
}) {
  const { label, value } = props;
  const [typed, setTyped] = useState(value);
  const newest = useRef(props.onChange);
  newest.current = props.onChange;
  const asked = useRef(value);
  const ask = (text: string) => {
    asked.current = text;
    newest.current(text);
  };
  useEffect(() => {
    // What was asked for here comes back while more is being typed; only another's change replaces the words.
    if (value !== asked.current) setTyped(value);
    asked.current = value;
  }, [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the pause anew
  useEffect(() => {
    if (typed === asked.current) return;
    const timer = window.setTimeout(() => ask(typed), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return (
    <TextField
      label={label}
      name="find"
      bare
      autoFocus={props.autoFocus ?? false}
      width={props.width ?? '220px'}
      value={typed}
      onChange={setTyped}
      onEnter={() => ask(typed)}
      placeholder={label}
      lead={<IconSearch size={18} aria-hidden />}
    />
  );
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { readDraft, removeDraft, writeDraft } from './draft-store.ts';
import { currentSession } from './session.ts';

export interface Draft<T> {
  value: T;
  set: (next: T | ((before: T) => T)) => void;
  /** True when the value came from an earlier visit to the form. */
  restored: boolean;
  /** After success: forgets the draft, keeps the value on screen. */
  done: () => void;
  /** Forgets the draft and starts from the initial value. */
  discard: () => void;
}

/**
 * State that survives reload, crash and power cut: what is typed is kept on this machine under the person's account
 * until `done`, sign-out or half a day. A null key keeps nothing.
 * @param key name of the form and of what it is about: `consultation.<encounter id>`
 */
export function useDraft<T>(key: string | null, initial: T): Draft<T> {
  const session = currentSession();
  const owner = 'me' in session ? session.me.id : null;
  const kept = useRef(owner !== null && key !== null);
  const [restoredValue] = useState(() =>
    owner && key ? (readDraft(owner, key) as T | undefined) : undefined,
  );
  const [value, setValue] = useState<T>(restoredValue ?? initial);
  const [restored, setRestored] = useState(restoredValue !== undefined);
  const touched = useRef(false);

  useEffect(() => {
    if (touched.current && kept.current && owner && key) writeDraft(owner, key, value);
  }, [owner, key, value]);

  const set = useCallback((next: T | ((before: T) => T)) => {
    touched.current = true;
    kept.current = true;
    setValue(next);
  }, []);
  const done = useCallback(() => {
    kept.current = false;
    touched.current = false;
    setRestored(false);
    if (owner && key) removeDraft(owner, key);
  }, [owner, key]);
  const first = useRef(initial);
  const discard = useCallback(() => {
    done();
    setValue(first.current);
  }, [done]);
  return { value, set, restored, done, discard };
}

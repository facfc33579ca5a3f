import { useSyncExternalStore } from 'react';

const REMEMBERED = 'yba.contrast';
const listeners = new Set<() => void>();

/** High contrast, chosen by the person and remembered on this machine. */
export function useContrast(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => window.localStorage.getItem(REMEMBERED) === 'on',
  );
  return [on, choose];
}

function choose(on: boolean): void {
  if (on) window.localStorage.setItem(REMEMBERED, 'on');
  else window.localStorage.removeItem(REMEMBERED);
  for (const listener of listeners) listener();
}

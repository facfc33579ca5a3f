import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { addKeys, handleKey, type KeyAction, subscribeKeys, validKeys } from './registry.ts';

/**
 * Keys of a part of the page while it is shown. `run` may change from draw to draw; the newest is called.
 * @param exclusive for dialogs: hides the keys below
 */
export function useKeys(actions: readonly KeyAction[], exclusive = false): void {
  const newest = useRef(actions);
  newest.current = actions;
  const shape = JSON.stringify(
    actions.map(({ key, label, disabled, silent }) => [key, label, disabled, silent]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the actions
  const stable = useMemo(
    () => newest.current.map((action, index) => ({ ...action, run: () => newest.current[index]?.run() })),
    [shape],
  );
  useEffect(() => addKeys(stable, exclusive), [stable, exclusive]);
}

/** Listens to the keyboard for the registry; mounted once by the shell. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', handleKey);
    return () => window.removeEventListener('keydown', handleKey);
  }, []);
}

/** A key as drawn beside its act. */
export function Key(props: { children: string }) {
  return <kbd className="yb-key">{keyLabel(props.children)}</kbd>;
}

/** `Ctrl+Enter` → `Ctrl ↵`. */
export function keyLabel(key: string): string {
  return key.replaceAll('+', ' ').replace('Enter', '↵').replace('Escape', 'Esc');
}

/** The strip at the bottom: the keys valid now, each also a button. */
export function KeyStrip(props: { label: string }) {
  const actions = useSyncExternalStore(subscribeKeys, validKeys, validKeys);
  return (
    <nav className="yb-keys yb-no-print" aria-label={props.label}>
      {actions
        .filter((action) => !action.silent)
        .map((action) => (
          <button
            key={action.key}
            type="button"
            tabIndex={-1}
            disabled={action.disabled}
            onClick={action.run}
          >
            <Key>{action.key}</Key> {action.label}
          </button>
        ))}
    </nav>
  );
}

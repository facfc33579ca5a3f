import type { KeyboardEvent } from 'react';

const STOPS =
  'input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled), button[type=submit]:not(:disabled)';

/**
 * Enter in a field goes to the next one of the same box, and from the last to `last`, or to the button that sends; never
 * while a letter is composed, nor out of a text of several lines. For `onKeyDown` of the box around the fields.
 */
export function enterGoesOn(event: KeyboardEvent<HTMLElement>, last?: () => void): void {
  if (
    event.key !== 'Enter' ||
    event.nativeEvent.isComposing ||
    event.keyCode === 229 ||
    event.defaultPrevented
  )
    return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const from = event.target as HTMLElement;
  if (from.matches('textarea, button, a, [role=option]')) return;
  event.preventDefault();
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(STOPS)].filter(
    (stop) => stop.tabIndex >= 0,
  );
  const next = stops[stops.indexOf(from) + 1];
  if (next) next.focus();
  else last?.();
}

/** The keyboard of a form: Enter goes on, Ctrl+↑ takes the earlier answer. */
import type { KeyboardEvent } from 'react';

const STOPS =
  'input:not(:disabled):not([type=hidden]):not([type=file]), select:not(:disabled), textarea:not(:disabled), button';

/** The control of a field that takes the focus: of a list of choices the chosen one. */
export function stopOf(field: Element | undefined | null): HTMLElement | null {
  if (!field) return null;
  const own = [...field.querySelectorAll<HTMLElement>(STOPS)].filter(
    (one) => one.closest('[data-field]') === field && one.tabIndex >= 0,
  );
  return (
    own.find((one) => (one as HTMLInputElement).checked) ??
    own.find((one) => one.tagName !== 'BUTTON') ??
    own[0] ??
    null
  );
}

/** @param onLast Enter in the last field. Nothing is done while a letter is composed, nor out of a text of several lines. */
export function formKeys(
  event: KeyboardEvent<HTMLElement>,
  onPrevious: (path: string) => void,
  onLast: () => void,
): void {
  if (event.nativeEvent.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const from = event.target as HTMLElement;
  const field = from.closest<HTMLElement>('[data-field]');
  if (!field) return;
  if (event.key === 'ArrowUp' && event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    onPrevious(field.dataset.field!);
    return;
  }
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (from.matches('textarea, button, a, [role=option]')) return;
  event.preventDefault();
  const next = nextStop(event.currentTarget, field, from);
  if (next) next.focus();
  else onLast();
}

function nextStop(box: HTMLElement, field: HTMLElement, from: HTMLElement): HTMLElement | null {
  // The second box of the same field: a time behind its date, a unit, words of one's own.
  if (!from.matches('[type=radio], [type=checkbox]')) {
    const own = [
      ...field.querySelectorAll<HTMLElement>(
        'input:not(:disabled):not([type=file]):not([type=radio]):not([type=checkbox]), select:not(:disabled)',
      ),
    ].filter((one) => one.closest('[data-field]') === field);
    const behind = own[own.indexOf(from) + 1];
    if (behind) return behind;
  }
  const fields = [...box.querySelectorAll<HTMLElement>('[data-field]')];
  for (const later of fields.slice(fields.indexOf(field) + 1)) {
    const stop = stopOf(later);
    if (stop && stop.tagName !== 'BUTTON') return stop;
  }
  return null;
}

/** A form that opens takes the keyboard at its first open question, unless something else has it or there is no keyboard. */
export function focusFirst(box: HTMLElement | null): void {
  const now = document.activeElement;
  const isFree = now === null || now === document.body || now.tagName === 'MAIN';
  if (!isFree || window.matchMedia('(pointer: coarse)').matches) return;
  const stops = [...(box?.querySelectorAll('[data-field]') ?? [])].map(stopOf);
  const first = stops.find((one) => one && one.tagName !== 'BUTTON' && !(one as HTMLInputElement).readOnly);
  first?.focus({ preventScroll: true });
}

/** Goes to a field, wherever on the page it stands. */
export function focusField(path: string): void {
  const field = [...document.querySelectorAll<HTMLElement>('[data-field]')].find(
    (one) => one.dataset.field === path,
  );
  field?.scrollIntoView({ block: 'center' });
  stopOf(field)?.focus({ preventScroll: true });
}

/** Words in a box that are no answer: a date that no calendar has, a number with letters, a search from which nothing was chosen. */
import type { FieldState, Form, Path } from '../../../../engines/forms/browser.ts';

/** What is in one box of a question. */
export interface Box {
  text: string;
  kind: 'text' | 'number' | 'search';
}

/**
 * The words that finishing would lose; null when every box says what the answers say. Pure.
 * @param boxes of the question itself, in their order
 * @param repeats whether it takes several answers
 */
export function unreadOf(
  type: FieldState['type'],
  values: readonly unknown[],
  boxes: readonly Box[],
  repeats = false,
): string | null {
  const full = boxes.filter(({ text }) => text.trim() !== '');
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'quantity':
      return beyond(
        full.filter(({ kind }) => kind === 'number'),
        values.length,
      );
    case 'date':
    case 'time':
      return beyond(full, values.length);
    case 'dateTime':
      // Each answer has a day, and a time behind it where that could be read.
      return beyond(
        full,
        values.reduce<number>((sum, value) => sum + (String(value).length > 10 ? 2 : 1), 0),
      );
    case 'choice':
    case 'open-choice':
      // Where several are chosen they stand below the box, and it is empty again.
      return beyond(searched(full), repeats ? 0 : values.length);
    case 'reference':
      return beyond(searched(full), values.length);
    default:
      return null;
  }
}

const searched = (full: readonly Box[]) => full.filter(({ kind }) => kind === 'search');

const beyond = (full: readonly Box[], answered: number): string | null =>
  full.length > answered ? full.at(-1)!.text.trim() : null;

/** Every question under an element whose box holds words that are no answer, in order of the page. */
export function unreadIn(root: ParentNode, form: Form): { field: Path; text: string }[] {
  return [...root.querySelectorAll<HTMLElement>('[data-field]')].flatMap((field) => {
    const path = field.dataset.field!;
    const state = form.read(path);
    if (!state || state.readOnly) return [];
    const text = unreadOf(state.type, state.values, boxesOf(field), form.face(path)?.repeats);
    return text === null ? [] : [{ field: path, text }];
  });
}

function boxesOf(field: HTMLElement): Box[] {
  return [...field.querySelectorAll<HTMLInputElement>('input')]
    .filter((one) => one.closest('[data-field]') === field && (one.type === 'text' || one.type === 'search'))
    .map((one) => ({ text: one.value, kind: kindOf(one) }));
}

function kindOf(input: HTMLInputElement): Box['kind'] {
  if (input.dataset.number !== undefined) return 'number';
  return input.getAttribute('role') === 'combobox' ? 'search' : 'text';
}

import { createContext, useContext } from 'react';

/** True inside a dialog: its focus trap looks for the mark, and remembers where the focus was before. */
export const InDialog = createContext(false);

/**
 * How a control asks for the first focus. On a page the browser gives it; in a dialog only the mark is set, because
 * a control that takes the focus while it is drawn would hide from the dialog where to give it back.
 */
export function useFirstFocus(wanted: boolean | undefined): {
  autoFocus: boolean | undefined;
  'data-autofocus': boolean | undefined;
} {
  const inDialog = useContext(InDialog);
  return { autoFocus: wanted && !inDialog ? true : undefined, 'data-autofocus': wanted || undefined };
}

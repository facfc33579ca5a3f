/** What every field of an open form stands in: the form itself, and what the page does for it. */
import { type ComponentType, createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { FieldFace, FieldState, Form, Path } from '../../../../engines/forms/browser.ts';

export interface ItemProps {
  path: Path;
  level: number;
  /** In the cell of a table: the column's head has the words. */
  bare?: boolean;
}

export interface FormScope {
  form: Form;
  /** Draws one item: groups and questions have items in them. */
  Item: ComponentType<ItemProps>;
  /** Patient id: whom an attachment is about. */
  patient: string;
  readOnly: boolean;
  /** Fields that somebody tried to finish without, with what is said there. */
  missing: ReadonlyMap<Path, string>;
  /** ISO instant of the response that earlier answers come from; null = there is none. */
  previousAt: string | null;
}

export const Scope = createContext<FormScope | null>(null);

export function useScope(): FormScope {
  const scope = useContext(Scope);
  if (!scope) throw new Error('a field stands outside of its form');
  return scope;
}

/** One subscription a field: it is drawn again when it changes and at no other time. */
export function useField(path: Path): { state: FieldState; face: FieldFace } | null {
  const { form } = useScope();
  const subscribe = useCallback((listener: () => void) => form.subscribe(path, listener), [form, path]);
  const read = useCallback(() => form.read(path), [form, path]);
  const state = useSyncExternalStore(subscribe, read, read);
  const face = state && form.face(path);
  return state && face ? { state, face } : null;
}

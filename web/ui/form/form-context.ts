import { createContext } from 'react';

/** What fields learn from the form they stand in. */
export interface FormShown {
  /** Sentence by field name. */
  errors: Readonly<Record<string, string>>;
}

export const FormContext = createContext<FormShown | null>(null);

/** The form that is being written, with everything that can be undone. */
import { useCallback, useState } from 'react';
import type { Questionnaire } from '../../../../kernel/fhir/types.ts';

interface Steps {
  past: Questionnaire[];
  now: Questionnaire;
  future: Questionnaire[];
}

export interface FormHistory {
  form: Questionnaire;
  change: (next: Questionnaire) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
}

/** Steps that can be taken back. */
const MOST = 200;

export function useFormHistory(initial: Questionnaire): FormHistory {
  const [steps, setSteps] = useState<Steps>({ past: [], now: initial, future: [] });
  const change = useCallback(
    (next: Questionnaire) =>
      setSteps(({ past, now }) => ({ past: [...past.slice(-MOST), now], now: next, future: [] })),
    [],
  );
  const undo = useCallback(
    () =>
      setSteps((steps) => {
        const before = steps.past.at(-1);
        return before
          ? { past: steps.past.slice(0, -1), now: before, future: [steps.now, ...steps.future] }
          : steps;
      }),
    [],
  );
  const redo = useCallback(
    () =>
      setSteps((steps) => {
        const [next, ...future] = steps.future;
        return next ? { past: [...steps.past, steps.now], now: next, future } : steps;
      }),
    [],
  );
  return {
    form: steps.now,
    change,
    undo,
    redo,
    canUndo: steps.past.length > 0,
    canRedo: steps.future.length > 0,
  };
}

/** Counts that nobody made yet: one at a time for each form, and whoever asks waits only so long. */
import type { Pool } from 'pg';
import type { Form } from './forms.ts';

const chains = new WeakMap<Pool, Map<string, Promise<unknown>>>();

/** Work on one form, after what was begun on it before: two who ask for the same count it once. */
export function inTurn<T>(pool: Pool, form: Form, work: () => Promise<T>): Promise<T> {
  const own = chains.get(pool) ?? new Map<string, Promise<unknown>>();
  chains.set(pool, own);
  const key = `${form.key} ${form.version}`;
  const made = (own.get(key) ?? Promise.resolve()).then(work, work);
  own.set(key, made);
  return made;
}

/** The result, or null when it takes longer than so many milliseconds; the work goes on. A failure that comes later is told to who asks next. */
export async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    const result = await Promise.race([work, late]);
    if (result === null) work.catch(() => undefined);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** What was typed and is not on the server yet, with the way back. Pure. */
export interface Edit {
  /** null empties the cell, or takes a correction back. */
  value: number | null;
  /** Entry that was seen when it was typed. */
  seen: number;
  reason?: string;
}

export type Edits = Readonly<Record<string, Edit>>;

export interface Editing {
  edits: Edits;
  /** Steps back and forward: the edits as they were before and after. */
  past: readonly Edits[];
  future: readonly Edits[];
}

export const NOTHING_TYPED: Editing = { edits: {}, past: [], future: [] };
const MOST_STEPS = 100;

/** Several cells at once are one step. */
export function typed(before: Editing, cells: Edits): Editing {
  return {
    edits: { ...before.edits, ...cells },
    past: [...before.past, before.edits].slice(-MOST_STEPS),
    future: [],
  };
}

/**
 * One step back. What is on the server by now is written over with what stood there.
 * @param kept value and entry of a cell as the server has them
 */
export function undone(now: Editing, kept: (cell: string) => Edit): Editing {
  const back = now.past.at(-1);
  if (!back) return now;
  return {
    edits: withReturned(back, now.edits, kept),
    past: now.past.slice(0, -1),
    future: [now.edits, ...now.future],
  };
}

export function redone(now: Editing): Editing {
  const [next, ...future] = now.future;
  if (!next) return now;
  return { edits: next, past: [...now.past, now.edits], future };
}

function withReturned(back: Edits, gone: Edits, kept: (cell: string) => Edit): Edits {
  const returned = Object.keys(gone).filter((cell) => !(cell in back));
  return { ...back, ...Object.fromEntries(returned.map((cell) => [cell, kept(cell)])) };
}

/** What is left when some edits have reached the server: those that were typed over meanwhile stay, with the entry they stand on. */
export function withoutSent(now: Editing, sent: Edits, entryOf: (cell: string) => number): Editing {
  const left = Object.entries(now.edits)
    .filter(([cell, edit]) => sent[cell] !== edit)
    .map(([cell, edit]) => [cell, cell in sent ? { ...edit, seen: entryOf(cell) } : edit] as const);
  return { edits: Object.fromEntries(left), past: [], future: [] };
}

/** What was typed and is not on the server yet, with the way back: also to what stood there before it was sent. Pure. */
export interface Edit {
  /** null empties the cell, or takes a correction back. */
  value: number | null;
  /** Entry that was seen when it was typed. */
  seen: number;
  reason?: string;
}

export type Edits = Readonly<Record<string, Edit>>;

/** What was done at once: what stood in its cells before, and after. */
export interface Step {
  before: Edits;
  after: Edits;
}

export interface Editing {
  edits: Edits;
  /** Steps that can be taken back, and those that were and can be done again, the next one first. */
  past: readonly Step[];
  future: readonly Step[];
}

/** What a cell holds on the server: null for a counted number that nobody corrected. */
export type Kept = (cell: string) => Edit;

export const NOTHING_TYPED: Editing = { edits: {}, past: [], future: [] };
const MOST_STEPS = 100;

/** Several cells at once are one step. */
export function typed(now: Editing, cells: Edits, kept: Kept): Editing {
  const before = Object.fromEntries(Object.keys(cells).map((cell) => [cell, now.edits[cell] ?? kept(cell)]));
  return {
    edits: { ...now.edits, ...cells },
    past: [...now.past, { before, after: cells }].slice(-MOST_STEPS),
    future: [],
  };
}

/** One step back. What is on the server by now is written over with what stood there. */
export function undone(now: Editing, kept: Kept): Editing {
  const step = now.past.at(-1);
  if (!step) return now;
  return {
    edits: rewritten(now, step.before, kept),
    past: now.past.slice(0, -1),
    future: [step, ...now.future],
  };
}

export function redone(now: Editing, kept: Kept): Editing {
  const [step, ...future] = now.future;
  if (!step) return now;
  return { edits: rewritten(now, step.after, kept), past: [...now.past, step], future };
}

/** Cells that hold the wanted number already are left alone. */
function rewritten({ edits }: Editing, wanted: Edits, kept: Kept): Edits {
  const changed = Object.entries(wanted).flatMap(([cell, { seen: _, ...edit }]) => {
    const stands = edits[cell] ?? kept(cell);
    return stands.value === edit.value ? [] : [[cell, { ...edit, seen: stands.seen }] as const];
  });
  return { ...edits, ...Object.fromEntries(changed) };
}

/** What is left when some edits have reached the server: those that were typed over meanwhile stay, with the entry they stand on. */
export function withoutSent(now: Editing, sent: Edits, entryOf: (cell: string) => number): Editing {
  const left = Object.entries(now.edits)
    .filter(([cell, edit]) => sent[cell] !== edit)
    .map(([cell, edit]) => [cell, cell in sent ? { ...edit, seen: entryOf(cell) } : edit] as const);
  return { ...now, edits: Object.fromEntries(left) };
}

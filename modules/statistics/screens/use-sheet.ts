/** A report while one types in it: edits are a draft of this machine until the server has them; totals are made anew at once. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { evaluate } from '../../../engines/reports/browser.ts';
import { ApiFailure, api, refresh, t, useConnection, useDraft, useQuery } from '../../../web/ui/index.ts';
import type { AnswerCell, SheetAnswer } from '../routes-sheet.ts';
import {
  type Editing,
  type Edits,
  type Kept,
  NOTHING_TYPED,
  redone,
  typed,
  undone,
  withoutSent,
} from './grid/edits.ts';
import { type LeftOut, numberTyped } from './grid/grid.tsx';

/** Typing rests so long before it is sent, ms. */
const REST = 800;
const AGAIN = 3_000;

export interface Theirs {
  cell: string;
  n: number;
  value: number | null;
  byName?: string;
}

export interface OpenSheet {
  sheet: SheetAnswer | undefined;
  error: ApiFailure | null;
  cellOf: (cell: string) => AnswerCell;
  isTyped: (cell: string) => boolean;
  type: (cells: { cell: string; text: string }[], left?: LeftOut) => void;
  undo: () => void;
  redo: () => void;
  /** Counted cells that were typed over and wait for a reason. */
  asks: string[];
  giveReason: (reason: string) => void;
  dropAsked: () => void;
  /** Texts that no cell can take, with the cell that they were for. */
  refused: { cell: string; text: string }[];
  /** Cells of the last paste that found no place. */
  left: LeftOut;
  conflicts: Theirs[];
  keepMine: () => void;
  takeTheirs: () => void;
  saving: 'saved' | 'waiting' | 'offline';
  problem: string | null;
  /** The server takes none of what is typed: sending it again changes nothing. */
  isRefused: boolean;
  /** Cells whose numbers are not on the server yet. */
  unsent: string[];
  dropUnsent: () => void;
  take: (answer: SheetAnswer) => void;
}

const NOTHING_LEFT: LeftOut = { outside: 0, closed: 0 };
const NO_CELL: AnswerCell = { value: null, origin: 'none', way: 'none', n: 0 };

export function useSheet(path: string): OpenSheet {
  const read = useQuery<SheetAnswer>(['sheet', path], path);
  const [newer, setNewer] = useState<SheetAnswer>();
  const sheet = laterOf(read.data, newer);
  const draft = useDraft<Editing>(`sheet.${path}`, NOTHING_TYPED);
  const { edits } = draft.value;
  const asks = useMemo(() => asksOf(sheet, edits), [sheet, edits]);
  const [refused, setRefused] = useState<OpenSheet['refused']>([]);
  const [left, setLeft] = useState<LeftOut>(NOTHING_LEFT);
  const conflict = useConflicts(draft.value, draft.set);
  const taken = useCallback((answer: SheetAnswer) => setNewer(answer), []);
  const sending = useSending({ path, edits, asks, set: draft.set, taken, conflict });
  const cells = useMemo(() => numbersWith(sheet, edits), [sheet, edits]);
  const cellOf = useCallback((cell: string) => cells.get(cell) ?? NO_CELL, [cells]);

  const type: OpenSheet['type'] = (list, leftOut = NOTHING_LEFT) => {
    const made: Record<string, Edits[string]> = {};
    const wrong: OpenSheet['refused'] = [];
    for (const { cell, text } of list) {
      const { whole, value: before, min = 0, way } = cellOf(cell);
      const value = numberTyped(text, whole);
      const below =
        value !== undefined && value !== null && value < 0 && (way === 'typed' ? min >= 0 : whole);
      if (value === undefined || below) wrong.push({ cell, text });
      else if (value !== before || cell in edits)
        made[cell] = { value, seen: edits[cell]?.seen ?? sheet?.cells[cell]?.n ?? 0 };
    }
    setRefused(wrong);
    setLeft(leftOut);
    if (Object.keys(made).length === 0) return;
    draft.set((before) => typed(before, made, keptIn(sheet)));
  };
  return {
    sheet,
    error: read.error,
    cellOf,
    isTyped: (cell) => cell in edits,
    type,
    undo: () => draft.set((before) => undone(before, keptIn(sheet))),
    redo: () => draft.set((before) => redone(before, keptIn(sheet))),
    asks,
    giveReason: (reason) =>
      draft.set((before) => ({ ...before, edits: withReason(before.edits, asks, reason) })),
    dropAsked: () => draft.set((before) => ({ ...before, edits: without(before.edits, asks) })),
    refused,
    left,
    conflicts: conflict.theirs,
    keepMine: conflict.keepMine,
    takeTheirs: conflict.takeTheirs,
    unsent: Object.keys(edits),
    dropUnsent: () => draft.set(NOTHING_TYPED),
    ...sending,
    take: taken,
  };
}

/**
 * What was read again (the province has taken a step meanwhile) or what came back with the last writing: a read that was under way then
 * is behind it. Entries and steps only ever become more. Pure.
 */
export function laterOf(
  read: SheetAnswer | undefined,
  written: SheetAnswer | undefined,
): SheetAnswer | undefined {
  if (!read || !written) return read ?? written;
  return ageOf(read) < ageOf(written) ? written : read;
}

const ageOf = ({ steps, cells }: SheetAnswer): number =>
  Object.values(cells).reduce((sum, { n }) => sum + n, steps.length);

/** What a cell holds on the server, as one would type it. */
const keptIn =
  (sheet: SheetAnswer | undefined): Kept =>
  (cell) => {
    const { origin, value = null, n = 0, reason } = sheet?.cells[cell] ?? NO_CELL;
    return { value: origin === 'counted' ? null : value, seen: n, ...(reason ? { reason } : {}) };
  };

/** Counted cells that were typed over without saying why. */
const asksOf = (sheet: SheetAnswer | undefined, edits: Edits): string[] =>
  Object.entries(edits).flatMap(([cell, { value, reason }]) =>
    sheet?.cells[cell]?.way === 'counted' && value !== null && !reason ? [cell] : [],
  );

const without = (edits: Edits, cells: readonly string[]): Edits =>
  Object.fromEntries(Object.entries(edits).filter(([cell]) => !cells.includes(cell)));

const withReason = (edits: Edits, cells: readonly string[], reason: string): Edits =>
  Object.fromEntries(
    Object.entries(edits).map(([cell, edit]) => [cell, cells.includes(cell) ? { ...edit, reason } : edit]),
  );

/** Numbers of the server with what was typed over them, formulas made anew. */
function numbersWith(sheet: SheetAnswer | undefined, edits: Edits): Map<string, AnswerCell> {
  const cells = new Map(Object.entries(sheet?.cells ?? {}));
  if (!sheet || Object.keys(edits).length === 0) return cells;
  for (const [name, { value }] of Object.entries(edits)) {
    const cell = cells.get(name);
    if (!cell) continue;
    if (cell.way !== 'counted') cells.set(name, { ...cell, value });
    else
      cells.set(
        name,
        value === null
          ? { ...cell, value: cell.counted ?? null, origin: 'counted' }
          : { ...cell, value, origin: 'corrected' },
      );
  }
  for (const { cell: name, node } of sheet.formulas) {
    const value = evaluate(node, ({ form, shift, cell }) =>
      form === null && shift === 0 ? (cells.get(cell)?.value ?? null) : null,
    );
    cells.set(name, { ...cells.get(name)!, value: typeof value === 'number' ? value : null });
  }
  return cells;
}

interface Conflicts {
  theirs: Theirs[];
  found: (theirs: Theirs[]) => void;
  keepMine: () => void;
  takeTheirs: () => void;
}

function useConflicts(now: Editing, set: (next: (before: Editing) => Editing) => void): Conflicts {
  const [theirs, setTheirs] = useState<Theirs[]>([]);
  const still = theirs.filter(({ cell }) => cell in now.edits);
  return {
    theirs: still,
    found: setTheirs,
    keepMine: () => {
      set((before) => ({
        ...before,
        edits: {
          ...before.edits,
          ...Object.fromEntries(still.map(({ cell, n }) => [cell, { ...before.edits[cell]!, seen: n }])),
        },
      }));
      setTheirs([]);
    },
    takeTheirs: () => {
      set((before) => ({
        edits: without(
          before.edits,
          still.map(({ cell }) => cell),
        ),
        past: [],
        future: [],
      }));
      setTheirs([]);
    },
  };
}

/** Sends what rests; what cannot be sent now is tried again, and nothing is forgotten. */
function useSending(of: {
  path: string;
  edits: Edits;
  asks: readonly string[];
  set: (next: (before: Editing) => Editing) => void;
  taken: (answer: SheetAnswer) => void;
  conflict: Conflicts;
}): Pick<OpenSheet, 'saving' | 'problem' | 'isRefused'> {
  const { path, edits, asks, set, taken, conflict } = of;
  const line = useConnection();
  const [problem, setProblem] = useState<string | null>(null);
  const [isRefused, setRefused] = useState(false);
  const [round, setRound] = useState(0);
  const busy = useRef(false);
  const waiting = without(edits, asks);
  const many = Object.keys(waiting).length;
  const held = conflict.theirs.length > 0;

  // `round` is asked so that a failed call is tried again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the edits themselves say when there is something to send
  useEffect(() => {
    if (many === 0 || held) return;
    const send = async () => {
      if (busy.current) return setRound((before) => before + 1);
      busy.current = true;
      try {
        const changes = Object.entries(waiting).map(([cell, edit]) => ({ cell, ...edit }));
        const answer = await api.put<SheetAnswer>(`${path}/cells`, { changes });
        taken(answer);
        set((before) => withoutSent(before, waiting, (cell) => answer.cells[cell]?.n ?? 0));
        setProblem(null);
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        setProblem(error.message);
        setRefused(!error.passing);
        // Their numbers, or that the report went its way meanwhile, stand beneath what was typed here.
        if (error.conflict || error.code === 'conflict') refreshSheet();
        if (error.conflict) conflict.found((error.details as { theirs: Theirs[] }).theirs);
        else if (error.passing) setTimeout(() => setRound((before) => before + 1), AGAIN);
      } finally {
        busy.current = false;
      }
    };
    const timer = setTimeout(send, REST);
    return () => clearTimeout(timer);
  }, [edits, asks, held, round, line]);

  if (many === 0) return { saving: 'saved', problem: null, isRefused: false };
  return {
    saving: line === 'lost' ? 'offline' : 'waiting',
    problem,
    isRefused: isRefused && problem !== null,
  };
}

/** Reads the report and what is asked about it again. */
export function refreshSheet(): void {
  void refresh(['sheet']);
  void refresh(['sheet-questions']);
}

/** How far what was typed has come, in words. */
export function savingWords(saving: OpenSheet['saving']): string {
  if (saving === 'saved') return t('statistics.saved', 'Đã lưu');
  if (saving === 'waiting') return t('statistics.saving', 'Đang lưu…');
  return t('statistics.offline', 'Mất mạng: giữ trên máy này, có mạng sẽ gửi');
}

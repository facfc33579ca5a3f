/** What the doctor has typed in a visit: a draft on this machine over the version of the visit it began from. */
import { useEffect, useState } from 'react';
import { type ApiFailure, api, useDraft } from '../../../../web/ui/index.ts';
import type { ConsultationInput, VisitView } from '../../contract.ts';

/** Everything typed and not yet in the record. */
export interface Typed {
  input: ConsultationInput;
  /** What the record said when typing began. */
  base: { version: number; input: ConsultationInput };
  /** Names of codes chosen here, so that they read as words before they are saved. */
  names: Record<string, string>;
}

export interface Work {
  typed: Typed;
  set: (change: (input: ConsultationInput) => ConsultationInput) => void;
  change: (change: Partial<Typed>) => void;
  /** Something typed is not in the record. */
  dirty: boolean;
  restored: boolean;
  busy: boolean;
  /** Faults by field, as the server names them: `vitals.temperature`. */
  faults: Record<string, string>;
  failure: ApiFailure | null;
  /** The visit as someone else left it, when it differs from what typing began with. */
  conflict: VisitView | null;
  /** Writes the consultation; answers the visit, or null when it was refused. */
  save: () => Promise<VisitView | null>;
  /** After a conflict: the chosen version goes on top of theirs. */
  resolve: (merged: ConsultationInput, theirs: VisitView) => void;
  /** Goes back to typing; the next saving asks again. */
  dismiss: () => void;
  forget: () => void;
}

export function useWork(visit: VisitView, onSaved: (visit: VisitView) => void): Work {
  const draft = useDraft<Typed>(visit.state === 'done' ? null : `examination.${visit.id}`, beginFrom(visit));
  const typed = draft.value;
  const dirty = !same(typed.input, typed.base.input);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [conflict, setConflict] = useState<VisitView | null>(null);

  // The visit was written elsewhere (a nurse, another window): taken over while nothing typed is at stake.
  useEffect(() => {
    if (visit.version <= typed.base.version) return;
    if (!dirty || same(visit.consultation, typed.base.input)) {
      draft.set((now) => rebased(now, visit, dirty));
    }
  }, [visit, typed.base.version, dirty, draft.set, typed.base.input]);

  const save = async (): Promise<VisitView | null> => {
    if (busy) return null;
    setBusy(true);
    setFailure(null);
    const sent = typed.input;
    try {
      const saved = await write(visit.id, sent, typed.base);
      draft.set((now) => rebased(now, saved, !same(now.input, sent)));
      onSaved(saved);
      return saved;
    } catch (error) {
      const failed = error as ApiFailure;
      const current = currentOf(failed);
      if (current) setConflict(current);
      else setFailure(failed);
      return null;
    } finally {
      setBusy(false);
    }
  };

  return {
    typed,
    set: (change) => draft.set((now) => ({ ...now, input: change(now.input) })),
    change: (change) => draft.set((now) => ({ ...now, ...change })),
    dirty,
    restored: draft.restored && dirty,
    busy,
    faults: Object.fromEntries((failure?.issues ?? []).map((issue) => [issue.expression ?? '', issue.text])),
    failure,
    conflict,
    save,
    resolve: (merged, theirs) => {
      setConflict(null);
      onSaved(theirs);
      draft.set((now) => ({
        ...now,
        input: merged,
        base: { version: theirs.version, input: theirs.consultation },
        names: { ...now.names, ...theirs.diagnosisNames },
      }));
    },
    dismiss: () => setConflict(null),
    forget: draft.done,
  };
}

/**
 * Writes over the version that typing began with. When the visit has a newer one that says the same (a test was ordered
 * meanwhile), there is nothing to choose between: it is written over that one.
 */
async function write(id: string, input: ConsultationInput, base: Typed['base']): Promise<VisitView> {
  const put = (ifMatch: number) =>
    api.put<VisitView>(`/api/clinic/visits/${id}/consultation`, input, { ifMatch });
  try {
    return await put(base.version);
  } catch (error) {
    const current = currentOf(error as ApiFailure);
    if (!current || !same(current.consultation, base.input)) throw error;
    return put(current.version);
  }
}

/** The visit as someone else left it, when that is why the act was refused. */
function currentOf(failure: ApiFailure): VisitView | null {
  const current = (failure.details as { current?: VisitView } | null)?.current;
  return failure.conflict && current ? current : null;
}

function beginFrom(visit: VisitView): Typed {
  return {
    input: visit.consultation,
    base: { version: visit.version, input: visit.consultation },
    names: visit.diagnosisNames,
  };
}

/** What was typed, over a newer version of the record. */
function rebased(now: Typed, visit: VisitView, keepTyped: boolean): Typed {
  return {
    ...now,
    input: keepTyped ? now.input : visit.consultation,
    base: { version: visit.version, input: visit.consultation },
    names: { ...now.names, ...visit.diagnosisNames },
  };
}

/** Equal in meaning: the same values, whatever the order of keys. */
export function same(a: ConsultationInput, b: ConsultationInput): boolean {
  const said = (one: ConsultationInput) => [
    Object.entries(one.vitals).sort(),
    Object.entries(one.notes)
      .map(([key, text]) => [key, text.trim()])
      .sort(),
    one.diagnoses.map((diagnosis) => [diagnosis.code, diagnosis.status]),
  ];
  return JSON.stringify(said(a)) === JSON.stringify(said(b));
}

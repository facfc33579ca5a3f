/** Keeps what is typed: in this browser at once, on the server every ten seconds, on leaving and on hiding the page. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Form } from '../../../../engines/forms/browser.ts';
import type { QuestionnaireResponse } from '../../../../kernel/fhir/types.ts';
import { ApiFailure, api, useConnection } from '../../../../web/ui/index.ts';
import type { DraftView } from '../../contract.ts';
import type { LocalCopy } from './local-copy.ts';
import { thisPlace } from './place.ts';

const EVERY_MS = 10_000;
/** What is typed reaches this browser's own store after so long a pause. */
const LOCAL_MS = 400;

export interface DraftSync {
  state: 'untouched' | 'unsaved' | 'saving' | 'saved' | 'offline';
  /** Epoch milliseconds of the last saving. */
  savedAt: number | null;
  /** What stands on the server when somebody saved there meanwhile; null draft = it was finished or thrown away. */
  conflict: { current: DraftView | null } | null;
  /** Saves now. */
  save: () => Promise<void>;
  /** Writes over what stands on the server. */
  keepMine: () => void;
  /** Ends the keeping: the form is finished or thrown away. */
  end: () => void;
}

interface SyncAsk {
  form: Form;
  /** `url|version`. */
  canonical: string;
  patient: string;
  answer: string;
  /** Version of the server's draft that the form was opened with. */
  seen: number;
  /** True: the form was opened with words that the server does not have. */
  unsaved: boolean;
  keepLocal: (copy: LocalCopy) => void;
}

export function useDraftSync(ask: SyncAsk): DraftSync {
  const { form, canonical, patient, answer, keepLocal } = ask;
  const [state, setState] = useState<DraftSync['state']>(ask.unsaved ? 'unsaved' : 'untouched');
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const [conflict, setConflict] = useState<DraftSync['conflict']>(null);
  const kept = useRef({ seen: ask.seen, dirty: ask.unsaved, busy: false, halted: false });
  const connection = useConnection();

  const save = useCallback(
    async (outlives = false) => {
      const now = kept.current;
      if (!now.dirty || now.busy || now.halted) return;
      now.dirty = false;
      now.busy = true;
      setState('saving');
      const response = form.response('in-progress');
      try {
        const saved = await api.put<DraftView>(
          '/api/forms/drafts',
          { form: canonical, patient, answer, response, place: thisPlace() },
          { ifMatch: now.seen, impatient: true, outlives },
        );
        now.seen = saved.version;
        if (!now.dirty && !now.halted)
          keepLocal({ form: canonical, seen: saved.version, unsaved: false, response });
        setSavedAt(Date.now());
        setState(now.dirty ? 'unsaved' : 'saved');
      } catch (error) {
        now.dirty = true;
        setState('offline');
        if (error instanceof ApiFailure && error.conflict) {
          now.halted = true;
          setConflict(error.details as { current: DraftView | null });
        }
      } finally {
        now.busy = false;
      }
    },
    [form, canonical, patient, answer, keepLocal],
  );

  useLocalCopies(form, kept, (response) => {
    setState('unsaved');
    keepLocal({ form: canonical, seen: kept.current.seen, unsaved: true, response });
  });
  useMoments(save);
  useEffect(() => {
    if (connection === 'here') void save();
  }, [connection, save]);

  return {
    state,
    savedAt,
    conflict,
    save,
    keepMine: () => {
      kept.current.seen = conflict?.current?.version ?? 0;
      kept.current.halted = false;
      kept.current.dirty = true;
      setConflict(null);
      void save();
    },
    end: () => {
      kept.current.halted = true;
    },
  };
}

/** A moment after each change; what is not yet kept when the page is left is kept then. */
function useLocalCopies(
  form: Form,
  kept: { current: { dirty: boolean; halted: boolean } },
  keep: (response: QuestionnaireResponse) => void,
): void {
  const newest = useRef(keep);
  newest.current = keep;
  useEffect(() => {
    let timer = 0;
    let idle = 0;
    const write = () => {
      window.clearTimeout(timer);
      window.cancelIdleCallback(idle);
      timer = 0;
      if (!kept.current.halted) newest.current(form.response('in-progress'));
    };
    const stop = form.onChange(() => {
      kept.current.dirty = true;
      // Writing a long form out waits for a moment in which nobody types.
      if (timer !== 0) return;
      timer = window.setTimeout(() => {
        idle = window.requestIdleCallback(write, { timeout: LOCAL_MS });
      }, LOCAL_MS);
    });
    const leave = () => timer !== 0 && write();
    window.addEventListener('pagehide', leave);
    return () => {
      leave();
      stop();
      window.removeEventListener('pagehide', leave);
    };
  }, [form, kept]);
}

function useMoments(save: (outlives?: boolean) => Promise<void>): void {
  useEffect(() => {
    const timer = window.setInterval(() => void save(), EVERY_MS);
    const hide = () => document.visibilityState === 'hidden' && void save(true);
    const leave = () => void save(true);
    document.addEventListener('visibilitychange', hide);
    window.addEventListener('pagehide', leave);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', hide);
      window.removeEventListener('pagehide', leave);
      void save();
    };
  }, [save]);
}

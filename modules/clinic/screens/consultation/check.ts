/** Asks the server about the typed lines shortly after the last key: quantities, faults by cell, alerts. */
import { useEffect, useRef, useState } from 'react';
import { ApiFailure, api, useConnection } from '../../../../web/ui/index.ts';
import type { AlertView, CheckView, VisitView } from '../../contract.ts';
import { type DraftLine, isComplete, sentLine } from './draft-lines.ts';

export interface Checked {
  alerts: readonly AlertView[];
  /** Sentence by line id and cell. */
  faults: Readonly<Record<string, Record<string, string>>>;
  /** Ids of the lines, in the order that the alerts count them. */
  lineIds: readonly string[];
  /** The answer is about what stands on the screen now. */
  fresh: boolean;
  failure: ApiFailure | null;
}

const NOTHING: Checked = { alerts: [], faults: {}, lineIds: [], fresh: true, failure: null };
const WAIT = 500;

/** What the rules look at besides the lines. */
export function basisOf(visit: VisitView): string {
  return JSON.stringify([visit.version, visit.person.allergies]);
}

/** @param basis what else the rules look at: a saved diagnosis, weight or allergy changes what they say */
export function useCheck(
  encounter: string,
  basis: string,
  lines: readonly DraftLine[],
  replaces: string | null,
): Checked {
  const complete = lines.filter(isComplete);
  const asked = JSON.stringify([basis, replaces, complete.map(sentLine)]);
  const [checked, setChecked] = useState<Checked & { asked: string }>({ ...NOTHING, asked: '' });
  const connection = useConnection();
  const newest = useRef(complete);
  newest.current = complete;
  useEffect(() => {
    const sent = newest.current;
    const abort = new AbortController();
    const ask = async () => {
      const lineIds = sent.map((line) => line.id);
      try {
        const body = { lines: sent.map(sentLine), replaces };
        const path = `/api/clinic/visits/${encounter}/prescription/check`;
        const answer = await api.post<CheckView>(path, body, { signal: abort.signal, impatient: true });
        setChecked({ ...NOTHING, alerts: answer.alerts, lineIds, asked });
      } catch (error) {
        if (abort.signal.aborted || !(error instanceof ApiFailure)) return;
        setChecked({ ...NOTHING, faults: faultsByLine(error, lineIds), lineIds, failure: error, asked });
      }
    };
    if (sent.length === 0) setChecked({ ...NOTHING, asked });
    const timer =
      sent.length > 0 && connection === 'here' ? window.setTimeout(() => void ask(), WAIT) : undefined;
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [asked, encounter, replaces, connection]);
  return { ...checked, fresh: checked.asked === asked };
}

/** `lines[2].morning` → the cell of the third line that was sent. */
export function faultsByLine(
  failure: ApiFailure,
  lineIds: readonly string[],
): Record<string, Record<string, string>> {
  const faults: Record<string, Record<string, string>> = {};
  for (const issue of failure.issues) {
    const found = /^lines\[(\d+)\]\.(\w+)$/.exec(issue.expression ?? '');
    const id = found ? lineIds[Number(found[1])] : undefined;
    if (id) faults[id] = { ...faults[id], [found![2]!]: issue.text };
  }
  return faults;
}

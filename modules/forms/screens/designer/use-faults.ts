/** Everything that keeps the form from being published, as it is written; value sets are asked of the server once each. */
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { checkForm, type Fault } from '../../../../engines/forms/browser.ts';
import type { Questionnaire } from '../../../../kernel/fhir/types.ts';
import { ApiFailure, api } from '../../../../web/ui/index.ts';
import { designFaults } from '../../design/faults.ts';
import { flatten, itemsOf } from './tree.ts';

/** An address is asked when it has stood so long. */
const WAIT_MS = 400;

export function useFaults(form: Questionnaire): readonly Fault[] {
  const settled = useDeferredValue(form);
  const known = useKnownSets(settled);
  return useMemo(
    () => [
      ...checkForm(settled, { knowsValueSet: (address) => known.get(address) ?? null }),
      ...designFaults(settled),
    ],
    [settled, known],
  );
}

/** Whether there is a value set, by address; one that was not asked yet, or could not be, is not there. */
function useKnownSets(form: Questionnaire): ReadonlyMap<string, boolean> {
  const [known, setKnown] = useState<ReadonlyMap<string, boolean>>(new Map());
  const named = flatten(itemsOf(form)).flatMap(({ item }) => item.answerValueSet ?? []);
  const unknown = [...new Set(named)].filter((one) => !one.startsWith('#') && !known.has(one));
  const asked = unknown.join('\n');
  useEffect(() => {
    if (asked === '') return;
    const abort = new AbortController();
    const ask = async (url: string) => {
      const found = await isThere(url, abort.signal);
      if (found !== null) setKnown((before) => new Map(before).set(url, found));
    };
    const timer = window.setTimeout(() => asked.split('\n').forEach((url) => void ask(url)), WAIT_MS);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  return known;
}

/** Null when it could not be asked. */
async function isThere(url: string, signal: AbortSignal): Promise<boolean | null> {
  const wanted = new URLSearchParams({ url, count: '1' });
  try {
    await api.get(`/fhir/ValueSet/$expand?${wanted}`, { signal, impatient: true });
    return true;
  } catch (error) {
    return error instanceof ApiFailure && error.status === 404 ? false : null;
  }
}

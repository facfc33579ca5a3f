/** What a check-in would do, asked again a moment after something it depends on has changed. */
import { useEffect, useState } from 'react';
import { ApiFailure, api } from '../../../../web/ui/index.ts';
import type { CheckInPreview } from '../../reception/check-in.ts';

const WAIT = 250;

export interface Preview {
  data: CheckInPreview | null;
  error: ApiFailure | null;
  /** Asks again; for after a conflict. */
  again: () => void;
}

/** @param body request of a check-in; null asks nothing (a room is still missing) */
export function usePreview(body: object | null): Preview {
  const [state, setState] = useState<Omit<Preview, 'again'>>({ data: null, error: null });
  const [round, setRound] = useState(0);
  const asked = body ? JSON.stringify(body) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    if (asked === null) return;
    const abort = new AbortController();
    const ask = async () => {
      try {
        const data = await api.post<CheckInPreview>('/api/clinic/check-ins/preview', JSON.parse(asked), {
          signal: abort.signal,
        });
        setState({ data, error: null });
      } catch (error) {
        if (!abort.signal.aborted) setState({ data: null, error: asFailure(error) });
      }
    };
    const timer = window.setTimeout(() => void ask(), WAIT);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [asked, round]);
  return { ...state, again: () => setRound((before) => before + 1) };
}

function asFailure(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error));
}

/** Sign-in throttling: so many tries a minute for each key (address, account). Pure but for its memory. */
import { Failure } from '../failure.ts';

export interface Throttle {
  /** Counts a try. Fails with `too-many-requests`. */
  count(key: string): void;
}

const MAX_KEYS = 50_000;

/** @param perMinute tries within any window of one minute */
export function openThrottle(perMinute: number, now: () => Date): Throttle {
  const tries = new Map<string, number[]>();
  return {
    count(key) {
      const at = now().getTime();
      const recent = (tries.get(key) ?? []).filter((time) => at - time < 60_000);
      if (recent.length >= perMinute) {
        throw new Failure('too-many-requests', 'Quá nhiều lần thử. Hãy chờ một phút rồi thử lại.', {
          textEn: 'Too many tries. Wait a minute.',
        });
      }
      recent.push(at);
      if (tries.size >= MAX_KEYS) tries.clear();
      tries.set(key, recent);
    },
  };
}

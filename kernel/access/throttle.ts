/** Sign-in throttling: so many tries within a minute, or a longer time, for each key (address, account). Pure but for its memory. */
import { Failure } from '../failure.ts';

export interface Throttle {
  /** Fails with `too-many-requests` when the key has used up its tries. */
  check(key: string): void;
  /** Counts a try. */
  count(key: string): void;
}

const MAX_KEYS = 50_000;
export const MINUTE_MS = 60_000;

/** Carries tries to the other processes of the program, and theirs to this one. */
export interface Shared {
  tell(key: string): void;
  onTold(listener: (key: string) => void): void;
}

/** @param most tries within any window of so many milliseconds */
export function openThrottle(
  most: number,
  now: () => Date,
  shared?: Shared,
  window: number = MINUTE_MS,
): Throttle {
  const tries = new Map<string, number[]>();
  // A clock that was set back leaves tries of the future behind; they count for nothing.
  const isRecent = (time: number) => {
    const age = now().getTime() - time;
    return age >= 0 && age < window;
  };
  const recent = (key: string) => (tries.get(key) ?? []).filter(isRecent);
  const add = (key: string) => {
    if (tries.size >= MAX_KEYS) tries.clear();
    tries.set(key, [...recent(key), now().getTime()]);
  };
  shared?.onTold(add);
  return {
    check(key) {
      if (recent(key).length < most) return;
      const minutes = Math.ceil(window / MINUTE_MS);
      throw new Failure('too-many-requests', `Quá nhiều lần thử. Hãy chờ ${minutes} phút rồi thử lại.`, {
        textEn: `Too many tries. Wait ${minutes} minutes.`,
      });
    },
    count(key) {
      add(key);
      shared?.tell(key);
    },
  };
}

/** Acts of one key run one after another in this process; acts of different keys do not wait for each other. */
export type InTurn = <T>(key: string, act: () => Promise<T>) => Promise<T>;

/** @returns a runner with its own keys; a failed act does not stop the next one */
export function openTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, act: () => Promise<T>): Promise<T> => {
    const before = last.get(key);
    const mine = (before ?? Promise.resolve()).then(act, act);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

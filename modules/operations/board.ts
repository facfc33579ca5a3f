/** One snapshot of the wall for all viewers: counted once after changes, at most once a second, and pushed. */
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { countWall, type Wall } from './wall.ts';

export const WALL_TOPIC = 'operations/wall';
const PAUSE_MS = 1_000;
/** A wall on which nothing happens is counted again after this time, so that its age says how old the count is. */
const GOOD_FOR_MS = 45_000;

export interface Board {
  /** The latest snapshot; counted now when something has changed since, or nothing was counted yet today. */
  current(): Promise<Wall>;
  /** Says that something changed: a new snapshot is pushed within a second. */
  changed(): void;
  close(): void;
}

export function openBoard(kernel: Kernel): Board {
  let latest: Promise<Wall> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const count = (): Promise<Wall> => {
    const now = kernel.settings.now();
    latest = countWall(kernel.pool, kernel.content, vietnamDay(now), now);
    latest.catch(() => {
      latest = undefined;
    });
    return latest;
  };
  const push = () => {
    timer = undefined;
    // A database that is away is reported by /healthz; the next change or viewer counts again.
    count().then(
      (wall) => !closed && kernel.events.publish(WALL_TOPIC, wall),
      () => {},
    );
  };

  return {
    async current() {
      const wall = await (latest ?? count());
      const now = kernel.settings.now();
      const isOld = now.getTime() - Date.parse(wall.asOf) > GOOD_FOR_MS;
      return wall.day === vietnamDay(now) && !isOld ? wall : count();
    },
    changed() {
      // Who reads now counts again; the push follows within a second.
      latest = undefined;
      if (!timer && !closed) timer = setTimeout(push, PAUSE_MS);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

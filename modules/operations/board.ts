/**
 * One snapshot of the wall for all viewers, counted after changes while somebody looks, and pushed. Nobody looks: nothing
 * is counted, however much is written.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { countWall, type Wall } from './wall.ts';

export const WALL_TOPIC = 'operations/wall';
/** An alert is on the wall within 5 seconds: the longest pause and a long count fit into that. */
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_000;
/** A count that takes long is followed by a longer pause, so that the wall never takes more than a fifth of a core. */
const PAUSE_PER_COUNT = 4;
/** A wall on which nothing happens is counted again after this time, so that its age says how old the count is. */
const GOOD_FOR_MS = 45_000;

export interface Board {
  /** The latest snapshot; counted now when something has changed since, or nothing was counted yet today. */
  current(): Promise<Wall>;
  /** Says that something changed: whoever looks gets a new snapshot soon. */
  changed(): void;
  /** Says that somebody begins to look: what changed since the last snapshot follows. */
  watched(): void;
  close(): void;
}

export function openBoard(kernel: Kernel, countNow: typeof countWall = countWall): Board {
  let latest: Promise<Wall> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pause = SHORTEST_PAUSE_MS;
  let closed = false;

  const count = (): Promise<Wall> => {
    const now = kernel.settings.now();
    const began = performance.now();
    const counting = countNow(kernel.pool, kernel.content, vietnamDay(now), now);
    latest = counting;
    counting.then(
      () => {
        const wanted = (performance.now() - began) * PAUSE_PER_COUNT;
        pause = Math.min(Math.max(wanted, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      },
      () => {
        if (latest === counting) latest = undefined;
      },
    );
    return counting;
  };
  const push = () => {
    timer = undefined;
    if (closed || !kernel.events.isHeard(WALL_TOPIC)) return;
    // A database that is away is reported by /healthz; the next change or viewer counts again.
    (latest ?? count()).then(
      (wall) => !closed && kernel.events.publishHere(WALL_TOPIC, wall),
      () => {},
    );
  };
  const later = () => {
    if (!timer && !closed) timer = setTimeout(push, pause);
  };

  return {
    async current() {
      const wall = await (latest ?? count());
      const now = kernel.settings.now();
      const isOld = now.getTime() - Date.parse(wall.asOf) > GOOD_FOR_MS;
      return wall.day === vietnamDay(now) && !isOld ? wall : count();
    },
    changed() {
      // Who reads now counts again; the push follows.
      latest = undefined;
      later();
    },
    watched() {
      if (!latest) later();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

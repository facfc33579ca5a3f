/** A program on a server of its own with lives in it. */
import { setTimeout as pause } from 'node:timers/promises';
import { type OpenStore, openStore } from '../kernel/store/index.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { beginLives, growLives } from './lives.ts';
import { runProgram } from './program.ts';
import type { Asked } from './questions.ts';

/** Followers of the feed are put at its end: what they make is not asked here, and they would work beside the questions. */
export async function skipViews({ pool }: OpenStore): Promise<void> {
  await pool.query(`update consumer c set era = l.era, xid = l.xid, n = l.n
    from (select era, xid, n from feed() order by era desc, xid desc, n desc limit 1) as l
    where (c.era, c.xid, c.n) < (l.era, l.xid, l.n)`);
}

export interface Reading extends Asked {
  pid: number;
  /** Adds lives until there are so many resources. */
  grow(resources: number): Promise<void>;
  /** A new token: one is good for an hour. */
  renew(): Promise<void>;
}

export async function withReading(
  resources: number,
  work: (reading: Reading) => Promise<void>,
): Promise<void> {
  const server = await startTestServer();
  const program = await runProgram({ DATABASE_URL: server.url, YBA_DEMO: 'off' });
  const store = await openStore({ url: server.url, sealEvery: 0 });
  try {
    const lives = await beginLives(store);
    const grow = async (to: number) => {
      const skipping = setInterval(() => void skipViews(store).catch(() => undefined), 500);
      await growLives(store, lives, to);
      clearInterval(skipping);
      await skipViews(store);
      await pause(3_000);
    };
    await grow(resources);
    const { address, pid } = program;
    const reading: Reading = {
      ...{ address, pid, lives, grow },
      authorization: await program.token(),
      renew: async () => {
        reading.authorization = await program.token();
      },
    };
    await work(reading);
  } finally {
    await store.close();
    await program.stop();
    await server.stop();
  }
}

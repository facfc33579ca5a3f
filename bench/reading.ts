/** A program on a server of its own with lives in it. */
import { openStore } from '../kernel/store/index.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { beginLives, growLives } from './lives.ts';
import { runProgram } from './program.ts';
import type { Asked } from './questions.ts';

export interface Reading extends Asked {
  pid: number;
  /** Adds lives until there are so many resources. */
  grow(resources: number): Promise<void>;
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
    const grow = (to: number) => growLives(store, lives, to);
    await grow(resources);
    const authorization = await program.token();
    await work({ address: program.address, pid: program.pid, authorization, lives, grow });
  } finally {
    await store.close();
    await program.stop();
    await server.stop();
  }
}

/** A thread that checks spans one after the other, on a connection of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { openPool } from '../pool.ts';
import type { LogKey } from './keys.ts';
import { checkSpan, type Span } from './span.ts';

const { url, keys } = workerData as { url: string; keys: LogKey[] };
const pool = openPool(url, 1);
const known = keys.map((key) => ({ ...key, public: Buffer.from(key.public) }));

parentPort!.on('message', async (span: Span) => {
  try {
    const client = await pool.connect();
    try {
      await client.query(`set work_mem = '64MB'`);
      parentPort!.postMessage({ result: await checkSpan(client, span, known) });
    } finally {
      client.release();
    }
  } catch (error) {
    parentPort!.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});

/** Those who check spans for a verification: threads with connections of their own, or this one. */
import { Worker } from 'node:worker_threads';
import type { Pool } from 'pg';
import type { LogKey } from './keys.ts';
import { checkSpan, type Span, type SpanResult } from './span.ts';

export interface Checker {
  check(span: Span): Promise<SpanResult>;
  close(): Promise<void>;
}

const THREAD = new URL('./verify-thread.ts', import.meta.url);

/** @param threads 0 = in this thread; also where the pool was not opened by an address */
export function openCheckers(pool: Pool, keys: LogKey[], threads: number): Checker[] {
  const url = (pool as { options?: { connectionString?: string } }).options?.connectionString;
  if (threads === 0 || url === undefined) return [besideOthers(pool, keys)];
  return Array.from({ length: threads }, () => inThread(url, keys));
}

function besideOthers(pool: Pool, keys: LogKey[]): Checker {
  return {
    async check(span) {
      const client = await pool.connect();
      try {
        return await checkSpan(client, span, keys);
      } finally {
        client.release();
      }
    },
    close: async () => undefined,
  };
}

function inThread(url: string, keys: LogKey[]): Checker {
  const thread = new Worker(THREAD, { workerData: { url, keys } });
  return {
    check: (span) =>
      new Promise((resolve, reject) => {
        thread.once('error', reject);
        thread.once('message', ({ result, error }: { result?: SpanResult; error?: string }) => {
          thread.off('error', reject);
          if (result) resolve(result);
          else reject(new Error(error));
        });
        thread.postMessage(span);
      }),
    close: async () => void (await thread.terminate()),
  };
}

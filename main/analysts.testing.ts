/** A login of an analyst for the time of a piece of work: for tests. */
import pg from 'pg';
import { type Analyst, addAnalyst, removeAnalyst } from '../engines/views/index.ts';
import { readingOfAnalysts } from './analysts.ts';
import type { House } from './house.ts';

export async function asAnalyst<T>(
  house: House,
  analyst: Analyst,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { pool } = house.kernel;
  const password = "mật khẩu 'của' phân tích";
  await addAnalyst(pool, analyst, { password, days: 30, readingOf: readingOfAnalysts(house) });
  const url = new URL(pool.options.connectionString!);
  url.username = analyst.login;
  url.password = encodeURIComponent(password);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
    await removeAnalyst(pool, analyst.login);
  }
}

/** The yardstick: bare PostgreSQL writing the rows of a visit with one `INSERT … SELECT unnest`, and nothing else. */
import type pg from 'pg';
import { hash64 } from '../kernel/store/hash.ts';
import { extractIndexes } from '../kernel/store/search/extract.ts';
import { byteas, int2s, int4s, int8s, texts } from '../kernel/store/wire.ts';
import { visitBundle } from './visit-bundle.ts';

const SAMPLES = 64;

/** Tables of the same columns as the record: with its primary key alone, and with all its indexes. */
export async function createBareTables(pool: pg.Pool): Promise<void> {
  await pool.query('create table bare (like res); alter table bare add primary key (pt, t, idh)');
  await pool.query('create table bare_indexed (like res including indexes)');
}

/** Writes one visit of 12 resources a call; bodies and tokens are prepared outside the measured time. */
export function bareInsert(pool: pg.Pool, table: 'bare' | 'bare_indexed'): () => Promise<void> {
  const prepared = Array.from({ length: SAMPLES }, (_, i) =>
    prepare(visitBundle(`bench-${i}`, (type) => `${type}-${i}`)),
  );
  const text = `insert into ${table} (pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body)
    select $1::int8, u.idh, u.c0, now(), now(), now(), 0, 1, null, 0, u.t, 0, u.id, ($5::int8[])[u.a:u.b], u.body
    from unnest($2::int8[], $3::text[], $4::bytea[], $6::int2[], $7::int4[], $8::int4[], $9::int8[]) as u(idh, id, body, t, a, b, c0)`;
  let serial = 0;
  return async () => {
    const sample = prepared[serial % SAMPLES]!;
    const number = serial++;
    const ids = sample.tok.map((_, i) => `b${number}-${i}`);
    await pool.query({
      name: `bare_${table}`,
      text,
      values: [
        hash64(`Patient/${number}`).toString(),
        int8s(ids.map(hash64)),
        texts(ids),
        sample.bodies,
        int8s(sample.tok.flat()),
        sample.types,
        sample.from,
        sample.to,
        int8s(sample.c0),
      ],
    });
  };
}

function prepare(bundle: ReturnType<typeof visitBundle>) {
  const tok = bundle.map((resource) => extractIndexes(resource).tok);
  const ends = tok.map((_, i) => tok.slice(0, i + 1).reduce((sum, keys) => sum + keys.length, 0));
  return {
    bodies: byteas(bundle.map((resource) => Buffer.from(JSON.stringify(resource)))),
    tok,
    c0: bundle.map((resource) => extractIndexes(resource).c0),
    types: int2s(bundle.map((_, i) => i)),
    from: int4s(ends.map((end, i) => end - tok[i]!.length + 1)),
    to: int4s(ends),
  };
}

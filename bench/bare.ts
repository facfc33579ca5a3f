/**
 * The yardsticks: bare PostgreSQL writing what a bundle of 12 leaves in the record, 1 statement a bundle, and nothing
 * else: no HTTP, no JSON, no validation, no policy, no versions. Everything a row needs is made outside the measured time.
 *
 *   sameRows  every row of the commit (resources with packed bodies, side rows, feed, audit, person) with all indexes
 *   indexed   the 12 resource rows alone, bodies plain, with all indexes of table res
 *   keyed     the same with the primary key alone
 */
import type pg from 'pg';
import { auditColumns, placeLines } from '../kernel/store/audit-lines.ts';
import { openCodecs } from '../kernel/store/codecs.ts';
import { hash64 } from '../kernel/store/hash.ts';
import { extractIndexes } from '../kernel/store/search/extract.ts';
import { byteas, float8s, instants, int2s, int4s, int8s, texts } from '../kernel/store/wire.ts';
import { type PreparedWrite, prepareWrite } from '../kernel/store/writes.ts';
import { visitBundle } from './visit-bundle.ts';

const SAMPLES = 64;
const TABLES = ['res', 'ord', 'str', 'log', 'audit', 'person'];

const RES = `select $1::int8, u.idh, u.c0, now(), u.d0, u.d1, u.has, 1, u.org, u.sec, u.t, u.codec, u.id,
    ($11::int8[])[u.a:u.b], u.body
  from unnest($2::int8[], $3::text[], $4::bytea[], $5::int2[], $6::int8[], $7::timestamptz[], $8::timestamptz[],
    $9::int8[], $10::int4[], $12::int4[], $13::int4[], $14::int2[], $15::int4[])
    as u(idh, id, body, t, c0, d0, d1, has, org, a, b, codec, sec)`;
const COLUMNS = 'pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body';
const resOnly = (table: string) => `insert into ${table} (${COLUMNS}) ${RES}`;
const EVERY_ROW = `with r as (insert into bare_res (${COLUMNS}) ${RES}),
  o as (insert into bare_ord (p, lo, hi, pt, idh) select u.p, u.lo, u.hi, $1::int8, ($2::int8[])[u.i]
    from unnest($16::int4[], $17::int8[], $18::float8[], $19::float8[]) as u(i, p, lo, hi)),
  s as (insert into bare_str (p, pt, idh, s) select u.p, $1::int8, ($2::int8[])[u.i], u.s
    from unnest($20::int4[], $21::int8[], $22::text[]) as u(i, p, s)),
  l as (insert into bare_log (xid, ts, pt, era, what)
    select pg_current_xact_id()::text::int8, now(), $1::int8, 1,
      $2::int8[] || array_agg((u.n << 40) | (1 << 12) | (u.t::int8 << 3) | 1 order by u.n)
    from unnest($5::int2[]) with ordinality as u(t, n)),
  p as (insert into bare_person (pt, id) values ($1::int8, $23))
  insert into bare_audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
    select now(), $1::int8, pg_current_xact_id()::text::int8, 1, 1, u.*
    from unnest($24::text[], $25::text[], $26::text[], $27::text[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[]) as u`;

export type Yardstick = 'sameRows' | 'indexed' | 'keyed';

/** Tables like those of the record, and one call a bundle for each yardstick. */
export async function bareYardsticks(pool: pg.Pool): Promise<Record<Yardstick, () => Promise<void>>> {
  const names = [...TABLES, 'indexed', 'keyed'];
  for (const table of TABLES)
    await pool.query(`create table bare_${table} (like ${table} including indexes)`);
  await pool.query('create table bare_indexed (like res including indexes)');
  await pool.query('create table bare_keyed (like res); alter table bare_keyed add primary key (pt, t, idh)');
  // Nobody but the yardstick pays for it: its tables are never vacuumed, which would go on in the slices of others.
  for (const name of names) await pool.query(`alter table bare_${name} set (autovacuum_enabled = off)`);
  const samples = await prepareSamples(pool);
  let serial = 0;
  const write = (name: string, text: string, every: boolean) => async () => {
    const number = serial++;
    const sample = samples[number % SAMPLES]!;
    const ids = sample.writes.map((_, i) => `b${number}-${i}`);
    const values = [
      hash64(`Patient/${number}`).toString(),
      int8s(ids.map(hash64)),
      texts(ids),
      every ? sample.packed : sample.plain,
      ...sample.columns,
    ];
    await pool.query({
      name,
      text,
      values: every ? [...values, ...sample.side, String(number), ...sample.audit] : values,
    });
  };
  return {
    sameRows: write('bare_every', EVERY_ROW, true),
    indexed: write('bare_indexed', resOnly('bare_indexed'), false),
    keyed: write('bare_keyed', resOnly('bare_keyed'), false),
  };
}

async function prepareSamples(pool: pg.Pool) {
  const tools = { extract: extractIndexes, codecs: await openCodecs(pool), known: () => undefined };
  return Array.from({ length: SAMPLES }, (_, sample) => {
    let serial = 0;
    const bundle = visitBundle(`bench-${sample}`, (type) => `${type}-${sample}-${serial++}`);
    return columnsOf(bundle.map((resource, n) => prepareWrite({ op: 'create', resource }, n, tools)));
  });
}

function columnsOf(writes: PreparedWrite[]) {
  const rows = writes.map((write) => write.row!);
  const ends = rows.map((_, i) => rows.slice(0, i + 1).reduce((sum, row) => sum + row.tok.length, 0));
  const ord = rows.flatMap((row, i) => row.ord.map((item) => ({ ...item, i: i + 1 })));
  const str = rows.flatMap((row, i) => row.str.map((item) => ({ ...item, i: i + 1 })));
  return {
    writes,
    packed: byteas(writes.map((write) => write.packed!.body)),
    plain: byteas(writes.map((write) => Buffer.from(JSON.stringify(write.resource)))),
    columns: [
      int2s(writes.map((write) => write.t)),
      int8s(rows.map((row) => row.c0)),
      instants(rows.map((row) => row.d0)),
      instants(rows.map((row) => row.d1)),
      int8s(rows.map((row) => row.has)),
      int4s(rows.map((row) => row.org)),
      int8s(rows.flatMap((row) => row.tok)),
      int4s(ends.map((end, i) => end - rows[i]!.tok.length + 1)),
      int4s(ends),
      int2s(writes.map((write) => write.packed!.codec)),
      int4s(rows.map((row) => row.sec)),
    ],
    side: [
      int4s(ord.map((item) => item.i)),
      int8s(ord.map((item) => item.p)),
      float8s(ord.map((item) => item.lo)),
      float8s(ord.map((item) => item.hi)),
      int4s(str.map((item) => item.i)),
      int8s(str.map((item) => item.p)),
      texts(str.map((item) => item.s)),
    ],
    audit: auditColumns(placeLines([auditOf(writes)])).slice(1),
  };
}

/** The one line that a bundle of creates leaves. */
function auditOf(writes: PreparedWrite[]) {
  return {
    who: 'bench',
    whoDisplay: 'Client/bench',
    patient: writes[0]!.id,
    action: 'create',
    what: writes.map(({ type, id }) => `${type}/${id}`).join(' '),
    why: 'TREAT',
    outcome: 'ok' as const,
    ip: '127.0.0.1',
    unit: null,
  };
}

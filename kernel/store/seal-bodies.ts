/**
 * Bodies that should lie sealed and do not (they are older than the keys, or were labelled later), and those of older keys: sealed by the
 * newest, batch by batch in the order of the primary key. What is done is done; cut off, the next run goes on with what is left.
 */
import type { Pool } from 'pg';
import type { Resource } from '../fhir/types.ts';
import { wholeBody } from './body.ts';
import type { Codecs } from './codecs.ts';
import type { IndexRow } from './index-row.ts';
import { typeName, typeNumber } from './resource-types.ts';
import { liesSealed, SEALED_TYPES, sealBody, sealedCodec } from './sealed-body.ts';
import { byteas, int2s, int4s, int8s } from './wire.ts';

export interface SealOptions {
  signal?: AbortSignal;
  /** After each batch: so many bodies were sealed until now. */
  progress?(sealed: number): void;
}

export interface SealedCount {
  sealed: number;
  /** The signal came before the end. */
  stopped: boolean;
}

export interface SealTools {
  pool: Pool;
  codecs: Codecs;
  extract(resource: Resource): IndexRow;
}

interface BodyRow {
  pt: string;
  t: number;
  idh: string;
  ver: number;
  codec: number;
  id: string;
  body: Buffer;
  /** As at the write: the person, or the resource itself. */
  owner: string;
}

const BATCH = 500;
const FILE_TYPES = SEALED_TYPES.map((type) => typeNumber(type)!);
const OF_OLDER_KEY = 'codec < 0 and substring(body from 2 for get_byte(body, 0)) <> $5::bytea';

/** Current rows know their labels; of superseded versions only the body does. */
const TABLES = {
  res: `(${OF_OLDER_KEY} or codec >= 0 and (sec <> 0 or t = any ($6::int2[])))`,
  shared: `(${OF_OLDER_KEY} or codec >= 0 and (sec <> 0 or t = any ($6::int2[])))`,
  hist: `(${OF_OLDER_KEY} or codec >= 0 and body is not null and $6::int2[] is not null)`,
};

/** @throws Failure when a body does not open; nothing without keys */
export async function sealBodies(tools: SealTools, options: SealOptions = {}): Promise<SealedCount> {
  const count: SealedCount = { sealed: 0, stopped: false };
  if (tools.codecs.keys === undefined) return count;
  for (const table of Object.keys(TABLES) as (keyof typeof TABLES)[]) {
    let after: BodyRow | undefined;
    do {
      if (options.signal?.aborted) return { ...count, stopped: true };
      const rows = await readBatch(tools, table, after);
      count.sealed += await sealBatch(tools, table, rows);
      options.progress?.(count.sealed);
      after = rows.length === BATCH ? rows.at(-1) : undefined;
    } while (after);
  }
  return count;
}

async function readBatch(
  { pool, codecs }: SealTools,
  table: keyof typeof TABLES,
  after: BodyRow | undefined,
): Promise<BodyRow[]> {
  const least = '-9223372036854775808';
  const from = after ? [after.pt, after.t, after.idh, after.ver] : [least, -1, least, -1];
  const key = table === 'hist' ? 'pt, idh, ver' : 'pt, t, idh';
  const past =
    table === 'hist'
      ? '(pt, idh, ver) > ($1::int8, $3::int8, $4::int4) and $2::int2 is not null'
      : '(pt, t, idh) > ($1::int8, $2::int2, $3::int8) and $4::int4 is not null';
  const { rows } = await pool.query<BodyRow>(
    `select pt, t, idh, ver, codec, r.id, body, coalesce(person.id, r.id) as owner from ${table} r left join person using (pt) where ${past} and ${TABLES[table]} order by ${key} limit ${BATCH}`,
    [...from, Buffer.from(codecs.keys!.newest().kid, 'latin1'), int2s(FILE_TYPES)],
  );
  return rows;
}

/** Who changed a row meanwhile sealed it by the newest key. */
async function sealBatch(tools: SealTools, table: string, rows: readonly BodyRow[]): Promise<number> {
  const sealed: { row: BodyRow; codec: number; body: Buffer }[] = [];
  for (const row of rows) {
    const anew = await sealedAnew(tools, table, row);
    if (anew) sealed.push({ row, ...anew });
  }
  if (sealed.length === 0) return 0;
  const answer = await tools.pool.query(
    `update ${table} as r set codec = u.codec, body = u.body
     from unnest($1::int8[], $2::int8[], $3::int4[], $4::int2[], $5::int2[], $6::int2[], $7::bytea[])
       as u(pt, idh, ver, t, was, codec, body)
     where r.pt = u.pt and r.t = u.t and r.idh = u.idh and r.ver = u.ver and r.codec = u.was`,
    [
      int8s(sealed.map(({ row }) => BigInt(row.pt))),
      int8s(sealed.map(({ row }) => BigInt(row.idh))),
      int4s(sealed.map(({ row }) => row.ver)),
      int2s(sealed.map(({ row }) => row.t)),
      int2s(sealed.map(({ row }) => row.codec)),
      int2s(sealed.map(({ codec }) => codec)),
      byteas(sealed.map(({ body }) => body)),
    ],
  );
  return answer.rowCount ?? 0;
}

/** Null for a superseded version that nothing labels. */
async function sealedAnew(
  { codecs, extract }: SealTools,
  table: string,
  { t, id, ver, codec, body, owner }: BodyRow,
): Promise<{ codec: number; body: Buffer } | null> {
  const key = codecs.keys!.newest();
  if (codec < 0) return { codec, body: sealBody(key, await codecs.open(body), owner) };
  const type = typeName(t);
  if (table === 'hist') {
    const text = wholeBody(type, id, ver, '', await codecs.unpack(codec, body)).toString('utf8');
    if (!liesSealed(type, extract(JSON.parse(text) as Resource).sec)) return null;
  }
  return { codec: sealedCodec(codec), body: sealBody(key, body, owner) };
}

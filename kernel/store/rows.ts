/** Rows of the tables of versions as the store hands them out. */
import type { Pool, PoolClient } from 'pg';
import { instantOf, wholeBody } from './body.ts';
import type { Codecs } from './codecs.ts';
import type { StoredVersion } from './contract.ts';
import { typeName } from './resource-types.ts';

/** A connection or the pool. */
export type Queryable = Pick<Pool, 'query'> | Pick<PoolClient, 'query'>;

/** `t, ver, ts, codec, id, body, patient` of a version; body null = tombstone. */
export interface VersionRow {
  t: number;
  ver: number;
  /** Epoch milliseconds. */
  ts: number;
  codec: number;
  id: string;
  body: Buffer | null;
  patient: string | null;
}

/**
 * The columns of a VersionRow.
 * @param table alias of res, shared or hist in the statement; its person must be joined as `person`
 */
export const versionColumns = (table: string) =>
  `${table}.t, ${table}.ver, extract(epoch from ${table}.ts)::float8 * 1000 as ts, ${table}.codec, ${table}.id, ${table}.body, person.id as patient`;

/** A row as it is served; asynchronous only when a dictionary made by another program must be fetched first. */
export async function toVersion(row: VersionRow, codecs: Codecs): Promise<StoredVersion> {
  const type = typeName(row.t);
  const lastUpdated = instantOf(row.ts);
  const common = { type, id: row.id, version: row.ver, lastUpdated, patient: row.patient };
  if (row.body === null) return { ...common, deleted: true, body: Buffer.alloc(0) };
  const unpacked = codecs.unpack(row.codec, row.body);
  const tail = unpacked instanceof Promise ? await unpacked : unpacked;
  return { ...common, deleted: false, body: wholeBody(type, row.id, row.ver, lastUpdated, tail) };
}

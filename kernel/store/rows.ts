/** Rows of the tables of versions as the store hands them out. */
import type { Pool, PoolClient } from 'pg';
import type { BinaryRow } from './binary-rows.ts';
import { headOf, instantOf } from './body.ts';
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
  /** Of current rows that are read by their id. */
  sec?: number;
  ruled?: boolean;
}

/**
 * The columns of a VersionRow.
 * @param table alias of res, shared or hist in the statement; its person must be joined as `person`
 */
export const versionColumns = (table: string) =>
  `${table}.t, ${table}.ver, extract(epoch from ${table}.ts)::float8 * 1000 as ts, ${table}.codec, ${table}.id, ${table}.body, person.id as patient`;

/** The same for `readVersion`, in their order. */
export const binaryColumns = (table: string) =>
  `${table}.t, ${table}.ver, ${table}.ts, ${table}.codec, ${table}.id, ${table}.body, person.id as patient`;

/** The columns of `binaryColumns`. */
export function readVersion(row: BinaryRow): VersionRow {
  return {
    t: row.integer(),
    ver: row.integer(),
    ts: row.instant()!,
    codec: row.integer(),
    id: row.id()!,
    body: row.bytes(),
    patient: row.id(),
  };
}

/** What decides at once that a row hides nothing: its labels, and whether its person has rules of consent. @param table alias of res or shared */
export const sightColumns = (table: string) =>
  `${table}.sec, exists (select from consent_rule c where c.pt = ${table}.pt) as ruled`;

/** The columns of `binaryColumns` and `sightColumns`. */
export function readCurrent(row: BinaryRow): VersionRow {
  return { ...readVersion(row), sec: row.integer(), ruled: row.boolean() };
}

const NOTHING = Buffer.alloc(0);

/** A row as it is served; a promise only when a dictionary made by another program must be fetched first. */
export function toVersion(row: VersionRow, codecs: Codecs): StoredVersion | Promise<StoredVersion> {
  if (row.sec === undefined) return unpacked(row, codecs);
  const told = { sec: row.sec, ruled: row.ruled! };
  const version = unpacked(row, codecs);
  return version instanceof Promise
    ? version.then((one) => Object.assign(one, told))
    : Object.assign(version, told);
}

function unpacked(row: VersionRow, codecs: Codecs): StoredVersion | Promise<StoredVersion> {
  const { id, ver: version, patient } = row;
  const type = typeName(row.t);
  const lastUpdated = instantOf(row.ts);
  if (row.body === null) return { type, id, version, lastUpdated, patient, deleted: true, body: NOTHING };
  const known = codecs.recent.get(row);
  if (known) return { type, id, version, lastUpdated, patient, deleted: false, body: known };
  const body = codecs.unpack(row.codec, row.body, headOf(type, id, version, lastUpdated));
  if (body instanceof Promise)
    return body.then((bytes) => ({ type, id, version, lastUpdated, patient, deleted: false, body: bytes }));
  codecs.recent.keep(row, body);
  return { type, id, version, lastUpdated, patient, deleted: false, body };
}

/** The same for many, in their order. */
export function toVersions(
  rows: readonly VersionRow[],
  codecs: Codecs,
): StoredVersion[] | Promise<StoredVersion[]> {
  const versions = rows.map((row) => toVersion(row, codecs));
  const isReady = (one: StoredVersion | Promise<StoredVersion>) => !(one instanceof Promise);
  return versions.every(isReady) ? (versions as StoredVersion[]) : Promise.all(versions);
}

/** Versions of one resource, of a type, or of everything, newest first (http://hl7.org/fhir/R4/http.html#history). */
import { Failure } from '../failure.ts';
import type { StoredVersion } from './contract.ts';
import type { Place } from './locate.ts';
import { parsePosition, positionText } from './position.ts';
import { type ReadTools, vread } from './read.ts';
import { isResourceType, typeName, typeNumber } from './resource-types.ts';
import { type Queryable, toVersion, type VersionRow, versionColumns } from './rows.ts';
import { int2s, int4s, int8s } from './wire.ts';

export interface HistoryPage {
  count: number;
  /** Answer of `next`: a version number (one resource) or a position of the feed. */
  before?: string;
  /** ISO instant. */
  since?: string;
}

export interface History {
  versions: StoredVersion[];
  next?: string;
}

const LATEST = 0x7fffffff;

/** One resource: the current version and all that hist holds. `$1` pt, `$2` t, `$3` idh, `$4` before, `$5` since, `$6` limit. */
const instanceSql = (table: 'res' | 'shared') => `select * from (
    select ${versionColumns('r')} from ${table} r left join person using (pt)
      where r.pt = $1 and r.t = $2 and r.idh = $3 and r.ver < $4 and r.ts >= $5
    union all
    select ${versionColumns('h')} from hist h left join person using (pt)
      where h.pt = $1 and h.t = $2 and h.idh = $3 and h.ver < $4 and h.ts >= $5
  ) as versions order by ver desc limit $6`;

/** A type or everything, by the feed. `$1`–`$3` before, `$4` since, `$5` t or null, `$6` limit. */
const FEED_SQL = `select era, xid, n, pt, idh, t, id, ver from log
  where (era, xid, n) < ($1::int2, $2::int8, $3::int4) and ts >= $4 and ($5::int2 is null or t = $5)
  order by era desc, xid desc, n desc limit $6`;

/**
 * The versions that rows of the feed name, wherever they lie now; `i` counts from 1. A statement of its own, so that each
 * table is joined with nothing but what was given (docs/scale.md). `$1` pt, `$2` t, `$3` idh, `$4` version.
 */
const VERSIONS_SQL = ['res', 'shared', 'hist']
  .map(
    (table) => `select u.i, ${versionColumns('r')} from unnest($1::int8[], $2::int2[], $3::int8[], $4::int4[])
      with ordinality as u(pt, t, idh, ver, i)
      join ${table} r on r.pt = u.pt and r.t = u.t and r.idh = u.idh and r.ver = u.ver
      left join person on person.pt = r.pt`,
  )
  .join(' union all ');

interface FeedRow {
  era: number;
  xid: string;
  n: number;
  pt: string;
  idh: string;
  t: number;
  id: string;
  ver: number;
}

/**
 * @throws Failure `invalid-request` for a cursor or instant that is none, `not-supported` for an unknown type
 */
export async function history(
  tools: ReadTools,
  db: Queryable,
  scope: { type?: string; id?: string },
  page: HistoryPage,
): Promise<History> {
  if (scope.type !== undefined && !isResourceType(scope.type)) {
    throw new Failure('not-supported', `Không có loại bản ghi ${scope.type} trong FHIR R4.`);
  }
  const since = sinceOf(page.since);
  if (scope.type !== undefined && scope.id !== undefined)
    return ofInstance(tools, db, scope.type, scope.id, page, since);
  return ofFeed(tools, db, scope.type, page, since);
}

async function ofInstance(
  tools: ReadTools,
  db: Queryable,
  type: string,
  id: string,
  page: HistoryPage,
  since: string,
): Promise<History> {
  if (!isResourceType(type)) return { versions: [] };
  const before = page.before === undefined ? LATEST : Number(page.before);
  if (!Number.isInteger(before)) throw badCursor(page.before);
  const look = async (place: Place) => {
    const key = [place.pt.toString(), typeNumber(type)!, place.idh.toString()];
    const text = instanceSql(place.pt === 0n ? 'shared' : 'res');
    const rows = (await db.query<VersionRow>(text, [...key, before, since, page.count + 1])).rows;
    return rows.filter((row) => row.id === id);
  };
  const guess = tools.places.guess(type, id);
  let rows = guess ? await look(guess) : [];
  if (rows.length === 0 && !guess?.certain)
    rows = await look((await tools.places.find([{ type, id }], db))[0]!);
  const versions = await Promise.all(rows.slice(0, page.count).map((row) => toVersion(row, tools.codecs)));
  const last = versions.at(-1);
  return last && rows.length > page.count ? { versions, next: String(last.version) } : { versions };
}

async function ofFeed(
  tools: ReadTools,
  db: Queryable,
  type: string | undefined,
  page: HistoryPage,
  since: string,
): Promise<History> {
  const before = page.before === undefined ? { era: 32_767, xid: '0', n: 0 } : parsePosition(page.before);
  const t = type === undefined ? null : typeNumber(type)!;
  const values = [before.era, before.xid, before.n, since, t, page.count + 1];
  const rows = (await db.query<FeedRow>(FEED_SQL, values)).rows;
  const shown = rows.slice(0, page.count);
  const lying = await versionsOf(db, shown);
  const versions = await Promise.all(
    shown.map((row, at) => {
      const version = lying.get(at + 1);
      // A resource that has changed its person since lies there with its whole history.
      return version ? toVersion(version, tools.codecs) : vread(tools, db, typeName(row.t), row.id, row.ver);
    }),
  );
  const last = shown.at(-1);
  const found = versions.filter((version) => version !== null);
  return rows.length > page.count && last
    ? { versions: found, next: positionText(last) }
    : { versions: found };
}

async function versionsOf(db: Queryable, rows: readonly FeedRow[]): Promise<Map<number, VersionRow>> {
  if (rows.length === 0) return new Map();
  const found = await db.query<VersionRow & { i: string }>({
    name: 'history_versions',
    text: VERSIONS_SQL,
    values: [
      int8s(rows.map(({ pt }) => BigInt(pt))),
      int2s(rows.map(({ t }) => t)),
      int8s(rows.map(({ idh }) => BigInt(idh))),
      int4s(rows.map(({ ver }) => ver)),
    ],
  });
  return new Map(found.rows.map((row) => [Number(row.i), row]));
}

function sinceOf(since: string | undefined): string {
  if (since === undefined) return '-infinity';
  if (Number.isNaN(Date.parse(since))) {
    throw new Failure('invalid-request', `_since=${since} không phải là thời điểm hợp lệ.`, {
      textEn: `_since=${since} is no instant.`,
    });
  }
  return new Date(since).toISOString();
}

function badCursor(before: string | undefined): Failure {
  return new Failure('invalid-request', `Con trỏ trang ${before} không hợp lệ.`, {
    textEn: `${before} is no page cursor.`,
  });
}

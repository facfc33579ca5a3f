/** Versions of one resource, of a type, or of everything (http://hl7.org/fhir/R4/http.html#history). */
import { Failure } from '../failure.ts';
import type { HistoryAsk, StoredVersion } from './contract.ts';
import { idsOf } from './feed-ids.ts';
import { type FeedChange, toldChanges } from './feed-rows.ts';
import { hash64 } from './hash.ts';
import type { Place } from './locate.ts';
import { parsePosition, positionText, START } from './position.ts';
import { type ReadTools, vread } from './read.ts';
import { isResourceType, typeName, typeNumber } from './resource-types.ts';
import { type Queryable, toVersion, toVersions, type VersionRow, versionColumns } from './rows.ts';
import { openText, sealText, signingKey } from './search/cursor.ts';
import { int2s, int4s, int8s } from './wire.ts';

export interface History {
  versions: StoredVersion[];
  next?: string;
}

const LATEST = 0x7fffffff;

/**
 * One resource: the current version and all that hist holds, each with the instant at which another took its place.
 * `$1` pt, `$2` t, `$3` idh, `$4` version of the page before, `$5` since, `$6` limit, `$7` and `$8` the span in which it must
 * have been current.
 */
const instanceSql = (table: 'res' | 'shared', oldestFirst: boolean) => `select * from (
    select *, lead(ts, 1, 'infinity') over (order by ver) as ended from (
      select ${versionColumns('r')} from ${table} r left join person using (pt) where r.pt = $1 and r.t = $2 and r.idh = $3
      union all
      select ${versionColumns('h')} from hist h left join person using (pt) where h.pt = $1 and h.t = $2 and h.idh = $3
    ) as versions
  ) as spans
  where ver ${oldestFirst ? '>' : '<'} $4 and ts >= $5 and ts < $8 and ended > $7
  order by ver ${oldestFirst ? '' : 'desc'} limit $6`;

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

/**
 * A page of a history; `next` is sealed, so that it can be continued but not composed, and fits this history only.
 * @throws Failure `invalid-parameter` for a cursor that is none of this history, `invalid-request` for an instant that is none,
 * `not-supported` for an unknown type
 */
export async function history(
  tools: ReadTools,
  db: Queryable,
  scope: { type?: string; id?: string },
  page: HistoryAsk,
): Promise<History> {
  if (scope.type !== undefined && !isResourceType(scope.type)) {
    throw new Failure('not-supported', `Không có loại bản ghi ${scope.type} trong FHIR R4.`);
  }
  const question = questionOf(scope, page);
  const key = () => signingKey(tools.codecs, db);
  const { before: sealed, ...ask } = page;
  const before = sealed === undefined ? undefined : openText(sealed, question, await key());
  if (before === null) throw badCursor();
  const asked = before === undefined ? ask : { ...ask, before };
  const { versions, next } = await pageOf(tools, db, scope, asked);
  return next === undefined ? { versions } : { versions, next: sealText(next, question, await key()) };
}

/** What a cursor belongs to: everything that is asked but for the length of the page. */
function questionOf({ type, id }: { type?: string; id?: string }, page: HistoryAsk): string {
  const { since, at, oldestFirst, only } = page;
  // An instant of no end is no JSON.
  const span = at && [String(at.low), String(at.high)];
  const names = only?.map((one) => `${one.type}/${one.id}`);
  return `history ${JSON.stringify([type, id, since, span, oldestFirst === true, names])}`;
}

async function pageOf(
  tools: ReadTools,
  db: Queryable,
  scope: { type?: string; id?: string },
  page: HistoryAsk,
): Promise<History> {
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
  page: HistoryAsk,
  since: number,
): Promise<History> {
  if (!isResourceType(type)) return { versions: [] };
  if (page.only && !page.only.some((one) => one.type === type && one.id === id)) return { versions: [] };
  const before = page.before === undefined ? (page.oldestFirst ? 0 : LATEST) : Number(page.before);
  const { low, high } = page.at ?? { low: -Infinity, high: Infinity };
  const look = async (place: Place) => {
    const key = [place.pt.toString(), typeNumber(type)!, place.idh.toString()];
    const text = instanceSql(place.pt === 0n ? 'shared' : 'res', page.oldestFirst === true);
    const values = [...key, before, since, page.count + 1, low, high];
    return (await db.query<VersionRow>(text, values)).rows.filter((row) => row.id === id);
  };
  const guess = tools.places.guess(type, id);
  let rows = guess ? await look(guess) : [];
  if (rows.length === 0 && !guess?.certain)
    rows = await look((await tools.places.find([{ type, id }], db))[0]!);
  const versions = await toVersions(rows.slice(0, page.count), tools.codecs);
  const last = versions.at(-1);
  return last && rows.length > page.count ? { versions, next: String(last.version) } : { versions };
}

async function ofFeed(
  tools: ReadTools,
  db: Queryable,
  type: string | undefined,
  page: HistoryAsk,
  since: number,
): Promise<History> {
  const start = page.oldestFirst ? START : { era: 32_767, xid: '0', n: 0 };
  const before = page.before === undefined ? start : parsePosition(page.before);
  const t = type === undefined ? null : typeNumber(type)!;
  const until = page.at ? instantText(page.at.high) : 'infinity';
  const keys = page.only?.map((one) => hash64(`${one.type}/${one.id}`)) ?? null;
  const rows = await toldChanges(db, {
    from: before,
    back: page.oldestFirst !== true,
    since: instantText(since),
    until,
    t,
    keys,
    limit: page.count + 1,
  });
  const shown = rows.slice(0, page.count);
  const versions = await readRows(tools, db, shown);
  const ended = page.at
    ? await readRows(
        tools,
        db,
        shown.map((row) => ({ ...row, ver: row.ver + 1 })),
      )
    : [];
  const last = shown.at(-1);
  const found = versions.filter(
    (version, at): version is StoredVersion =>
      version !== null && (!page.at || !ended[at] || Date.parse(ended[at].lastUpdated) > page.at.low),
  );
  return rows.length > page.count && last
    ? { versions: found, next: positionText(last) }
    : { versions: found };
}

/** In the order of the rows; null for versions that were erased, or are not there yet. */
async function readRows(
  tools: ReadTools,
  db: Queryable,
  rows: readonly FeedChange[],
): Promise<(StoredVersion | null)[]> {
  const lying = await versionsOf(db, rows);
  const ids = await idsOf(
    db,
    rows.filter((_, at) => !lying.has(at + 1)),
  );
  return Promise.all(
    rows.map((row, at) => {
      const version = lying.get(at + 1);
      // A resource that has changed its person since lies there with its whole history.
      return version
        ? toVersion(version, tools.codecs)
        : vread(tools, db, typeName(row.t), ids.get(row.idh)!, row.ver);
    }),
  );
}

async function versionsOf(db: Queryable, rows: readonly FeedChange[]): Promise<Map<number, VersionRow>> {
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

/** Epoch milliseconds. */
function sinceOf(since: string | undefined): number {
  if (since === undefined) return -Infinity;
  if (Number.isNaN(Date.parse(since))) {
    throw new Failure('invalid-request', `_since=${since} không phải là thời điểm hợp lệ.`, {
      textEn: `_since=${since} is no instant.`,
    });
  }
  return Date.parse(since);
}

/** As PostgreSQL reads it. */
function instantText(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return milliseconds < 0 ? '-infinity' : 'infinity';
  return new Date(milliseconds).toISOString();
}

function badCursor(): Failure {
  return new Failure(
    'invalid-parameter',
    'Tham số _before không đúng: chỉ dùng nguyên vẹn địa chỉ trang (next) mà máy chủ đã trả cho chính lịch sử này. Hãy xem lại từ trang đầu.',
    {
      textEn:
        'Parameter _before is not valid: it can only be used as it stands in a link (next) that this server returned for this same history. Begin again without it.',
      expression: '_before',
    },
  );
}

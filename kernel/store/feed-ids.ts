/** The ids of what the feed tells: it keeps the place of a resource, the record has the id (schema/0022-feed.sql). */
import type { Queryable } from './rows.ts';
import { int2s, int8s } from './wire.ts';

/** Where a resource lay when it was changed. */
export interface FeedPlace {
  pt: string;
  t: number;
  idh: string;
}

/** Each table is joined with nothing but what was given (docs/scale.md). `$1` pt, `$2` t, `$3` idh. */
const joined = (table: 'res' | 'shared' | 'hist') =>
  `select u.idh, r.id from unnest($1::int8[], $2::int2[], $3::int8[]) as u(pt, t, idh)
    join ${table} r on r.pt = u.pt and r.t = u.t and r.idh = u.idh`;
const OF_PERSONS = { name: 'feed_ids', text: joined('res') };
const OF_NOBODY = { name: 'feed_ids_shared', text: joined('shared') };
/** What was deleted or erased has a tombstone. */
const DELETED = { name: 'feed_ids_deleted', text: `${joined('hist')} group by u.idh, r.id` };
const MOVED = {
  name: 'feed_ids_moved',
  text: 'select idh, pt from alias where idh = any ($1::int8[])',
};
/** A resource may be deleted or moved between two looks. */
const LOOKS = 3;

/**
 * @param known what need not be asked of the database
 * @returns idh → id
 * @throws Error when a place has no resource, not even a tombstone: the record is damaged
 */
export async function idsOf(
  db: Queryable,
  places: readonly FeedPlace[],
  known: (idh: bigint) => string | undefined = () => undefined,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { idh } of places) {
    const id = known(BigInt(idh));
    if (id !== undefined) ids.set(idh, id);
  }
  const asked = places.filter(({ idh }) => !ids.has(idh));
  let open = [...new Map(asked.map((place) => [place.idh, place])).values()];
  for (let look = 0; open.length > 0; look++) {
    if (look === LOOKS)
      throw new Error(`the feed names a resource that the record does not have: idh ${open[0]!.idh}`);
    if (look > 0) open = await whereTheyAre(db, open);
    for (const statement of [OF_PERSONS, OF_NOBODY, DELETED]) {
      const left = open.filter(({ idh, pt }) => !ids.has(idh) && liesIn(statement, pt));
      if (left.length === 0) continue;
      const { rows } = await db.query<{ idh: string; id: string }>({ ...statement, values: keysOf(left) });
      for (const { idh, id } of rows) ids.set(idh, id);
    }
    open = open.filter(({ idh }) => !ids.has(idh));
  }
  return ids;
}

const liesIn = (statement: object, pt: string) =>
  statement === DELETED || (pt === '0') === (statement === OF_NOBODY);

/** Those that have changed their person since. */
async function whereTheyAre(db: Queryable, places: FeedPlace[]): Promise<FeedPlace[]> {
  const keys = int8s(places.map(({ idh }) => BigInt(idh)));
  const { rows } = await db.query<{ idh: string; pt: string }>({ ...MOVED, values: [keys] });
  const now = new Map(rows.map(({ idh, pt }) => [idh, pt]));
  return places.map((place) => ({ ...place, pt: now.get(place.idh) ?? place.pt }));
}

function keysOf(places: readonly FeedPlace[]): Buffer[] {
  return [
    int8s(places.map(({ pt }) => BigInt(pt))),
    int2s(places.map(({ t }) => t)),
    int8s(places.map(({ idh }) => BigInt(idh))),
  ];
}

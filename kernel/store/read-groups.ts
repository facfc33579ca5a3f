/** Reads by id that wait at the same time are sent together; a read that comes alone is a statement that names its person. */
import type { Pool } from 'pg';
import { binaryRows } from './binary-rows.ts';
import { Gathering } from './gathering.ts';
import type { Place } from './locate.ts';
import { typeNumber } from './resource-types.ts';
import { binaryColumns, type Queryable, readCurrent, sightColumns, type VersionRow } from './rows.ts';
import { int2s, int8s } from './wire.ts';

const LIMITS = { onTheWay: 2, largest: 64, mostWaiting: 4_000 };

type Table = 'res' | 'shared';

/** `$1` pt, `$2` t, `$3` idh. */
const oneOf = (table: Table) => ({
  name: `read_${table}`,
  text: `select ${binaryColumns('r')}, ${sightColumns('r')} from ${table} r left join person using (pt) where r.pt = $1 and r.t = $2 and r.idh = $3`,
});
const ONE = { res: oneOf('res'), shared: oneOf('shared') };

/**
 * `$1` pt, `$2` t, `$3` idh of each, `$4` how many; `i` counts from 1. The limit says to the planner nothing new about the
 * rows and that they are few: the plan is then made once a connection instead of for each group (`plan_cache_mode`).
 */
const groupOf = (table: Table) => ({
  name: `read_group_${table}`,
  text: `select ${binaryColumns('r')}, ${sightColumns('r')}, u.i::int4 as i
    from (select * from unnest($1::int8[], $2::int2[], $3::int8[]) with ordinality as a(pt, t, idh, i) limit $4) as u
    join ${table} r on r.pt = u.pt and r.t = u.t and r.idh = u.idh left join person on person.pt = r.pt`,
});

const GROUP = { res: groupOf('res'), shared: groupOf('shared') };

/** The current row; null when there is none. One statement that names its person. */
export async function readRow(db: Queryable, place: Place): Promise<VersionRow | null> {
  const values = [place.pt.toString(), typeNumber(place.type)!, place.idh.toString()];
  const [row = null] = await binaryRows(
    db,
    { ...ONE[place.pt === 0n ? 'shared' : 'res'], values },
    readCurrent,
  );
  return row;
}

/** Reads of current versions in one table. */
export class ReadGroups {
  readonly #gathering: Gathering<Place, VersionRow | null>;

  constructor(pool: Pool, table: Table) {
    this.#gathering = new Gathering(LIMITS, (places) => rowsOf(pool, table, places));
  }

  /** The current row; null when there is none. */
  row(place: Place): Promise<VersionRow | null> {
    return this.#gathering.ask(place);
  }
}

async function rowsOf(pool: Pool, table: Table, places: Place[]): Promise<(VersionRow | null)[]> {
  const [first] = places;
  if (first && places.length === 1) return [await readRow(pool, first)];
  const rows = new Array<VersionRow | null>(places.length).fill(null);
  const values = [
    int8s(places.map(({ pt }) => pt)),
    int2s(places.map(({ type }) => typeNumber(type)!)),
    int8s(places.map(({ idh }) => idh)),
    places.length,
  ];
  await binaryRows(pool, { ...GROUP[table], values }, (row) => {
    const version = readCurrent(row);
    rows[row.integer() - 1] = version;
  });
  return rows;
}

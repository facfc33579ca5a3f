/**
 * Reads by id that wait at the same time are sent together: one statement and one answer for all of them, where each by
 * itself costs the program and the database most of its time in sending and waking. A read that comes alone is sent at once.
 */
import type { Pool } from 'pg';
import { overloaded } from './faults.ts';
import type { Place } from './locate.ts';
import { typeNumber } from './resource-types.ts';
import { type Queryable, type VersionRow, versionColumns } from './rows.ts';
import { int2s, int8s } from './wire.ts';

/** Statements on their way; while they are, others gather. */
const ON_THE_WAY = 2;
/** More rows would hold up the first of them. */
const LARGEST = 64;
/** More would wait longer than anybody does. */
const MOST_WAITING = 4_000;

interface Waiting {
  place: Place;
  resolve: (row: VersionRow | null) => void;
  reject: (error: unknown) => void;
}

type Table = 'res' | 'shared';

/** `$1` pt, `$2` t, `$3` idh. */
const oneOf = (table: Table) => ({
  name: `read_${table}`,
  text: `select ${versionColumns('r')} from ${table} r left join person using (pt) where r.pt = $1 and r.t = $2 and r.idh = $3`,
});
const ONE = { res: oneOf('res'), shared: oneOf('shared') };

/** `$1` pt, `$2` t, `$3` idh of each; `i` counts from 1. */
const groupOf = (table: Table) => ({
  name: `read_group_${table}`,
  text: `select ${versionColumns('r')}, u.i::int4 as i from unnest($1::int8[], $2::int2[], $3::int8[]) with ordinality as u(pt, t, idh, i)
    join ${table} r on r.pt = u.pt and r.t = u.t and r.idh = u.idh left join person on person.pt = r.pt`,
});

const GROUP = { res: groupOf('res'), shared: groupOf('shared') };

/** The current row; null when there is none. One statement that names its person. */
export async function readRow(db: Queryable, place: Place): Promise<VersionRow | null> {
  const values = [place.pt.toString(), typeNumber(place.type)!, place.idh.toString()];
  const answer = await db.query<VersionRow>({ ...ONE[place.pt === 0n ? 'shared' : 'res'], values });
  return answer.rows[0] ?? null;
}

/** Reads of current versions in one table. */
export class ReadGroups {
  readonly #pool: Pool;
  readonly #table: Table;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(pool: Pool, table: Table) {
    this.#pool = pool;
    this.#table = table;
  }

  /** The current row; null when there is none. */
  row(place: Place): Promise<VersionRow | null> {
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ place, resolve, reject });
      if (this.#running < ON_THE_WAY) void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, LARGEST);
      try {
        const rows = await this.#rowsOf(group.map(({ place }) => place));
        for (const [at, { resolve }] of group.entries()) resolve(rows.get(at + 1) ?? null);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running -= 1;
  }

  async #rowsOf(places: Place[]): Promise<Map<number, VersionRow>> {
    const [first] = places;
    if (first && places.length === 1) {
      const row = await readRow(this.#pool, first);
      return new Map(row ? [[1, row]] : []);
    }
    const answer = await this.#pool.query<VersionRow & { i: number }>({
      ...GROUP[this.#table],
      values: [
        int8s(places.map(({ pt }) => pt)),
        int2s(places.map(({ type }) => typeNumber(type)!)),
        int8s(places.map(({ idh }) => idh)),
      ],
    });
    return new Map(answer.rows.map((row) => [row.i, row]));
  }
}

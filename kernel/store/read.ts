/** Reads of current and of superseded versions. */
import { binaryRows } from './binary-rows.ts';
import type { Codecs } from './codecs.ts';
import type { StoredVersion } from './contract.ts';
import type { Place, Places } from './locate.ts';
import { type ReadGroups, readRow } from './read-groups.ts';
import { isResourceType, type StoredType, typeNumber } from './resource-types.ts';
import {
  binaryColumns,
  type Queryable,
  readCurrent,
  sightColumns,
  toVersion,
  toVersions,
  type VersionRow,
  versionColumns,
} from './rows.ts';
import { int2s, int8s } from './wire.ts';

export interface ReadTools {
  codecs: Codecs;
  places: Places;
  /** Where reads that wait together are sent together; absent where the tables are distributed. */
  groups?: { res: ReadGroups; shared: ReadGroups };
}

/** Small statements, prepared once a connection. `$1` pt, `$2` t, `$3` idh, `$4` version. */
const SUPERSEDED = {
  name: 'read_hist',
  text: `select ${versionColumns('h')} from hist h left join person using (pt) where h.pt = $1 and h.t = $2 and h.idh = $3 and h.ver = $4`,
};
const TOMBSTONE = {
  name: 'read_tombstone',
  text: `select ${versionColumns('h')} from hist h left join person using (pt) where h.pt = $1 and h.t = $2 and h.idh = $3 order by h.ver desc limit 1`,
};
const many = (table: 'res' | 'shared') => ({
  name: `read_many_${table}`,
  text: `select ${binaryColumns('r')}, ${sightColumns('r')} from unnest($1::int8[], $2::int2[], $3::int8[]) as u(pt, t, idh)
    join ${table} r on r.pt = u.pt and r.t = u.t and r.idh = u.idh left join person on person.pt = r.pt`,
});
/** The same for one person's rows, `$3` pt: a distributed database then asks one node. */
const manyOfOne = (table: 'res' | 'shared') => ({
  name: `read_many_of_one_${table}`,
  text: `select ${binaryColumns('r')}, ${sightColumns('r')} from unnest($1::int2[], $2::int8[]) as u(t, idh)
    join ${table} r on r.pt = $3 and r.t = u.t and r.idh = u.idh left join person on person.pt = $3`,
});
const READ_MANY = { res: many('res'), shared: many('shared') };
const READ_MANY_OF_ONE = { res: manyOfOne('res'), shared: manyOfOne('shared') };

/** The current version, or the tombstone of a deleted resource; null when there never was one. */
export async function read(
  tools: ReadTools,
  db: Queryable,
  type: string,
  id: string,
): Promise<StoredVersion | null> {
  if (!isResourceType(type)) return null;
  return at(
    tools,
    db,
    type,
    id,
    async (place) => (await current(tools, db, place)) ?? (await lastRow(db, place)),
  );
}

export async function vread(
  tools: ReadTools,
  db: Queryable,
  type: string,
  id: string,
  version: number,
): Promise<StoredVersion | null> {
  if (!isResourceType(type) || !Number.isInteger(version) || version < 1 || version > 0x7fffffff) return null;
  return at(tools, db, type, id, async (place) => {
    const row = await readRow(db, place);
    if (row?.ver === version) return row;
    return (
      (await db.query<VersionRow>({ ...SUPERSEDED, values: [...keyOf(place), version] })).rows[0] ?? null
    );
  });
}

/** Current versions of many resources, in the order asked; what does not exist or was deleted is left out. */
export async function readMany(
  tools: ReadTools,
  db: Queryable,
  refs: { type: string; id: string }[],
): Promise<StoredVersion[]> {
  const asked = refs.filter((ref): ref is { type: StoredType; id: string } => isResourceType(ref.type));
  const found = new Map<string, StoredVersion>();
  const guessed: Place[] = [];
  const open: { type: StoredType; id: string }[] = [];
  for (const ref of asked) {
    const place = tools.places.guess(ref.type, ref.id);
    if (place) guessed.push(place);
    else open.push(ref);
  }
  await collect(tools, db, guessed, found);
  for (const place of guessed)
    if (!place.certain && !found.has(`${place.type}/${place.id}`)) open.push(place);
  if (open.length > 0) await collect(tools, db, await tools.places.find(open, db), found);
  return asked.flatMap((ref) => found.get(`${ref.type}/${ref.id}`) ?? []);
}

async function collect(
  tools: ReadTools,
  db: Queryable,
  places: Place[],
  found: Map<string, StoredVersion>,
): Promise<void> {
  const read = async (table: 'res' | 'shared', here: Place[]) => {
    if (here.length === 0) return;
    const rows = await binaryRows(db, manyStatement(table, here), readCurrent);
    for (const version of await toVersions(rows, tools.codecs))
      found.set(`${version.type}/${version.id}`, version);
  };
  const isShared = ({ pt }: Place) => pt === 0n;
  await Promise.all([
    read(
      'res',
      places.filter((place) => !isShared(place)),
    ),
    read('shared', places.filter(isShared)),
  ]);
}

function manyStatement(table: 'res' | 'shared', places: Place[]) {
  const pts = places.map((place) => place.pt);
  const types = int2s(places.map((place) => typeNumber(place.type)!));
  const rows = int8s(places.map((place) => place.idh));
  return pts.every((pt) => pt === pts[0])
    ? { ...READ_MANY_OF_ONE[table], values: [types, rows, pts[0]!.toString()] }
    : { ...READ_MANY[table], values: [int8s(pts), types, rows] };
}

function current({ groups }: ReadTools, db: Queryable, place: Place): Promise<VersionRow | null> {
  return groups ? groups[place.pt === 0n ? 'shared' : 'res'].row(place) : readRow(db, place);
}

/** Looks where the id points to; only when nothing is there, where `alias` points to. */
async function at(
  tools: ReadTools,
  db: Queryable,
  type: StoredType,
  id: string,
  look: (place: Place) => Promise<VersionRow | null>,
): Promise<StoredVersion | null> {
  const guess = tools.places.guess(type, id);
  let row = guess ? await look(guess) : null;
  if (!row && !guess?.certain) {
    const place = (await tools.places.find([{ type, id }], db))[0]!;
    if (place.pt !== guess?.pt) row = await look(place);
  }
  return row && row.id === id ? toVersion(row, tools.codecs) : null;
}

const keyOf = (place: Place) => [place.pt.toString(), typeNumber(place.type)!, place.idh.toString()];

/** The last version in hist; a tombstone, since nothing is in res. */
async function lastRow(db: Queryable, place: Place): Promise<VersionRow | null> {
  return (await db.query<VersionRow>({ ...TOMBSTONE, values: keyOf(place) })).rows[0] ?? null;
}

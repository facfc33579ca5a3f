/** Tables `load` and `load_piece`: what was loaded, piece by piece. */
import type { Queryable } from '../rows.ts';
import type { Counts, Piece, Refusal } from './contract.ts';

/** One transaction of a piece. */
export interface Part {
  source: string;
  at: number;
  part: number;
  sha: Buffer;
  load: string;
}

export const NONE: Counts = { created: 0, updated: 0, unchanged: 0, deleted: 0, refused: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    created: a.created + b.created,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    deleted: a.deleted + b.deleted,
    refused: a.refused + b.refused,
  };
}

/** Writes down a part, in the transaction of its rows. A file that was changed since takes the place of the older one. */
export async function notePart(db: Queryable, part: Part, counts: Counts, refused: Refusal[]): Promise<void> {
  await db.query({
    name: 'load_piece',
    text: `insert into load_piece (source, at, part, sha, load, created, updated, unchanged, deleted, refused)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (source, at, part) do update set sha = excluded.sha, load = excluded.load, created = excluded.created,
        updated = excluded.updated, unchanged = excluded.unchanged, deleted = excluded.deleted, refused = excluded.refused`,
    values: [
      part.source,
      part.at,
      part.part,
      part.sha,
      part.load,
      counts.created,
      counts.updated,
      counts.unchanged,
      counts.deleted,
      JSON.stringify(refused),
    ],
  });
}

export interface NotedPart {
  counts: Counts;
  refused: Refusal[];
}

/** The part as it was written down before; null when it was not, or with other bytes. */
export async function readPart(db: Queryable, part: Part): Promise<NotedPart | null> {
  const { rows } = await db.query<Omit<Counts, 'refused'> & { refused: Refusal[] }>({
    name: 'load_piece_read',
    text: `select created, updated, unchanged, deleted, refused from load_piece
      where source = $1 and at = $2 and part = $3 and sha = $4`,
    values: [part.source, part.at, part.part, part.sha],
  });
  const row = rows[0];
  if (!row) return null;
  return { counts: { ...row, refused: row.refused.length }, refused: row.refused };
}

/** The load of these sources that is not ended yet, or a new one. */
export async function beginLoad(
  db: Queryable,
  load: { id: string; sources: string[]; who: string; why: string },
): Promise<{ id: string; began: Date }> {
  const open = await db.query<{ id: string; began: Date }>(
    'select id, began from load where ended is null and sources = $1 order by began desc limit 1',
    [load.sources],
  );
  if (open.rows[0]) return open.rows[0];
  const made = await db.query<{ id: string; began: Date }>(
    'insert into load (id, sources, who, why) values ($1, $2, $3, $4) returning id, began',
    [load.id, load.sources, load.who, load.why],
  );
  return made.rows[0]!;
}

export async function endLoad(db: Queryable, id: string): Promise<void> {
  await db.query('update load set ended = clock_timestamp() where id = $1', [id]);
}

/** Sources that are to be loaded a second time: nothing of them counts as loaded. */
export async function forgetSources(db: Queryable, sources: string[]): Promise<void> {
  await db.query(
    `delete from load_piece p using load l where l.id = p.load and l.ended is not null and p.source = any ($1)`,
    [sources],
  );
}

export const partOf = (piece: Piece, part: number, sha: Buffer, load: string): Part => ({
  source: piece.source,
  at: piece.at,
  part,
  sha,
  load,
});

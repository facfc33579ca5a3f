/**
 * Where a resource lies. Most ids say it themselves; table `alias` knows the others: client-assigned ids, and resources
 * that changed their person.
 */

import { isSharedType, shardKey } from './compartment.ts';
import { hash64 } from './hash.ts';
import { keyInside } from './ids.ts';
import type { StoredType } from './resource-types.ts';
import type { Queryable } from './rows.ts';
import { int8s } from './wire.ts';

export interface Place {
  type: StoredType;
  id: string;
  /** hash64(type/id) */
  idh: bigint;
  /** Shard key; 0 = among the shared ones. */
  pt: bigint;
  /** True when the resource can lie nowhere else. */
  certain: boolean;
}

const KNOWN_LIMIT = 50_000;

/** Places of client-assigned ids seen lately. A stale entry costs one more look, never a wrong answer. */
export class Places {
  readonly #known = new Map<bigint, bigint>();

  /** By the id alone, or from memory; null when only the database knows. */
  guess(type: StoredType, id: string): Place | null {
    if (type === 'Patient') {
      const pt = shardKey(id);
      return { type, id, idh: pt, pt, certain: true };
    }
    const idh = hash64(`${type}/${id}`);
    if (isSharedType(type)) return { type, id, idh, pt: 0n, certain: true };
    const pt = this.#known.get(idh) ?? keyInside(id);
    return pt === null ? null : { type, id, idh, pt, certain: false };
  }

  /** Asks the database: alias first, else what the id says, else among the shared ones. */
  async find(refs: { type: StoredType; id: string }[], db: Queryable): Promise<Place[]> {
    const places = refs.map(({ type, id }): Place => {
      const fixed = this.guess(type, id);
      if (fixed?.certain) return fixed;
      return { type, id, idh: hash64(`${type}/${id}`), pt: keyInside(id) ?? 0n, certain: true };
    });
    const open = places.filter((place) => place.type !== 'Patient' && !isSharedType(place.type));
    if (open.length === 0) return places;
    const found = await db.query<{ idh: string; pt: string }>({
      name: 'alias',
      text: 'select idh, pt from alias where idh = any ($1::int8[])',
      values: [int8s(open.map((place) => place.idh))],
    });
    const aliases = new Map(found.rows.map((row) => [BigInt(row.idh), BigInt(row.pt)]));
    for (const place of open) {
      const pt = aliases.get(place.idh);
      if (pt === undefined) {
        this.#known.delete(place.idh);
        continue;
      }
      place.pt = pt;
      this.remember(place.idh, pt);
    }
    return places;
  }

  known(idh: bigint): bigint | undefined {
    return this.#known.get(idh);
  }

  remember(idh: bigint, pt: bigint): void {
    if (this.#known.size >= KNOWN_LIMIT) this.#known.clear();
    this.#known.set(idh, pt);
  }
}

/** The rules of consent of an open store: read for decisions, made anew from the record. */
import type { Pool } from 'pg';
import type { Codecs } from '../codecs.ts';
import type { StoredVersion } from '../contract.ts';
import { scan } from '../scan.ts';
import { type Authorities, partsReader } from './parts.ts';
import type { ConsentRule } from './rule.ts';
import { fetchBy, madeWith, type Rebuilt, readRules, rebuildRules } from './table.ts';

export interface ConsentRules {
  /** Rules that count now or later, by person; persons without any are not among them. */
  of(patients: readonly string[], now: Date): Promise<Map<string, ConsentRule[]>>;
  /** Makes the table anew from the stored Consents. */
  rebuild(): Promise<Rebuilt>;
  /** The same when it was never made: at the first start on a database of the time before the table. */
  makeOnce(): Promise<void>;
  /**
   * The same when it was made with other authorities than those of today. All or nothing: what a crash cuts off is done by
   * the next call, of this program or another. @returns null when nothing was to be done
   */
  followAuthorities(): Promise<Rebuilt | null>;
}

export function openConsentRules(
  pool: Pool,
  codecs: Codecs,
  read: (type: string, id: string) => Promise<StoredVersion | null>,
  authorities: Authorities,
): ConsentRules {
  const fetch = fetchBy(read);
  const make = (how: { authorities: string; unless?: string }) =>
    rebuildRules(
      pool,
      () => scan(pool, codecs, ['Consent']),
      fetch,
      (db) => partsReader(db, fetch, authorities.is),
      how,
    );
  return {
    of: (patients, now) => readRules(pool, patients, now),
    rebuild: async () => (await make({ authorities: authorities.version() }))!,
    async makeOnce() {
      if ((await madeWith(pool)) === null) await make({ authorities: authorities.version() });
    },
    async followAuthorities() {
      const today = authorities.version();
      if ((await madeWith(pool)) === today) return null;
      return make({ authorities: today, unless: today });
    },
  };
}

/** The rules of consent of an open store: read for decisions, made anew from the record. */
import type { Pool } from 'pg';
import type { Codecs } from '../codecs.ts';
import type { StoredVersion } from '../contract.ts';
import { scan } from '../scan.ts';
import { type IsAuthority, partsReader } from './parts.ts';
import type { ConsentRule } from './rule.ts';
import { fetchBy, type Rebuilt, readRules, rebuildRules } from './table.ts';

export interface ConsentRules {
  /** Rules that count now or later, by person; persons without any are not among them. */
  of(patients: readonly string[], now: Date): Promise<Map<string, ConsentRule[]>>;
  /** Makes the table anew from the stored Consents. */
  rebuild(): Promise<Rebuilt>;
  /** The same when it was never made: at the first start on a database of the time before the table. */
  makeOnce(): Promise<void>;
}

export function openConsentRules(
  pool: Pool,
  codecs: Codecs,
  read: (type: string, id: string) => Promise<StoredVersion | null>,
  isAuthority: IsAuthority,
): ConsentRules {
  const fetch = fetchBy(read);
  const rebuild = () =>
    rebuildRules(
      pool,
      () => scan(pool, codecs, ['Consent']),
      fetch,
      (db) => partsReader(db, fetch, isAuthority),
    );
  return {
    of: (patients, now) => readRules(pool, patients, now),
    rebuild,
    async makeOnce() {
      const made = await pool.query('select from consent_rule_made');
      if (made.rowCount === 0) await rebuild();
    },
  };
}

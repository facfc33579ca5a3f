/** The audit as AuditEvents: rendered from the table on each read, stored nowhere a second time. */
import type { Pool } from 'pg';
import type { SearchAnswer, StoredVersion } from '../store/contract.ts';
import { auditEventOf } from './audit-log/balp.ts';
import { readAuditQuery } from './audit-log/query.ts';
import { type AuditRow, readAuditRow, readAuditRows } from './audit-reading.ts';

export { auditParameters } from './audit-log/query.ts';

export interface AuditEvents {
  read(id: string): Promise<StoredVersion | null>;
  /** Fails with `unknown-parameter` on what is not among `auditParameters`, with `invalid-parameter` on its values. */
  search(params: [string, string][]): Promise<SearchAnswer>;
}

/** @param server address of the program, as others reach it */
export function openAuditEvents(pool: Pool, now: () => Date, server: () => string): AuditEvents {
  const versionOf = (row: AuditRow): StoredVersion => ({
    type: 'AuditEvent',
    id: row.id,
    version: 1,
    lastUpdated: row.at,
    deleted: false,
    patient: row.patient,
    body: Buffer.from(JSON.stringify(auditEventOf(row, server()))),
  });
  return {
    async read(id) {
      const row = await readAuditRow(pool, id);
      return row ? versionOf(row) : null;
    },
    async search(params) {
      const { rows, next, total } = await readAuditRows(pool, readAuditQuery(params), now());
      const rest = params.filter(([name]) => name !== '_cursor');
      const following =
        next === undefined ? {} : { next: new URLSearchParams([...rest, ['_cursor', next]]).toString() };
      return {
        matches: rows.map(versionOf),
        includes: [],
        ...following,
        ...(total === undefined ? {} : { total }),
      };
    },
  };
}

/** A restored data folder is what was backed up: the same counts under the same snapshot, and an audit that nobody changed. */
import { BackupFault, type Base, countIn } from '../kernel/backup/index.ts';
import { writeFact } from './facts.ts';
import { openHouse } from './house.ts';
import type { ProgramSettings } from './settings.ts';

export interface Proved {
  changes: number;
  auditLines: number;
  /** Last seal of the audit, `<number>:<hash>`; null when there was none. */
  head: string | null;
}

/**
 * Opens the folder without serving it.
 * @param until what was asked for, written down in the database
 * @throws BackupFault with what differs
 */
export async function proveRestored(
  settings: ProgramSettings,
  dataFolder: string,
  base: Base,
  until: Date | null,
): Promise<Proved> {
  const house = await openHouse({
    settings: { ...settings, databaseUrl: null, dataFolder, backup: [] },
    log: () => undefined,
    issuer: () => '',
  });
  try {
    const { pool, store } = house.kernel;
    const found = await countIn(pool, base.counted.snapshot);
    for (const what of ['changes', 'auditLines'] as const)
      if (found[what] !== base.counted[what])
        throw new BackupFault(
          `The restored database has ${found[what]} ${what} where the backup counted ${base.counted[what]}.`,
        );
    await store.sealAudit();
    const report = await store.verifyAudit();
    if (!report.ok)
      throw new BackupFault(`The audit of the restored database was changed: ${report.faults[0]!.text}`);
    // Commits after the restored moment were lost, and their transaction ids come again: positions of the feed go on in a new era.
    await pool.query(
      `insert into era (n, cluster) select max(n) + 1, (select system_identifier from pg_control_system()) from era`,
    );
    const at = new Date().toISOString();
    await writeFact(pool, 'restored', { label: base.label, at, until: until?.toISOString() ?? null });
    return { ...found, head: report.head === null ? null : `${report.seals}:${report.head}` };
  } finally {
    await house.close();
  }
}

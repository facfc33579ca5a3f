/** A backup cannot be made, read or restored: one sentence that says what to do. */
export class BackupFault extends Error {}

/** The sentence of a fault of the system, with the path that it is about. */
export function ioFault(what: string, error: unknown): BackupFault {
  if (error instanceof BackupFault) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new BackupFault(`${what}: the disk is full.`, { cause: error });
  return new BackupFault(`${what}: ${code ?? message}.`, { cause: error });
}

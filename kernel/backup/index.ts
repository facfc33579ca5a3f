/** Backups of the embedded database and of the data folder. The front door of this room. */
export { type BaseOptions, countIn, takeBase } from './base.ts';
export { BackupFault } from './fault.ts';
export { archiveLog, dropSlot, type LogSource } from './log-archive.ts';
export { planRestore, type RestoreOptions, restore, verifyPlan } from './restore.ts';
export { newIdentity, readIdentities } from './sealed-file.ts';
export { type Base, clustersIn, Shelf } from './shelf.ts';

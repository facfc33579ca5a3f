/** Sealing of secrets at rest. The front door of this room. */
export { SealFault } from './envelope.ts';
export { type Keyring, openKeyring } from './keyring.ts';
export {
  ensureMasterKeys,
  KeyFileFault,
  type MasterKey,
  newMasterKey,
  readMasterKeys,
  writeMasterKeys,
} from './master.ts';
export { resealAll, type SealedColumn } from './rewrap.ts';

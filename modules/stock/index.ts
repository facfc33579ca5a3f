/** The one ledger of what lies at a unit by lot: its users are vaccines (modules/programmes) and medicines (modules/medicines). */
import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';

export {
  askedLot,
  holdOrRelease,
  type Keeper,
  moveLot,
  noteAct,
  readCard,
  receiveLot,
  refuseExpired,
  type Scanned,
  type StockAsk,
  scanPackage,
} from './acts.ts';
export type { CardPage, MovementRow } from './card.ts';
export { firstExpired, type Shelf } from './first-expired.ts';
export { followStock, type Leaving, type Packages, type Taken } from './follow.ts';
export {
  type By,
  findLot,
  holdLot,
  type Lot,
  type LotKey,
  lockLot,
  move,
  type Receipt,
  readLot,
  receive,
  refuseUnusable,
} from './ledger.ts';
export {
  isUsable,
  type LotRow,
  lotsOf,
  outOn,
  stockedSince,
  type Unexplained,
  unexplainedOf,
  usableOf,
} from './shelves.ts';

export const stock: Module = {
  name: 'stock',
  schemaFolder: join(import.meta.dirname, 'schema'),
};

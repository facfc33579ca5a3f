/** What screens of every user of the ledger draw of their stock: a scan, a receipt, a lot and its state, the card, what is not explained. */
export { StockCard } from './card.tsx';
export { LotForm } from './lot-form.tsx';
export { LotState } from './lot-state.tsx';
export { MoreRows } from './more-rows.tsx';
export { ofScanned, ReceiptFields, type ReceiptValues, receiptFaults } from './receipt-fields.tsx';
export { readPackage, ScanPackage } from './scan-package.tsx';
export { Unexplained } from './unexplained.tsx';

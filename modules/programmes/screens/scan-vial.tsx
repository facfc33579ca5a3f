import { t } from '../../../web/ui/index.ts';
import type { Scanned } from '../../stock/index.ts';
import { readPackage, ScanPackage } from '../../stock/screens/door.ts';

/** Address of the stock of vaccines. */
export const STOCK = '/api/programmes/stock';

/** What the server read off a code, with the vaccine that this package was received as before. */
export const readVial = (code: string) => readPackage<Scanned>(STOCK, code);

export const ScanVial = ({ onScan }: { onScan: (scanned: Scanned) => void }) => (
  <ScanPackage
    stock={STOCK}
    label={t('programmes.scan', 'Quét mã trên lọ hoặc hộp')}
    hint={t('programmes.scan.hint', 'Bấm vào ô này rồi quét; hoặc gõ (01)…(17)…(10)… và Enter')}
    onScan={onScan}
  />
);

/** A barcode from a scanner that types like a keyboard, or typed from below the code: (01)…(17)…(10)…. */
import { useState } from 'react';
import { api, CodeCamera, Notice, ScanInput, Stack, t } from '../../../web/ui/index.ts';

/** What the server read off a code, with the vaccine that this package was received as before. */
export interface Scanned {
  gtin: string;
  lot: string;
  expires: string;
  product: string;
  vial: number | null;
}

export const readVial = (code: string) =>
  api.get<Scanned>(`/api/programmes/stock/scan?code=${encodeURIComponent(code)}`);

export function ScanField(props: { onScan: (scanned: Scanned) => void; autoFocus?: boolean }) {
  const [error, setError] = useState('');
  const read = async (code: string) => {
    try {
      const scanned = await readVial(code);
      setError('');
      props.onScan(scanned);
      return true;
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      return false;
    }
  };
  return (
    <Stack gap={8}>
      <ScanInput
        label={t('programmes.scan', 'Quét mã trên lọ hoặc hộp')}
        hint={t('programmes.scan.hint', 'Bấm vào ô này rồi quét; hoặc gõ (01)…(17)…(10)… và Enter')}
        onRead={read}
        {...(props.autoFocus ? { autoFocus: true } : {})}
      />
      <CodeCamera onRead={(text) => void read(text)} />
      {error && <Notice tone="danger" title={error} />}
    </Stack>
  );
}
